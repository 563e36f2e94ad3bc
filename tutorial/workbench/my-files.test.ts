import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Kit } from './messages.ts';
import { MyFiles } from './my-files.ts';
import type { Store } from './store.ts';

const file = (folder: string, name: string, stub: string) => ({
  path: `/pychain/steps/${folder}/${name}`,
  text: 'the reference',
  stub,
});
const kit: Kit = {
  steps: [],
  files: [
    file('01-hashing', 'sha256.ts', 'a stub'),
    file('01-hashing', 'index.ts', 'the index'),
    file('02-blocks', 'block.ts', 'another stub'),
    { path: '/pychain/steps/01-hashing/sha256.test.ts', text: 'tests' },
  ],
};
const path = '/pychain/my/01-hashing/sha256.ts';

class TestStore implements Store {
  readonly isLasting = true;
  readonly texts = new Map<string, string>();
  isFull = false;

  async all(): Promise<ReadonlyMap<string, string>> {
    return this.texts;
  }

  async put(name: string, text: string): Promise<void> {
    if (this.isFull) throw new Error('There is no room.');
    this.texts.set(name, text);
  }

  async remove(name: string): Promise<void> {
    this.texts.delete(name);
  }
}

describe('The reader’s files', () => {
  let store: TestStore;
  beforeEach(() => {
    store = new TestStore();
  });

  it('begin as stubs, and are kept as soon as they are something else', async () => {
    const files = await MyFiles.open(kit, store);
    expect([files.read(path), files.isChanged(path)]).toEqual(['a stub', false]);
    files.write(path, 'my own');
    await files.keep();
    const again = await MyFiles.open(kit, store);
    expect([again.read(path), again.isChanged(path)]).toEqual(['my own', true]);
    again.reset(path);
    await again.keep();
    expect(store.texts.size).toBe(0);
  });

  it('tell of each change who made it', async () => {
    const files = await MyFiles.open(kit, store);
    const told: unknown[] = [];
    const end = files.listen((...change) => told.push(change));
    files.write(path, 'my own', 'an editor');
    files.write(path, 'my own', 'another editor');
    end();
    files.write(path, 'once more');
    expect(told).toEqual([[path, 'my own', 'an editor']]);
  });

  it('of a step come together, and of all steps only those that were begun', async () => {
    const files = await MyFiles.open(kit, store);
    expect(files.all()).toEqual({});
    files.write(path, 'my own');
    const own = { [path]: 'my own', '/pychain/my/01-hashing/index.ts': 'the index' };
    expect(files.filesOf('01-hashing')).toEqual(own);
    expect(files.all()).toEqual(own);
  });

  it('overlook what is no file of the kit', async () => {
    store.texts.set('/pychain/my/07-toy/toy.ts', 'an old one');
    const files = await MyFiles.open(kit, store);
    files.write('/pychain/my/01-hashing/other.ts', 'a new one');
    expect(files.all()).toEqual({});
  });

  it('say so where the browser has no room, and are kept when it has', async () => {
    const files = await MyFiles.open(kit, store);
    store.isFull = true;
    files.write(path, 'my own');
    await files.keep();
    expect(files.isLasting).toBe(false);
    store.isFull = false;
    await files.keep();
    expect([files.isLasting, store.texts.get(path)]).toEqual([true, 'my own']);
  });
});
