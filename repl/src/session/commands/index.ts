/**
 * All commands, in the order in which `.help` lists them.
 * @module
 */
import type { Command } from '../command.ts';
import { backend } from './backend.ts';
import { load, save } from './files.ts';
import { help } from './help.ts';
import { back, lesson, lessons, next, restart, skip, tour } from './lessons.ts';
import { plot, report, sizes, time, type } from './look.ts';
import { exit, plainTypeScript, reset, theme } from './settings.ts';

export const commands: readonly Command[] = [
  help,
  tour,
  lessons,
  lesson,
  next,
  back,
  skip,
  restart,
  backend,
  report,
  type,
  plot,
  time,
  sizes,
  save,
  load,
  reset,
  plainTypeScript,
  theme,
  exit,
];
