import { definitionOf, type AssumptionDefinition, type Declaration } from './definition.ts';
import type { Action } from './action.ts';
import type { Process } from './process.ts';
import type { Taker } from './formula.ts';

/** One `weak(…)` or `strong(…)`; it has a meaning inside `spec.fairness(…)`. */
export type Assumption = AssumptionDefinition;

/** How to split and to limit the steps of an action of which fairness is assumed. */
export interface AssumptionOptions<State, Arguments, Parameters> {
  /** One assumption for each combination of these arguments, of the disjunction over the others; default: all arguments. */
  readonly per?: readonly (keyof Arguments & string)[];
  /** Only of the steps that start in a state where this holds. */
  readonly when?: (state: State, given: Readonly<Arguments>, parameters: Parameters) => boolean;
}

export interface Fairness {
  /** Of one action, split by some of its arguments, for some of its steps. */
  <State, Arguments, Parameters>(
    member: Action<State, Arguments, Parameters> | Process<State, Arguments, Parameters, string>,
    options: AssumptionOptions<State, Arguments, Parameters>,
  ): Assumption;
  /** Of each action and process, for each value of its arguments. */
  // oxlint-disable-next-line typescript/no-explicit-any -- members of any signature.
  (...members: readonly Taker<any>[]): Assumption;
  /** Of all of them together: one assumption, about a step of any instance of any. */
  // oxlint-disable-next-line typescript/no-explicit-any -- members of any signature.
  any(...members: readonly Taker<any>[]): Assumption;
}

/** Weak fairness (WF): what stays possible from some point on is done again and again. */
export const weak: Fairness = fairness('weak');

/** Strong fairness (SF): what is possible again and again is done again and again. */
export const strong: Fairness = fairness('strong');

type Options = AssumptionOptions<never, Record<string, never>, never>;

function fairness(strength: 'weak' | 'strong'): Fairness {
  const each = (...given: readonly object[]): Assumption => {
    const last = given[given.length - 1];
    const options: Options = last !== undefined && definitionOf(last) === undefined ? last : {};
    const members = given.filter((member) => member !== options);
    return { strength, any: false, members: members.map(declarationOf), per: options.per, when: options.when };
  };
  const any = (...members: readonly object[]): Assumption => ({
    strength,
    any: true,
    members: members.map(declarationOf),
    per: undefined,
    when: undefined,
  });
  return Object.assign(each, { any }) as Fairness;
}

function declarationOf(member: object): Declaration {
  const definition = definitionOf(member);
  if (definition === undefined || (definition.kind !== 'action' && definition.kind !== 'process')) {
    throw new TypeError('fairness is assumed of actions and processes');
  }
  return definition;
}
