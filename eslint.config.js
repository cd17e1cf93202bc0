import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

export default ts.config(
  { ignores: ['dist/', '.svelte-kit/', 'node_modules/', 'tests/.output/', '.workbench/'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...ts.configs.stylistic,
  ...svelte.configs.recommended,
  prettier,
  ...svelte.configs.prettier,
  {
    languageOptions: { globals: { ...globals.node } },
    rules: {
      // `_` marks what a signature demands and the body does not need.
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      'no-control-regex': 'off',
      eqeqeq: 'error',
      'no-eval': 'error',
      'no-new-func': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
    },
  },
  {
    files: ['engine/**/*.ts', 'plugins/**/*.ts', 'web/server/**/*.ts', 'cli/**/*.ts'],
    ignores: ['cli/io.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        {
          object: 'Math',
          property: 'random',
          message: 'Randomness comes in as an argument (engine/replay/random.ts).',
        },
        {
          object: 'Date',
          property: 'now',
          message: 'Time comes in as an argument (cli/io.ts, engine/replay/clock.ts).',
        },
      ],
    },
  },
  {
    files: ['web/routes/**', 'web/lib/**', 'web/report/**', 'web/static/**'],
    languageOptions: { globals: { ...globals.browser } },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig },
    },
    rules: {
      'svelte/no-at-html-tags': 'error',
      // The app is served from the root of a host of its own.
      'svelte/no-navigation-without-resolve': 'off',
      // A named `children` snippet beside other snippets of a panel reads better than a bare one.
      'svelte/no-useless-children-snippet': 'off',
      // A space between two components has no other spelling.
      'svelte/no-useless-mustaches': 'off',
    },
  },
  {
    files: ['tests/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
);
