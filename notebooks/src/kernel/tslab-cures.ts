/**
 * Three faults of tslab 1.0.22, cured. Loaded into the kernel before it starts: in Jupyter by the kernel's description, in tests
 * by tslab-kernel.ts.
 * @module
 */
import { createRequire } from 'node:module';
import type ts from 'typescript';

type WriteStream = (name: 'stdout' | 'stderr', text: string) => void;
interface Reply {
  status: string;
}
interface Handler {
  handleExecute(request: unknown, writeStream: WriteStream, writeDisplay: unknown): Promise<Reply>;
}
interface Converter {
  convert(earlier: string, source: string): unknown;
}
interface ConverterModule {
  createConverter(options: object): Converter;
}
type SocketClass = new (options?: object) => object;

const tslab = createRequire(createRequire(import.meta.url).resolve('tslab'));

/**
 * zeromq sends at once, but the 513th message in a row later, and refuses another one until then. tslab does not wait: what a
 * cell prints is lost, or the word that it has ended, for which Jupyter waits for ever. With this timeout zeromq always sends
 * at once. The mark is how many messages may wait before it throws some away.
 */
function neverLoseMessages(): void {
  const zeromq = tslab('zeromq') as Record<string, SocketClass>;
  for (const name of ['Publisher', 'Router']) {
    const Socket = zeromq[name]!;
    zeromq[name] = class extends Socket {
      constructor(options: object = {}) {
        super({ sendTimeout: 0, sendHighWaterMark: 0, ...options });
      }
    };
  }
}

/** After an error tslab drops, without a word, all that comes within 200 ms: the cells of "Run All", as it should, and others. */
function sayWhatIsDropped(): void {
  const { prototype } = (tslab('./jupyter.js') as { JupyterHandlerImpl: { prototype: Handler } }).JupyterHandlerImpl;
  const { handleExecute } = prototype;
  prototype.handleExecute = async function (request, writeStream, writeDisplay) {
    const reply = await handleExecute.call(this, request, writeStream, writeDisplay);
    if (reply.status !== 'abort') return reply;
    writeStream('stderr', 'Not run, because a cell before it has failed. Run it again.\n');
    return { ...reply, status: 'aborted' }; // the protocol's word for it
  };
}

/**
 * tslab writes `exports.x` for the `x` of an older cell, but not in `{ x }`, where it would find the property's symbol: the cell
 * compiles, and `x` is not defined when it runs. So it gets to see `{ x: x }`.
 */
function spellOutShorthands(): void {
  const module = tslab('./converter.js') as ConverterModule;
  const typescript = tslab('@tslab/typescript-for-tslab') as typeof ts;
  const { createConverter } = module;
  module.createConverter = (options) => {
    const converter = createConverter(options);
    const { convert } = converter;
    converter.convert = (earlier, source) => convert(earlier, withoutShorthands(typescript, source, earlier));
    return converter;
  };
}

/** @param earlier declarations of older cells: where a name is not among them, positions stay what they are */
function withoutShorthands(typescript: typeof ts, source: string, earlier: string): string {
  const names: ts.Identifier[] = [];
  const visit = (node: ts.Node): void => {
    if (typescript.isShorthandPropertyAssignment(node) && earlier.includes(node.name.text)) names.push(node.name);
    typescript.forEachChild(node, visit);
  };
  const file = typescript.createSourceFile('cell.ts', source, typescript.ScriptTarget.Latest, true);
  visit(file);
  // From the end, so that places before it stay what they are.
  return names.reduceRight((text, name) => `${text.slice(0, name.end)}: ${name.text}${text.slice(name.end)}`, source);
}

neverLoseMessages();
spellOutShorthands();
sayWhatIsDropped();
