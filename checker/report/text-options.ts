import type { ToldNames } from '../../dsl/ir/told-names.ts';
import type { SourceFile } from '../../dsl/diagnostics/span.ts';
import type { CheckResult } from '../verdict/verdict.ts';

/** A model that was checked, with what a report needs beside the result. */
export interface CheckedModel {
  /** Of the spec, as the user would write it. */
  readonly path: string;
  /** What the spans of the result point into. */
  readonly files: readonly SourceFile[];
  readonly result: CheckResult;
  /** Parameters that were given another value than the model declares; then its expectations do not apply. */
  readonly changed: readonly string[];
  /** The fairness sets that it was judged under instead of those of its properties. */
  readonly fairness?: readonly string[];
  /** What readers are told in place of names that the compiler made, where there are such. */
  readonly names?: ToldNames | undefined;
}

export interface TextOptions {
  readonly color: boolean;
  /** Cells in a line. */
  readonly width: number;
  /**
   * Which traces are shown step by step, beside those that are not expected: none, counterexamples that are expected,
   * also witnesses of what is reached. Other counterexamples are reported in a line or two.
   */
  readonly traces: 'unexpected' | 'violations' | 'all';
  /** Whether nothing of a trace is left out: all steps of long ones, and all that they change. */
  readonly full?: boolean;
  /** Whether to say what each action did. */
  readonly coverage?: boolean;
}
