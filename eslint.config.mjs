import js from '@eslint/js';
import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';
import { steps } from './scripts/steps.mjs';

// Not a `group`: these are read like lines of .gitignore, where # begins a comment.
const anyOf = (some) => `^(${some.map(({ name }) => name).join('|')})$`;

// A step imports only lower steps, and only by their #name.
const stepRules = steps.map(({ folder }, i) => ({
  files: [`steps/${folder}/**/*.ts`],
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: ['../*', '**/final/**', '**/test/**', '**/tutorial/**'],
            message:
              'A step imports other steps by their #name, and nothing else of the project.',
          },
          {
            regex: anyOf(steps.slice(i)),
            message: `Step ${folder} imports only steps that come before it.`,
            allowTypeImports: false,
          },
        ],
      },
    ],
    '@typescript-eslint/no-non-null-assertion': 'error',
  },
}));

// What opens no sockets runs in a browser unchanged, so it touches no API of Node but node:crypto.
const portable = steps
  .filter(({ opensSockets }) => !opensSockets)
  .map(({ folder, number }) => {
    const own = stepRules.find(({ files }) => files[0].includes(folder));
    const [level, { patterns }] = own.rules['@typescript-eslint/no-restricted-imports'];
    const message =
      'This step runs in a browser too: it may use nothing of Node but node:crypto.';
    const group = ['node:*', '!node:crypto', 'ws', 'express'];
    const lower = steps.filter((step) => step.opensSockets && step.number < number);
    const sockets = { regex: anyOf(lower), message, allowTypeImports: true };
    const rule = [level, { patterns: [...patterns, { group, message }, sockets] }];
    return {
      files: [`steps/${folder}/*.ts`],
      ignores: ['**/*.test.ts', '**/*-for-test.ts', '**/demo.ts'],
      rules: { '@typescript-eslint/no-restricted-imports': rule },
    };
  });

// The rooms of final/, from the top to the bottom: each imports only those below it.
const rooms = [
  'cli.ts',
  'commands',
  'explorer',
  'lab',
  'api',
  'views',
  'wallet',
  'node',
  'terminal',
  'mining',
  'mempool',
  'storage',
];
const roomRules = rooms.map((room, i) => {
  const above = rooms.slice(0, i).join('|').replaceAll('.', '\\.');
  const outside = '(?:.*/)?(?:steps|test|tutorial|bench|scripts)/';
  const restrict = (patterns) => ({
    '@typescript-eslint/no-restricted-imports': ['error', { patterns }],
  });
  const own = {
    regex: `^\\.{2}/${outside}`,
    message: 'final/ imports the steps by their #names, and nothing else of the project.',
  };
  const higher = {
    regex: `^(?:\\.\\./)+(?:${above})(?:/|$)`,
    message: `The room ${room} imports only rooms below it: ${rooms.slice(i + 1).join(', ')}.`,
  };
  return {
    files: [`final/${room.endsWith('.ts') ? room : `${room}/**/*.{ts,vue}`}`],
    rules: restrict(i === 0 ? [own] : [own, higher]),
  };
});

// The tests of a step import it by its #name too, so that they serve a learner's own as well.
const testRules = steps.map(({ folder }, i) => ({
  files: [
    `steps/${folder}/**/*.test.ts`,
    `steps/${folder}/*-for-test.ts`,
    `steps/${folder}/demo.ts`,
  ],
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: ['./*', '../*', '!./*-for-test.ts'],
            message: 'Import the step under test by its #name.',
          },
          {
            regex: anyOf(steps.slice(i + 1)),
            message: `The tests of ${folder} use only it and the steps before it.`,
          },
        ],
      },
    ],
  },
}));

export default tseslint.config(
  {
    ignores: [
      'docs/api',
      'site',
      'coverage',
      'my',
      'node_modules',
      'tutorial/.vitepress/cache',
      'final/mining/assembly',
      'final/explorer/dist',
      '**/._*', // macOS puts them beside other files
    ],
  },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['**/*.mjs', 'pychain', 'learn'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', URL: 'readonly' },
    },
  },
  {
    files: ['**/*.cjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { sourceType: 'commonjs', globals: { module: 'writable' } },
  },
  ...vue.configs['flat/recommended'],
  { rules: { 'vue/multi-word-component-names': 'off' } },
  {
    files: ['**/*.vue'],
    extends: [tseslint.configs.disableTypeChecked], // vue-tsc checks their types
    languageOptions: {
      parserOptions: { parser: tseslint.parser },
    },
    rules: {
      'no-undef': 'off', // vue-tsc knows what a page has
      'vue/max-attributes-per-line': 'off', // Prettier writes the format
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
    },
  },
  {
    // The second solutions are right, but written in whatever style a reader may have.
    files: ['test/kit/second/**/*.ts'],
    rules: {
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/no-unused-vars': 'off',
      '@typescript-eslint/prefer-nullish-coalescing': 'off',
      '@typescript-eslint/prefer-optional-chain': 'off',
      '@typescript-eslint/prefer-string-starts-ends-with': 'off',
    },
  },
  ...roomRules,
  ...stepRules,
  ...portable,
  ...testRules,
);
