/**
 * The kernel as the session sees it: somewhere else, code runs; here, its outputs come in. `startKernel` (client.ts) gives
 * one that is a process of its own; tests give their own.
 * @module
 */
import type {
  CiphertextDetails,
  CompleteReply,
  ExecuteReply,
  InspectReply,
  IsCompleteReply,
  Output,
  SessionSnapshot,
} from './protocol.ts';

export interface Executed extends ExecuteReply {
  /** Undefined where the kernel has died. */
  readonly snapshot: SessionSnapshot | undefined;
}

export interface Kernel {
  /** Resolves when code can run. @throws FheError FORMAT where the kernel cannot start */
  readonly ready: Promise<SessionSnapshot>;
  /** Runs a cell, after those asked for before. */
  execute(code: string, onOutput: (output: Output) => void): Promise<Executed>;
  isComplete(code: string): Promise<IsCompleteReply>;
  /** @param cursor where in `code`, in UTF-16 units */
  complete(code: string, cursor: number): Promise<CompleteReply>;
  inspect(code: string, cursor: number): Promise<InspectReply>;
  /** As TypeScript prints it; undefined for what is no expression. */
  typeOf(expression: string): Promise<string | undefined>;
  /** Undefined for what is no ciphertext. */
  details(name: string): Promise<CiphertextDetails | undefined>;
  configure(options: { readonly plainTypeScript: boolean }): Promise<void>;
  /**
   * Stops what runs. `kept`: it stopped, variables are there. `restarted`: it did not listen, so the process was ended and a
   * new one started: variables are lost.
   */
  interrupt(): Promise<'kept' | 'restarted'>;
  /** Tells why the process has ended, whenever it does so by itself: before whoever waits for an answer hears of it. */
  onDeath(listener: (why: string, exitCode: number | null) => void): void;
  /** A new process, with nothing declared. */
  restart(): Promise<void>;
  /** Ends the process. */
  close(): Promise<void>;
}
