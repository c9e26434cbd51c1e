/**
 * Where the project keeps what it needs for Jupyter: all of it in its own folder, nothing in the user's.
 * @module
 */
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const root: string = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
/** A Python with Jupyter, made where the machine has none. */
export const venvFolder: string = join(root, '.cache/venv');
/** The kernel's description, and which notebooks are trusted. */
export const dataFolder: string = join(root, '.cache/jupyter');
