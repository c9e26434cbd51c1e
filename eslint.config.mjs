import js from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  // The kernels are AssemblyScript: their decorated functions are not TypeScript.
  { ignores: ['**/dist/', '**/dist.new/', '.cache/', '.scratch/', 'toyfhe/src/engine/kernels/', '**/*.generated.ts'] },
  js.configs.recommended,
  tseslint.configs.strict,
  {
    rules: {
      // Typed arrays and checked indices: `a[i]!` says "in range", and a check would cost in hot loops.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/*.mjs', '**/*.js', '**/*.cjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        exports: 'readonly',
        module: 'writable',
        require: 'readonly',
        setInterval: 'readonly',
        setTimeout: 'readonly',
        clearInterval: 'readonly',
        URL: 'readonly',
      },
    },
  },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
);
