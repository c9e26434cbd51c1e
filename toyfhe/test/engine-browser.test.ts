/** The engine in a browser, with workers and without: the same sources, bundled as for a web site. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bundlePage, findBrowser, NO_BROWSER, runPage } from './browser.ts';

interface Report {
  readonly isolated: boolean;
  readonly threads: number;
  readonly largestError: number;
  readonly live: number;
}

const browser = findBrowser();
// CI has a browser (.ci/run installs it): there its absence is a failure, elsewhere a line.
const required = Boolean(process.env['CI']) || process.env['TOYFHE_BROWSER'] === 'required';
if (browser === undefined && !required) console.log(`the engine is not tested in a browser: ${NO_BROWSER}`);

describe.skipIf(browser === undefined && !required)('the engine in a browser', () => {
  async function run(isolated: boolean): Promise<Report> {
    if (browser === undefined) throw new Error(NO_BROWSER);
    const page = await bundlePage(fileURLToPath(new URL('browser-page.ts', import.meta.url)));
    return (await runPage(browser, page, { isolated })) as Report;
  }

  it('computes with workers where the page is cross-origin isolated', async () => {
    const report = await run(true);
    expect(report).toMatchObject({ isolated: true, threads: 2, live: 0 });
    expect(report.largestError).toBeLessThan(1e-4);
  });

  it('computes in the page itself where memory cannot be shared', async () => {
    const report = await run(false);
    expect(report).toMatchObject({ isolated: false, threads: 1, live: 0 });
    expect(report.largestError).toBeLessThan(1e-4);
  });
});
