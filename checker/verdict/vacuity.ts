import type { Span } from '../../dsl/diagnostics/span.ts';
import { fold } from '../../dsl/ir/fold.ts';
import { cardinality, defaultValue, valueAt } from '../../dsl/ir/index.ts';
import type { Expression, Predicate, System } from '../../dsl/ir/index.ts';
import { evaluatePredicate } from '../engine/interpreter.ts';
import type { NextState } from '../engine/next-state.ts';
import type { PredicateRequests, RequestedImplication } from '../liveness/formula.ts';
import { chosenBy } from '../plan/branch.ts';
import type { Plan } from '../plan/plan.ts';
import type { Exploration, States } from '../search/exploration.ts';

/** The implications in what a system claims of single states and steps, asked for before there is a plan. */
export function requestImplications(system: System, requests: PredicateRequests): readonly RequestedImplication[] {
  return [...system.invariants, ...system.steps].flatMap(({ predicate }) =>
    requests
      .implicationsOf(predicate)
      .map(({ span, trigger }) => ({ span, request: requests.numberOf(trigger, new Map()) })),
  );
}

/** Evaluations that may be spent on looking for a state in which left sides hold. Most are found within a few. */
const MOST_EVALUATIONS = 20_000_000;

/**
 * The left sides of implications that hold in none of some states, each once, in their order. One that stands in
 * several places, because a function is called there, has to hold in one of them.
 */
export function untriggered(
  plan: Plan,
  engine: NextState,
  states: States,
  implications: readonly RequestedImplication[],
): readonly Span[] {
  const bySpan = new Map<string, { readonly span: Span; readonly predicates: Set<number> }>();
  for (const { span, request } of implications) {
    const key = `${span.file}:${span.start}:${span.end}`;
    const group = bySpan.get(key) ?? { span, predicates: new Set() };
    group.predicates.add(plan.roles.extra[request]!);
    bySpan.set(key, group);
  }
  let left = MOST_EVALUATIONS;
  const never = ({ predicates }: { readonly predicates: ReadonlySet<number> }): boolean => {
    for (let state = 0; state < states.count; state += 1) {
      for (const predicate of predicates) {
        // One that fails is told of where it fails: then there is something to say.
        if (engine.holds(predicate, states.segmentOf(state), states.offsetOf(state)) !== 0) return false;
      }
      left -= predicates.size;
      if (left < 0) return false;
    }
    return true;
  };
  return [...bySpan.values()].filter(never).map(({ span }) => span);
}

/** The variables of an invariant may together have so many values for it to be tried on all of them. */
const MOST_COMBINATIONS = 4096;

/**
 * The invariants that are true whatever values their variables have. Left out are those that parameters decide, those
 * whose variables have too many values to try them all, and those about systems that may start anywhere.
 */
export function tautologies(plan: Plan, { initial, invariants }: Exploration): readonly Predicate[] {
  return plan.system.invariants.filter(({ predicate }, index) => {
    if (invariants[index] !== undefined || chosenBy(predicate) !== undefined) return false;
    return isTautology(plan, plan.roles.invariants[index]!, predicate, initial);
  });
}

function isTautology(plan: Plan, number: number, predicate: Expression, initial: number): boolean {
  const names = new Set<string>();
  let asksForSteps = false;
  fold<void>(predicate, (node) => {
    if (node.kind === 'variable') names.add(node.name);
    asksForSteps ||= node.kind === 'enabled';
  });
  const variables = plan.system.variables.filter(({ name }) => names.has(name));
  const sizes = variables.map(({ domain }) => cardinality(domain));
  const count = sizes.reduce((product, size) => product * size, 1);
  if (asksForSteps || !(count <= MOST_COMBINATIONS) || (1 < count && count <= initial)) return false;

  const state = Object.fromEntries(plan.system.variables.map(({ name, domain }) => [name, defaultValue(domain)]));
  const stride = strideOf(count);
  for (let tried = 0; tried < count; tried += 1) {
    let rest = (tried * stride) % count;
    variables.forEach(({ name, domain }, index) => {
      state[name] = valueAt(domain, rest % sizes[index]!);
      rest = Math.floor(rest / sizes[index]!);
    });
    if (evaluatePredicate(plan, number, state) !== true) return false;
  }
  return true;
}

/** A step through `0 … count - 1` that visits all of it and comes to distant places soon. */
function strideOf(count: number): number {
  const divisor = (left: number, right: number): number => (right === 0 ? left : divisor(right, left % right));
  let stride = Math.max(1, Math.floor(count * 0.618));
  while (divisor(stride, count) !== 1) stride += 1;
  return stride;
}
