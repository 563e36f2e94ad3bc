import { steps } from './scripts/steps.mjs';
import { chromium } from './test/browser/chromium.mjs';

// The conditions that `node -C my-03 …` was started with choose whose steps the tests import.
const conditions = process.execArgv.flatMap((argument, i, all) => {
  if (argument === '-C' || argument === '--conditions') return [all[i + 1]];
  return argument.startsWith('--conditions=')
    ? [argument.slice('--conditions='.length)]
    : [];
});

const common = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  testEnvironmentOptions: {
    customExportConditions: ['node', 'node-addons', ...conditions],
  },
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'es6' },
      },
    ],
  },
  setupFilesAfterEnv: ['<rootDir>/test/setup.ts'],
};

// Where no browser is, its tests are left out and a line says so, but never where all must run.
if (chromium === undefined && process.env.REQUIRE_ALL !== undefined) {
  throw new Error('No Chromium was found. Install it, or name it in CHROMIUM.');
}
if (chromium === undefined && !process.argv.includes('--selectProjects')) {
  process.stderr.write(
    'Left out: the tests of the site, without Chromium (CHROMIUM=…).\n',
  );
}

export default {
  // The tests of the whole start many processes; two of them at a time keep a small machine honest.
  maxWorkers: 2,
  // Continuous integration may run on a machine that is busy with other things.
  testTimeout: process.env.REQUIRE_ALL === undefined ? 60_000 : 240_000,
  projects: [
    ...steps.map(({ folder }) => ({
      ...common,
      displayName: folder,
      testMatch: [`<rootDir>/steps/${folder}/**/*.test.ts`],
    })),
    { ...common, displayName: 'final', testMatch: ['<rootDir>/final/**/*.test.ts'] },
    {
      ...common,
      displayName: 'whole',
      testMatch: ['<rootDir>/test/{fuzz,network,sets,simulation,soak}/**/*.test.ts'],
    },
    { ...common, displayName: 'kit', testMatch: ['<rootDir>/test/kit/**/*.test.ts'] },
    {
      ...common,
      displayName: 'companion',
      testMatch: ['<rootDir>/test/companion/**/*.test.ts'],
    },
    {
      ...common,
      displayName: 'playgrounds',
      testMatch: ['<rootDir>/tutorial/playgrounds/**/*.test.ts'],
    },
    {
      ...common,
      displayName: 'tutorial',
      testMatch: ['<rootDir>/test/tutorial/**/*.test.ts'],
    },
    {
      ...common,
      displayName: 'explorer',
      testMatch: chromium === undefined ? [] : ['<rootDir>/test/explorer/**/*.test.ts'],
    },
    {
      ...common,
      displayName: 'dev',
      testMatch: chromium === undefined ? [] : ['<rootDir>/test/browser/dev.test.ts'],
    },
    {
      // For these the site is built first, which takes most of a minute.
      ...common,
      displayName: 'browser',
      testMatch:
        chromium === undefined ? [] : ['<rootDir>/test/browser/**/*.slow.test.ts'],
      globalSetup: '<rootDir>/test/browser/setup.mjs',
      globalTeardown: '<rootDir>/test/browser/teardown.mjs',
    },
  ],
};
