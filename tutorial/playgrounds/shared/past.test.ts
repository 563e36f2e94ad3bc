import { describe, expect, it } from '@jest/globals';
import { beginning, changed, undone } from './past.ts';

describe('Going back', () => {
  it('takes back one change after the other, until the start', () => {
    let past = changed(changed(beginning('a'), 'b'), 'c');
    const seen = [past.now];
    for (let i = 0; i < 3; i += 1) {
      past = undone(past);
      seen.push(past.now);
    }
    expect(seen).toEqual(['c', 'b', 'a', 'a']);
  });

  it('takes back together what was typed into one field', () => {
    let past = beginning('');
    for (const text of ['h', 'he', 'hel']) past = changed(past, text, 'data');
    past = changed(past, 'hel!', 'other');
    expect(undone(past).now).toBe('hel');
    expect(undone(undone(past)).now).toBe('');
  });

  it('begins anew where somebody goes on after it', () => {
    const past = changed(undone(changed(changed(beginning(1), 2, 'x'), 3, 'y')), 4, 'x');
    expect(past.before).toEqual([1, 2]);
  });

  it('has an end, so that nothing fills the memory', () => {
    let past = beginning(0);
    for (let i = 1; i <= 1_000; i += 1) past = changed(past, i);
    expect(past.before).toHaveLength(200);
    expect(undone(past).now).toBe(999);
  });
});
