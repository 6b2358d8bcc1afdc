import type { Diagnostic } from '../../dsl/diagnostics/diagnostic.ts';
import type { SourceFile } from '../../dsl/diagnostics/span.ts';
import type { ObjectValue, System } from '../../dsl/ir/index.ts';
import type { RunSummary } from './summary.ts';
import type { CheckedModel } from './text-options.ts';
import type { CommonWarning } from './warning-text.ts';

/**
 * Makes of a run what somebody reads: text on a terminal, a document for programs, a page. It is called as results come:
 * `start` once, then for each spec `startSpec`, `model` for each of its models and `endSpec`, and `end` once. What it
 * makes it hands to whatever it was given when it was made. A reporter serves one run.
 */
export interface Reporter {
  /** What the compiler found, each diagnostic once: some before `start`, some before the models of a spec. */
  diagnostics?(found: readonly Diagnostic[], files: readonly SourceFile[]): void;
  /** Called when it is known what there is to check, unless nothing can be. Returns what it needs to be explained. */
  start(run: RunStart): Explained;
  startSpec?(spec: SpecStart): void;
  model(model: ReportedModel): void;
  endSpec?(spec: SpecEnd): void;
  /** After the last spec: warnings about files that several of them import, in all models of such a file. */
  sharedWarnings?(warnings: readonly CommonWarning[]): void;
  /** @throws Error when what it has made cannot be written. */
  end(run: RunEnd): void;
}

/** Which violations are explained, beside being replayed: all, or those that are not expected. */
export type Explained = 'all' | 'unexpected';

/** What there is to check. */
export interface RunStart {
  readonly specs: readonly {
    readonly name: string;
    /** How many models it has; those with several values of a parameter are counted for each combination. */
    readonly models: number;
  }[];
}

/** A spec whose models are reported next. */
export interface SpecStart {
  /** As the user would write it. */
  readonly path: string;
  readonly name: string;
  /** Those that were not rejected, in the order in which they are reported. */
  readonly models: readonly { readonly model: string; readonly parameters: ObjectValue }[];
}

/** A model that was checked, with the names of the IR. */
export type ReportedModel = CheckedModel & { readonly system: System };

/** What is true of all models of a spec. */
export interface SpecEnd {
  readonly warnings: readonly CommonWarning[];
  /** Warnings about files that it imports; these do not count, because models elsewhere may need what these do not. */
  readonly uncounted: readonly CommonWarning[];
}

/** What a run came to, beside its models. */
export interface RunEnd extends Omit<RunSummary, 'checked'> {
  readonly diagnostics: readonly { readonly diagnostic: Diagnostic; readonly files: readonly SourceFile[] }[];
  /** Of the command. */
  readonly exitCode: number;
}

/** Several reporters as one; each call goes to all of them in their order. */
export function allOf(reporters: readonly Reporter[]): Required<Reporter> {
  return {
    diagnostics: (found, files) => reporters.forEach((one) => one.diagnostics?.(found, files)),
    start: (run) => (reporters.map((one) => one.start(run)).includes('all') ? 'all' : 'unexpected'),
    startSpec: (spec) => reporters.forEach((one) => one.startSpec?.(spec)),
    model: (model) => reporters.forEach((one) => one.model(model)),
    endSpec: (spec) => reporters.forEach((one) => one.endSpec?.(spec)),
    sharedWarnings: (warnings) => reporters.forEach((one) => one.sharedWarnings?.(warnings)),
    end: (run) => reporters.forEach((one) => one.end(run)),
  };
}
