/**
 * The command `toyfhe`: reads the arguments, runs a command, turns errors into one line and an exit code.
 * @module
 */
import { createRequire } from 'node:module';
import { Command, CommanderError, Option } from 'commander';
import { FheError } from 'toyfhe/backend';
import type { BenchOptions } from './bench/job.ts';
import { RINGS } from './bench/sets.ts';
import {
  backendOption,
  batchOption,
  datasetOption,
  degrees,
  modelArgument,
  positiveInteger,
  positiveNumber,
  precisionOption,
  rings,
} from './cli-options.ts';
import { emitModel, type EmitModelOptions } from './compiled/emit.ts';
import { planModel, type PlanModelOptions } from './compiled/plan-model.ts';
import { printPlan, type PlanFormat } from './compiled/print.ts';
import { runModel, type RunOptions } from './compiled/run.ts';
import { classifyMnist, type MnistOptions } from './mnist/job.ts';
import type { DigitsRun } from './mnist/outcome.ts';
import { reportDigits } from './mnist/report.ts';
import { loadModel } from './models.ts';
import { isTerminal, openRepl, type ReplOptions } from './open-repl.ts';
import { checkRelu, evaluateRelu, type ReluOptions } from './relu/job.ts';
import { reportRelu } from './relu/report.ts';
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
    const outcome = { exitCode: 0 };
    await program(outcome).parseAsync(args, { from: 'user' });
    return outcome.exitCode;
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

function program(outcome: { exitCode: number }): Command {
  const root = new Command('toyfhe')
    .description('Encrypted computing in TypeScript: see it, try it, and classify digits that nobody can read')
    .version(version, '--version')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .argument('[file]', 'a script to run with everything preloaded; without one, the REPL opens')
    .argument('[args...]', "the script's arguments, its process.argv from 2 on")
    .option('--plain', 'the REPL without a screen: reads lines, prints plain text (as it does in a pipe)')
    .passThroughOptions()
    .enablePositionalOptions()
    .action(async (file: string | undefined, args: string[], options: ReplOptions) => {
      outcome.exitCode = file === undefined ? await openRepl(options) : await script(file, args);
    });

  root
    .command('start')
    .description('the REPL; without a terminal, the tour (what npm start does)')
    .action(async () => {
      if (isTerminal()) outcome.exitCode = await openRepl({});
      else await tour();
    });

  root
    .command('doctor')
    .description('what this machine has, and what to do about what is missing')
    .action(async () => {
      const { reportDoctor } = await import('./doctor/report-doctor.ts');
      outcome.exitCode = await reportDoctor();
    });

  root
    .command('walkthrough')
    .description('the article step by step on a small readable ring')
    .addOption(
      new Option('--noise <on|off>', 'real encryption noise, or none as in the printed article')
        .choices(['on', 'off'])
        .default('on'),
    )
    .action(({ noise }: { noise: 'on' | 'off' }) => walkthrough(noise === 'on'));

  root
    .command('mnist')
    .description('classify handwritten digits under encryption')
    .addOption(backendOption())
    .option('--images <n>', 'how many test images (default: one batch, 128, on the toy 1)', positiveInteger)
    .addOption(datasetOption())
    .option('--threads <n>', "the engine's threads (default: all cores)", positiveInteger)
    .option('--weights <file>', 'a .safetensors file of npm run train (default: the trained weights that come with it)')
    .option(
      '--compiled',
      "the compiler's program, interleaved with the one written by hand; the figures are the compiler's",
    )
    .option('--precision <bits>', 'with --compiled: bits right of every logit (default: 20)', positiveInteger)
    .option('--json', 'one line of JSON on stdout, the rest on stderr')
    .action(({ json, ...options }: MnistOptions & { json?: boolean }) => mnist(options, json === true));

  root
    .command('run')
    .description('a compiled network on encrypted images, seconds an image')
    .addArgument(modelArgument())
    .addOption(backendOption())
    .option('--images <n>', 'how many test images (default: one batch)', positiveInteger)
    .addOption(batchOption())
    .addOption(datasetOption())
    .option('--threads <n>', "the engine's threads (default: all cores)", positiveInteger)
    .addOption(precisionOption())
    .option('--json', 'one line of JSON on stdout, the rest on stderr')
    .action(async (name: string, { json, ...options }: RunOptions & { json?: boolean }) =>
      printDigits(await runModel(name, options), json === true),
    );

  root
    .command('explain')
    .description('what the compiler decides for a network, what it costs, and why')
    .addArgument(modelArgument())
    .addOption(backendOption())
    .addOption(batchOption())
    .addOption(precisionOption())
    .option('--json', 'the plan itself, which client and server share')
    .addOption(new Option('--dot', 'a drawing for Graphviz: toyfhe explain mnist --dot | dot -Tsvg').conflicts('json'))
    .action(async (name: string, { json, dot, ...options }: PlanModelOptions & { json?: boolean; dot?: boolean }) => {
      const format: PlanFormat = json === true ? 'json' : dot === true ? 'dot' : 'text';
      console.log(printPlan(planModel(await loadModel(name), options), format, process.stdout.columns ?? 80));
    });

  root
    .command('emit')
    .description(
      'the compiled network as a TypeScript program: toyfhe emit mnist > program.ts, then npx node program.ts',
    )
    .addArgument(modelArgument())
    .addOption(backendOption())
    .option('--images <n>', 'how many test images the program classifies (default: one batch)', positiveInteger)
    .addOption(batchOption())
    .addOption(precisionOption())
    .action(async (name: string, options: EmitModelOptions) => {
      process.stdout.write(await emitModel(name, options));
    });

  root
    .command('relu')
    .description('ReLU on 1000 encrypted values, by a composite of polynomials')
    .option('--degrees <list>', "the polynomials' degrees, odd (default: 15,15,27)", degrees)
    .option('--bound <B>', 'inputs from -B to B (default: 1; others take a level or two more)', positiveNumber)
    .addOption(backendOption())
    .option('--threads <n>', "the engine's threads (default: all cores)", positiveInteger)
    .option('--json', 'one line of JSON on stdout, the rest on stderr')
    .action(async ({ json, ...options }: ReluOptions & { json?: boolean }) => {
      const out = json === true ? process.stderr : process.stdout;
      const done = await evaluateRelu(options);
      out.write(`${reportRelu(done, { width: out.columns ?? 80 })}\n`);
      if (json === true) console.log(JSON.stringify(done.result));
      checkRelu(done.result);
    });

  root
    .command('bench')
    .description('time the engine against node-seal, interleaved, in one process: about two minutes')
    .option('--ring <degrees>', `ring degrees out of ${RINGS.join(',')} (default: the first three)`, rings)
    .option('--threads <n>', "the engine's threads beside one (default: all cores)", positiveInteger)
    .option('--quick', 'three rounds instead of seven')
    .option('--json', 'a line of JSON for each operation and backend')
    .action(async ({ json, ...options }: BenchOptions & { json?: boolean }) => {
      const { printBench } = await import('./bench/print.ts');
      await printBench(options, json === true);
    });

  root.command('tour').description('the walk-through, then MNIST, straight through').action(tour);
  return root;
}

async function tour(): Promise<void> {
  await walkthrough(true);
  const next = 'The same, at production parameters: handwritten digits, classified by someone who cannot see them.';
  console.log(`\n${wrap(next, process.stdout.columns ?? 80)}\n`);
  await mnist({ backend: 'engine', dataset: 'auto' }, false);
}

async function script(file: string, args: readonly string[]): Promise<number> {
  const { runScriptFile, SCRIPT } = await import('./script.ts');
  if (SCRIPT.test(file)) return runScriptFile(file, args);
  throw new FheError({
    code: 'RANGE',
    op: 'start',
    field: 'argument',
    should: 'a command or a script',
    is: file,
    hint: 'toyfhe --help lists the commands; scripts end with .ts or .js',
  });
}

/** The toy's code is loaded for those who ask for it: it takes half a second. */
async function walkthrough(noise: boolean): Promise<void> {
  const { printWalkthrough } = await import('./walkthrough-print.ts');
  printWalkthrough({ noise });
}

async function mnist(options: MnistOptions, json: boolean): Promise<void> {
  printDigits(await classifyMnist(options), json);
}

function printDigits(run: DigitsRun, json: boolean): void {
  const out = json ? process.stderr : process.stdout;
  out.write(`${reportDigits(run, { width: out.columns ?? 80, colour: out.isTTY === true && out.hasColors(256) })}\n`);
  if (json) console.log(JSON.stringify(run.result));
}
