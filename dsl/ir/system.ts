import type { SourceFile, Span } from '../diagnostics/span.ts';
import type { Domain } from './domain.ts';
import type { Statement } from './effect.ts';
import type { Expression } from './expression.ts';
import type { Formula } from './temporal.ts';
import type { Value } from './value.ts';

/** Bumped whenever older readers would misread what is written. */
export const IR_VERSION = 1;

/** More combinations of argument values than this, of one action or of all, are refused: their code alone would not fit. */
export const MAX_INSTANCES = 1_000_000;

/**
 * One model of a spec: a transition system with the values of its parameters put in, as plain, immutable data.
 * This is all that checker, docs and exporters see of the language.
 */
export interface System {
  readonly version: typeof IR_VERSION;
  /** The spec's name as given to `spec(…)`. */
  readonly name: string;
  readonly doc: string;
  readonly span: Span;
  readonly files: readonly SourceFile[];
  readonly model: Model;
  readonly parameters: readonly Parameter[];
  /** What the spec computes from its parameters. */
  readonly constants: readonly Constant[];
  /** Domains that the author gave a name, for those who write them down: the rest of the system does not refer to them. */
  readonly schemas?: readonly Schema[];
  readonly variables: readonly Variable[];
  /** Runs on the state in which every variable has its default; each way it can go is an initial state. */
  readonly init: readonly Statement[];
  readonly actions: readonly Action[];
  readonly processes: readonly Process[];
  readonly invariants: readonly Predicate[];
  /** True of every step; `next` variables stand for the state after it. Stuttering satisfies them by definition. */
  readonly steps: readonly Predicate[];
  /** Each must be true in some reachable state. */
  readonly sometimes: readonly Predicate[];
  readonly properties: readonly Property[];
  readonly fairness: readonly FairnessSet[];
  /** A state that satisfies one of them is no deadlock. */
  readonly terminal: readonly Predicate[];
  /** States that violate one of them are not explored; every verdict becomes `bounded`. */
  readonly within: readonly Predicate[];
}

/** What everything the author names has: the `const` it was assigned to, its TSDoc, its place. */
export interface Named {
  readonly name: string;
  /** The text of the TSDoc comment, without the stars; empty if there is none. */
  readonly doc: string;
  /** Of the name; of a step of a process: of its label. */
  readonly span: Span;
  /** All that the author wrote to declare it, name included; absent for what is made by the compiler. */
  readonly declaration?: Span;
}

export interface Model extends Named {
  readonly expectations: readonly Expectation[];
  /** Whether there are deadlocks is not judged. */
  readonly deadlocks?: 'ignored';
  /** Exact number of distinct states, when the author pinned it. */
  readonly distinct?: number;
}

/** The author's word for a verdict; what is not named is expected to hold (or be reached) and not to deadlock. */
export type Expectation =
  | { readonly kind: 'violates'; readonly property: string }
  | { readonly kind: 'unreachable'; readonly property: string }
  | { readonly kind: 'deadlocks' | 'fails' };

export interface Parameter extends Named {
  readonly value: Value;
  /** The values that its schema allows; absent when the schema is no domain. */
  readonly domain?: Domain;
}

/** `const Message = z.discriminatedUnion(…)`: objects, their unions, and enums. */
export interface Schema extends Named {
  readonly domain: Domain;
}

/** The same in all states, like a parameter, but nothing that a model gives. */
export interface Constant extends Named {
  readonly value: Value;
  /** What every expression that reads it has for its type. */
  readonly domain: Domain;
}

export interface Variable extends Named {
  readonly domain: Domain;
  /** Made by the compiler for a process: its program counter or a local that lives across a yield. */
  readonly process?: string;
  /** What the author calls it, for a local whose name here is another, or which has others of its name beside it. */
  readonly written?: Written;
}

/**
 * A name as the author wrote it, where the compiler has made several of one: a function that is called at several places
 * gives a process its labels and locals at each of them.
 */
export interface Written {
  readonly name: string;
  /** The way to it: calls and rounds of loops, outermost first, then the name itself. */
  readonly way: readonly Site[];
}

/** A place on the way to a name; `round`, from 0: of a loop whose body is there once for each. */
export interface Site {
  readonly span: Span;
  readonly round?: number;
}

/** One atomic step; its instances are its body for each combination of argument values, in domain order. */
export interface Action extends Named {
  readonly arguments: readonly Argument[];
  readonly body: readonly Statement[];
  /** The process and label this step belongs to; then `name` is `process.label`. */
  readonly process?: { readonly name: string; readonly label: string };
  /**
   * The process and label at which this is a time-out: it goes on for a thread that stands there, and is no step of the
   * process, whose fairness promises no such thing.
   */
  readonly timeout?: { readonly name: string; readonly label: string };
}

export interface Argument {
  readonly name: string;
  readonly domain: Domain;
}

/** A thread: its steps are the actions whose `process.name` is its name, with the same arguments. */
export interface Process extends Named {
  readonly arguments: readonly Argument[];
  /** Program-counter values, in source order; the last one may be the built-in end. */
  readonly labels: readonly string[];
  /** The variable that holds the program counter: a record over the arguments' domains, or a plain enum. */
  readonly counter: string;
  /**
   * The variables for locals that a thread still needs at each label, in the order of `labels`; elsewhere they have their
   * default and mean nothing. Absent: not known.
   */
  readonly kept?: readonly (readonly string[])[];
  /** What the author yields at each of the labels that several places share, in their order; absent: there are none. */
  readonly written?: readonly (Written | null)[];
}

export interface Predicate extends Named {
  readonly predicate: Expression;
}

export interface Property extends Named {
  readonly formula: Formula;
  /** Names of the fairness sets it assumes; absent: all that are declared. */
  readonly under?: readonly string[];
}

export interface FairnessSet extends Named {
  readonly assumptions: readonly Assumption[];
}

/**
 * Weak or strong fairness of the disjunction of some action instances.
 *
 * For every combination of values of the `per` arguments (all arguments of the actions when absent, none when empty)
 * there is one assumption: about the steps of the `actions` that agree with it and whose start state satisfies `when`.
 * `any`: one assumption for all `actions` together; otherwise one for each action. The steps of a process together are
 * one group: `actions` then names the process in `process`.
 */
export interface Assumption {
  readonly span: Span;
  readonly strength: 'weak' | 'strong';
  /** Each group is a disjunction: a single action, all the steps of a process, or everything in `any(…)`. */
  readonly groups: readonly AssumptionGroup[];
}

export interface AssumptionGroup {
  /** What the author wrote: an action's or process's name, or `a | b`. */
  readonly name: string;
  readonly actions: readonly string[];
  /** Argument names that the assumption is split by; all actions of the group have them, with equal domains. */
  readonly per: readonly string[];
  /** Over the state and the arguments of the action (as locals of the same names). */
  readonly when?: Expression;
}
