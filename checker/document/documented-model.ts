import type { Block } from '../../dsl/docgen/document.ts';
import type { System } from '../../dsl/ir/index.ts';
import type { CheckResult } from '../verdict/verdict.ts';

/** A model and what came of checking it. */
export interface DocumentedModel {
  /** Its name on a page where no other has it. */
  readonly label: string;
  /** The file that declares it, without its folder and ending, when the models of the spec are in several. */
  readonly file?: string;
  readonly system: System;
  readonly result: CheckResult;
}

/** What is shown of each model. */
export type Stories = ReadonlyMap<CheckResult, ModelStories>;

/** What is shown of a model, and where. */
export interface ModelStories {
  readonly blocks: readonly Block[];
  readonly href: string;
  /** Links to counterexamples and witnesses, by the names of properties. */
  readonly stories: ReadonlyMap<string, string>;
}
