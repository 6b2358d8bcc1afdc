import type { Span } from '../../dsl/diagnostics/span.ts';
import type { ObjectValue, Property } from '../../dsl/ir/index.ts';
import { equalValues } from '../../dsl/ir/index.ts';
import { FAILED, TRUE } from '../engine/next-state.ts';
import type { NextState } from '../engine/next-state.ts';
import { actorNameOf, actorsOf } from '../plan/actor.ts';
import type { Plan } from '../plan/plan.ts';
import type { IdClass } from '../reduction/id-classes.ts';
import { claimOrbits } from './claim-orbits.ts';
import type { Actors } from './walks.ts';
import type { States } from '../search/exploration.ts';
import type { StateGraph } from '../search/state-graph.ts';
import { constraintsOf } from './assumptions.ts';
import type { Counterexample } from './advisor.ts';
import type { Lasso } from './lasso.ts';
import { FormulaTooLarge } from './buchi.ts';
import { fairnessTable, NO_GUARD } from './fairness.ts';
import type { FairnessConstraint, FairnessTable } from './fairness.ts';
import { actionsNamed } from './formula.ts';
import type { ArgumentPattern, AtomRequest, Claim, Trigger } from './formula.ts';
import { freshBudgets } from './lasso-search.ts';
import type { LassoSearch } from './lasso-search.ts';
import { lettersOf } from './letters.ts';
import type { Atom, Letters } from './letters.ts';
import { negate } from './ltl.ts';
import type { Ltl } from './ltl.ts';
import { joinSteps } from './makers.ts';
import type { PairedGraph } from './makers.ts';
import { neighborhood } from './neighborhood.ts';
import { truthNow } from './obligations.ts';
import { STUTTER } from '../search/path.ts';
import type { Path } from '../search/path.ts';
import { violationsUnder } from './trial.ts';
import type { NoAnswer } from './trial.ts';
import { findViolation, hasFairBehavior } from './violation.ts';

export type PropertyAnswer =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'violated';
      readonly claim: Claim;
      /** Of several instances that make one of its steps, it has one. */
      readonly path: Path;
      readonly assumed: Assumed;
    }
  /** This predicate (of the plan) could not be evaluated in that state. */
  | { readonly kind: 'failed'; readonly state: number; readonly predicate: number; readonly bindings: ObjectValue }
  | { readonly kind: 'tooLarge' };

/** What a property assumes, worked out once for all properties that assume the same. */
type Assumed = FairnessTable & {
  /** A guard that could not be evaluated. */
  readonly failure: { readonly state: number; readonly predicate: number } | undefined;
  /** All such guards, as predicates of the plan. */
  readonly failing: ReadonlySet<number>;
};

/** See {@link Liveness.trial}. */
interface Trial {
  readonly usable: ReadonlySet<FairnessConstraint>;
  readonly violations: (assumed: readonly FairnessConstraint[]) => readonly Counterexample[] | NoAnswer;
}

/** All states of a model, and what leads from one to another. */
interface Explored {
  readonly states: States;
  readonly graph: StateGraph;
  /** Ids whose permutations are automorphisms of the graph; none of one that was cut. */
  readonly interchangeable?: readonly IdClass[];
  /** How many states are first reached after 0, 1, 2, … steps. */
  readonly levels: readonly number[];
}

/** Judges the temporal properties of one explored state graph. */
export class Liveness {
  private readonly states: States;
  private readonly explored: StateGraph;
  private readonly levels: readonly number[];
  private readonly tables = new Map<string, Assumed>();
  private readonly actorOf: Actors; // by instance
  private movers: ReadonlySet<number> | undefined;
  private latest: Assumed | undefined; // of what was tried
  private readonly interchangeable: readonly IdClass[];
  private joined: (PairedGraph & { readonly actors: Actors }) | undefined;

  constructor(
    private readonly plan: Plan,
    private readonly engine: NextState,
    { states, graph, levels, interchangeable = [] }: Explored,
    private readonly onTick: () => void,
  ) {
    this.states = states;
    this.explored = graph;
    this.levels = levels;
    this.interchangeable = interchangeable;
    const numbers = new Map([...actorsOf(plan).keys()].map((name, number) => [name, number]));
    this.actorOf = Int32Array.from(plan.instances, (instance) => numbers.get(actorNameOf(instance))!);
  }

  /** How many states are judged. */
  get size(): number {
    return this.explored.size;
  }

  /** The graph by pairs of states, with who moves; made when it is first asked for, since there may be no memory. */
  private get paired(): PairedGraph & { readonly actors: Actors } {
    if (this.joined !== undefined) return this.joined;
    const paired = joinSteps(this.explored, this.plan.instances.length);
    const actors = Int32Array.from(
      { length: paired.makers.count },
      (_, maker) => this.actorOf[paired.makers.instancesOf(maker)[0]!]!,
    );
    return (this.joined = { ...paired, actors });
  }

  /** The left sides of `leadsTo`s and implications, and whether they were true in some state, of all claims judged. */
  readonly triggers = new Map<Span, { readonly kind: 'leadsTo' | 'implies'; readonly isTriggered: boolean }>();
  /** Of claims that were judged to hold, the left sides that are true nowhere. */
  readonly untriggered = new Set<Trigger>();

  /** Judges every claim of a property; of several violations, the one that takes the fewest steps to tell. */
  judge(property: Property, claims: readonly Claim[], fairness?: readonly string[]): PropertyAnswer {
    const { plan, interchangeable } = this;
    const sets = fairness ?? setsOf(plan, property);
    const orbits = claimOrbits(plan, property, claims, { interchangeable, sets });
    return this.judgeAssuming(claims, this.assumedBy(property, fairness), orbits);
  }

  /** Judges claims under these constraints and no others. */
  judgeUnder(claims: readonly Claim[], constraints: readonly FairnessConstraint[]): PropertyAnswer {
    return this.judgeAssuming(claims, this.assume(constraints));
  }

  private assumedBy(property: Property, fairness: readonly string[] | undefined): Assumed {
    const sets = fairness ?? setsOf(this.plan, property);
    const key = sets.join();
    const assumed = this.tables.get(key) ?? this.assume(constraintsOf(this.plan, sets));
    this.tables.set(key, assumed);
    return assumed;
  }

  /** Whether some behavior is fair to what a property assumes and stays within what was explored. */
  hasFairBehavior(property: Property, fairness?: readonly string[]): boolean {
    const { paired, onTick } = this;
    const { graph } = paired;
    const letters = lettersOf(paired, [], onTick);
    return hasFairBehavior({ graph, letters, fairness: this.assumedBy(property, fairness), onTick });
  }

  /**
   * Prepares for judging claims under several choices of some constraints.
   *
   * @returns what `violationsUnder` says of a choice; `usable` are the constraints whose guards can be evaluated.
   * @throws FormulaTooLarge as `findViolation` does.
   */
  trial(claims: readonly Claim[], constraints: readonly FairnessConstraint[]): Trial {
    const { paired, onTick } = this;
    const table = this.assumeAgain(constraints);
    const tried = claims.map(({ atoms, formula }) => ({
      letters: lettersOf(
        paired,
        atoms.map((request) => this.atomOf(request)),
        onTick,
      ),
      violation: negate(formula),
    }));
    const isUsable = ({ members }: FairnessConstraint): boolean =>
      ![...members.values()].some((guard) => table.failing.has(guard));
    return {
      usable: new Set(constraints.filter(isUsable)),
      violations: (assumed) => violationsUnder(paired.graph, tried, table, new Set(assumed), onTick),
    };
  }

  /** @param orbits - for each claim the first that is violated if it is; default: itself. */
  private judgeAssuming(claims: readonly Claim[], assumed: Assumed, orbits?: Int32Array): PropertyAnswer {
    if (assumed.failure !== undefined) return { kind: 'failed', ...assumed.failure, bindings: {} };
    let best: PropertyAnswer = { kind: 'none' };
    const search = { ...freshBudgets(), actors: this.paired.actors };
    for (const [index, claim] of claims.entries()) {
      const first = orbits?.[index] ?? index;
      if (first < index) {
        this.noteUntriggered(claim, claims[first]!);
        continue;
      }
      const bound = best.kind === 'violated' ? stepsOf(best) : Infinity;
      const answer = this.judgeClaim(claim, assumed, { ...search, bound });
      if (answer.kind === 'failed' || answer.kind === 'tooLarge') return answer;
      if (answer.kind === 'violated' && (best.kind !== 'violated' || stepsOf(answer) < stepsOf(best))) best = answer;
    }
    return best;
  }

  /** Left sides are true nowhere where those of a claim are that is violated if this one is. */
  private noteUntriggered({ triggers }: Claim, alike: Claim): void {
    triggers.forEach((trigger, index) => {
      if (this.untriggered.has(alike.triggers[index]!)) this.untriggered.add(trigger);
    });
  }

  private judgeClaim(claim: Claim, assumed: Assumed, search: LassoSearch): PropertyAnswer {
    try {
      const { paired, levels, onTick } = this;
      // What tells less than so many steps comes no further than that.
      const graph = neighborhood(paired.graph, levels, search.bound - 1);
      const isTriggered = (span: Span): boolean => this.triggers.get(span)?.isTriggered === true;
      const looksForTriggers = claim.triggers.some((one) => one.isWorthAWarning && !isTriggered(one.span));
      const atoms = claim.atoms.map((request) => this.atomOf(request));
      const letters = lettersOf(looksForTriggers ? paired : { ...paired, graph }, atoms, onTick);
      for (const trigger of claim.triggers) {
        const { kind, formula, span, isWorthAWarning } = trigger;
        const occurs = this.holdsSomewhere(letters, formula);
        if (!occurs) this.untriggered.add(trigger);
        if (isWorthAWarning) this.triggers.set(span, { kind, isTriggered: isTriggered(span) || occurs });
      }
      const answer = findViolation({
        graph,
        levels,
        letters,
        violation: negate(claim.formula),
        fairness: assumed,
        search,
        onTick,
      });
      switch (answer.kind) {
        case 'none':
        case 'notShorter': // then one was found before
          return { kind: 'none' };
        case 'found':
          return {
            kind: 'violated',
            claim,
            path: this.pathOf(answer.lasso),
            assumed,
          };
        case 'failed': {
          const request = claim.atoms[answer.atom]!;
          if (request.kind !== 'predicate') throw new Error('internal: only predicates can fail');
          const predicate = this.plan.roles.extra[request.request]!;
          return { kind: 'failed', state: answer.state, predicate, bindings: claim.bindings };
        }
      }
    } catch (error) {
      if (error instanceof FormulaTooLarge) return { kind: 'tooLarge' };
      throw error;
    }
  }

  /** Whether a formula about one step is true in some state, of some step: of one that leaves another state, maybe. */
  private holdsSomewhere(letters: Letters, formula: Ltl): boolean {
    const steps = new Set([letters.stutter]);
    if (letters.speakOfSteps) for (const maker of this.moving) steps.add(letters.ofMaker[maker]!);
    for (let stateClass = 0; stateClass < letters.stateClasses; stateClass += 1) {
      for (const step of steps) if (truthNow(letters, formula, stateClass, step) === TRUE) return true;
    }
    return false;
  }

  /** Those who make a step somewhere; found out when it is first asked for. */
  private get moving(): ReadonlySet<number> {
    const { graph } = this.paired;
    return (this.movers ??= new Set(graph.instances.subarray(0, graph.offsets[graph.size])));
  }

  /** Who makes the steps of a lasso: where several do, who has moved before, or else the first of them. */
  private pathOf({ start, stem, loop }: Lasso): Path {
    const { graph, makers } = this.paired;
    const edges = [...stem, ...(loop ?? [])];
    let actor = -1;
    const instances = edges.map(({ step }) => {
      if (step === STUTTER) return STUTTER;
      const able = makers.instancesOf(graph.instances[step]!);
      const chosen = able.find((one) => this.actorOf[one] === actor) ?? able[0]!;
      actor = this.actorOf[chosen]!;
      return chosen;
    });
    const states = [start, ...edges.map(({ to }) => to)].map((state) => this.states.wordsOf(state));
    return { states, instances, ...(loop !== undefined && { loop: stem.length }) };
  }

  private atomOf(request: AtomRequest): Atom {
    const { plan } = this;
    if (request.kind === 'predicate') {
      const predicate = plan.roles.extra[request.request]!;
      return { kind: 'state', evaluate: (into) => this.evaluate(predicate, into) };
    }
    return { kind: 'taken', instances: instancesMatching(plan, request.action, request.arguments) };
  }

  /** Writes the truth of a predicate in the first states, as many as there is room for. */
  private evaluate(predicate: number, into: Uint8Array): void {
    const { engine, states } = this;
    const size = into.length;
    for (let state = 0; state < size;) {
      const { segment, offset, stride, count } = states.runFrom(state);
      const chunk = Math.min(count, size - state, CHUNK);
      engine.holdsEach(predicate, segment, offset, stride, chunk, into.subarray(state));
      state += chunk;
      this.onTick();
    }
  }

  /** What is tried for one property after another is mostly the same. */
  private assumeAgain(constraints: readonly FairnessConstraint[]): Assumed {
    const { latest } = this;
    const isSame =
      latest?.constraints.length === constraints.length &&
      latest.constraints.every((one, index) => one === constraints[index]);
    if (isSame) return latest;
    this.latest = undefined; // two at a time may be too much
    return (this.latest = this.assume(constraints));
  }

  private assume(constraints: readonly FairnessConstraint[]): Assumed {
    const predicates = [...new Set(constraints.flatMap(({ members }) => [...members.values()]))].filter(
      (predicate) => predicate !== NO_GUARD,
    );
    let failure: Assumed['failure'];
    const failing = new Set<number>();
    const evaluateGuard = (guard: number, into: Uint8Array): void => {
      const predicate = predicates[guard]!;
      this.evaluate(predicate, into);
      const state = into.indexOf(FAILED);
      if (0 <= state) failing.add(predicate);
      if (0 <= state && (failure === undefined || state < failure.state)) failure = { state, predicate };
    };
    const numbers = new Map(predicates.map((predicate, number) => [predicate, number]));
    const numbered = constraints.map((constraint) => ({
      ...constraint,
      members: new Map(Array.from(constraint.members, ([one, guard]) => [one, numbers.get(guard) ?? NO_GUARD])),
    }));
    const table = fairnessTable(this.paired, numbered, predicates.length, evaluateGuard);
    return { ...table, constraints, failure, failing };
  }
}

/** How many states are asked about between two ticks. */
const CHUNK = 2 ** 16;

/** The fairness sets that a property assumes. */
export function setsOf(plan: Plan, property: Property): readonly string[] {
  return property.under ?? plan.system.fairness.map(({ name }) => name);
}

/** The instances of an action, or of the steps of a process, with these arguments. */
export function instancesMatching(plan: Plan, name: string, pattern: ArgumentPattern): ReadonlySet<number> {
  const actions = new Set(actionsNamed(plan.system, name));
  const matching = plan.instances.filter(
    ({ action, values }) =>
      actions.has(action) &&
      pattern.every((wanted, index) => wanted === undefined || equalValues(wanted.value, values[index])),
  );
  return new Set(matching.map(({ id }) => id));
}

function stepsOf({ path }: { readonly path: Path }): number {
  return path.instances.length;
}
