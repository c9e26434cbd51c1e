import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { relative } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type Reporter, type TestModule, type TestSpecification } from 'vitest/node';
import { testOrder } from './test-order.ts';

const include = '*/test/**/*.test.ts';
const unlisted = globSync(include).filter((file) => !testOrder.includes(file));
if (unlisted.length > 0) throw new Error(`test files missing in test-order.ts: ${unlisted.join(', ')}`);

class InOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = (file: TestSpecification): number => testOrder.indexOf(relative(import.meta.dirname, file.moduleId));
    return files.toSorted((a, b) => place(a) - place(b));
  }
}

/** Ends every run with one plain line that other programs can read. */
class Summary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const count = { passed: 0, failed: 0, skipped: 0 };
    for (const module of modules) {
      if (module.errors().length > 0) count.failed++;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        count[state === 'pending' ? 'skipped' : state]++;
      }
    }
    console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
  }
}

const conditions = ['toyfhe:source', 'node', 'import', 'module', 'default'];

export default defineConfig({
  // Tests read the sources, not the build: a test of the build says so in its name.
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: [include],
    globalSetup: ['datasets/test/which-data.ts'],
    sequence: { sequencer: InOrder },
    reporters: ['default', new Summary()],
    // Two at least, also on two cores: much of their time, tests wait for processes of their own.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
