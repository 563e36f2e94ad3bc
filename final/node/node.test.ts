import { afterEach, describe, expect, it } from '@jest/globals';
import { pino, type Logger } from 'pino';
import { memoryStore, type Store } from '../storage/store.ts';
import { Node } from './node.ts';

let node: Node;
afterEach(() => node.stop());

/** Starts a node on free ports that keeps what it writes in `written`, and its log in `lines`. */
async function start(store: Partial<Store>, log: Logger): Promise<void> {
  node = new Node({
    host: '127.0.0.1',
    wsPort: 0,
    peers: [],
    difficulty: 0,
    openStore: () => Promise.resolve({ ...memoryStore, ...store }),
    log,
  });
  await node.start();
}

describe('A node', () => {
  it('writes a block to its store though a listener throws, and says so', async () => {
    const written: number[] = [];
    const lines: string[] = [];
    const write: Store['write'] = async (changes) => {
      for (const { added } of changes) written.push(...added.map(({ index }) => index));
    };
    await start({ write }, pino({}, { write: (line: string) => lines.push(line) }));
    node.on('changes', () => {
      throw new Error('the listener is broken');
    });
    const block = await node.mine('told to nobody');
    expect([block.index, written]).toEqual([1, [0, 1]]);
    expect(node.chain.tip).toEqual(block);
    expect(lines.join('\n')).toContain('the listener is broken');
  });

  it('acknowledges no block that could not be written, and asks to be stopped', async () => {
    let isFull = false;
    const write = () =>
      isFull ? Promise.reject(new Error('no space')) : Promise.resolve();
    await start({ write }, pino({ level: 'silent' }));
    isFull = true;
    const fatal = new Promise<Error>((resolve) => node.once('fatal', resolve));
    await expect(node.mine('too much')).rejects.toThrow(/cannot be written.*no space/);
    expect((await fatal).message).toMatch(/Make room or mend the disk/);
  });

  it('finishes a post that is being written before its store closes', async () => {
    const steps: string[] = [];
    let finish: () => void = () => undefined;
    let writes = 0;
    const write = () => {
      writes += 1;
      if (writes === 1) return Promise.resolve(); // the genesis block
      return new Promise<void>((resolve) => {
        finish = () => {
          steps.push('written');
          resolve();
        };
        if (writes > 2) finish();
      });
    };
    const close = async () => void steps.push('closed');
    await start({ write, close }, pino({ level: 'silent' }));
    const post = node.mine('a promise');
    await new Promise((resolve) => node.once('changes', resolve));
    const stopped = node.stop();
    finish();
    await Promise.all([post, stopped]);
    expect(steps).toEqual(['written', 'written', 'closed']);
  });
});
