import type { Span } from '../../dsl/diagnostics/span.ts';
import type {
  Comprehension,
  Domain,
  Expression,
  Field,
  ObjectValue,
  PathSegment,
  Place,
  Statement,
  Value,
} from '../../dsl/ir/index.ts';
import {
  cardinality,
  contains,
  defaultValue,
  equalValues,
  formatValue,
  INT_MAX,
  INT_MIN,
  isArray,
  isObject,
  setOf,
  SetValue,
  valueAt,
  valuesOf,
} from '../../dsl/ir/index.ts';
import type { BoundPredicate, Instance, Plan } from '../plan/plan.ts';
import { bindingsOf } from '../plan/plan.ts';
import { FAILED, FALSE, holdsEachBy, TRUE } from './next-state.ts';
import type { Batch, NextState, Truth } from './next-state.ts';
import { sameValue } from './same-value.ts';

/** Why a step or a predicate could not be evaluated. */
export interface Failure {
  /** One line, lower case: `index 3 is outside an array of 2`. */
  readonly message: string;
  readonly span: Span;
}

/** Everything one instance can do in one state. */
export interface Steps {
  /** One for each way its choices can go, in order, duplicates included. */
  readonly successors: readonly ObjectValue[];
  /** The branches of the plan that each of them went through. */
  readonly branches: readonly ReadonlySet<number>[];
  /** One for each failing way. */
  readonly failures: readonly Failure[];
}

/**
 * The reference engine: walks the IR on values, one node at a time. Slow and obvious; the generated engine is held
 * against it, and it replays and explains what a search found.
 */
export function interpret(plan: Plan): NextState {
  const { layout } = plan;
  const push = (steps: Steps, instance: number, out: Batch): void => {
    for (const branches of steps.branches) {
      for (const branch of branches) out.branches[branch]! += 1;
    }
    for (const successor of steps.successors) {
      const at = out.reserve();
      layout.encode(successor, out.states, at);
      out.instances[out.count] = instance;
      out.count += 1;
    }
    for (let failure = 0; failure < steps.failures.length; failure += 1) out.failures.push(instance);
  };
  const truth = (predicate: number, state: ObjectValue, next?: ObjectValue): Truth => {
    const value = evaluatePredicate(plan, predicate, state, next);
    return typeof value === 'boolean' ? (value ? TRUE : FALSE) : FAILED;
  };
  const holds = (predicate: number, states: Int32Array, at: number): Truth =>
    truth(predicate, layout.decode(states, at));
  return {
    engine: 'interpreted',
    words: layout.words,
    initial: (out) => push(initialSteps(plan), -1, out),
    successors(states, at, out) {
      const state = layout.decode(states, at);
      for (const instance of plan.instances) push(stepsOf(plan, state, instance), instance.id, out);
    },
    holds,
    holdsEach: holdsEachBy(holds),
    holdsOfStep: (predicate, states, at, nextStates, nextAt) =>
      truth(predicate, layout.decode(states, at), layout.decode(nextStates, nextAt)),
  };
}

/** The initial states, in order, and the failures of `init`. */
export function initialSteps(plan: Plan): Steps {
  const start = Object.fromEntries(plan.system.variables.map(({ name, domain }) => [name, defaultValue(domain)]));
  return allWays(plan, plan.system.init, start, new Map());
}

/** Everything an instance can do in a state. */
export function stepsOf(plan: Plan, state: ObjectValue, instance: Instance): Steps {
  return allWays(plan, instance.action.body, state, bindingsOf(instance));
}

/** The value of a predicate in a state (or of a step to `next`), or why it has none. */
export function evaluatePredicate(
  plan: Plan,
  predicate: number,
  state: ObjectValue,
  next?: ObjectValue,
): boolean | Failure {
  const bound: BoundPredicate | undefined = plan.predicates[predicate];
  if (!bound) throw new RangeError(`no predicate ${predicate} in the plan`);
  const value = evaluateIn(plan, bound.expression, bound.bindings, state, next);
  if (!('value' in value)) return value;
  return typeof value.value === 'boolean'
    ? value.value
    : { message: `${formatValue(value.value)} is neither true nor false`, span: bound.expression.span };
}

/** The value of any expression over the state and the given locals, or why it has none. */
export function evaluateIn(
  plan: Plan,
  expression: Expression,
  bindings: ReadonlyMap<string, Value>,
  state: ObjectValue,
  next?: ObjectValue,
): { readonly value: Value } | Failure {
  const run = newRun(plan, state, new Map(bindings), next);
  try {
    return { value: evaluate(run, expression) };
  } catch (error) {
    if (error instanceof EvaluationFailure) return { message: error.message, span: error.span };
    throw error;
  }
}

/** What kept a step from being possible. */
export interface Obstacle {
  /** The smallest part of the guard that is false: a conjunct of a `when`, or a choice among nothing. */
  readonly span: Span;
  readonly kind: 'when' | 'choose';
  /** The false conjunct; absent for a choice among nothing. */
  readonly condition?: Expression;
  /** The locals in scope there, so that the condition can be evaluated and explained. */
  readonly bindings: ReadonlyMap<string, Value>;
}

/**
 * Why an instance has no step in a state: the first obstacle of the first way through it, or undefined when that way
 * is possible or fails.
 */
export function whyNot(plan: Plan, state: ObjectValue, instance: Instance): Obstacle | undefined {
  const locals = new Map(bindingsOf(instance));
  const run = newRun(plan, state, locals);
  try {
    execute(run, instance.action.body);
    return undefined;
  } catch (error) {
    if (error instanceof EvaluationFailure) return undefined;
    if (!(error instanceof Impossible)) throw error;
    if (error.condition === undefined) return { kind: 'choose', span: error.span, bindings: locals };
    const condition = falseConjunct(run, error.condition);
    return { kind: 'when', span: condition.span, condition, bindings: locals };
  }
}

/** Descends from a false condition to the first conjunct that is false. */
function falseConjunct(run: Run, condition: Expression): Expression {
  if (condition.kind !== 'and') return condition;
  return falseConjunct(run, evaluate(run, condition.left) === false ? condition.left : condition.right);
}

/** One run of a step or predicate. `state` is replaced by assignments, never mutated. */
interface Run {
  readonly plan: Plan;
  state: ObjectValue;
  readonly next: ObjectValue | undefined;
  readonly locals: Map<string, Value>;
  /** Of the locals that `let` has declared. */
  readonly domains: Map<string, Domain>;
  readonly odometer: Odometer;
  /** The branches gone through so far. */
  readonly branches: Set<number>;
}

function newRun(
  plan: Plan,
  state: ObjectValue,
  locals: Map<string, Value>,
  next?: ObjectValue,
  odometer = new Odometer(),
): Run {
  return { plan, state, next, locals, domains: new Map(), odometer, branches: new Set() };
}

/** The choices of a run, and from them the choices of the next one: the last that can advance does. */
class Odometer {
  private readonly digits: number[] = [];
  private readonly radices: number[] = [];
  private position = 0;

  /** The next digit, of a choice among `radix` alternatives, at least 1. */
  choose(radix: number): number {
    const position = this.position++;
    if (position === this.digits.length) this.digits.push(0);
    this.radices[position] = radix;
    return this.digits[position]!;
  }

  /** Moves on to the next combination; false when there is none. */
  advance(): boolean {
    this.digits.length = this.position;
    this.position = 0;
    while (0 < this.digits.length) {
      const last = this.digits.length - 1;
      if (this.digits[last]! + 1 < this.radices[last]!) {
        this.digits[last]! += 1;
        return true;
      }
      this.digits.pop();
    }
    return false;
  }
}

/** The step is not possible: a `when` is false, or there is nothing to choose from. */
class Impossible extends Error {
  constructor(
    readonly span: Span,
    readonly condition: Expression | undefined,
  ) {
    super('the step is not possible');
  }
}

/** Evaluation has no answer; becomes a {@link Failure} before it leaves this file. */
class EvaluationFailure extends Error {
  constructor(
    message: string,
    readonly span: Span,
  ) {
    super(message);
  }
}

function allWays(
  plan: Plan,
  body: readonly Statement[],
  state: ObjectValue,
  bindings: ReadonlyMap<string, Value>,
): Steps {
  const successors: ObjectValue[] = [];
  const branches: ReadonlySet<number>[] = [];
  const failures: Failure[] = [];
  const odometer = new Odometer();
  do {
    const run = newRun(plan, state, new Map(bindings), undefined, odometer);
    try {
      execute(run, body);
      successors.push(run.state);
      branches.push(run.branches);
    } catch (error) {
      if (error instanceof EvaluationFailure) failures.push({ message: error.message, span: error.span });
      else if (!(error instanceof Impossible)) throw error;
    }
  } while (odometer.advance());
  return { successors, branches, failures };
}

/** Runs statements in order; the label of the block to leave when an `exit` ended them, else undefined. */
function execute(run: Run, body: readonly Statement[]): string | undefined {
  const branch = run.plan.branches.ofBody.get(body);
  if (branch !== undefined) run.branches.add(branch);
  for (const statement of body) {
    const exit = executeOne(run, statement);
    if (exit !== undefined) return exit;
  }
  return undefined;
}

function executeOne(run: Run, statement: Statement): string | undefined {
  switch (statement.kind) {
    case 'assign':
      assign(run, statement.target, statement.value);
      return undefined;
    case 'let':
      run.locals.set(statement.name, checked(evaluate(run, statement.value), statement.domain, statement.span));
      run.domains.set(statement.name, statement.domain);
      return undefined;
    case 'if':
      return execute(run, evaluateBoolean(run, statement.condition) ? statement.whenTrue : statement.whenFalse);
    case 'for': {
      const { elements } = collectionOf(run, statement.over);
      for (const [index, element] of elements.entries()) {
        bind(run, statement, index, element);
        const exit = execute(run, statement.body);
        if (exit !== undefined) return exit;
      }
      return undefined;
    }
    case 'loop':
      for (let started = 0; started < statement.bound; started += 1) {
        const exit = execute(run, statement.body);
        if (exit !== undefined) return exit;
      }
      throw new EvaluationFailure(`the loop does not end within ${statement.bound} rounds`, statement.span);
    case 'block': {
      const exit = execute(run, statement.body);
      return exit === statement.label ? undefined : exit;
    }
    case 'exit':
      return statement.label;
    case 'when':
      if (!evaluateBoolean(run, statement.condition)) throw new Impossible(statement.span, statement.condition);
      return undefined;
    case 'verify':
      if (!evaluateBoolean(run, statement.condition)) {
        throw new EvaluationFailure(`verify failed: ${statement.message}`, statement.span);
      }
      return undefined;
    case 'choose': {
      const { size, at } = choicesOf(run, statement.from);
      if (size === 0) throw new Impossible(statement.span, undefined);
      const chosen = at(run.odometer.choose(size));
      run.locals.set(statement.name, checked(chosen, statement.domain, statement.span));
      return undefined;
    }
    case 'either': {
      if (statement.branches.length === 0) throw new Impossible(statement.span, undefined);
      return execute(run, statement.branches[run.odometer.choose(statement.branches.length)]!);
    }
  }
}

function assign(run: Run, target: Place, value: Expression): void {
  const { root } = target;
  const path = target.path.map((segment): ResolvedSegment => {
    if (segment.kind === 'field') return { segment, key: segment.name };
    return { segment, key: evaluate(run, segment.index) };
  });
  const old = root.kind === 'variable' ? run.state[root.name] : run.locals.get(root.name);
  reach(old, path, target.span);
  const given = checked(evaluate(run, value), target.domain, target.span);
  // The cases of a variant may have fields of one name and different domains, which only the whole can tell apart.
  const updated = checked(replaced(old, path, given), domainOf(run, root), target.span);
  if (root.kind === 'variable') run.state = { ...run.state, [root.name]: updated };
  else run.locals.set(root.name, updated);
}

function domainOf(run: Run, root: Place['root']): Domain {
  const domain =
    root.kind === 'local'
      ? run.domains.get(root.name)
      : run.plan.system.variables.find((variable) => variable.name === root.name)?.domain;
  if (domain === undefined) throw new Error(`no ${root.kind} \`${root.name}\` to assign to`);
  return domain;
}

interface ResolvedSegment {
  readonly segment: PathSegment;
  readonly key: Value;
}

/** Fails unless there is something at the end of the path. */
function reach(start: Value, path: readonly ResolvedSegment[], span: Span): void {
  let value = start;
  for (const { segment, key } of path) {
    value = segment.kind === 'field' ? fieldOf(value, segment.name, span) : entryOf(value, key, segment.index.span);
  }
}

/** `value` with `given` at the end of a path that {@link reach} has followed. */
function replaced(value: Value, path: readonly ResolvedSegment[], given: Value): Value {
  const [first, ...rest] = path;
  if (!first) return given;
  if (isArray(value)) return value.with(first.key as number, replaced(value[first.key as number], rest, given));
  const key = String(first.key);
  const object = value as ObjectValue;
  return { ...object, [key]: replaced(object[key], rest, given) };
}

function evaluate(run: Run, expression: Expression): Value {
  switch (expression.kind) {
    case 'literal':
    case 'parameter':
      return expression.value;
    case 'variable': {
      const state = expression.next ? run.next : run.state;
      if (state === undefined) throw new Error(`\`${expression.name}\` of the next state outside a step property`);
      return state[expression.name];
    }
    case 'local':
      if (!run.locals.has(expression.name)) throw new Error(`no local \`${expression.name}\``);
      return run.locals.get(expression.name);
    case 'field':
      return fieldOf(evaluate(run, expression.object), expression.name, expression.span);
    case 'index': {
      const object = evaluate(run, expression.object);
      return entryOf(object, evaluate(run, expression.index), expression.span);
    }
    case 'not':
      return !evaluateBoolean(run, expression.operand);
    case 'and':
      return evaluateBoolean(run, expression.left) && evaluateBoolean(run, expression.right);
    case 'or':
      return evaluateBoolean(run, expression.left) || evaluateBoolean(run, expression.right);
    case 'implies':
      return !evaluateBoolean(run, expression.left) || evaluateBoolean(run, expression.right);
    case 'conditional':
      return evaluate(run, evaluateBoolean(run, expression.condition) ? expression.whenTrue : expression.whenFalse);
    case 'operation':
      return operate(run, expression);
    case 'object':
      return Object.fromEntries(expression.fields.map((field) => [field.name, evaluate(run, field.value)]));
    case 'array':
      return expression.elements.map((element) => evaluate(run, element));
    case 'set':
      return setOf(expression.elements.map((element) => evaluate(run, element)));
    case 'domain':
      return setOf(valuesOf(expression.domain));
    case 'comprehension':
      return comprehend(run, expression);
    case 'fold': {
      const { elements } = collectionOf(run, expression.over);
      let accumulator = evaluate(run, expression.initial);
      for (const [index, element] of elements.entries()) {
        run.locals.set(expression.accumulator, accumulator);
        bind(run, expression, index, element);
        accumulator = evaluate(run, expression.body);
      }
      return accumulator;
    }
    case 'evaluate':
      execute(run, expression.body);
      return evaluate(run, expression.result);
    case 'enabled': {
      const given = expression.arguments.map((argument) => argument && { value: evaluate(run, argument) });
      return run.plan.instances.some(
        (instance) =>
          instance.action.name === expression.action &&
          given.every((argument, index) => !argument || equalValues(argument.value, instance.values[index])) &&
          stepsOf(run.plan, run.state, instance).successors.some((successor) => !equalValues(successor, run.state)),
      );
    }
  }
}

function comprehend(run: Run, expression: Expression & Comprehension): Value {
  const { elements, isSequence } = collectionOf(run, expression.over);
  const each = <T>(use: (element: Value, index: number) => T | undefined): T | undefined => {
    for (const [index, element] of elements.entries()) {
      bind(run, expression, index, element);
      const answer = use(element, index);
      if (answer !== undefined) return answer;
    }
    return undefined;
  };
  const test = (): boolean => evaluateBoolean(run, expression.body);
  switch (expression.operator) {
    case 'all':
      return each(() => (test() ? undefined : false)) ?? true;
    case 'some':
      return each(() => (test() ? true : undefined)) ?? false;
    case 'count': {
      let count = 0;
      each(() => void (count += test() ? 1 : 0));
      return count;
    }
    case 'find':
      return each((element) => (test() ? { element } : undefined))?.element;
    case 'findIndex':
      return each((_, index) => (test() ? index : undefined)) ?? -1;
    case 'filter':
    case 'map': {
      const kept: Value[] = [];
      each((element) => {
        if (expression.operator === 'map') kept.push(evaluate(run, expression.body));
        else if (test()) kept.push(element);
        return undefined;
      });
      return isSequence ? kept : setOf(kept);
    }
    case 'record': {
      const entries: [string, Value][] = [];
      each((element) => void entries.push([String(element), evaluate(run, expression.body)]));
      return checked(Object.fromEntries(entries), expression.type, expression.span);
    }
  }
}

function bind(run: Run, binders: { binder: string; indexBinder?: string }, index: number, element: Value): void {
  run.locals.set(binders.binder, element);
  if (binders.indexBinder !== undefined) run.locals.set(binders.indexBinder, index);
}

/** What a loop, binder or choice ranges over, in order: a domain in its own order, a set in canonical order. */
function collectionOf(run: Run, over: Expression): { elements: readonly Value[]; isSequence: boolean } {
  if (over.kind === 'domain') return { elements: [...valuesOf(over.domain)], isSequence: false };
  const value = evaluate(run, over);
  if (value instanceof SetValue) return { elements: value.elements, isSequence: false };
  if (isArray(value)) return { elements: value, isSequence: true };
  throw new EvaluationFailure(`${formatValue(value)} is neither an array nor a set`, over.span);
}

/** As {@link collectionOf}, but never lists a whole domain. */
function choicesOf(run: Run, from: Expression): { size: number; at: (index: number) => Value } {
  if (from.kind === 'domain') {
    return { size: cardinality(from.domain), at: (index) => valueAt(from.domain, index) };
  }
  const { elements } = collectionOf(run, from);
  return { size: elements.length, at: (index) => elements[index] };
}

function fieldOf(value: Value, name: string, span: Span): Value {
  if (!isObject(value)) throw new EvaluationFailure(`${formatValue(value)} has no field \`${name}\``, span);
  if (!Object.hasOwn(value, name)) {
    throw new EvaluationFailure(`${formatValue(value)} has no field \`${name}\``, span);
  }
  return value[name];
}

function entryOf(value: Value, key: Value, span: Span): Value {
  if (isArray(value)) {
    const inside = typeof key === 'number' && 0 <= key && key < value.length;
    if (!inside) throw new EvaluationFailure(`index ${formatValue(key)} is outside an array of ${value.length}`, span);
    return value[key];
  }
  if (!isObject(value)) throw new EvaluationFailure(`${formatValue(value)} has no entries`, span);
  if (!Object.hasOwn(value, String(key))) {
    throw new EvaluationFailure(`${formatValue(key)} is no key of the record`, span);
  }
  return value[String(key)];
}

function evaluateBoolean(run: Run, expression: Expression): boolean {
  const value = evaluate(run, expression);
  if (typeof value === 'boolean') return value;
  throw new EvaluationFailure(`${formatValue(value)} is neither true nor false`, expression.span);
}

function operate(run: Run, expression: Expression & { kind: 'operation' }): Value {
  const { operator, operands, span } = expression;
  if (operator === 'includes' && operands[0]!.kind === 'domain') {
    return contains(operands[0]!.domain, evaluate(run, operands[1]!));
  }
  if (operator === 'toArray' && operands[0]!.kind === 'domain') return [...valuesOf(operands[0]!.domain)];
  const values = operands.map((operand) => evaluate(run, operand));
  const fail = (message: string): never => {
    throw new EvaluationFailure(message, span);
  };
  const wrong = (value: Value, wanted: string, index: number): never => {
    throw new EvaluationFailure(`${formatValue(value)} is not ${wanted}`, operands[index]!.span);
  };
  const int = (index: number): number => {
    const value = values[index];
    return typeof value === 'number' ? value : wrong(value, 'a number', index);
  };
  const array = (index: number): readonly Value[] => {
    const value = values[index];
    return isArray(value) ? value : wrong(value, 'an array', index);
  };
  const set = (index: number): SetValue => {
    const value = values[index];
    return value instanceof SetValue ? value : wrong(value, 'a set', index);
  };
  const collection = (index: number): readonly Value[] => {
    const value = values[index];
    return value instanceof SetValue
      ? value.elements
      : isArray(value)
        ? value
        : wrong(value, 'an array or a set', index);
  };
  const has = (list: readonly Value[], value: Value): boolean => list.some((one) => sameValue(one, value));
  /** Exact results are doubles; adding 0 turns -0 into 0. */
  const inRange = (result: number): number =>
    INT_MIN <= result && result <= INT_MAX ? result + 0 : fail(`${result} is outside the 32-bit integers`);
  const divisor = (): number => (int(1) === 0 ? fail('division by zero') : int(1));

  switch (operator) {
    case 'add':
      return inRange(int(0) + int(1));
    case 'subtract':
      return inRange(int(0) - int(1));
    case 'multiply':
      return inRange(int(0) * int(1));
    case 'divide':
      return inRange(Math.floor(int(0) / divisor()));
    case 'truncate':
      return inRange(Math.trunc(int(0) / divisor()));
    case 'remainder':
      return inRange(int(0) % divisor());
    case 'negate':
      return inRange(-int(0));
    case 'absolute':
      return inRange(Math.abs(int(0)));
    case 'minimum':
      return Math.min(...values.map((_, index) => int(index)));
    case 'maximum':
      return Math.max(...values.map((_, index) => int(index)));
    case 'equal':
      return sameValue(values[0], values[1]);
    case 'notEqual':
      return !sameValue(values[0], values[1]);
    case 'less':
      return int(0) < int(1);
    case 'lessOrEqual':
      return int(0) <= int(1);
    case 'greater':
      return int(0) > int(1);
    case 'greaterOrEqual':
      return int(0) >= int(1);
    case 'size':
      return collection(0).length;
    case 'includes':
      return has(collection(0), values[1]);
    case 'indexOf':
      return array(0).findIndex((element) => sameValue(element, values[1]));
    case 'at':
      return array(0).at(int(1));
    case 'slice':
      return array(0).slice(int(1), values.length < 3 ? undefined : int(2));
    case 'concat':
      return values.flatMap((_, index) => array(index));
    case 'union':
      return setOf(values.flatMap((_, index) => set(index).elements));
    case 'intersection':
    case 'difference': {
      const [left, right] = [set(0).elements, set(1).elements];
      return setOf(left.filter((element) => has(right, element) === (operator === 'intersection')));
    }
    case 'subset': {
      const [left, right] = [set(0).elements, set(1).elements];
      return left.every((element) => has(right, element));
    }
    case 'toSet':
      return setOf(collection(0));
    case 'toArray':
      return collection(0);
    case 'with': {
      const [object, key] = values;
      entryOf(object, key, span);
      return isArray(object)
        ? object.with(key as number, values[2])
        : { ...(object as ObjectValue), [String(key)]: values[2] };
    }
  }
}

/** A value that is put into a place of the domain; optional fields that were left out become undefined. */
function checked(value: Value, domain: Domain, span: Span): Value {
  if (contains(domain, value)) return completed(domain, value);
  throw new EvaluationFailure(`${formatValue(value)} is outside ${describeDomain(domain)}`, span);
}

function completed(domain: Domain, value: Value): Value {
  switch (domain.kind) {
    case 'object':
      return completedFields(domain.fields, value as ObjectValue);
    case 'variant': {
      const object = value as ObjectValue;
      const tag = object[domain.discriminator];
      const fields = domain.cases.find((one) => one.tag === tag)!.fields;
      return { [domain.discriminator]: tag, ...completedFields(fields, object) };
    }
    case 'union':
      return completed(
        domain.members.find((member) => contains(member, value))!,
        value,
      );
    case 'tuple':
      return (value as readonly Value[]).map((item, index) => completed(domain.items[index]!, item));
    case 'array':
      return (value as readonly Value[]).map((element) => completed(domain.element, element));
    case 'record':
      return Object.fromEntries(
        Object.entries(value as ObjectValue).map(([key, entry]) => [key, completed(domain.value, entry)]),
      );
    case 'set':
      return setOf((value as SetValue).elements.map((element) => completed(domain.element, element)));
    default:
      return value;
  }
}

function completedFields(fields: readonly Field[], value: ObjectValue): ObjectValue {
  return Object.fromEntries(fields.map((field) => [field.name, completed(field.domain, value[field.name])]));
}

/** A domain in a failure's message. */
function describeDomain(domain: Domain): string {
  switch (domain.kind) {
    case 'int':
      return `${domain.min} … ${domain.max}`;
    case 'enum':
      return domain.values.join(' | ');
    case 'ids':
      return domain.name;
    case 'union':
      return domain.members.map(describeDomain).join(' | ');
    case 'array':
      return domain.minLength === domain.maxLength
        ? `arrays of ${domain.maxLength}`
        : `arrays of ${domain.minLength} … ${domain.maxLength}`;
    case 'set':
      return `sets of ${describeDomain(domain.element)}`;
    case 'boolean':
    case 'null':
    case 'undefined':
      return domain.kind;
    default:
      return `the ${domain.kind} declared for it`;
  }
}
