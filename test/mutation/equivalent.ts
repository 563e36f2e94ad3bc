/** By step, mutants that no test can notice or that none should, with the reason. */
const words = 'The words are for people; that the value is refused is tested.';

export const equivalent: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '01-hashing': {
    "fields.ts: `Cannot hash the field ${JSON.stringify(field)} (${typeof fi → ''": words,
    "sha256.ts: 'Cannot hash text with a lone surrogate: it has no UTF-8 for → ''": words,
  },
  '02-blocks': {
    "chain.ts: `There is no block ${index} to rewind to.` → ''": words,
    "rules.ts: 'a whole number from 0' → ''": words,
    "rules.ts: 'a whole number of milliseconds' → ''": words,
    "rules.ts: '64 lowercase hex digits' → ''": words,
    "rules.ts: 'a whole number to 256' → ''": words,
    "rules.ts: `well-formed text of at most ${MAX_DATA_BYTES} bytes` → ''": words,
    "rules.ts: 'A chain has at least its genesis block.' → ''":
      'An empty text is a reason, too: what counts is that it is not undefined.',
  },
};
