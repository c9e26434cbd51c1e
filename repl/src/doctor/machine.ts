/**
 * What the doctor asks of a machine. Tests bring machines of their own.
 * @module
 */
import type { DataFolder } from '@toyfhe/datasets';
import type { EngineBackend } from 'toyfhe/engine';
import type { FoundLesson } from '../lessons/find-lessons.ts';
import type { Abilities } from '../show/theme.ts';

export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Such as `24.21.0`. */
  readonly nodeVersion: string;
  /** The folder of the project. */
  readonly folder: string;
  /** How many threads can run at the same time. */
  readonly processors: number;
  readonly terminal: {
    /** Whether input and output are a terminal. */
    readonly interactive: boolean;
    readonly columns: number | undefined;
    readonly rows: number | undefined;
    readonly abilities: Abilities;
  };
  /** In bytes. `limit`: what a container may take; undefined where nothing is set. */
  memory(): { readonly total: number; readonly available: number; readonly limit: number | undefined };
  exists(path: string): boolean;
  /** Whether files can be made in a folder, or the folder itself where it is missing. Changes nothing. */
  writable(folder: string): boolean;
  /** What a command prints; undefined where there is none, or it fails. */
  command(name: string, args: readonly string[]): Promise<string | undefined>;
  /** Starts the engine on a small ring, and stops it. @throws FheError */
  engine(): Promise<Pick<EngineBackend, 'kernels' | 'threads'>>;
  /** Starts node-seal. @throws FheError */
  seal(): Promise<void>;
  readonly dataFolder: DataFolder;
  /** One line about the test images of MNIST; undefined where they are not there. @throws FheError where they are damaged */
  mnist(): Promise<string | undefined>;
  /** The names of the trained weights that can be read. @throws FheError */
  weights(): Promise<readonly string[]>;
  readonly lessonsFolder: string;
  lessons(): Promise<readonly FoundLesson[]>;
  readonly stateFolder: string;
}
