/**
 * What the screen and the kernel say to each other. Messages are named as Jupyter's
 * (https://jupyter-client.readthedocs.io/en/stable/messaging.html); what is ours is marked so.
 * @module
 */
import type { FheErrorCode } from 'toyfhe/backend';
import type { Images } from 'toyfhe/notebook';

/** A value in several forms, by MIME type, as Jupyter's display data: a front end takes the best that it can show. */
export interface MimeBundle {
  /** Always there. Holds ANSI colours where the kernel was started with colours. */
  readonly 'text/plain': string;
  /** A plotly figure: data and layout. */
  readonly 'application/vnd.plotly.v1+json'?: Figure;
  /** Ours: one or more images. */
  readonly 'application/vnd.toyfhe.images+json'?: Images;
  readonly 'text/markdown'?: string;
}

/** A plotly figure (https://plotly.com/javascript/reference): JSON only. */
export interface Figure {
  readonly data: readonly Readonly<Record<string, unknown>>[];
  readonly layout?: Readonly<Record<string, unknown>>;
}

/** Images of one size. */
export type { Images };

/** Where in the code that was sent; lines and columns count from 0, columns in UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly column: number;
  /** At least 1, and within the line. */
  readonly length: number;
}

export interface TypeProblem extends Place {
  /** TypeScript's text, with our hint where there is one. */
  readonly message: string;
  /** TypeScript's number, e.g. 2365. */
  readonly code: number;
}

/** Why a cell failed. */
export interface KernelError {
  /** `TypeError`, `FheError`, … or `Type error` where the compiler refused and nothing ran. */
  readonly name: string;
  readonly message: string;
  /** An FheError's code. */
  readonly code?: FheErrorCode;
  /** An FheError's hint: the end of its message. */
  readonly hint?: string;
  /** How the operands came to be: an FheError's ledger, one line an operation. */
  readonly ledger?: readonly string[];
  /** The compiler's refusals; empty where the code ran. */
  readonly problems: readonly TypeProblem[];
  /** Lines `in f, line 3` of the user's own code, innermost first. */
  readonly stack: readonly string[];
}

export interface ExecuteReply {
  /** `interrupted`: stopped by the user; variables are kept. `died`: the kernel is gone, variables are lost. */
  readonly status: 'ok' | 'error' | 'interrupted' | 'died';
  readonly milliseconds: number;
}

/** What a cell does while it runs, in order. */
export type Output =
  | { readonly type: 'stream'; readonly name: 'stdout' | 'stderr'; readonly text: string }
  | { readonly type: 'display_data'; readonly data: MimeBundle }
  | { readonly type: 'execute_result'; readonly data: MimeBundle }
  | { readonly type: 'error'; readonly error: KernelError }
  /** Ours: operators became calls; `code` is what runs. */
  | { readonly type: 'rewritten'; readonly code: string }
  /** Ours: where long work stands. Undefined: it has ended. */
  | { readonly type: 'progress'; readonly progress: Progress | undefined };

export interface Progress {
  readonly title: string;
  /** From 0 to `total`. */
  readonly done: number;
  readonly total: number;
  /** Since it began. */
  readonly seconds: number;
}

export interface IsCompleteReply {
  /** `incomplete`: more lines are needed. `invalid` code is complete: running it shows the error. */
  readonly status: 'complete' | 'incomplete' | 'invalid';
  /** What to begin the next line with. */
  readonly indent: string;
}

export interface Completion {
  readonly text: string;
  /** TypeScript's: `function`, `method`, `const`, `class`, `property`, `keyword`, `module`, … */
  readonly kind: string;
}

export interface CompleteReply {
  /** Best first. */
  readonly matches: readonly Completion[];
  /** What a match replaces: from `start` to `end`, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

/** What is known of the place where the cursor is. */
export interface InspectReply {
  readonly found: boolean;
  /** `(alias) function keygen(params: RlweParams): KeyPair`. Empty where nothing is found. */
  readonly type: string;
  /** The first paragraph of the docstring. */
  readonly documentation: string;
  /** Inside the parentheses of a call: its signature, and which argument is being typed. */
  readonly signature?: Signature;
}

export interface Signature {
  /** `rotate(c: Ciphertext, steps: number): Ciphertext` */
  readonly text: string;
  /** Where in `text` the parameter stands that is being typed; undefined where there is none. */
  readonly active?: { readonly start: number; readonly length: number };
  /** What the docstring says of that parameter. */
  readonly documentation: string;
}

/** A variable of the session. */
export interface Variable {
  readonly name: string;
  /** As TypeScript prints it, cut to 80 characters. */
  readonly type: string;
  /** Its value in one line, cut to 120 characters. Never a secret. */
  readonly summary: string;
  /** Whether there are `CiphertextDetails` for it. */
  readonly ciphertext: boolean;
}

/** What there is to know of a ciphertext without the key, and, of a shadowed one, how right it is. */
export interface CiphertextDetails {
  readonly name: string;
  /** As it prints. */
  readonly summary: string;
  /** log₂ of the primes q₀, q₁, … of the whole chain. */
  readonly chainBits: readonly number[];
  /** Rescalings left: the primes q₀ … q_level are still there. */
  readonly level: number;
  /** Exact, such as `2^80/q₂`. */
  readonly scale: string;
  /** log₂ of the scale. */
  readonly scaleBits: number;
  readonly length: number;
  readonly bytes: number;
  /** Correct bits after the binary point; of shadowed backends only. */
  readonly bitsRight?: number;
  /** log₂(largest error × scale); of shadowed backends only. */
  readonly noiseBits?: number;
  /** Why the values are wrong, where a rule knows. */
  readonly warning?: string;
  /** What made it, oldest first. */
  readonly operations: readonly { readonly op: string; readonly level: number; readonly scale: string }[];
}

/** What the status line says. */
export interface KernelStatus {
  /** The newest backend among the variables, such as `shadowed engine`; undefined while there is none. */
  readonly backend?: {
    readonly name: string;
    readonly ringDegree: number;
    /** 128, or 0: insecure, or not encrypted. */
    readonly securityBits: number;
    /** Undefined where a backend has one thread. */
    readonly threads?: number;
    /** Objects made and not yet disposed. */
    readonly live: number;
  };
  /** Of the kernel's process, resident. */
  readonly memoryBytes: number;
}

/** What changed by running a cell. */
export interface SessionSnapshot {
  /** In the order in which they were declared, oldest first. */
  readonly variables: readonly Variable[];
  readonly status: KernelStatus;
}

/** Screen to kernel. Interrupts take another way (guard.ts): a message would wait behind the work that it should stop. */
export type Request =
  | { readonly type: 'execute_request'; readonly id: number; readonly code: string }
  | { readonly type: 'is_complete_request'; readonly id: number; readonly code: string }
  | { readonly type: 'complete_request'; readonly id: number; readonly code: string; readonly cursor: number }
  | { readonly type: 'inspect_request'; readonly id: number; readonly code: string; readonly cursor: number }
  /** Ours: the type of an expression. */
  | { readonly type: 'type_request'; readonly id: number; readonly code: string }
  /** Ours: details of a variable. */
  | { readonly type: 'variable_request'; readonly id: number; readonly name: string }
  /** Ours: `.plain-ts on` turns operators on ciphertexts off. */
  | { readonly type: 'configure_request'; readonly id: number; readonly plainTypeScript: boolean };

/** Kernel to screen: the reply to the request of the same `id`. */
export type Reply =
  | ({ readonly type: 'execute_reply'; readonly id: number; readonly snapshot: SessionSnapshot } & ExecuteReply)
  | ({ readonly type: 'is_complete_reply'; readonly id: number } & IsCompleteReply)
  | ({ readonly type: 'complete_reply'; readonly id: number } & CompleteReply)
  | { readonly type: 'inspect_reply'; readonly id: number; readonly found: InspectReply }
  /** Undefined: the code is no expression. */
  | { readonly type: 'type_reply'; readonly id: number; readonly text: string | undefined }
  | { readonly type: 'variable_reply'; readonly id: number; readonly details: CiphertextDetails | undefined }
  | { readonly type: 'configure_reply'; readonly id: number }
  /** The kernel itself has failed, not the code: a bug in it, or in the compiler. */
  | { readonly type: 'failure_reply'; readonly id: number; readonly message: string };

/** Kernel to screen, unasked. */
export type Notice =
  | { readonly type: 'ready'; readonly snapshot: SessionSnapshot }
  /** Belongs to the execute request `parent`. */
  | { readonly type: 'output'; readonly parent: number; readonly output: Output };
