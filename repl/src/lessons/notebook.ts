/**
 * A Jupyter notebook file (nbformat 4, https://nbformat.readthedocs.io) as typed cells: what stands in it, whoever made it.
 * What is ours in it, `metadata.toyfhe`, is read by lesson.ts and solutions.ts.
 * @module
 */
import { stripVTControlCharacters } from 'node:util';
import { JsonField } from './json-field.ts';

export interface NotebookCell {
  /** Its place in the file, counted from 1: for messages. */
  readonly place: number;
  readonly type: 'markdown' | 'code';
  /** The id that Jupyter gives; files older than nbformat 4.5 have none. */
  readonly id: string | undefined;
  readonly source: string;
  /** `metadata.toyfhe`, an object; empty where there is none. */
  readonly toyfhe: JsonField;
  /** What the saved outputs print, without colours; empty where nothing is saved. */
  readonly output: string;
}

export interface Notebook {
  /** The file's name, for messages. */
  readonly file: string;
  /** `metadata.toyfhe` of the whole file, an object. */
  readonly toyfhe: JsonField;
  readonly cells: readonly NotebookCell[];
}

/**
 * @param text the file's content
 * @param file its name, for messages
 * @throws FheError FORMAT for anything but a notebook of ours; the message names file and cell
 */
export function readNotebook(text: string, file: string): Notebook {
  const root = JsonField.parse(text, file);
  const format = root.get('nbformat');
  if (format.value !== 4) throw format.refuse('4', undefined, 'open it in Jupyter and save it again');
  const toyfhe = root.get('metadata').get('toyfhe');
  toyfhe.object();
  const cells = root.get('cells').list();
  return { file, toyfhe, cells: cells.map((cell, i) => readCell(cell, i + 1)) };
}

function readCell(found: JsonField, place: number): NotebookCell {
  const cell = found.at(`cell ${place}`);
  const type = cell.get('cell_type').oneOf(['markdown', 'code']); // raw cells are for converters: nobody would see them
  const id = cell.get('id');
  const metadata = cell.get('metadata').get('toyfhe');
  return {
    place,
    type,
    id: id.present ? id.string() : undefined,
    source: cell.get('source').lines(),
    toyfhe: metadata.present ? metadata : metadata.with({}),
    output: type === 'code' ? printed(cell.get('outputs').list()) : '',
  };
}

/** What a reader of the notebook sees beneath the cell: what was printed, and values as text. */
function printed(outputs: readonly JsonField[]): string {
  const texts = outputs.map((output) => {
    const type = output.get('output_type').string();
    if (type === 'stream') return output.get('name').value === 'stdout' ? output.get('text').lines() : '';
    if (type !== 'execute_result' && type !== 'display_data') return '';
    const text = output.get('data').get('text/plain');
    return text.present ? `${text.lines()}\n` : '';
  });
  return stripVTControlCharacters(texts.join('')).trimEnd();
}
