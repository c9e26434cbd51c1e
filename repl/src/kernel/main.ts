/**
 * The kernel's process: takes requests one after the other, answers them.
 * @module
 */
import { setDisplay } from 'toyfhe/notebook';
import { Assistant } from './assistant.ts';
import { bundleOf } from './bundle.ts';
import { detailsOf } from './details.ts';
import { lookIn } from './evaluate.ts';
import { Evaluator, valueOf } from './evaluator.ts';
import { Guard } from './guard.ts';
import { isComplete } from './is-complete.ts';
import type { ExecuteReply, Notice, Output, Reply, Request, SessionSnapshot } from './protocol.ts';
import { LAST } from './names.ts';
import { isCiphertext, isToyCiphertext } from './live-values.ts';
import { backendsIn, snapshot } from './snapshot.ts';
import { MOST_OUTPUT, Streams } from './streams.ts';
import { displayShown, setLook, withOutputs } from './tools.ts';

const send = (message: Reply | Notice): void => void process.send?.(message);

const guard = new Guard();
process.on('disconnect', () => process.exit()); // the screen is gone
// What user code leaves running may fail when nobody waits for it: that ends the thing, not the session.
process.on('unhandledRejection', (reason) => console.error('not handled:', reason));
process.on('uncaughtException', (error) => console.error('not caught:', error));

process.argv.splice(1, 1); // what runs is not this file
const look = { colour: process.env['TOYFHE_KERNEL_COLOUR'] === '1', columns: Number(process.env['COLUMNS'] ?? 80) };
setLook(look);
setDisplay(displayShown);
const evaluator = await Evaluator.create({ folder: process.cwd(), guard });
const assistant = new Assistant(evaluator);
const streams = new Streams(process.env['TOYFHE_KERNEL_UNLIMITED'] === '1' ? Number.POSITIVE_INFINITY : MOST_OUTPUT);

lookIn(() => evaluator.names.own.map(valueOf));

function snapshotNow(): SessionSnapshot {
  const { names } = evaluator;
  const typed = names.made.filter((name) => names.about(name)?.type !== undefined);
  // A ciphertext that has no name yet is the one to look at.
  const last = valueOf(LAST);
  if (names.has(LAST) && (isCiphertext(last) || isToyCiphertext(last))) typed.push(LAST);
  return snapshot(typed, valueOf, (name) => names.about(name)!.type!);
}

async function execute(id: number, code: string): Promise<void> {
  const output = (value: Output): void => {
    if (value.type !== 'stream') streams.flush();
    send({ type: 'output', parent: id, output: value });
  };
  streams.begin((value) => send({ type: 'output', parent: id, output: value }));
  const start = performance.now();
  const result = await withOutputs(output, () =>
    evaluator.execute(code, (rewritten) => output({ type: 'rewritten', code: rewritten })),
  );
  if (result.status === 'error') output({ type: 'error', error: result.error });
  if (result.status === 'ok' && result.value !== undefined) {
    output({ type: 'execute_result', data: bundleOf(result.value, look) });
  }
  streams.flush();
  const reply: ExecuteReply = { status: result.status, milliseconds: performance.now() - start };
  send({ type: 'execute_reply', id, ...reply, snapshot: snapshotNow() });
}

async function answer(request: Request): Promise<void> {
  const { id } = request;
  switch (request.type) {
    case 'execute_request':
      return await execute(id, request.code);
    case 'is_complete_request':
      return send({ type: 'is_complete_reply', id, ...isComplete(request.code) });
    case 'complete_request':
      return send({ type: 'complete_reply', id, ...assistant.complete(request.code, request.cursor) });
    case 'inspect_request':
      return send({ type: 'inspect_reply', id, found: assistant.inspect(request.code, request.cursor) });
    case 'type_request':
      return send({ type: 'type_reply', id, text: assistant.typeOf(request.code) });
    case 'variable_request': {
      const backends = backendsIn(evaluator.names.own.map(valueOf));
      return send({ type: 'variable_reply', id, details: detailsOf(request.name, valueOf(request.name), backends) });
    }
    case 'configure_request':
      evaluator.plainTypeScript = request.plainTypeScript;
      return send({ type: 'configure_reply', id });
  }
}

const waiting: Request[] = [];
let working = false;

process.on('message', async (request: Request) => {
  waiting.push(request);
  if (working) return;
  working = true;
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    try {
      await answer(next);
    } catch (error) {
      send({ type: 'failure_reply', id: next.id, message: error instanceof Error ? error.message : String(error) });
    }
  }
  working = false;
});
send({ type: 'ready', snapshot: snapshotNow() });
