/**
 * A class: nodes on several machines in one room find each other, agree, and know each other by
 * name. `npm run test:class` fills the room with 30; STUDENTS sets another number.
 */
import { afterEach, expect, it } from '@jest/globals';
import type { Block } from '#blocks';
import type { ClassState } from '../../final/api/schemas.ts';
import type { NodeProcess } from '../../final/lab/node-process.ts';
import { newRoom, type Machine } from './room.ts';

const students = Number(process.env.STUDENTS ?? 8);

/** How many start at a time. */
const AT_ONCE = 4;

let clear = async (): Promise<void> => undefined;
afterEach(async () => clear());

const joined = (node: NodeProcess) =>
  node.until(({ msg }) => msg.startsWith('Joined the network'));
const has = (node: NodeProcess, { hash }: { hash?: string }) =>
  node.until((line) => line.hash === hash);

/** A student's node, and the machine that it runs on. */
interface Seat {
  readonly machine: Machine;
  readonly node: NodeProcess;
}

async function seat(machine: Machine, ...args: string[]): Promise<Seat> {
  const node = machine.start('join', ...args);
  await joined(node);
  return { machine, node };
}

it(
  `${students} nodes join by one line, know each other by name, and agree after a cut`,
  async () => {
    const room = await newRoom([20, 21, 22, 23, 24].map((host) => `192.168.1.${host}`));
    clear = room.clear;
    const [desk, left, right, far, deaf] = room.machines;
    if (!desk || !left || !right || !far || !deaf) throw new Error('The room is empty.');
    await deaf.withoutMulticast();

    const root = desk.start('class', '-d', '2', '--name', 'Room 12', '--size', '2');
    await root.ready();
    const { lines } = await desk.ask<ClassState>(root, '/class');
    const [, address = ''] =
      /^\.\/pychain join (192\.168\.1\.20:\d+)$/.exec(lines[0] ?? '') ?? [];
    expect(lines).toEqual([`./pychain join ${address}`]);

    // Who does not hear of it is told what to type.
    const unheard = deaf.command('join', '-p', '0', '-w', '0');
    const seats: Seat[] = [];
    const machines = [left, right, far];
    for (let i = 0; i < students - 1; i += AT_ONCE) {
      const some = Array.from({ length: Math.min(AT_ONCE, students - 1 - i) }, (_, k) => {
        const number = i + k;
        const machine = machines[number % machines.length] ?? left;
        return seat(machine, '--name', `Student ${number}`);
      });
      seats.push(...(await Promise.all(some)));
    }
    const { code, output } = await unheard;
    expect(code).toBe(1);
    expect(output).toMatch(
      /^Looking for a class …\nNo class was found in 6 s\. .* type its address.*\n$/,
    );
    seats.push(await seat(deaf, address, '--name', 'By address'));

    const nameless = ({ name }: { name: string | null }) => name ?? '(none)';
    const { nodes } = await desk.ask<ClassState>(root, '/class');
    const names = Array.from({ length: students - 1 }, (_, i) => `Student ${i}`);
    expect(nodes.map(nameless).sort()).toEqual(
      ['By address', 'Room 12', ...names].sort(),
    );

    const all = [root, ...seats.map(({ node }) => node)];
    const [first] = seats.filter(({ machine }) => machine === left);
    const own = await first?.machine.ask<Block>(first.node, '/blocks', 'hello');
    if (first === undefined || own === undefined) throw new Error('Nobody sits there.');
    await Promise.all(all.map((node) => has(node, own)));
    const finder = (await desk.ask<ClassState>(root, '/class')).nodes.find(
      ({ name }) => name === 'Student 0',
    );
    expect(finder).toMatchObject({ found: 1, tip: { hash: own.hash, index: 1 } });

    // A cable is pulled: on one side two blocks are mined, on the other one.
    await far.plug('down');
    const cut = seats.filter(({ machine }) => machine === far);
    const [lonely] = cut;
    await lonely?.machine.ask<Block>(lonely.node, '/blocks', 'far away');
    const best = await lonely?.machine.ask<Block>(lonely.node, '/blocks', 'still there');
    const lost = await desk.ask<Block>(root, '/blocks', 'in the room');
    const others = seats.filter(({ machine }) => machine !== far);
    await Promise.all(others.map(({ node }) => has(node, lost)));
    for (const { node } of cut)
      expect(node.lines.some(({ hash }) => hash === lost.hash)).toBe(false);

    await far.plug('up');
    // The branch with less work gives way; what it carried is mined again on top of the other.
    const again = await root.until(({ msg }) =>
      msg.startsWith('Mined "in the room" again'),
    );
    await Promise.all(all.map((node) => has(node, again)));
    const { nodes: after } = await desk.ask<ClassState>(root, '/class');
    expect(after).toHaveLength(students + 1);
    expect(best?.index).toBe(3);

    // What is done is ticked off: all but step 6, and that everybody has a block.
    const { tasks } = await desk.ask<ClassState>(root, '/class');
    const done = tasks.filter((task) => task.done).map(({ id }) => id);
    expect(done).toEqual(['joined', 'fork']);
  },
  240_000 + students * 10_000,
);
