import { formatValue } from '../../dsl/ir/index.ts';
import type { ObjectValue } from '../../dsl/ir/index.ts';
import { Batch } from '../engine/next-state.ts';
import { evaluatePredicate, interpret } from '../engine/interpreter.ts';
import { NO_GUARD } from '../liveness/fairness.ts';
import type { FairnessConstraint } from '../liveness/fairness.ts';
import type { Claim } from '../liveness/formula.ts';
import { instancesMatching } from '../liveness/property.ts';
import type { Plan } from '../plan/plan.ts';
import { STUTTER } from '../search/path.ts';
import type { Path } from '../search/path.ts';
import type { FairnessEvidence, Trace, Unfairness } from './behavior.ts';
import { Explainer } from './explanation.ts';
import { replay } from './replay.ts';
import { satisfies } from './word.ts';

/**
 * Replays a violation of a claim with the interpreter, and checks with it, without the automaton that found it, that
 * the behavior violates the claim and is fair.
 *
 * @throws Error when it does not, or is not: a bug of ours.
 */
export function replayLasso(plan: Plan, path: Path, claim: Claim, constraints: readonly FairnessConstraint[]): Trace {
  const trace = replay(plan, path);
  const enabled = enabledAt(plan, path, trace);
  if (!violates(plan, path, trace, claim, enabled)) {
    throw new Error('internal: a counterexample does not violate its property');
  }
  const bindings = Object.keys(claim.bindings).length === 0 ? {} : { bindings: claim.bindings };
  if (path.loop === undefined) return { ...trace, ...bindings };
  const explainer = new Explainer(plan);
  const fairness = constraints.map((constraint) => {
    const { evidence, ...rest } = evidenceOf(path, constraint, enabled);
    if (evidence.kind === 'taken') return { ...rest, evidence };
    const state = evidence.kind === 'disabled' ? evidence.state : path.loop!;
    const because = explainer.hindranceOf(constraint.members.keys(), trace.states[state]!);
    return { ...rest, evidence: because === undefined ? evidence : { ...evidence, because } };
  });
  const taken = new Set(path.instances.slice(path.loop).filter((one) => one !== STUTTER));
  const waitsFor = explainer.waitsIn(trace.states.slice(path.loop), path.loop, taken);
  return {
    ...trace,
    ...bindings,
    fairness,
    unfairTo: unfairnessOf(plan, path, enabled),
    ...(waitsFor === undefined ? {} : { waitsFor }),
  };
}

/** The fairness of processes and of instances of other actions that the lasso lacks. */
function unfairnessOf(plan: Plan, path: Path, enabled: EnabledAt): readonly Unfairness[] {
  const groups = new Map<string, number[]>();
  for (const { id, action, values, label } of plan.instances) {
    const inside = values.length === 0 ? '' : `(${values.map(formatValue).join(', ')})`;
    const name = action.process === undefined ? label : action.process.name + inside;
    groups.set(name, [...(groups.get(name) ?? []), id]);
  }
  const states = loopStates(path);
  return [...groups].flatMap(([name, instances]): readonly Unfairness[] => {
    if (instances.some((instance) => isTakenInLoop(path, instance))) return [];
    const isEnabled = (state: number): boolean => instances.some((one) => enabled(state).instances.has(one));
    if (states.every(isEnabled)) return [{ strength: 'weak', name }];
    return states.some(isEnabled) ? [{ strength: 'strong', name }] : [];
  });
}

/** Whether a step in the loop is one of an instance that changes the state. */
function isTakenInLoop(path: Path, instance: number): boolean {
  return path.instances.some((one, step) => path.loop! <= step && one === instance && changes(path, step));
}

function changes(path: Path, step: number): boolean {
  return path.states[step]!.some((word, index) => path.states[step + 1]![index] !== word);
}

/** The indices of the states of a loop, each once. */
function loopStates(path: Path): readonly number[] {
  const last = Math.max(path.loop!, path.instances.length - 1); // the state after it is the one at `loop` again
  return Array.from({ length: last - path.loop! + 1 }, (_, index) => path.loop! + index);
}

/** What can change the state of an index of the path. Worked out when it is asked for: mostly for a few states only. */
type EnabledAt = (index: number) => Enabled;

interface Enabled {
  readonly instances: ReadonlySet<number>;
  readonly holds: (guard: number) => boolean;
}

function enabledAt(plan: Plan, path: Path, trace: Trace): EnabledAt {
  const known: (Enabled | undefined)[] = [];
  return (index) => (known[index] ??= enabledIn(plan, path.states[index]!, trace.states[index]!));
}

function enabledIn(plan: Plan, words: Int32Array, state: ObjectValue): Enabled {
  const batch = new Batch(words.length);
  interpret(plan).successors(words, 0, batch);
  const instances = new Set<number>();
  for (let index = 0; index < batch.count; index += 1) {
    const changes = words.some((word, offset) => batch.states[index * words.length + offset] !== word);
    if (changes) instances.add(batch.instances[index]!);
  }
  return { instances, holds: (guard) => guard === NO_GUARD || evaluatePredicate(plan, guard, state) === true };
}

/** Whether the behavior violates the claim; a path without a loop is taken to stutter at its end. */
function violates(plan: Plan, path: Path, trace: Trace, claim: Claim, enabled: EnabledAt): boolean {
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
      if (request.kind === 'enabled')
        return [...enabled(position).instances].some((instance) => sets[atom]!.has(instance));
      const changes =
        position < steps && path.states[position]!.some((word, index) => path.states[position + 1]![index] !== word);
      return changes && sets[atom]!.has(path.instances[position]!);
    };
  const letters = Array.from({ length: stutters ? steps + 1 : steps }, (_, position) => letterAt(position));
  return !satisfies({ letters, loop }, claim.formula);
}

/** How a loop meets an assumption: taken, or disabled at some state (weak), or never enabled in it (strong). */
function evidenceOf(path: Path, constraint: FairnessConstraint, enabled: EnabledAt): FairnessEvidence {
  const { strength, name, members } = constraint;
  const loop = path.loop!;
  const isMember = (instance: number, state: number): boolean => {
    const guard = members.get(instance);
    return guard !== undefined && enabled(state).holds(guard);
  };
  const isEnabled = (state: number): boolean =>
    [...enabled(state).instances].some((instance) => isMember(instance, state));

  for (let step = loop; step < path.instances.length; step += 1) {
    const instance = path.instances[step]!;
    if (instance !== STUTTER && changes(path, step) && isMember(instance, step)) {
      return { strength, name, evidence: { kind: 'taken', step } };
    }
  }
  const states = loopStates(path);
  if (!states.some(isEnabled)) return { strength, name, evidence: { kind: 'neverEnabled' } };
  const disabled = states.find((state) => !isEnabled(state));
  if (strength === 'weak' && disabled !== undefined) {
    return { strength, name, evidence: { kind: 'disabled', state: disabled } };
  }
  throw new Error(`internal: a counterexample is not fair to ${name}`);
}
