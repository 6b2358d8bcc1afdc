import { definitionOf, type Declaration } from './definition.ts';
import { elementsOf, type Domain, type Element } from './domain.ts';
import { running } from './run.ts';
import type { Action } from './action.ts';
import type { Process } from './process.ts';

/**
 * A temporal formula, as the builders below make it when a property runs as JavaScript in one state. Leaves are the truth
 * of a predicate in that state; so the formulas of two states have the same shape and differ in their leaves.
 */
export type Formula =
  | { readonly kind: 'now'; readonly holds: boolean }
  | { readonly kind: 'taken'; readonly action: Declaration; readonly given: Readonly<Record<string, unknown>> }
  | { readonly kind: 'not' | 'always' | 'eventually'; readonly operand: Formula }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Formula[] }
  | { readonly kind: 'implies' | 'until' | 'leadsTo'; readonly left: Formula; readonly right: Formula };

/** A formula, or a predicate about the present state. */
export type Term = Formula | boolean;

/** An action or a process of any spec. */
// oxlint-disable-next-line typescript/no-explicit-any -- state, parameters and locals play no part in which one is meant.
export type Taker<Arguments> = Action<any, Arguments, any> | Process<any, Arguments, any, any, any>;

/** From now on, in every state. */
export function always(operand: Term): Formula {
  return { kind: 'always', operand: formulaOf(operand) };
}

/** Now or later. */
export function eventually(operand: Term): Formula {
  return { kind: 'eventually', operand: formulaOf(operand) };
}

/** `right` holds now or later, and `left` in every state before. */
export function until(left: Term, right: Term): Formula {
  return { kind: 'until', left: formulaOf(left), right: formulaOf(right) };
}

/** Whenever `left` holds, `right` holds then or later: `always(implies(left, eventually(right)))`. */
export function leadsTo(left: Term, right: Term): Formula {
  return { kind: 'leadsTo', left: formulaOf(left), right: formulaOf(right) };
}

export function not(operand: boolean): boolean;
export function not(operand: Term): Formula;
export function not(operand: Term): Term {
  return typeof operand === 'boolean' ? !operand : { kind: 'not', operand };
}

export function and(...operands: readonly boolean[]): boolean;
export function and(...operands: readonly Term[]): Formula;
export function and(...operands: readonly Term[]): Term {
  return operands.every(isBoolean) ? operands.every(Boolean) : { kind: 'and', operands: operands.map(formulaOf) };
}

export function or(...operands: readonly boolean[]): boolean;
export function or(...operands: readonly Term[]): Formula;
export function or(...operands: readonly Term[]): Term {
  return operands.every(isBoolean) ? operands.some(Boolean) : { kind: 'or', operands: operands.map(formulaOf) };
}

/** `right`, if `left`. As JavaScript both sides are evaluated; in a model `right` only where `left` holds. */
export function implies(left: boolean, right: boolean): boolean;
export function implies(left: Term, right: Term): Formula;
export function implies(left: Term, right: Term): Term {
  if (isBoolean(left) && isBoolean(right)) return !left || right;
  return { kind: 'implies', left: formulaOf(left), right: formulaOf(right) };
}

/** For every value of a domain or element of a collection. */
export function all<D extends Domain>(domain: D, holds: (value: Element<D>) => boolean): boolean;
export function all<D extends Domain>(domain: D, holds: (value: Element<D>) => Term): Formula;
export function all<D extends Domain>(domain: D, holds: (value: Element<D>) => Term): Term {
  return (and as (...operands: readonly Term[]) => Term)(...elementsOf(domain).map(holds));
}

/** For at least one value of a domain or element of a collection. */
export function some<D extends Domain>(domain: D, holds: (value: Element<D>) => boolean): boolean;
export function some<D extends Domain>(domain: D, holds: (value: Element<D>) => Term): Formula;
export function some<D extends Domain>(domain: D, holds: (value: Element<D>) => Term): Term {
  return (or as (...operands: readonly Term[]) => Term)(...elementsOf(domain).map(holds));
}

/** How many values of a domain, or elements of a collection, satisfy a predicate. */
export function count<D extends Domain>(domain: D, holds: (value: Element<D>) => boolean): number {
  return elementsOf(domain).filter((value) => holds(value)).length;
}

/**
 * Whether a step of the action or process is possible, be it one that changes nothing. Arguments left out: for some value.
 * In a step: in the state in which it begins. Wherever there is a state: not in `init`.
 */
export function enabled<Arguments>(action: Taker<Arguments>, given: Partial<Arguments> = {}): boolean {
  return running().enabled(declarationOf(action), given);
}

/** The next step is one of the action or process, and changes the state. Arguments left out: any value. */
export function taken<Arguments>(action: Taker<Arguments>, given: Partial<Arguments> = {}): Formula {
  return { kind: 'taken', action: declarationOf(action), given };
}

function formulaOf(term: Term): Formula {
  return typeof term === 'boolean' ? { kind: 'now', holds: term } : term;
}

function isBoolean(term: Term): term is boolean {
  return typeof term === 'boolean';
}

function declarationOf(taker: object): Declaration {
  return definitionOf(taker) as Declaration;
}
