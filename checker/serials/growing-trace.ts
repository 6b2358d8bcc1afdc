// A trace is told with values that only grow, as the bodies of a spec make them when they run as JavaScript. What was
// explored are ranks; so the interpreter carries out the same steps once more, on integers as they are.
import type { Domain, ObjectValue, StatePlace, System, Value } from '../../dsl/ir/index.ts';
import { equalValues } from '../../dsl/ir/index.ts';
import { growingSystem, lastMade, serialsOf } from '../../dsl/ir/serials/as-integers.ts';
import { mostMade } from '../../dsl/ir/serials/fresh.ts';
import type { FairnessEvidence, Hindrance, Trace, WaitsFor } from '../counterexample/behavior.ts';
import { withFailedVerify, withFalsity } from '../counterexample/broken.ts';
import { changesBetween } from '../counterexample/difference.ts';
import { recheck } from '../counterexample/recheck.ts';
import type { ClaimedTrace } from '../counterexample/recheck.ts';
import { replay } from '../counterexample/replay.ts';
import { initialSteps, stepsOf } from '../engine/interpreter/steps.ts';
import { wordsOf } from '../plan/layout.ts';
import { isRefused, planOf } from '../plan/plan.ts';
import type { Plan } from '../plan/plan.ts';
import { instanceFinder, isStuttering } from '../plan/step-name.ts';
import type { StepName } from '../plan/step-name.ts';
import { STUTTER } from '../search/path.ts';
import type { Path } from '../search/path.ts';
import { aliveIn, replaced, settledState, stateWith } from './ranks.ts';
import type { Alive } from './ranks.ts';
import { withShorterLoop } from './shorter-loop.ts';

/** Which states a trace has, and what is false at its end. */
export interface Ranked {
  /** Whether each state is settled, or is what the step before has made of the settled one. */
  readonly isSettled: boolean;
  /** The invariant or step property that is false at the end. */
  readonly broken?: { readonly kind: 'invariant' | 'step'; readonly index: number };
  /** The step that fails at the end. */
  readonly failed?: StepName;
}

/**
 * A trace of ranks as one of integers that grow. Its last state is, for a lasso, that at the beginning of the loop but for
 * integers that have grown.
 *
 * @returns the trace as it is, without variables that were not declared, where its integers would be too large to be kept.
 * @throws Error when the interpreter cannot carry it out: a bug of ours.
 */
export function growingTrace(system: System, found: Trace, ranked: Ranked): Trace {
  if (serialsOf(system).length === 0) return found;
  const trace = withShorterLoop(system, found);
  const most = largestIn(system, trace.steps.length);
  const plan = planOf(growingSystem(system, most));
  const plain = { ...trace, states: trace.states.map((state) => stateWith(system.variables, state, (_, one) => one)) };
  if (isRefused(plan)) return plain;
  const { states, path } = carriedOut(system, plan, trace, ranked);
  const told = withoutHidden(system, explained(plan, replay(plan, path, trace.isBrief ? 'brief' : 'full'), ranked));
  const tables = trace.states.map((state, at) => new Table(system, state, states[at]!));
  const { falsity: _, ...rest } = trace;
  const grown = grownIn(system, told, trace.loop);
  return {
    ...rest,
    ...told,
    ...(trace.loop !== undefined && { loop: trace.loop }),
    ...(0 < grown.length && { grown }),
    ...(trace.fairness !== undefined && {
      fairness: trace.fairness.map((one) => fairnessWith(one, tables, trace.loop!)),
    }),
    ...(trace.waitsFor !== undefined && { waitsFor: waitsWith(trace.waitsFor, tables) }),
  };
}

/** The largest integer that a trace of some steps can come to. */
function largestIn(system: System, steps: number): number {
  const bodies = [system.init, ...system.actions.map(({ body }) => body)];
  const made = serialsOf(system).map(({ name }) => Math.max(...bodies.map((body) => mostMade(body, name))));
  return Math.max(1, ...made) * (steps + 2);
}

interface Course {
  readonly states: readonly ObjectValue[];
  readonly path: Path;
}

function carriedOut(system: System, plan: Plan, trace: Trace, ranked: Ranked): Course {
  const instanceOf = instanceFinder(plan.instances);
  const { variables } = system;
  const [start] = trace.states;
  const states: ObjectValue[] = [];
  const instances: number[] = [];
  if (start !== undefined) states.push(theOne(initialSteps(plan).successors, expectedStart(system, start)));
  trace.steps.forEach((step, at) => {
    const now = states[at]!;
    const isSame = equalValues(trace.states[at], trace.states[at + 1]);
    if (isStuttering(step)) {
      states.push(now);
      instances.push(STUTTER);
      return;
    }
    const instance = instanceOf(step)!;
    const isExpected = ranked.isSettled
      ? isRankedAs(system, trace.states[at + 1]!)
      : isExactly(variables, isSame ? now : madeFrom(system, trace, at, now));
    states.push(theOne(stepsOf(plan, now, instance).successors, isExpected));
    instances.push(instance.id);
  });
  const failed = ranked.failed === undefined ? undefined : instanceOf(ranked.failed);
  const path: Path = {
    states: states.map((state) => wordsOf(plan.layout, state)),
    instances,
    ...(failed !== undefined && { failedInstance: failed.id }),
  };
  return { states, path };
}

function theOne(among: readonly ObjectValue[], isIt: (state: ObjectValue) => boolean): ObjectValue {
  const found = among.find(isIt);
  if (found === undefined) throw new Error('internal: the interpreter cannot carry out a trace on integers that grow');
  return found;
}

/** The beginning is not settled in either system when integers are made there. */
function expectedStart(system: System, start: ObjectValue): (state: ObjectValue) => boolean {
  return isRankedAs(system, settledState(system.variables, start));
}

function isRankedAs({ variables }: System, ranks: ObjectValue): (state: ObjectValue) => boolean {
  return (state) => isExactly(variables, ranks)(settledState(variables, state));
}

function isExactly(variables: System['variables'], expected: ObjectValue): (state: ObjectValue) => boolean {
  return (state) => variables.every(({ name }) => equalValues(state[name], expected[name]));
}

/** What a step has made of a state: ranks of that state stand for its integers, what is above them was made. */
function madeFrom(system: System, trace: Trace, at: number, now: ObjectValue): ObjectValue {
  const { variables } = system;
  const before = aliveIn(variables, now);
  const lasts = new Map(serialsOf(system).map((serial) => [serial.name, now[lastMade(serial)] as number]));
  return stateWith(variables, trace.states[at + 1]!, (serial, value) => {
    const known = before.get(serial) ?? [];
    return value === 0 ? 0 : (known[value - 1] ?? lasts.get(serial)! + value - known.length);
  });
}

/** A trace with what is false at its end. */
function explained(plan: Plan, trace: Trace, { broken, failed }: Ranked): Trace {
  if (trace.isBrief === true) return trace;
  if (broken !== undefined) {
    const predicate = plan.roles[broken.kind === 'invariant' ? 'invariants' : 'steps'][broken.index]!;
    return withFalsity(plan, trace, predicate);
  }
  if (failed === undefined) return trace;
  const instance = instanceFinder(plan.instances)(failed);
  if (instance === undefined) return trace;
  const told = withFailedVerify(plan, trace, instance.id);
  // What is said of a limit is said in its message.
  return told.falsity?.parts.some(({ span }) => span === instance.action.span) === true ? trace : told;
}

/** Without the variables that only count. */
function withoutHidden(system: System, trace: Trace): Trace {
  const hidden = new Set(serialsOf(system).map(lastMade));
  return {
    ...trace,
    states: trace.states.map((state) =>
      Object.fromEntries(Object.entries(state).filter(([name]) => !hidden.has(name))),
    ),
    steps: trace.steps.map((step) => ({
      ...step,
      changes: step.changes.filter(({ place }) => !hidden.has(place.variable)),
      ...(step.idle && { idle: step.idle.filter(({ place }) => !hidden.has(place.variable)) }),
    })),
  };
}

/** The domains of which the loop of a lasso does not come back to the same values. */
function grownIn({ variables }: System, { states }: Trace, loop: number | undefined): readonly string[] {
  const last = states.at(-1);
  if (loop === undefined || last === undefined) return [];
  const [start, end] = [aliveIn(variables, states[loop]!), aliveIn(variables, last)];
  return [...end.keys()].filter((name) => end.get(name)!.join() !== start.get(name)?.join());
}

/** What the values of which only the order counts of a state are in the same state with others in their order. */
class Table {
  readonly #from: Alive;
  readonly #to: Alive;
  readonly #variables: System['variables'];

  constructor({ variables }: System, from: ObjectValue, to: ObjectValue) {
    this.#variables = variables;
    this.#from = aliveIn(variables, from);
    this.#to = aliveIn(variables, to);
  }

  /** A value at a place, or an element of what is there. */
  at({ variable, segments }: StatePlace, value: Value): Value {
    const declared = this.#variables.find(({ name }) => name === variable)?.domain;
    const domains = segments.reduce<readonly Domain[]>(
      (all, segment) => all.flatMap((domain) => inside(domain, segment.text)),
      declared === undefined ? [] : [declared],
    );
    return domains.reduce((one, domain) => replaced(domain, one, (serial, from) => this.#other(serial, from)), value);
  }

  #other(serial: string, value: number): number {
    const at = this.#from.get(serial)?.indexOf(value) ?? -1;
    return this.#to.get(serial)?.[at] ?? value;
  }
}

/** The domains of a part of a value. */
function inside(domain: Domain, text: string): readonly Domain[] {
  const named = (fields: readonly { readonly name: string; readonly domain: Domain }[]): readonly Domain[] =>
    fields.filter(({ name }) => name === text).map((field) => field.domain);
  switch (domain.kind) {
    case 'union':
      return domain.members.flatMap((member) => inside(member, text));
    case 'object':
      return named(domain.fields);
    case 'variant':
      return domain.cases.flatMap(({ fields }) => named(fields)).slice(0, 1);
    case 'tuple':
      return domain.items.slice(Number(text), Number(text) + 1);
    case 'array':
      return [domain.element];
    case 'record':
      return [domain.value];
    default:
      return [];
  }
}

/** {@link recheck}, by the order of the values of which only that counts: a behavior from elsewhere may have others. */
export function recheckByOrder(system: System, plan: Plan, claimed: ClaimedTrace): ReturnType<typeof recheck> {
  if (serialsOf(system).length === 0) return recheck(plan, claimed);
  const states = claimed.states.map((state) => settledState(system.variables, state));
  const checked = recheck(plan, { ...claimed, states });
  if (checked.kind === 'invalid') return checked;
  return { kind: 'valid', trace: growingTrace(system, checked.trace, { isSettled: true }) };
}

/** A trace as one of ranks, which can be asked of what was explored; what is said of values that were compared is left out. */
export function rankedTrace(system: System, trace: Trace): Trace {
  if (serialsOf(system).length === 0) return trace;
  const states = trace.states.map((state) => settledState(system.variables, state));
  const tables = trace.states.map((state, at) => new Table(system, state, states[at]!));
  const steps = trace.steps.map((step, at): Trace['steps'][number] => {
    const { decidedBy: _, waitsNext: __, refused: ___, ...rest } = step;
    return { ...rest, changes: changesBetween(system.variables, states[at]!, states[at + 1]!) };
  });
  const { falsity: _, grown: __, fairness, waitsFor, ...rest } = trace;
  return {
    ...rest,
    states,
    steps,
    ...(fairness !== undefined && { fairness: fairness.map((one) => fairnessWith(one, tables, trace.loop!)) }),
    ...(waitsFor !== undefined && { waitsFor: waitsWith(waitsFor, tables) }),
  };
}

function hindranceWith<One extends Hindrance>(one: One, table: Table): One {
  return { ...one, reads: one.reads.map((read) => ({ ...read, value: table.at(read.place, read.value) })) };
}

function fairnessWith(one: FairnessEvidence, tables: readonly Table[], loop: number): FairnessEvidence {
  const { evidence } = one;
  if (evidence.kind === 'taken' || evidence.because === undefined) return one;
  const table = tables[evidence.kind === 'disabled' ? evidence.state : loop]!;
  return { ...one, evidence: { ...evidence, because: hindranceWith(evidence.because, table) } };
}

function waitsWith(waitsFor: WaitsFor, tables: readonly Table[]): WaitsFor {
  const table = tables[waitsFor.state]!;
  const waits = waitsFor.waits.map((wait) => {
    const { subject } = wait;
    if (subject?.kind !== 'comparison') return hindranceWith(wait, table);
    const { place } = subject;
    const told = { ...subject, value: table.at(place, subject.value), now: table.at(place, subject.now) };
    return { ...hindranceWith(wait, table), subject: told };
  });
  return { ...waitsFor, waits };
}
