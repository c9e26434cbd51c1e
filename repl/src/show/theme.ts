/**
 * Themes, and what a terminal can show: colours, and characters beyond ASCII.
 * @module
 */
import { WriteStream } from 'node:tty';
import type { ThemeName } from '../session/state.ts';
import { colourCode } from './colour-codes.ts';
import { type Look, PALETTES } from './palette.ts';
import type { Role, Style } from './style.ts';

export interface Abilities {
  readonly colours: Style['colours'];
  readonly unicode: boolean;
}

/** What is asked of an output stream; `process.stdout` is one. */
export interface TerminalStream {
  readonly isTTY?: boolean | undefined;
  getColorDepth?(env?: NodeJS.ProcessEnv): number;
}

/** Ends all colours: what `paint` ends with. */
export const OFF = '\x1b[0m';

/**
 * What a terminal can show. `NO_COLOR` wins over `FORCE_COLOR`, and that over what the terminal says of itself; a stream that is
 * no terminal has no colours unless forced.
 */
export function terminalAbilities(
  env: NodeJS.ProcessEnv,
  stream: TerminalStream,
  platform: NodeJS.Platform = process.platform,
): Abilities {
  return { colours: coloursOf(env, stream), unicode: hasUnicode(env, platform) };
}

function coloursOf(env: NodeJS.ProcessEnv, stream: TerminalStream): Style['colours'] {
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return 'none';
  if (stream.isTTY !== true && env['FORCE_COLOR'] === undefined) return 'none';
  const depth = stream.getColorDepth?.(env) ?? WriteStream.prototype.getColorDepth(env);
  return depth >= 24 ? 'true' : depth >= 8 ? '256' : depth >= 4 ? '16' : 'none';
}

/** The console of Linux has no glyphs for most of it; elsewhere the locale decides, and none at all is taken for UTF-8. */
function hasUnicode(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  if (env['TERM'] === 'linux' || env['TERM'] === 'dumb') return false;
  if (platform === 'win32') {
    const modern = ['WT_SESSION', 'TERMINUS_SUBLIME', 'ConEmuANSI', 'TERM_PROGRAM', 'TERM'];
    return modern.some((name) => env[name] !== undefined && env[name] !== '');
  }
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || 'UTF-8';
  return /utf-?8/i.test(locale);
}

export interface StyleOptions extends Abilities {
  /** At least 1. */
  readonly columns: number;
  readonly theme: ThemeName;
}

export function makeStyle({ columns, theme, colours: able, unicode }: StyleOptions): Style {
  const colours = theme === 'plain' ? 'none' : able;
  const paint =
    theme === 'plain' || colours === 'none' ? (_role: Role, text: string): string => text : painter(theme, colours);
  return { columns, colours, unicode, paint };
}

function painter(theme: 'dark' | 'light', colours: '16' | '256' | 'true'): Style['paint'] {
  const openings = new Map<Role, string>();
  return (role, text) => {
    if (text === '') return '';
    let open = openings.get(role);
    if (open === undefined) openings.set(role, (open = opening(PALETTES[theme][role], colours)));
    if (open === '') return text;
    // What was painted inside goes on in this role; and no colour runs over the end of a line.
    return `${open}${text.replaceAll(OFF, OFF + open).replaceAll('\n', `${OFF}\n${open}`)}${OFF}`;
  };
}

function opening({ rgb, sixteen, bold, underline }: Look, colours: '16' | '256' | 'true'): string {
  const codes = [
    ...(bold ? ['1'] : []),
    ...(underline ? ['4'] : []),
    ...(colours === '16' && sixteen !== undefined ? [String(sixteen)] : []),
    ...(colours !== '16' && rgb !== undefined ? [colourCode(38, rgb, colours)] : []),
  ];
  return codes.length === 0 ? '' : `\x1b[${codes.join(';')}m`;
}
