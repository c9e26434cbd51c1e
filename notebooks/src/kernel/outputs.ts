/**
 * What a cell shows, as a notebook file keeps it.
 * Source: https://nbformat.readthedocs.io/en/latest/format_description.html#code-cell-outputs
 * @module
 */
import type { Message } from './message.ts';

type Json = Readonly<Record<string, unknown>>;

export interface StreamOutput {
  readonly output_type: 'stream';
  readonly name: 'stdout' | 'stderr';
  readonly text: string;
}

export interface DataOutput {
  readonly output_type: 'display_data' | 'execute_result';
  readonly data: Json;
  readonly metadata: Json;
  readonly execution_count?: number | null;
}

export interface ErrorOutput {
  readonly output_type: 'error';
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

export type CellOutput = StreamOutput | DataOutput | ErrorOutput;

/** Takes in what a kernel publishes while a cell runs. */
export class OutputCollector {
  readonly #outputs: CellOutput[] = [];
  /** Display id → its places in the list: a display can be changed later. */
  readonly #displays = new Map<string, number[]>();
  #clearNext = false;

  get outputs(): readonly CellOutput[] {
    return this.#outputs;
  }

  add({ header, content }: Message): void {
    switch (header.msg_type) {
      case 'stream':
        this.#clear();
        return this.#stream(content['name'] === 'stderr' ? 'stderr' : 'stdout', String(content['text']));
      case 'display_data':
      case 'execute_result':
        this.#clear();
        return this.#display(header.msg_type, content);
      case 'update_display_data':
        return this.#update(content);
      case 'error':
        this.#clear();
        this.#outputs.push({
          output_type: 'error',
          ename: String(content['ename']),
          evalue: String(content['evalue']),
          traceback: (content['traceback'] as readonly string[] | undefined) ?? [],
        });
        return;
      case 'clear_output':
        this.#clearNext = true;
        if (content['wait'] !== true) this.#clear();
    }
  }

  /** What one stream prints in a row is one output, as Jupyter keeps it. */
  #stream(name: 'stdout' | 'stderr', text: string): void {
    const last = this.#outputs.at(-1);
    if (last?.output_type === 'stream' && last.name === name) {
      this.#outputs[this.#outputs.length - 1] = { ...last, text: last.text + text };
    } else this.#outputs.push({ output_type: 'stream', name, text });
  }

  #display(type: 'display_data' | 'execute_result', content: Json): void {
    const id = (content['transient'] as Json | undefined)?.['display_id'];
    if (typeof id === 'string') this.#displays.set(id, [...(this.#displays.get(id) ?? []), this.#outputs.length]);
    this.#outputs.push({
      output_type: type,
      data: (content['data'] as Json | undefined) ?? {},
      metadata: (content['metadata'] as Json | undefined) ?? {},
      ...(type === 'execute_result' ? { execution_count: (content['execution_count'] as number | null) ?? null } : {}),
    });
  }

  #update(content: Json): void {
    const id = (content['transient'] as Json | undefined)?.['display_id'];
    for (const place of this.#displays.get(String(id)) ?? []) {
      const before = this.#outputs[place] as DataOutput;
      this.#outputs[place] = { ...before, data: (content['data'] as Json | undefined) ?? before.data };
    }
  }

  #clear(): void {
    if (!this.#clearNext) return;
    this.#clearNext = false;
    this.#outputs.length = 0;
    this.#displays.clear();
  }
}

/** What was printed to one of the streams. */
export function streamText(outputs: readonly CellOutput[], name: 'stdout' | 'stderr'): string {
  return outputs.map((output) => (output.output_type === 'stream' && output.name === name ? output.text : '')).join('');
}
