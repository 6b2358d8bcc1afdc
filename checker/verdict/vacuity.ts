import type { Span } from '../../dsl/diagnostics/span.ts';
import { fold } from '../../dsl/ir/fold.ts';
import { cardinality, defaultValue, valueAt } from '../../dsl/ir/index.ts';
import type { Expression, Predicate, System, Value } from '../../dsl/ir/index.ts';
import { evaluateIn, evaluatePredicate } from '../engine/interpreter.ts';
import { Batch } from '../engine/next-state.ts';
import type { NextState } from '../engine/next-state.ts';
import type { PredicateRequests, RequestedImplication, Trigger } from '../liveness/formula.ts';
import { chosenBy } from '../plan/branch.ts';
import type { Plan } from '../plan/plan.ts';
import { allOf, whyVacuous } from '../plan/vacuity.ts';
import type { Because, Vacuity } from '../plan/vacuity.ts';
import type { Exploration } from '../search/exploration.ts';
import type { PreparedProperty } from '../liveness/prepare.ts';

/** When each invariant and step property says nothing; asked for before there is a plan. */
export function requestVacuity(
  { invariants, steps }: System,
  requests: PredicateRequests,
): ReadonlyMap<string, Vacuity<RequestedImplication>> {
  return new Map(
    [...invariants, ...steps].map(({ name, predicate }) => [name, requests.vacuityOf(predicate, new Map())]),
  );
}

/** What the graph says of conditions in which claims have something to say. */
export class Occurrence {
  private readonly known = new Map<number, boolean>();
  private left = MOST_EVALUATIONS;

  constructor(
    private readonly plan: Plan,
    private readonly engine: NextState,
    private readonly exploration: Exploration,
  ) {}

  /** Whether a condition that was asked for is true of no state, or of no step. False where that takes too long to find out. */
  isNever({ trigger, bindings, request }: RequestedImplication): boolean {
    if (request === undefined) return this.isFalse(trigger, bindings);
    const predicate = this.plan.roles.extra[request]!;
    let isNever = this.known.get(predicate);
    if (isNever === undefined) {
      isNever = this.plan.predicates[predicate]!.ofStep
        ? this.isNeverOfSteps(predicate)
        : this.isNeverOfStates(predicate);
      this.known.set(predicate, isNever);
    }
    return isNever;
  }

  /** Of what is the same in every state. */
  private isFalse(expression: Expression, bindings: ReadonlyMap<string, Value>): boolean {
    const { states } = this.exploration;
    if (states.count === 0) return false;
    const result = evaluateIn(this.plan, expression, bindings, this.plan.layout.decode(states.wordsOf(0), 0));
    return 'value' in result && result.value === false;
  }

  private isNeverOfStates(predicate: number): boolean {
    const { states } = this.exploration;
    for (let state = 0; state < states.count; state += 1) {
      // One that fails is reported where it fails: then there is something to say.
      if (this.engine.holds(predicate, states.segmentOf(state), states.offsetOf(state)) !== 0) return false;
      if (--this.left < 0) return false;
    }
    return true;
  }

  private isNeverOfSteps(predicate: number): boolean {
    const { engine, exploration } = this;
    const { states } = exploration;
    const batch = new Batch(this.plan.layout.words, 64, this.plan.branches.list.length);
    for (let state = 0; state < states.count; state += 1) {
      const [from, at] = [states.segmentOf(state), states.offsetOf(state)];
      batch.clear();
      engine.successors(from, at, batch);
      for (let next = 0; next < batch.count; next += 1) {
        const to = next * engine.words;
        if (engine.holdsOfStep(predicate, from, at, batch.states, to) !== 0) return false;
      }
      this.left -= batch.count * STEP_COST;
      if (this.left < 0) return false;
    }
    return true;
  }
}

/** Evaluations that may be spent on looking for a state in which left sides hold. Most are found within a few. */
const MOST_EVALUATIONS = 20_000_000;

/** To find a step again costs as much as so many evaluations. */
const STEP_COST = 10;

/**
 * The left sides of implications that hold in no state, each once, in their order, but for those that parameters rule
 * out. One that stands in several places, because a function is called there, has to hold in one of them.
 */
export function neverTriggered(occurrence: Occurrence, asked: readonly RequestedImplication[]): readonly Span[] {
  const bySpan = new Map<string, RequestedImplication[]>();
  for (const one of asked) {
    if (!one.isWorthAWarning) continue;
    const { file, start, end } = one.span;
    const key = `${file}:${start}:${end}`;
    bySpan.set(key, [...(bySpan.get(key) ?? []), one]);
  }
  return [...bySpan.values()]
    .filter((group) => group.every((one) => occurrence.isNever(one)))
    .map(([first]) => first!.span);
}

/** What is asked to find out which claims of a system say nothing about it. */
interface Asked {
  /** The names of the claims that hold: of others it is not asked. */
  readonly holding: ReadonlySet<string>;
  /** Of invariants and step properties, by name. */
  readonly predicates: ReadonlyMap<string, Vacuity<RequestedImplication>>;
  readonly properties: readonly PreparedProperty[];
  /** Of claims that were judged to hold: left sides that are true nowhere. */
  readonly untriggered: ReadonlySet<Trigger>;
  /** Invariants that are true whatever values their variables have. */
  readonly tautologies: readonly Predicate[];
}

/** Why claims that hold say nothing about a model, by their names; only what is in here holds vacuously. */
export function vacuousClaims(
  occurrence: Occurrence,
  { holding, predicates, properties, untriggered, tautologies: always }: Asked,
): ReadonlyMap<string, Because> {
  const found = new Map<string, Because>();
  const note = (name: string, why: () => Because | undefined): void => {
    if (!holding.has(name) || found.has(name)) return;
    const because = why();
    if (because !== undefined) found.set(name, because);
  };
  const whyNever = (one: RequestedImplication): Because | undefined =>
    occurrence.isNever(one) ? { kind: one.kind, span: one.span } : undefined;
  for (const [name, vacuity] of predicates) note(name, () => whyVacuous(vacuity, whyNever));
  for (const { name, predicate } of always) note(name, () => ({ kind: 'constant', span: predicate.span }));
  for (const { property, claims } of properties) {
    if (claims === undefined) continue;
    const { name, formula } = property;
    const whyUntriggered = (one: Trigger | RequestedImplication): Because | undefined => {
      if (!('formula' in one)) return whyNever(one);
      return untriggered.has(one) ? { kind: 'antecedent', span: one.span } : undefined;
    };
    note(name, () =>
      claims.length === 0
        ? { kind: 'elements', span: formula.span }
        : whyVacuous(allOf(claims.map(({ vacuity }) => vacuity)), whyUntriggered),
    );
  }
  return found;
}

/** The variables of an invariant may together have so many values for it to be tried on all of them. */
const MOST_COMBINATIONS = 4096;

/**
 * The invariants that are true whatever values their variables have. Left out are those that parameters decide, those
 * whose variables have too many values to try them all, and those about systems that may start anywhere.
 */
export function tautologies(plan: Plan, { levels, invariants }: Exploration): readonly Predicate[] {
  const initial = levels[0] ?? 0;
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
