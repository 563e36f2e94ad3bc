import { describe, expect, it } from '@jest/globals';
import { Allowance } from '#peers';

describe('Task 2: an allowance', () => {
  it('lets so much be spent at once, and not more', () => {
    const allowance = new Allowance(10, 50);
    const spent = [20, 20, 10, 1].map((cost) => allowance.spend(cost, 1_000));
    expect(spent).toEqual([true, true, true, false]);
  });

  it('counts what is not whole', () => {
    const allowance = new Allowance(10, 1);
    const spent = [0.5, 0.25, 0.25, 0.125].map((cost) => allowance.spend(cost, 0));
    expect(spent).toEqual([true, true, true, false]);
  });

  it('takes what costs nothing even when all is spent', () => {
    const allowance = new Allowance(10, 50);
    allowance.spend(50, 0);
    expect(allowance.spend(0, 0)).toBe(true);
  });

  it('comes back with time, second by second and between them', () => {
    const allowance = new Allowance(10, 50);
    allowance.spend(50, 1_000);
    expect(allowance.spend(5, 1_500)).toBe(true); // half a second brings 5
    expect(allowance.spend(20, 3_500)).toBe(true); // two seconds bring 20
    expect(allowance.spend(1, 3_500)).toBe(false);
  });

  it('is never more than at first, however long nothing is spent', () => {
    const allowance = new Allowance(10, 50);
    allowance.spend(10, 1_000);
    expect(allowance.spend(50, 86_400_000)).toBe(true);
    expect(allowance.spend(1, 86_400_000)).toBe(false);
  });

  it('begins full, whatever the clock shows', () => {
    expect(new Allowance(10, 50).spend(50, 0)).toBe(true);
    expect(new Allowance(10, 50).spend(51, 86_400_000)).toBe(false);
  });

  it('lets a steady speaker go on for ever, and ends one that says twice as much', () => {
    const sayings = Array.from({ length: 1_000 }, (_, i) => 100 * i); // each tenth second
    const steady = new Allowance(10, 50);
    expect(sayings.every((now) => steady.spend(1, now))).toBe(true);
    const hasty = new Allowance(10, 50);
    expect(sayings.every((now) => hasty.spend(2, now))).toBe(false);
  });
});
