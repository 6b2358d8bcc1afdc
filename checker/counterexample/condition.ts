import { fold, hasNode, partsOf, rewriteExpression } from '../../dsl/ir/fold.ts';
import type { Node } from '../../dsl/ir/fold.ts';
import { equalValues, formatValue } from '../../dsl/ir/index.ts';
import type { Action, Expression, ObjectValue, Process, Value } from '../../dsl/ir/index.ts';
import { printExpression } from '../../dsl/ir/print.ts';
import { evaluateIn } from '../engine/interpreter.ts';
import type { Obstacle, Obstacles } from '../engine/interpreter/obstacle.ts';
import { actorNameOf } from '../plan/actor.ts';
import type { Instance } from '../plan/instance.ts';
import type { Plan } from '../plan/plan.ts';
import { isWrittenBy, readingsOf } from './places.ts';
import type { Reading } from './places.ts';

/**
 * What a step waits for, as a question about the state alone: arguments, choices and what its own thread remembers have
 * the values they have where it waits, and constants of the step are written out.
 */
export interface Condition {
  /** One for each way of the step, and it is true when one of them is. */
  readonly alternatives: readonly Expression[];
  /** What they read in the state that was asked about, each place once. */
  readonly readings: readonly Reading[];
  /** The variables that they may read in any state. */
  readonly variables: readonly string[];
  /** Equal for equal conditions. */
  readonly key: string;
}

/** What an instance waits for; undefined where no question about the state says it. */
export function conditionOf(
  plan: Plan,
  instance: Instance,
  { list, isCut }: Obstacles,
  state: ObjectValue,
): Condition | undefined {
  if (isCut) return undefined;
  const alternatives: Expression[] = [];
  for (const obstacle of list) {
    if (obstacle.condition === undefined) continue; // an `either` without branches: this way is never possible
    const expression = closed(plan, instance, obstacle, obstacle.condition, state);
    if (expression === undefined) return undefined;
    alternatives.push(expression);
  }
  const variables = variablesOf(plan, alternatives);
  if (list.some(({ drafted }) => variables.some((name) => drafted.has(name)))) return undefined;
  const readings = new Map<string, Reading>();
  for (const alternative of alternatives) {
    for (const reading of readingsOf(plan, alternative, state)) readings.set(reading.key, reading);
  }
  const key = alternatives.map(printExpression).sort().join('\0');
  return { alternatives, readings: [...readings.values()], variables, key };
}

/** Whether a condition is true in a state, of which only its variables are asked; what cannot be evaluated is not true. */
export function isMet(plan: Plan, { alternatives }: Condition, state: ObjectValue): boolean {
  return alternatives.some((alternative) => {
    const answer = evaluateIn(plan, alternative, NO_LOCALS, state);
    return 'value' in answer && answer.value === true;
  });
}

/** What a condition reads in a state, as a text: equal for equal values. */
export function readIn(plan: Plan, { readings }: Pick<Condition, 'readings'>, state: ObjectValue): string {
  return readings
    .map(({ probe }) => {
      const answer = evaluateIn(plan, probe, NO_LOCALS, state);
      return 'value' in answer ? formatValue(answer.value) : 'fails';
    })
    .join('\0');
}

const NO_LOCALS: ReadonlyMap<string, Value> = new Map();

/** Definitions that take more nodes than this are not written out. */
const MOST_NODES = 2000;

/** A condition without locals; undefined when it would be too long. */
function closed(
  plan: Plan,
  instance: Instance,
  { bindings }: Obstacle,
  condition: Expression,
  state: ObjectValue,
): Expression | undefined {
  const constants = constantsOf(instance.action);
  const process = plan.system.processes.find(({ name }) => name === instance.action.process?.name);
  const isOwn = ownVariableTest(plan, process, instance.values);
  const literal = (value: Value, { type, span }: Expression): Expression => ({ kind: 'literal', value, type, span });
  // What a quantifier goes over is not known inside it.
  const isKnown = (expression: Expression): boolean => {
    const bound = boundIn(expression);
    return !hasNode(expression, (one) => one.kind === 'local' && !bound.has(one.name) && !bindings.has(one.name));
  };
  // Which place it waits for only it can change: that is as good as a local.
  const isOwnIndex = (index: Expression): boolean =>
    index.kind !== 'literal' &&
    isKnown(index) &&
    readingsOf(plan, index, state).every(({ place }) => isWrittenBy(plan, place, actorNameOf(instance)));
  let nodes = 0;
  const close = (expression: Expression): Expression => {
    const bound = boundIn(expression);
    return rewriteExpression(expression, (part) => {
      nodes += 1;
      if (part.kind === 'local' && !bound.has(part.name)) {
        const definition = constants.get(part.name);
        if (definition !== undefined && nodes < MOST_NODES) return close(definition);
        return bindings.has(part.name) ? literal(bindings.get(part.name), part) : part;
      }
      if (part.kind === 'index' && isOwnIndex(part.index)) {
        const answer = evaluateIn(plan, part.index, bindings, state);
        if ('value' in answer) return { ...part, index: literal(answer.value, part.index) };
      }
      if (isOwn(part) && isKnown(part)) {
        const answer = evaluateIn(plan, part, bindings, state);
        if ('value' in answer) return literal(answer.value, part);
      }
      return part;
    });
  };
  const result = close(condition);
  return MOST_NODES < nodes ? undefined : result;
}

/** Whether an expression stands for a variable of the process, what it remembers or where it is, in its own thread. */
function ownVariableTest(
  plan: Plan,
  process: Process | undefined,
  values: readonly Value[],
): (expression: Expression) => boolean {
  if (process === undefined) return () => false;
  const own = new Set(plan.system.variables.filter((one) => one.process === process.name).map(({ name }) => name));
  const keysOf = (expression: Expression): readonly Value[] | undefined => {
    if (expression.kind === 'variable') return own.has(expression.name) ? [] : undefined;
    if (expression.kind !== 'index' || expression.index.kind !== 'literal') return undefined;
    const before = keysOf(expression.object);
    return before && [...before, expression.index.value];
  };
  return (expression) => {
    const keys = keysOf(expression);
    return keys?.length === values.length && keys.every((key, index) => equalValues(key, values[index]));
  };
}

const definitions = new WeakMap<Action, ReadonlyMap<string, Expression>>();

/** The locals of a step that are given one value, by name. */
function constantsOf(action: Action): ReadonlyMap<string, Expression> {
  const known = definitions.get(action);
  if (known !== undefined) return known;
  const lets = new Map<string, Expression>();
  const assigned = new Set<string>();
  const visit = (node: Node): void => {
    if (node.kind === 'let') lets.set(node.name, node.value);
    if (node.kind === 'assign' && node.target.root.kind === 'local') assigned.add(node.target.root.name);
    partsOf(node).forEach(visit);
  };
  action.body.forEach(visit);
  for (const name of assigned) lets.delete(name);
  definitions.set(action, lets);
  return lets;
}

/** The names that an expression binds itself. */
export function boundIn(expression: Expression): ReadonlySet<string> {
  const names = new Set<string>();
  fold<void>(expression, (node) => {
    if (node.kind === 'comprehension' || node.kind === 'fold' || node.kind === 'for') {
      names.add(node.binder);
      if (node.indexBinder !== undefined) names.add(node.indexBinder);
    }
    if (node.kind === 'fold') names.add(node.accumulator);
    if (node.kind === 'let' || node.kind === 'choose') names.add(node.name);
  });
  return names;
}

/** The variables that expressions may read; whether a step is enabled depends on all of them. */
function variablesOf({ system }: Plan, expressions: readonly Expression[]): readonly string[] {
  const read = new Set<string>();
  let asksForSteps = false;
  for (const expression of expressions) {
    fold<void>(expression, (node) => {
      if (node.kind === 'variable') read.add(node.name);
      if (node.kind === 'enabled') asksForSteps = true;
    });
  }
  return system.variables.map(({ name }) => name).filter((name) => asksForSteps || read.has(name));
}
