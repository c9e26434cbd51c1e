/**
 * What a screen needs of a session. `Session` (session.ts) is one; tests of the screen bring their own.
 * @module
 */
import type { Completion, CompleteReply, InspectReply, IsCompleteReply } from '../kernel/protocol.ts';
import type { SessionState } from './state.ts';

export type { Completion };

export interface SessionView {
  readonly state: SessionState;
  /** Calls `listener` after every change of `state`; the function that comes back ends that. */
  subscribe(listener: () => void): () => void;
  /**
   * What the user entered: code, or a command that begins with a dot. Resolves when it is done; several wait for each other.
   * The empty line runs the next cell of a lesson, where one is being played.
   */
  submit(text: string): Promise<void>;
  /** Of code by the kernel; commands are complete in one line. */
  isComplete(text: string): Promise<IsCompleteReply>;
  /** Code, commands and their arguments. */
  complete(text: string, cursor: number): Promise<CompleteReply>;
  inspect(text: string, cursor: number): Promise<InspectReply>;
  /** Ctrl-C while something runs: stops it, and forgets what was waiting. */
  interrupt(): Promise<void>;
  /** Shows the ledger of another ciphertext: the next or the one before among the variables that are ciphertexts. */
  chooseNext(step: 1 | -1): Promise<void>;
  /** Opens the newest figure of the transcript in the browser; a notice says where it is. */
  openFigure(): Promise<void>;
  /** Inputs of this and earlier sessions, oldest first. */
  readonly history: readonly string[];
  /** Ends the kernel. */
  close(): Promise<void>;
}
