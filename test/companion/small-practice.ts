/** A small attack and an exercise for step 1, and files that answer them, for tests. */
export const smallPractice = `
import { sha256 } from '#hashing';

const payments = ({ payments: found }) => {
  if (!Array.isArray(found)) throw new Error('Export payments, a list of two texts.');
  return found;
};
const judge = (hash, found) => {
  const [one, other] = found.map(hash);
  return { believes: one === other && found[0] !== found[1], words: 'The hashes are ' + one + ' and ' + other + '.' };
};
export const attack = {
  file: '01-same-length.ts',
  goal: 'Make two payments with one hash.',
  start: "export const payments = ['1 coin', '10 coins'];\\n",
  naive: (exports) => judge((text) => text.length, payments(exports)),
  own: async (exports) => judge((text) => sha256(text).slice(0, 4), payments(exports)),
};
export const exercises = [
  {
    number: 2,
    file: '1.2-twice.ts',
    start: "export function twice(text: string): string {\\n  return text;\\n}\\n",
    check: async ({ twice }) => {
      if (typeof twice !== 'function') throw new Error('Export a function named twice.');
      if ((await twice('a')) !== sha256(sha256('a'))) throw new Error('The hash of the hash of "a" is another one.');
    },
  },
];
`;

export const fooling = "export const payments = ['1 coin', '9 coin'];\n";

export const twice = `
import { sha256 } from '#hashing';
export const twice = (text: string): string => sha256(sha256(text));
`;
