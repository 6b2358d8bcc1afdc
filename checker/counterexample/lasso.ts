import { evaluatePredicate } from '../engine/interpreter.ts';
import { isSameState } from '../engine/state-vector.ts';
import { unpromisedTest } from '../liveness/assumptions.ts';
import { NO_GUARD } from '../liveness/fairness.ts';
import type { FairnessConstraint } from '../liveness/fairness.ts';
import type { Claim } from '../liveness/formula.ts';
import { instancesMatching } from '../liveness/property.ts';
import { actorNameOf } from '../plan/actor.ts';
import type { Plan } from '../plan/plan.ts';
import { formatAssumption, stepNameOf } from '../plan/step-name.ts';
import type { StepName } from '../plan/step-name.ts';
import type { Path } from '../search/path.ts';
import type { FairnessEvidence, Trace, Unfairness } from './behavior.ts';
import { courseOf, Explainer } from './explanation.ts';
import { interpretedState } from './interpreted.ts';
import { replay } from './replay.ts';
import type { Telling } from './replay.ts';
import { satisfies } from './word.ts';

interface LassoTelling {
  /** Says who waits; who could end that only if it knows what was explored. */
  readonly explainer?: Explainer;
  /** Default `full`. */
  readonly telling?: Telling;
}

/**
 * Replays a violation of a claim with the interpreter, and checks with it, without the automaton that found it, that
 * the behavior violates the claim and is fair.
 *
 * @throws Error when it does not, or is not: a bug of ours.
 */
export function replayLasso(
  plan: Plan,
  path: Path,
  claim: Claim,
  constraints: readonly FairnessConstraint[],
  { explainer = new Explainer(plan), telling = 'full' }: LassoTelling = {},
): Trace {
  const trace = replay(plan, path, telling);
  const enabled = enabledAt(plan, path);
  const makers = makersOf(path, enabled);
  if (!violates(plan, path, trace, claim, makers)) {
    throw new Error('internal: a counterexample does not violate its property');
  }
  const bindings = Object.keys(claim.bindings).length === 0 ? {} : { bindings: claim.bindings };
  if (path.loop === undefined) return { ...trace, ...bindings };
  const fairness = constraints.map((constraint) => {
    const { evidence, ...rest } = evidenceOf(plan, path, constraint, { enabled, makers });
    if (evidence.kind === 'taken' || telling === 'brief') return { ...rest, evidence };
    const state = evidence.kind === 'disabled' ? evidence.state : path.loop!;
    const because = explainer.hindranceOf(constraint.members.keys(), trace.states[state]!);
    return { ...rest, evidence: because === undefined ? evidence : { ...evidence, because } };
  });
  if (telling === 'brief') return { ...trace, ...bindings, fairness };
  const taken = new Set(path.instances.slice(path.loop).flatMap((_, step) => [...makers(path.loop! + step)]));
  const waitsFor = explainer.waitsIn(courseOf(trace), taken);
  return {
    ...trace,
    ...bindings,
    fairness,
    unfairTo: unfairnessOf(plan, path, enabled, taken),
    ...(waitsFor === undefined ? {} : { waitsFor }),
  };
}

/** The steps that some constraints are about which a lasso does not meet: possible in its loop, where none is taken. */
export function untakenIn(plan: Plan, path: Path, constraints: readonly FairnessConstraint[]): readonly StepName[] {
  const enabled = enabledAt(plan, path);
  const makers = makersOf(path, enabled);
  const states = loopStates(path);
  const found = constraints.flatMap(({ strength, members }) => {
    const membersAt = (state: number, instances: Iterable<number>): readonly number[] =>
      [...instances].filter((instance) => {
        const guard = members.get(instance);
        return guard !== undefined && enabled(state).holds(guard);
      });
    const isTaken = path.instances.some((_, step) => path.loop! <= step && 0 < membersAt(step, makers(step)).length);
    const possible = states.map((state) => membersAt(state, enabled(state).targets.keys()));
    const isAsked = ({ length }: readonly number[]): boolean => 0 < length;
    const isUnmet = !isTaken && (strength === 'weak' ? possible.every(isAsked) : possible.some(isAsked));
    return isUnmet ? possible.flat() : [];
  });
  return [...new Set(found)].map((instance) => stepNameOf(plan.instances[instance]!));
}

/** The fairness of processes and of other actions, each for all values of the arguments, that the lasso lacks. */
function unfairnessOf(plan: Plan, path: Path, enabled: EnabledAt, taken: ReadonlySet<number>): readonly Unfairness[] {
  const groups = new Map<string, { readonly name: string; readonly instances: number[] }>();
  for (const instance of plan.instances) {
    const { id, action, label } = instance;
    const key = action.process === undefined ? label : actorNameOf(instance);
    const group = groups.get(key) ?? { name: action.process?.name ?? action.name, instances: [] };
    groups.set(key, group);
    group.instances.push(id);
  }
  const states = loopStates(path);
  const lacking = new Map<string, Unfairness['strength']>();
  for (const { name, instances } of groups.values()) {
    if (instances.some((instance) => taken.has(instance))) continue;
    const isEnabled = (state: number): boolean => instances.some((one) => enabled(state).targets.has(one));
    if (!states.some(isEnabled)) continue;
    if (lacking.get(name) !== 'weak') lacking.set(name, states.every(isEnabled) ? 'weak' : 'strong');
  }
  const isUnpromised = unpromisedTest(plan.system);
  return Array.from(lacking, ([name, strength]) =>
    isUnpromised(name, 'always') ? { strength, name, isUnpromised: true } : { strength, name },
  );
}

/** The instances that make a step of the path, if it changes the state: all that lead where it does. */
type MakersOf = (step: number) => ReadonlySet<number>;

function makersOf(path: Path, enabled: EnabledAt): MakersOf {
  const known: (ReadonlySet<number> | undefined)[] = [];
  return (step) => (known[step] ??= makersOfStep(path, enabled, step));
}

function makersOfStep(path: Path, enabled: EnabledAt, step: number): ReadonlySet<number> {
  const [from, to] = [path.states[step]!, path.states[step + 1]!];
  if (isSameState(from, to)) return new Set();
  const makers = [...enabled(step).targets].filter(([, targets]) => targets.some((one) => isSameState(one, to)));
  return new Set(makers.map(([instance]) => instance));
}

/** The indices of the states of a loop, each once. */
function loopStates(path: Path): readonly number[] {
  const last = Math.max(path.loop!, path.instances.length - 1); // the state after it is the one at `loop` again
  return Array.from({ length: last - path.loop! + 1 }, (_, index) => path.loop! + index);
}

/** What can change the state of an index of the path. Worked out when it is asked for: mostly for a few states only. */
type EnabledAt = (index: number) => Enabled;

/** What the interpreter found out about a path. */
interface Witnessed {
  readonly enabled: EnabledAt;
  readonly makers: MakersOf;
}

interface Enabled {
  /** By instance, where it leads. */
  readonly targets: ReadonlyMap<number, readonly Int32Array[]>;
  readonly holds: (guard: number) => boolean;
}

function enabledAt(plan: Plan, path: Path): EnabledAt {
  const known: (Enabled | undefined)[] = [];
  return (index) => (known[index] ??= enabledIn(plan, path.states[index]!));
}

function enabledIn(plan: Plan, words: Int32Array): Enabled {
  const { targets, value } = interpretedState(plan, words);
  return { targets, holds: (guard) => guard === NO_GUARD || evaluatePredicate(plan, guard, value) === true };
}

/** Whether the behavior violates the claim; a path without a loop is taken to stutter at its end. */
function violates(plan: Plan, path: Path, trace: Trace, claim: Claim, makers: MakersOf): boolean {
  const steps = path.instances.length;
  const loop = path.loop ?? steps;
  const stutters = loop === steps;
  const sets = claim.atoms.map((atom) =>
    atom.kind === 'predicate' ? undefined : instancesMatching(plan, atom.action, atom.arguments),
  );
  const letterAt =
    (position: number) =>
    (atom: number): boolean => {
      const request = claim.atoms[atom]!;
      if (request.kind === 'predicate') {
        return evaluatePredicate(plan, plan.roles.extra[request.request]!, trace.states[position]!) === true;
      }
      return position < steps && [...makers(position)].some((instance) => sets[atom]!.has(instance));
    };
  const letters = Array.from({ length: stutters ? steps + 1 : steps }, (_, position) => letterAt(position));
  return !satisfies({ letters, loop }, claim.formula);
}

/** How a loop meets an assumption: taken, or disabled at some state (weak), or never enabled in it (strong). */
function evidenceOf(
  plan: Plan,
  path: Path,
  constraint: FairnessConstraint,
  { enabled, makers }: Witnessed,
): FairnessEvidence {
  const { strength, about, members } = constraint;
  const loop = path.loop!;
  const isMember = (instance: number, state: number): boolean => {
    const guard = members.get(instance);
    return guard !== undefined && enabled(state).holds(guard);
  };
  const isEnabled = (state: number): boolean =>
    [...enabled(state).targets.keys()].some((instance) => isMember(instance, state));

  for (let step = loop; step < path.instances.length; step += 1) {
    const taken = [...makers(step)].filter((instance) => isMember(instance, step));
    if (taken.length === 0) continue;
    const instance = path.instances[step]!;
    // It may be reported of another instance, which leads to the same state.
    const by = taken.includes(instance) ? undefined : stepNameOf(plan.instances[instance]!);
    return { strength, about, evidence: { kind: 'taken', step, ...(by !== undefined && { by }) } };
  }
  const states = loopStates(path);
  if (!states.some(isEnabled)) return { strength, about, evidence: { kind: 'neverEnabled' } };
  const disabled = states.find((state) => !isEnabled(state));
  if (strength === 'weak' && disabled !== undefined) {
    return { strength, about, evidence: { kind: 'disabled', state: disabled } };
  }
  throw new Error(`internal: a counterexample is not fair to ${formatAssumption(about)}`);
}
