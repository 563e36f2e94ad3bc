import fc from 'fast-check';

// Random inputs differ from run to run; a failure prints its seed, and SEED=… replays it.
const seed = Number(process.env.SEED ?? Date.now() & 0x7fffffff);
fc.configureGlobal({ seed });
