/**
 * The command `toyfhe`: reads the arguments, runs a command, turns errors into one line and an exit code.
 * @module
 */
import { createRequire } from 'node:module';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { FheError } from 'toyfhe/backend';
import { BACKENDS } from './backends.ts';
import type { BenchOptions } from './bench/job.ts';
import { printBench } from './bench/print.ts';
import { RINGS } from './bench/sets.ts';
import { classifyMnist, type MnistOptions } from './mnist/job.ts';
import { reportMnist } from './mnist/report.ts';
import { printWalkthrough } from './walkthrough-print.ts';
import { wrap } from './wrap.ts';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/** Bad flags, missing data, damaged files: the user can mend it. */
const EXIT_REFUSED = 2;

/** @returns the exit code */
export async function run(args: readonly string[]): Promise<number> {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      process.exit(0); // the reader (head, less) has seen enough
    });
  }
  try {
    await program().parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // commander has printed its own line already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_REFUSED;
    if (error instanceof FheError) {
      process.stderr.write(`${error.message}\n`);
      return EXIT_REFUSED;
    }
    throw error;
  }
}

function program(): Command {
  const root = new Command('toyfhe')
    .description('Encrypted computing in TypeScript: see it, try it, and classify digits that nobody can read')
    .version(version, '--version')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true });

  root
    .command('walkthrough')
    .description('the article step by step on a small readable ring')
    .addOption(
      new Option('--noise <on|off>', 'real encryption noise, or none as in the printed article')
        .choices(['on', 'off'])
        .default('on'),
    )
    .action(({ noise }: { noise: 'on' | 'off' }) => printWalkthrough({ noise: noise === 'on' }));

  root
    .command('mnist')
    .description('classify handwritten digits under encryption')
    .addOption(new Option('--backend <name>', 'who computes').choices(BACKENDS).default('engine'))
    .option('--images <n>', 'how many test images (default: one batch, 128, on the toy 1)', positiveInteger)
    .addOption(
      new Option(
        '--dataset <name>',
        'where the images come from: MNIST out of the folder mnist/ in TOYFHE_DATA, or in the cache folder where that is' +
          ' not set (npm run data downloads it); stand-in: digits drawn by our own code; auto: MNIST if it is there',
      )
        .choices(['auto', 'mnist', 'stand-in'])
        .default('auto'),
    )
    .option('--threads <n>', "the engine's threads (default: all cores)", positiveInteger)
    .option('--weights <file>', 'a .safetensors file of npm run train (default: the trained weights that come with it)')
    .option('--json', 'one line of JSON on stdout, the rest on stderr')
    .action(({ json, ...options }: MnistOptions & { json?: boolean }) => mnist(options, json === true));

  root
    .command('bench')
    .description('time the engine against node-seal, interleaved, in one process: about two minutes')
    .option('--ring <degrees>', `ring degrees out of ${RINGS.join(',')} (default: the first three)`, rings)
    .option('--threads <n>', "the engine's threads beside one (default: all cores)", positiveInteger)
    .option('--quick', 'three rounds instead of seven')
    .option('--json', 'a line of JSON for each operation and backend')
    .action(({ json, ...options }: BenchOptions & { json?: boolean }) => printBench(options, json === true));

  root
    .command('tour')
    .description('the walk-through, then MNIST (what npm start plays)')
    .action(async () => {
      printWalkthrough({ noise: true });
      const next = 'The same, at production parameters: handwritten digits, classified by someone who cannot see them.';
      console.log(`\n${wrap(next, process.stdout.columns ?? 80)}\n`);
      await mnist({ backend: 'engine', dataset: 'auto' }, false);
    });
  return root;
}

async function mnist(options: MnistOptions, json: boolean): Promise<void> {
  const out = json ? process.stderr : process.stdout;
  const done = await classifyMnist(options);
  out.write(`${reportMnist(done, { width: out.columns ?? 80, colour: out.isTTY === true && out.hasColors(256) })}\n`);
  if (json) console.log(JSON.stringify(done.result));
}

function positiveInteger(text: string): number {
  const n = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(n) && n >= 1) return n;
  throw new InvalidArgumentError('it should be an integer from 1 on.');
}

function rings(text: string): number[] {
  const wrong = text.split(',').find((entry) => !RINGS.some((ring) => String(ring) === entry.trim()));
  if (wrong === undefined) return [...new Set(text.split(',').map(Number))];
  throw new InvalidArgumentError(`"${wrong}" should be one of ${RINGS.join(',')}.`);
}
