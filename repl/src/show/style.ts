/**
 * How text looks on this terminal: its width, whether it knows colours and Unicode, and what the theme makes of a role.
 * @module
 */

/** What a piece of text is; a theme gives it a colour. */
export type Role =
  | 'plain'
  | 'bold'
  | 'dim'
  | 'prompt'
  | 'keyword'
  | 'string'
  | 'number'
  | 'comment'
  | 'type'
  | 'function'
  | 'result'
  | 'error'
  | 'hint'
  | 'notice'
  | 'heading'
  | 'link'
  | 'good'
  | 'bad';

export interface Style {
  /** Columns that a line may take. */
  readonly columns: number;
  /** `none` with NO_COLOR or the theme `plain`. */
  readonly colours: 'none' | '16' | '256' | 'true';
  /** false: only ASCII is drawn by ourselves (prompts, frames, bars, pictures); values keep their characters. */
  readonly unicode: boolean;
  /** The text with the escape codes of its role; the text itself without colours. */
  paint(role: Role, text: string): string;
}
