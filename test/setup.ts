import fc from 'fast-check';

// Random inputs differ from run to run; a failure prints its seed, and SEED=… replays it.
const seed = Number(process.env.SEED ?? Date.now() & 0x7fffffff);
fc.configureGlobal({ seed });

// What a test draws in this process has no colors, wherever it runs: CI alone would bring them.
process.env.NO_COLOR = '1';
