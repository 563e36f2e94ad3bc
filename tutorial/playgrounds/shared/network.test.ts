import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Network } from './network.ts';
import { Timeline } from './timeline.ts';

describe('A timeline', () => {
  it('lets happen what is due, in its order, at its time', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000)), fc.nat(1_000), (delays, duration) => {
        const time = new Timeline(5);
        const happened: [delay: number, at: number][] = [];
        for (const delay of delays) {
          time.later(delay, () => happened.push([delay, time.now]));
        }
        time.advance(duration);
        const due = delays.filter((delay) => delay <= duration).sort((a, b) => a - b);
        expect(happened).toEqual(due.map((delay) => [delay, 5 + delay]));
        expect(time.now).toBe(5 + duration);
      }),
    );
  });

  it('lets things happen that are planned meanwhile', () => {
    const time = new Timeline();
    let ticks = 0;
    const tick = () => {
      ticks += 1;
      time.later(100, tick);
    };
    tick();
    time.advance(1_000);
    expect(ticks).toBe(11);
  });

  it('forgets what was called off', () => {
    const time = new Timeline();
    let happened = false;
    const callOff = time.later(10, () => (happened = true));
    callOff();
    time.advance(20);
    expect(happened).toBe(false);
  });
});

describe('A network', () => {
  const start = () => {
    const delivered: { to: string; message: string; at: number }[] = [];
    const time = new Timeline();
    const network = new Network<string>(time, ({ to, message }) =>
      delivered.push({ to, message, at: time.now }),
    );
    network.connect('a', 'b', 100);
    return { network, time, delivered };
  };

  it('delivers a message when the latency of its link has passed', () => {
    const { network, time, delivered } = start();
    network.send('a', 'b', 'hello');
    time.advance(99);
    expect(delivered).toEqual([]);
    expect(network.packets).toHaveLength(1);
    time.advance(1);
    expect(delivered).toEqual([{ to: 'b', message: 'hello', at: 100 }]);
    expect(network.packets).toHaveLength(0);
  });

  it('never lets a message overtake an earlier one, even where a link becomes faster', () => {
    const { network, time, delivered } = start();
    network.send('a', 'b', 'first');
    network.connect('b', 'a', 10);
    network.send('a', 'b', 'second');
    time.advance(1_000);
    expect(delivered.map(({ message }) => message)).toEqual(['first', 'second']);
  });

  it('loses what is on its way when the link is cut, whatever comes after', () => {
    const { network, time, delivered } = start();
    network.send('a', 'b', 'lost');
    network.cut('b', 'a');
    network.connect('a', 'b', 100);
    network.send('a', 'b', 'kept');
    time.advance(1_000);
    expect(delivered.map(({ message }) => message)).toEqual(['kept']);
  });

  it('sends nothing where there is no link', () => {
    const { network } = start();
    network.send('a', 'c', 'hello');
    expect(network.packets).toEqual([]);
    expect(network.peersOf('a')).toEqual(['b']);
    expect(network.peersOf('c')).toEqual([]);
  });
});
