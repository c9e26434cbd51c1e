/**
 * From the colours in which Node prints values to those of the theme: yellow numbers are lost on white.
 * @module
 */
import type { Role, Style } from './style.ts';

/** What `util.inspect` uses each of its colours for (`util.inspect.styles`). */
const ROLES: ReadonlyMap<string, Role> = new Map([
  ['31', 'string'], // regular expressions
  ['32', 'string'], // and symbols
  ['33', 'number'], // and booleans
  ['35', 'type'], // dates
  ['36', 'function'], // functions, classes, getters
  ['90', 'dim'], // undefined; also where an index stands before a row
]);

/** Of each piece between such a colour and its end; other colours stay. */
export function inThemeColours(text: string, style: Style): string {
  // eslint-disable-next-line no-control-regex -- colours
  return text.replace(/\x1b\[(3[1-6]|90)m([^\x1b]*)\x1b\[39m/g, (all, code: string, inner: string) => {
    const role = ROLES.get(code);
    return role === undefined ? all : style.paint(role, inner);
  });
}
