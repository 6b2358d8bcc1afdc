import type { ReductionChoice } from './search/chosen-reduction.ts';
import type { KernelStore } from './search/kernel/cached-kernel.ts';
import type { Progress } from './search/progress.ts';

/** How to check a model. Everything is optional; the defaults explore the whole space and judge every property. */
export interface CheckOptions {
  /**
   * Default `auto`: generated WebAssembly, or the interpreter where the generator cannot take the model. `javascript`
   * is generated too.
   */
  readonly engine?: 'auto' | 'webassembly' | 'javascript' | 'interpreted';
  /** Distinct states to store at most. Default: as many as there is room for. */
  readonly maxStates?: number;
  /** Seconds for the search. Default: no limit. */
  readonly maxTime?: number;
  /** Threads that search; the result does not depend on it. Default: one for each processor, on large models. */
  readonly workers?: number;
  /** Bytes of memory that the process may use, all in all. Default: most of what is free. */
  readonly memory?: number;
  /**
   * Let 64-bit fingerprints stand for states of more than one 64-bit word, where no temporal property needs the steps:
   * faster, but what holds is only very likely, and the verdicts are `bounded`. Default false.
   */
  readonly compact?: boolean;
  /**
   * How to look at fewer states than there are. `symmetry`: at one of those that only differ in which of some ids, that
   * nothing tells apart, is which. `order`: at those that are reached when steps are put off that can come later; then
   * counts are of these. `none`: at all of them. Verdicts are the same. Default `auto`: symmetry, where that is sound, and
   * faster.
   */
  readonly reduction?: ReductionChoice;
  /** Judge only these: names of invariants, step properties, `sometimes` and properties, `deadlock`, `evaluation`. */
  readonly properties?: readonly string[];
  /** Names of the fairness sets that every property assumes, in place of what the spec says. */
  readonly fairness?: readonly string[];
  /** End the search at the first violation of safety instead of judging everything. Default false. */
  readonly stopAtFirst?: boolean;
  /** Whether a state without successors is a violation. Default true, unless the model does not care. */
  readonly deadlock?: boolean;
  /** Also work out what fairness each temporal property needs: judges it several times over. Default false. */
  readonly advise?: boolean;
  /** … but only for a model of no more distinct states than this. Default: any number. */
  readonly adviseUpTo?: number;
  /** … and for each assumption that a property needs, what can go on for ever without it. Default false. */
  readonly explainAdvice?: boolean;
  /** Also find all the ways in which an invariant is violated, and not only a nearest state. Default false. */
  readonly allWays?: boolean;
  /**
   * Of which violations and witnesses the story is reported: of all, or only of those that are not as the model expects. The
   * traces of the others then say no more than which steps there are. Default `all`.
   */
  readonly explain?: 'all' | 'unexpected';
  /** Also count the states of each level: one pass over them. Default false. */
  readonly levels?: boolean;
  /** Also find who takes which locks while holding which: a pass over the states. Default false. */
  readonly locks?: boolean;
  /** Also find who waits for what, and who ends that: a pass over the states and their steps. Default false. */
  readonly waits?: boolean;
  /** Count the steps through each branch, which only the slower engines do. Default false: only whether there are some. */
  readonly coverage?: boolean;
  /** Where generated code is looked for before it is generated, and kept after. Default: nowhere. */
  readonly kernels?: KernelStore;
  /** Called now and then with the counts so far. */
  readonly onProgress?: (progress: Progress) => void;
  /** Asked now and then; true ends the run, with everything found so far. */
  readonly shouldStop?: () => boolean;
}
