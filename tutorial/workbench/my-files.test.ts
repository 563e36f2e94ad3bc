import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Kit } from './messages.ts';
import type { Step } from '../companion/kit.ts';
import { MyFiles, type Channel } from './my-files.ts';
import { ownAmong } from './own-code.ts';
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

/** Two ends: what one posts, the other gets. */
function channels(): [Channel, Channel] {
  const ends: Channel[] = [0, 1].map((i) => ({
    onmessage: null,
    postMessage: (data) => ends[1 - i]?.onmessage?.({ data } as never),
  }));
  return ends as [Channel, Channel];
}

describe('The files in two pages', () => {
  const openBoth = async () => {
    const store = new TestStore();
    const both = [
      await MyFiles.open(kit, store),
      await MyFiles.open(kit, store),
    ] as const;
    const ends = channels();
    both[0].share(ends[0]);
    both[1].share(ends[1]);
    return both;
  };

  it('are the same as soon as one has kept them', async () => {
    const [here, there] = await openBoth();
    const heard: string[] = [];
    there.listen((changed, text) => heard.push(`${changed}: ${text}`));
    here.write(path, 'mine');
    await here.keep();
    expect(there.read(path)).toBe('mine');
    expect(heard).toEqual([`${path}: mine`]);
    here.reset(path);
    await here.keep();
    expect(there.read(path)).toBe('a stub');
  });

  it('do not take away what is being written', async () => {
    const [here, there] = await openBoth();
    here.write(path, 'here');
    there.write(path, 'there');
    await here.keep();
    expect(there.read(path)).toBe('there');
    await there.keep();
    expect([here.read(path), there.read(path)]).toEqual(['there', 'there']);
  });
});

describe('A step that passes as it stands', () => {
  const step = { folder: '01-hashing', tasks: [] } as unknown as Step;

  it('is kept as what runs, and noted; it is forgotten as soon as it is changed', async () => {
    const store = new TestStore();
    const files = await MyFiles.open(kit, store);
    files.write(path, 'mine');
    const tested = files.filesOf('01-hashing');
    expect(await files.keepOwn(step, tested, { [path]: 'compiled' })).toBe(true);
    expect(files.isOwn('01-hashing')).toBe(true);
    expect(ownAmong(store.texts)).toEqual(
      new Map([['01-hashing', { [path]: 'compiled' }]]),
    );
    await files.keep();
    expect(files.notes.steps['01-hashing']?.code).toMatch(/^[0-9a-f]{16}$/);
    expect((await MyFiles.open(kit, store)).isOwn('01-hashing')).toBe(true);

    files.write(path, 'mine, changed');
    expect(files.isOwn('01-hashing')).toBe(false);
    await files.keep();
    expect(ownAmong(store.texts).size).toBe(0);
  });

  it('is not kept if it was changed while its tests ran', async () => {
    const files = await MyFiles.open(kit, new TestStore());
    const tested = files.filesOf('01-hashing');
    files.write(path, 'mine');
    expect(await files.keepOwn(step, tested, {})).toBe(false);
    await files.keep();
  });
});
