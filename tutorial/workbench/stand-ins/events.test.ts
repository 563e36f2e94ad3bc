import * as node from 'node:events';
import { describe, expect, it } from '@jest/globals';
import * as page from './events.ts';

// What is said of the one must hold of the other.
describe.each([
  ['Node', node as unknown as typeof page],
  ['a page', page],
])('Events in %s', (_where, { EventEmitter, on, once }) => {
  it('reach all who listen, once or always, until they no longer do', () => {
    const emitter = new EventEmitter();
    const heard: unknown[] = [];
    const always = (value: unknown) => void heard.push(['always', value]);
    emitter.on('news', always).once('news', (value) => void heard.push(['once', value]));
    expect(emitter.listenerCount('news')).toBe(2);
    expect([emitter.emit('news', 1), emitter.emit('news', 2)]).toEqual([true, true]);
    emitter.off('news', always);
    expect(emitter.emit('news', 3)).toBe(false);
    expect(heard).toEqual([
      ['always', 1],
      ['once', 1],
      ['always', 2],
    ]);
  });

  it('are thrown where they are errors that nobody hears', () => {
    expect(() => new EventEmitter().emit('error', new RangeError('far'))).toThrow('far');
  });

  it('can be awaited, or what fails before them', async () => {
    const emitter = new EventEmitter();
    const [news, trouble] = [once(emitter, 'news'), once(new EventEmitter(), 'never')];
    emitter.emit('news', 1, 2);
    expect(await news).toEqual([1, 2]);
    const other = new EventEmitter();
    const failing = once(other, 'news');
    other.emit('error', new RangeError('far'));
    await expect(failing).rejects.toThrow('far');
    void trouble;
  });

  it('are given one after the other, those that came before they were asked for, too', async () => {
    const emitter = new EventEmitter();
    const all = on(emitter, 'news');
    emitter.emit('news', 1);
    emitter.emit('news', 2);
    const values = [await all.next(), await all.next()].map(
      ({ value }) => value as unknown,
    );
    expect(values).toEqual([[1], [2]]);
    const third = all.next();
    emitter.emit('news', 3);
    expect(await third).toEqual({ value: [3], done: false });
    await all.return?.();
    expect(emitter.listenerCount('news')).toBe(0);
  });
});
