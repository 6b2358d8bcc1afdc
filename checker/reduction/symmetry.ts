import { defaultValue, equalValues } from '../../dsl/ir/index.ts';
import type { ObjectValue, Statement } from '../../dsl/ir/index.ts';
import { collectionOf } from '../../dsl/ir/part.ts';
import { initialSteps } from '../engine/interpreter/steps.ts';
import { wordsOf } from '../plan/layout.ts';
import type { Plan } from '../plan/plan.ts';
import { respectStatements, respectSystem } from './equivariance.ts';
import type { Distinction, IdClass, IdClasses } from './id-classes.ts';
import { idClassesOf, idSetsOf } from './id-sets.ts';
import { exchangeOf, permuteValue } from './permutation.ts';

/** Which ids of a system are interchangeable: all permutations within the classes are automorphisms of its states. */
export interface Symmetry {
  /** Empty: no ids are. */
  readonly classes: readonly IdClass[];
  /** What tells other ids apart, in the order in which it was met. */
  readonly distinctions: readonly Distinction[];
}

/**
 * Finds out which ids nothing tells apart: neither steps nor predicates (see {@link respectSystem}), nor where the system
 * starts. So the reachable states, and the steps between them, are the same when such ids change places.
 *
 * Of the initial states it is enough that exchanging two ids gives the same set of them, whatever `init` does for that.
 *
 * @remarks Cost: linear in the size of the system; and `init` is run by the interpreter, where it has few enough ways.
 */
export function symmetryOf(plan: Plan): Symmetry {
  const { system } = plan;
  const classes = idClassesOf(system);
  respectSystem(classes, idSetsOf(system), system);
  if (!classes.isTrivial) respectInitialStates(plan, classes);
  return { classes: classes.classes, distinctions: classes.distinctions };
}

/** So many initial states, with duplicates, are held against what becomes of them when ids change places. */
const MOST_INITIAL = 1024;

function respectInitialStates(plan: Plan, classes: IdClasses): void {
  const { init, variables, span } = plan.system;
  if (MOST_INITIAL < waysOf(init)) {
    // Too many to be listed: then `init` has to be like any step, from a state that is the same for all ids.
    const start = Object.fromEntries(variables.map(({ name, domain }) => [name, defaultValue(domain)]));
    for (const { set } of classes.classes) {
      classes.refine(set, (left, right) => equalValues(permuteValue(start, exchangeOf(left, right)), start), {
        message: 'variables begin with the first of them',
        span,
      });
    }
    respectStatements(classes, idSetsOf(plan.system), init);
    return;
  }
  const states = initialSteps(plan).successors;
  const keyOf = (state: ObjectValue): string => wordsOf(plan.layout, state).join();
  const keys = new Set(states.map(keyOf));
  const whole = init[0]?.span ?? span;
  for (const { set } of classes.classes) {
    const isClosed = (left: string, right: string): boolean => {
      const exchange = exchangeOf(left, right);
      return states.every((state) => keys.has(keyOf(permuteValue(state, exchange) as ObjectValue)));
    };
    classes.refine(set, isClosed, { message: 'initial states are not the same for all', span: whole });
  }
}

/** In how many ways statements can be run, at most. */
function waysOf(body: readonly Statement[]): number {
  return body.reduce((ways, statement) => ways * waysOfOne(statement), 1);
}

function waysOfOne(statement: Statement): number {
  switch (statement.kind) {
    case 'choose':
      return collectionOf(statement.from.type)?.max ?? Infinity;
    case 'either':
      return statement.branches.reduce((sum, branch) => sum + waysOf(branch), 0);
    case 'if':
      return Math.max(waysOf(statement.whenTrue), waysOf(statement.whenFalse));
    case 'for':
      return repeated(waysOf(statement.body), collectionOf(statement.over.type)?.max ?? Infinity);
    case 'loop':
      return repeated(waysOf(statement.body), statement.bound);
    case 'block':
      return waysOf(statement.body);
    default:
      return 1;
  }
}

function repeated(ways: number, rounds: number): number {
  return ways === 1 ? 1 : ways ** rounds;
}
