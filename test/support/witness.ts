import type { Instance } from '../../checker/plan/instance.ts';
import type { BoundPredicate, Plan } from '../../checker/plan/plan.ts';
import { evaluatePredicate } from '../../checker/engine/interpreter.ts';
import type { Failure } from '../../checker/engine/interpreter/failure.ts';
import { initialSteps, stepsOf, type Steps } from '../../checker/engine/interpreter/steps.ts';
import { settledState } from '../../checker/serials/ranks.ts';
import type { Declaration, SpecDefinition } from '../../dsl/language/definition.ts';
import { DONE } from '../../dsl/language/process.ts';
import { equalValues, formatValue } from '../../dsl/ir/index.ts';
import { NO_SPAN } from '../../dsl/diagnostics/span.ts';
import type { Domain, ObjectValue, Process, Value, Variable } from '../../dsl/ir/index.ts';
import { complete } from './draft.ts';
import { executeModel, type Configuration, type JavaScriptInstance, type Outcome } from './javascript.ts';

/** How far two executions of one model were compared, and where they first differ. */
export interface Comparison {
  readonly states: number;
  readonly transitions: number;
  readonly failures: number;
  /** Undefined when they agree everywhere. */
  readonly difference: string | undefined;
}

/** How many long runs are compared, and how long they are. */
const RUNS = 3;
const STEPS = 25;

/**
 * Holds the interpreter of a compiled model against its bodies run as JavaScript, on the whole state graph: the same
 * initial states, from every state the same successors of every instance in the same order, failures where there are failures, and the
 * same truth of every predicate.
 *
 * Locals of a thread cannot be seen in JavaScript. A state of the interpreter is paired with the first run that led
 * there, and what the thread does next is compared; so a wrong local shows at the latest where it is used.
 *
 * Two runs that lead to one state may wrongly differ in their locals, so some long runs are compared as well.
 *
 * @param limit - compare no more states than this.
 * @param patience - begin with no other state, and end a long run, after this many transitions.
 */
export function compareExecutions(
  definition: SpecDefinition,
  parameters: Readonly<Record<string, unknown>>,
  plan: Plan,
  limit = Infinity,
  patience = Infinity,
): Comparison {
  const model = executeModel(definition, parameters);
  const shared: Domain = { kind: 'object', fields: model.variables };
  const counterOf = threadLabels(plan, model.threads);
  const groups = groupsOf(plan, [...model.actions, ...model.threads]);
  const ofStates = predicatesOf(plan, definition).filter(({ bound }) => !bound.ofStep);
  const ofSteps = predicatesOf(plan, definition).filter(({ bound }) => bound.ofStep);

  // Of some values only the order counts: they are integers that grow in JavaScript, and ranks elsewhere.
  const variables = model.variables.map((one): Variable => ({ ...one, doc: '', span: NO_SPAN }));
  const visible = (state: ObjectValue): readonly Value[] => [
    settledState(
      variables,
      complete(shared, Object.fromEntries(variables.map(({ name }) => [name, state[name]]))) as ObjectValue,
    ),
    model.threads.map((_, thread) => counterOf(state, thread)),
  ];
  const visibleOf = ({ state, threads }: Configuration): readonly Value[] => [
    settledState(variables, state),
    threads.map(({ label }) => plainLabel(label)),
  ];

  const known = new Map<string, true>();
  const queue: { readonly state: ObjectValue; readonly witness: Configuration }[] = [];
  let transitions = 0;
  let failures = 0;

  /** Pairs what the interpreter found with what JavaScript found; text when they differ. */
  function pair(where: string, found: Omit<Steps, 'branches'>, outcomes: readonly Outcome[]): string | undefined {
    const reached = outcomes.flatMap((outcome) => (outcome.kind === 'state' ? [outcome.to] : []));
    const failed = outcomes.flatMap((outcome) => (outcome.kind === 'failure' ? [outcome.message] : []));
    // How often is not compared: `pick` chooses before what stands left of it can fail.
    if (found.failures.length > 0 !== failed.length > 0) {
      const why = [...failed, ...found.failures.map((one) => one.message)].join('; ');
      return `${where} fails ${found.failures.length} times, as JavaScript ${failed.length} times: ${why}`;
    }
    const left = found.successors.map(visible);
    const right = reached.map(visibleOf);
    if (!equalValues(left, right))
      return `${where} leads to ${formatValue(left)}, as JavaScript to ${formatValue(right)}`;
    failures += failed.length;
    found.successors.forEach((state, index) => {
      const text = formatValue(complete(domainOf(plan), state));
      if (known.has(text) || known.size === limit) return;
      known.set(text, true);
      queue.push({ state, witness: reached[index]! });
    });
    return undefined;
  }

  /** One run through states and witnesses in step, by choices that depend on nothing but its number. */
  function longRun(run: number): string | undefined {
    let { state, witness } = queue[run % queue.length]!;
    let ways = 0;
    for (let step = 0; step < STEPS && ways < patience; step += 1) {
      const start = (run * 7 + step * 13) % groups.length;
      const inTurn = [...groups.slice(start), ...groups.slice(0, start)];
      let moved = false;
      for (const { instance, compiled } of inTurn) {
        const found = compiled.flatMap((one) => stepsOf(plan, state, one).successors);
        const reached = model.successors(witness, instance).flatMap((one) => (one.kind === 'state' ? [one.to] : []));
        ways += found.length;
        if (!equalValues(found.map(visible), reached.map(visibleOf))) {
          const [left, right] = [found.map(visible), reached.map(visibleOf)].map(formatValue);
          return `${compiled[0]!.label} differs at the end of a run, in ${formatValue(state)}: ${left}, as JavaScript ${right}`;
        }
        const chosen = (run + step) % Math.max(found.length, 1);
        if (found.length === 0 || equalValues(found[chosen], state)) continue;
        [state, witness] = [found[chosen]!, reached[chosen]!];
        moved = true;
        break;
      }
      if (!moved) return undefined;
    }
    return undefined;
  }

  let difference = pair('the initial step', initialSteps(plan), model.initial());
  for (let next = 0; next < queue.length && difference === undefined && transitions < patience; next += 1) {
    const { state, witness } = queue[next]!;
    difference = ofStates
      .filter(({ declared, bound }) =>
        differ(
          () => evaluatePredicate(plan, bound.id, state),
          () => model.holds(declared, witness),
        ),
      )
      .map(({ declared }) => `${declared.name ?? declared.kind} differs in ${formatValue(state)}`)[0];
    for (const { instance, compiled } of groups) {
      if (difference !== undefined) break;
      const steps = compiled.map((one) => stepsOf(plan, state, one));
      const found = {
        successors: steps.flatMap((one) => one.successors),
        failures: steps.flatMap((one) => one.failures),
      };
      transitions += found.successors.length;
      const outcomes = model.successors(witness, instance);
      difference = pair(`${compiled[0]!.label} in ${formatValue(state)}`, found, outcomes);
      const reached = outcomes.flatMap((outcome) => (outcome.kind === 'state' ? [outcome.to] : []));
      for (const { declared, bound } of difference === undefined ? ofSteps : []) {
        found.successors.forEach((next, index) => {
          const here = () => evaluatePredicate(plan, bound.id, state, next);
          if (!differ(here, () => model.holds(declared, witness, reached[index]))) return;
          difference = `${declared.name ?? declared.kind} differs from ${formatValue(state)} to ${formatValue(next)}`;
        });
      }
    }
  }
  const runs = patience < Infinity ? 1 : RUNS;
  for (let run = 0; run < runs && difference === undefined && queue.length > 0; run += 1) difference = longRun(run);
  return { states: known.size, transitions, failures, difference };
}

function domainOf(plan: Plan): Domain {
  return { kind: 'object', fields: plan.system.variables };
}

/** The instances of the plan that belong to each action or thread: one, or the steps of the thread. */
function groupsOf(plan: Plan, instances: readonly JavaScriptInstance[]) {
  const declaredActions = declarationsOf(instances, 'action');
  const declaredProcesses = declarationsOf(instances, 'process');
  const actions = plan.system.actions.filter((action) => (action.process ?? action.timeout) === undefined);
  return instances.map((instance) => {
    const { declared } = instance;
    const action = actions[declaredActions.indexOf(declared)];
    const process = plan.system.processes[declaredProcesses.indexOf(declared)];
    const belongs = (one: Instance) =>
      declared.kind === 'action'
        ? one.action === action
        : (one.action.process ?? one.action.timeout)?.name === process?.name;
    const compiled = plan.instances.filter((one) => belongs(one) && equalValues(argumentsOf(one), instance.arguments));
    // Of a process that ends before its first step there is nothing.
    if (compiled.length === 0 && process?.labels.every((label) => label === DONE) !== true) {
      throw new Error(`nothing was compiled of ${declared.name ?? declared.kind}`);
    }
    return { instance, compiled };
  });
}

function argumentsOf({ action, values }: Instance): ObjectValue {
  return Object.fromEntries(action.arguments.map(({ name }, index) => [name, values[index]]));
}

/** In the order in which the system has them; also those of which this model has no instances. */
function declarationsOf(instances: readonly JavaScriptInstance[], kind: 'action' | 'process'): readonly Declaration[] {
  const declared = instances.flatMap((one) => one.declared.spec.declarations);
  return [...new Set(declared)].filter((one) => one.kind === kind);
}

/** The label at which a thread stands in a state of the compiled model. */
function threadLabels(plan: Plan, threads: readonly JavaScriptInstance[]) {
  const processes = declarationsOf(threads, 'process');
  return (state: ObjectValue, thread: number): string => {
    const { declared, arguments: bound } = threads[thread]!;
    const process: Process = plan.system.processes[processes.indexOf(declared)]!;
    let counter: Value = state[process.counter];
    for (const { name } of process.arguments) counter = (counter as ObjectValue)[String(bound[name])];
    return plainLabel(counter as string);
  };
}

/**
 * Whether two evaluations of a predicate differ. JavaScript evaluates both sides of `implies` and of the like, so it may
 * fail where the interpreter has an answer.
 */
function differ(interpreted: () => boolean | Failure, ran: () => boolean): boolean {
  let witness: boolean | undefined;
  try {
    witness = ran();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return false;
  }
  return interpreted() !== witness;
}

/** Of several places with one label the later ones have a number. */
function plainLabel(place: string): string {
  return place.replace(/_\d+$/, '');
}

type Predicated = Declaration & { readonly kind: 'invariant' | 'sometimes' | 'terminal' | 'within' | 'step' };

function predicatesOf(
  plan: Plan,
  definition: SpecDefinition,
): readonly { declared: Predicated; bound: BoundPredicate }[] {
  const ids = {
    invariant: plan.roles.invariants,
    sometimes: plan.roles.sometimes,
    terminal: plan.roles.terminal,
    within: plan.roles.within,
    step: plan.roles.steps,
  };
  return Object.entries(ids).flatMap(([kind, list]) => {
    const declared = definition.declarations.filter((one): one is Predicated => one.kind === kind);
    // Files with models of one spec add predicates of their own to it; then nothing tells which are of this model.
    if (declared.length !== list.length) return [];
    return declared.map((one, index) => ({ declared: one, bound: plan.predicates[list[index]!]! }));
  });
}
