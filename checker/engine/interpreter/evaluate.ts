import type { Comprehension, Expression, Value } from '../../../dsl/ir/index.ts';
import { equalValues, formatValue, isArray, setOf, SetValue, valuesOf } from '../../../dsl/ir/index.ts';
import { checked } from './checked.ts';
import { execute } from './execute.ts';
import { EvaluationFailure } from './failure.ts';
import { operate } from './operate.ts';
import { outOfScope } from './local-scope.ts';
import { entryOf, fieldOf } from './part.ts';
import type { Run } from './run.ts';
import { bind } from './run.ts';
import { stepsOf } from './steps.ts';

export function evaluate(run: Run, expression: Expression): Value {
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
      return fieldIn(evaluate(run, expression.object), expression);
    case 'index': {
      const object = evaluate(run, expression.object);
      return entryOf(object, evaluate(run, expression.index), expression.span, expression.missing);
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
    case 'evaluate': {
      const { asked } = run;
      run.asked = undefined; // what an expression asks on its way is part of that expression
      execute(run, expression.body);
      const value = evaluate(run, expression.result);
      run.asked = asked;
      return value;
    }
    case 'enabled': {
      const given = expression.arguments.map((argument) => argument && { value: evaluate(run, argument) });
      return run.plan.instances.some(
        (instance) =>
          instance.action.name === expression.action &&
          given.every((argument, index) => !argument || equalValues(argument.value, instance.values[index])) &&
          stepsOf(run.plan, run.start, instance).successors.length > 0,
      );
    }
  }
}

export function evaluateBoolean(run: Run, expression: Expression): boolean {
  const value = evaluate(run, expression);
  if (typeof value === 'boolean') return value;
  throw new EvaluationFailure(`${formatValue(value)} is neither true nor false`, expression.span);
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

/** What a loop, binder or choice ranges over, in order: a domain in its own order, a set in canonical order. */
export function collectionOf(run: Run, over: Expression): { elements: readonly Value[]; isSequence: boolean } {
  if (over.kind === 'domain') return { elements: [...valuesOf(over.domain)], isSequence: false };
  const value = evaluate(run, over);
  if (value instanceof SetValue) return { elements: value.elements, isSequence: false };
  if (isArray(value)) return { elements: value, isSequence: true };
  throw new EvaluationFailure(`${formatValue(value)} is neither an array nor a set`, over.span);
}

function fieldIn(value: Value, field: Extract<Expression, { kind: 'field' }>): Value {
  const problem = value === undefined ? outOfScope(field) : undefined;
  if (problem !== undefined) throw new EvaluationFailure(problem, field.span);
  return fieldOf(value, field.name, field.span);
}
