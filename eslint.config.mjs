import { readdirSync } from 'node:fs';
import js from '@eslint/js';
import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';

const steps = readdirSync(new URL('steps', import.meta.url)).sort();
const nameOf = (step) => `#${step.slice('00-'.length)}`;

// A step imports only lower steps, and only by their #name.
const stepRules = steps.map((step, i) => ({
  files: [`steps/${step}/**/*.ts`],
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
          ...steps.slice(i).map((higher) => ({
            group: [nameOf(higher)],
            message: `Step ${step} imports only steps that come before it.`,
            allowTypeImports: false,
          })),
        ],
      },
    ],
    '@typescript-eslint/no-non-null-assertion': 'error',
  },
}));

// These steps run in a browser unchanged, so they touch no API of Node but the digest.
const portable = steps
  .filter((step) => /^0[1236]/.test(step))
  .map((step) => {
    const own = stepRules.find(({ files }) => files[0].includes(step));
    const [level, { patterns }] = own.rules['@typescript-eslint/no-restricted-imports'];
    const message =
      'This step runs in a browser too: it may use nothing but the digest of Node.';
    const group = ['node:*', '!node:crypto', 'ws', 'express'];
    const peers = { group: ['#http', '#peers'], message, allowTypeImports: true };
    const rule = [level, { patterns: [...patterns, { group, message }, peers] }];
    return {
      files: [`steps/${step}/*.ts`],
      ignores: ['**/*.test.ts', '**/demo.ts'],
      rules: { '@typescript-eslint/no-restricted-imports': rule },
    };
  });

// The tests of a step import it by its #name too, so that they serve a learner's own as well.
const testRules = steps.map((step, i) => ({
  files: [`steps/${step}/**/*.test.ts`, `steps/${step}/demo.ts`],
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          { group: ['./*', '../*'], message: 'Import the step under test by its #name.' },
          ...steps.slice(i + 1).map((higher) => ({ group: [nameOf(higher)] })),
        ],
      },
    ],
  },
}));

export default tseslint.config(
  {
    ignores: [
      'docs',
      'site',
      'coverage',
      'my',
      'node_modules',
      'tutorial/.vitepress/cache',
      'final/mining/assembly',
      'final/explorer/dist',
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
  {
    files: ['final/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['**/steps/**', '**/test/**'], message: 'Use the #names.' },
          ],
        },
      ],
    },
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
  ...stepRules,
  ...portable,
  ...testRules,
);
