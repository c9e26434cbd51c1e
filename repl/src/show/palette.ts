/**
 * The colours of the themes: for each role one colour that is legible on the theme's backgrounds, and what stands for it on
 * a terminal with 16 colours, where the terminal decides how they look.
 * @module
 */
import type { Rgb } from './colour-codes.ts';
import type { Role } from './style.ts';

export interface Look {
  readonly rgb?: Rgb;
  /** Of the 16 colours, as an escape code's parameter. */
  readonly sixteen?: number;
  readonly bold?: true;
  readonly underline?: true;
}

type Palette = Readonly<Record<Role, Look>>;

const DARK: Palette = {
  plain: {},
  bold: { bold: true },
  dim: { rgb: [148, 148, 148], sixteen: 2 },
  prompt: { rgb: [95, 215, 135], sixteen: 32, bold: true },
  keyword: { rgb: [215, 135, 255], sixteen: 95 },
  string: { rgb: [175, 215, 135], sixteen: 32 },
  number: { rgb: [255, 175, 95], sixteen: 33 },
  comment: { rgb: [148, 148, 148], sixteen: 2 },
  type: { rgb: [95, 215, 215], sixteen: 36 },
  function: { rgb: [135, 175, 255], sixteen: 94 },
  result: { rgb: [255, 135, 95], sixteen: 91, bold: true },
  error: { rgb: [255, 135, 135], sixteen: 91, bold: true },
  hint: { rgb: [255, 215, 95], sixteen: 33 },
  notice: { rgb: [135, 175, 255], sixteen: 94 },
  heading: { rgb: [95, 215, 255], sixteen: 96, bold: true },
  link: { rgb: [135, 175, 255], sixteen: 94, underline: true },
  good: { rgb: [95, 215, 135], sixteen: 32 },
  bad: { rgb: [255, 135, 135], sixteen: 91 },
};

/** Of the sixteen, red, blue and magenta can be read on white. */
const LIGHT: Palette = {
  plain: {},
  bold: { bold: true },
  dim: { rgb: [98, 98, 98], sixteen: 2 },
  prompt: { rgb: [0, 95, 0], sixteen: 34, bold: true },
  keyword: { rgb: [135, 0, 175], sixteen: 35 },
  string: { rgb: [0, 95, 0], sixteen: 31 },
  number: { rgb: [135, 54, 0], sixteen: 34 },
  comment: { rgb: [98, 98, 98], sixteen: 2 },
  type: { rgb: [0, 95, 95], sixteen: 34 },
  function: { rgb: [0, 0, 215], sixteen: 34 },
  result: { rgb: [175, 0, 0], sixteen: 31, bold: true },
  error: { rgb: [175, 0, 0], sixteen: 31, bold: true },
  hint: { rgb: [135, 54, 0], sixteen: 35 },
  notice: { rgb: [0, 0, 215], sixteen: 34 },
  heading: { rgb: [0, 54, 135], sixteen: 34, bold: true },
  link: { rgb: [0, 0, 215], sixteen: 34, underline: true },
  good: { rgb: [0, 95, 0], sixteen: 34 },
  bad: { rgb: [175, 0, 0], sixteen: 31 },
};

export const PALETTES: Readonly<Record<'dark' | 'light', Palette>> = { dark: DARK, light: LIGHT };
