import type { EvaluationOptions } from '../../dsl/compiler/evaluation.ts';
import type { Interrupt } from './interrupt.ts';
import type { Keyboard } from './keyboard.ts';
import type { Terminal } from './terminal.ts';

/** What a command may use of the process it runs in. */
export interface Host {
  /** The file of the command: what else it is made of stands beside it. */
  readonly entry: URL;
  readonly terminal: Terminal;
  readonly interrupt: Interrupt;
  /** Where to keep what is known of specs, and what tells this build from others; absent: nothing is kept. */
  readonly cache?: { readonly folder: string; readonly build: string } | undefined;
  /** What GitHub Actions says of the job that the command is part of; absent elsewhere. */
  readonly gitHub?: GitHubJob | undefined;
  /** With a patience: what takes longer, or more of the stack, is run again in a thread. */
  readonly evaluation: EvaluationOptions;
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  /** Gives what somebody types, key by key, until it is closed; absent: nobody sits there. */
  readonly keyboard?: (() => Keyboard) | undefined;
  /** Empties the screen; absent: what is printed goes to no screen, or is to stay. */
  readonly clear?: (() => void) | undefined;
  /** Writes to standard error what is shown while something runs, and differs from run to run. */
  readonly progress: (text: string) => void;
}

interface GitHubJob {
  /** The folder of the repository, from which places are told. */
  readonly workspace?: string | undefined;
  /** The file that takes the summary of the job. */
  readonly summary?: string | undefined;
}

/** What checking a model needs of it. */
export type CheckHost = Pick<Host, 'entry' | 'interrupt'>;
