import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { steps } from './scripts/steps.mjs';
import { chromium } from './test/browser/chromium.mjs';
import { hasNamespaces } from './test/class/namespaces.mjs';

// The conditions that `node -C my-03 …` was started with choose whose steps the tests import.
const conditions = process.execArgv.flatMap((argument, i, all) => {
  if (argument === '-C' || argument === '--conditions') return [all[i + 1]];
  return argument.startsWith('--conditions=')
    ? [argument.slice('--conditions='.length)]
    : [];
});

/**
 * The tests in some folders. Jest would not find them by a pattern with the project's own path in
 * it, if that holds brackets or an exclamation mark.
 */
const testsIn = (...folders) => ({
  ...common,
  roots: folders
    .map((folder) => join(import.meta.dirname, folder))
    .filter((folder) => existsSync(folder)), // a copy of the project need not hold all
});

const common = {
  rootDir: import.meta.dirname,
  testMatch: ['**/*.test.ts'],
  // Files that macOS puts beside others, such as ._block.test.ts, are no programs.
  testPathIgnorePatterns: ['/node_modules/', '/\\._'],
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

// A room of machines that nobody else is in takes a permission that no package brings: where it is
// not given, its tests are left out, in continuous integration too, and a line says so.
if (!hasNamespaces && !process.argv.includes('--selectProjects')) {
  process.stderr.write(
    'Left out: the tests of a class and of a room without internet, which take network ' +
      'namespaces and iproute2.\n',
  );
}

const wholeTests = [
  'deploy',
  'fuzz',
  'launcher',
  'ledger',
  'network',
  'sets',
  'signatures',
  'simulation',
  'soak',
  'travel',
];

// These take programs of Debian and the rights of root: only `npm run test:deploy` runs them.
const debianTests = {
  displayName: 'debian',
  ...testsIn('test/deploy'),
  testMatch: ['**/*.debian.ts'],
};

export default {
  // The tests of the whole start many processes; two of them at a time keep a small machine honest.
  maxWorkers: 2,
  // Continuous integration may run on a machine that is busy with other things.
  testTimeout: process.env.REQUIRE_ALL === undefined ? 60_000 : 240_000,
  projects: [
    ...steps.map(({ folder }) => ({
      displayName: folder,
      ...testsIn(`steps/${folder}`),
    })),
    { displayName: 'final', ...testsIn('final') },
    { displayName: 'whole', ...testsIn(...wholeTests.map((name) => `test/${name}`)) },
    {
      displayName: 'class',
      ...testsIn(...(hasNamespaces ? ['test/class', 'test/offline'] : [])),
    },
    { displayName: 'kit', ...testsIn('test/kit') },
    { displayName: 'companion', ...testsIn('test/companion') },
    {
      displayName: 'playgrounds',
      ...testsIn('tutorial/playgrounds', 'tutorial/workbench'),
    },
    { displayName: 'tutorial', ...testsIn('test/tutorial') },
    ...(chromium === undefined ? [] : browserTests()),
    ...(process.env.DEBIAN === undefined ? [] : [debianTests]),
  ].filter(({ roots }) => roots.length > 0),
};

function browserTests() {
  return [
    { displayName: 'explorer', ...testsIn('test/explorer') },
    { displayName: 'workbench', ...testsIn('test/workbench') },
    { displayName: 'dev', ...testsIn('test/browser'), testMatch: ['**/dev.test.ts'] },
    {
      // For these the site is built first, which takes most of a minute.
      displayName: 'browser',
      ...testsIn('test/browser'),
      testMatch: ['**/*.slow.test.ts'],
      globalSetup: '<rootDir>/test/browser/setup.mjs',
      globalTeardown: '<rootDir>/test/browser/teardown.mjs',
    },
  ];
}
