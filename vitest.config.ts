import { defineConfig } from 'vitest/config';

const conditions = ['toyfhe:source', 'node', 'import', 'module', 'default'];

export default defineConfig({
  // Tests read the sources, not the build: a test of the build says so in its name.
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['*/test/**/*.test.ts'],
    testTimeout: 120_000,
  },
});
