import { hasNode } from '../../ir/fold.ts';
import type { Node } from '../../ir/fold.ts';
import type { Expression, Value } from '../../ir/index.ts';
import { membersOf } from '../../ir/part.ts';
import { rigidValue } from '../rigid.ts';
import { canFail } from '../tlaplus/failure.ts';
import type { Facts, Locals } from './facts.ts';
import { isSurelyNonempty, possibleOperation } from './operator.ts';
import type { Possible } from './possible.ts';
import {
  isNothing,
  joined,
  NOTHING,
  onlyValue,
  possibleEntries,
  possibleObject,
  possibleOf,
  possibleScalars,
  possibleValue,
  UNKNOWN,
  within,
} from './possible.ts';
import { simplifiedStatements } from './statement.ts';

/** An expression with what is known put in, and what it can yield. */
interface Simplified {
  readonly expression: Expression;
  readonly possible: Possible;
}

const TRUTHS = possibleScalars([false, true]);

/** The same value in fewer words, wherever the facts hold. */
export function simplified(facts: Facts, locals: Locals, expression: Expression): Simplified {
  const looked = look(facts, locals, expression);
  const { expression: made } = looked;
  if (facts.shared !== undefined && !isSettled(made)) return { expression: made, possible: UNKNOWN };
  const possible = within(looked.possible, made.type);
  if (made.kind === 'literal' || made.kind === 'domain') return { expression: made, possible };
  if (made.kind === 'local' || made.kind === 'parameter') return { expression: made, possible };
  const only = onlyValue(possible, made.type);
  if (only === undefined || canFail(made)) return { expression: made, possible };
  return { expression: literal(made, only.value), possible };
}

/** What says the same whatever a system is like otherwise. */
function isSettled(expression: Expression): boolean {
  switch (expression.kind) {
    case 'literal': // the ids of a set are a literal as well, and others have other ids
      return typeof expression.value !== 'object' || expression.value === null;
    case 'operation':
      return expression.operands.every((one) => one.kind === 'literal' && isSettled(one));
    case 'comprehension':
      return expression.operator === 'all' || expression.operator === 'some';
    default:
      return false;
  }
}

/** A condition, and whether it is known. */
export function simplifiedCondition(
  facts: Facts,
  locals: Locals,
  condition: Expression,
): { readonly expression: Expression; readonly known: boolean | undefined } {
  const { expression } = simplified(facts, locals, condition);
  const known = expression.kind === 'literal' && typeof expression.value === 'boolean' ? expression.value : undefined;
  return { expression, known };
}

export function literal({ span, type }: Expression, value: Value): Expression {
  return { kind: 'literal', value, type, span };
}

function look(facts: Facts, locals: Locals, expression: Expression): Simplified {
  const go = (part: Expression): Simplified => simplified(facts, locals, part);
  const all = (parts: readonly Expression[]): Simplified[] => parts.map(go);
  const unknown = (made: Expression): Simplified => ({ expression: made, possible: possibleOf(made.type) });
  switch (expression.kind) {
    case 'literal':
      return { expression, possible: possibleValue(expression.value, expression.type) };
    case 'parameter': {
      if (facts.shared?.has(expression.name) === false) return { expression, possible: UNKNOWN };
      // What is larger than a number or a word is known by its name.
      const isLarge = typeof expression.value === 'object' && expression.value !== null;
      const made = isLarge ? expression : literal(expression, expression.value);
      return { expression: made, possible: possibleValue(expression.value, expression.type) };
    }
    case 'variable':
      return { expression, possible: facts.variables.get(expression.name)! };
    case 'local': {
      const local = locals.get(expression.name);
      const { literal: named } = local ?? {};
      return {
        expression: named === undefined ? expression : { ...named, span: expression.span },
        possible: local?.possible ?? possibleOf(expression.type),
      };
    }
    case 'domain':
      return { expression, possible: possibleEntries(possibleOf(expression.domain)) };
    case 'field': {
      const object = go(expression.object);
      const isEntry = membersOf(expression.object.type).some(({ kind }) => kind === 'record');
      const part = isEntry ? object.possible.entries : object.possible.fields.get(expression.name);
      const made = { ...expression, object: object.expression };
      const known = knownScalar(facts, made);
      if (known !== undefined) return go(known);
      return { expression: made, possible: part ?? possibleOf(expression.type) };
    }
    case 'index': {
      const object = go(expression.object);
      const made = { ...expression, object: object.expression, index: go(expression.index).expression };
      const known = knownScalar(facts, made);
      if (known !== undefined) return go(known);
      return { expression: made, possible: object.possible.entries ?? possibleOf(expression.type) };
    }
    case 'not': {
      const { expression: operand } = go(expression.operand);
      if (operand.kind === 'literal') return go(literal(expression, operand.value === false));
      return unknown({ ...expression, operand });
    }
    case 'and':
    case 'or': {
      const settling = expression.kind === 'or';
      const left = go(expression.left).expression;
      if (left.kind === 'literal') return left.value === settling ? go(left) : go(expression.right);
      const right = go(expression.right).expression;
      if (right.kind === 'literal' && right.value !== settling) return { expression: left, possible: TRUTHS };
      if (right.kind === 'literal' && !canFail(left)) return go(right);
      return unknown({ ...expression, left, right });
    }
    case 'implies': {
      const left = go(expression.left).expression;
      if (left.kind === 'literal') return left.value === true ? go(expression.right) : go(literal(expression, true));
      const right = go(expression.right).expression;
      if (right.kind === 'literal' && right.value === true && !canFail(left)) return go(right);
      if (right.kind === 'literal' && right.value === false) {
        return unknown({ kind: 'not', operand: left, type: expression.type, span: expression.span });
      }
      return unknown({ ...expression, left, right });
    }
    case 'conditional': {
      const condition = go(expression.condition).expression;
      if (condition.kind === 'literal')
        return go(condition.value === true ? expression.whenTrue : expression.whenFalse);
      const [whenTrue, whenFalse] = [go(expression.whenTrue), go(expression.whenFalse)];
      return {
        expression: { ...expression, condition, whenTrue: whenTrue.expression, whenFalse: whenFalse.expression },
        possible: joined(whenTrue.possible, whenFalse.possible),
      };
    }
    case 'operation': {
      const operands = all(expression.operands);
      const made = { ...expression, operands: operands.map((one) => one.expression) };
      return {
        expression: made,
        possible: possibleOperation(
          made,
          operands.map((one) => one.possible),
        ),
      };
    }
    case 'object': {
      const fields = expression.fields.map((field) => ({ field, made: go(field.value) }));
      const isRecord = membersOf(expression.type).some(({ kind }) => kind === 'record');
      const parts = fields.map(({ field, made }) => [field.name, made.possible] as const);
      const missing = membersOf(expression.type).flatMap((member) =>
        member.kind === 'object'
          ? member.fields.filter((one) => !fields.some(({ field }) => field.name === one.name))
          : [],
      );
      return {
        expression: {
          ...expression,
          fields: fields.map(({ field, made }) => ({ ...field, value: made.expression })),
        },
        possible: isRecord
          ? possibleEntries(parts.map(([, one]) => one).reduce(joined, NOTHING))
          : possibleObject([...parts, ...missing.map(({ name }) => [name, possibleScalars([undefined])] as const)]),
      };
    }
    case 'array':
    case 'set': {
      const elements = all(expression.elements);
      return {
        expression: { ...expression, elements: elements.map((one) => one.expression) },
        possible: possibleEntries(elements.map((one) => one.possible).reduce(joined, NOTHING)),
      };
    }
    case 'comprehension':
      return comprehension(facts, locals, expression);
    case 'fold': {
      const over = go(expression.over);
      const initial = go(expression.initial).expression;
      const element = over.possible.entries ?? NOTHING;
      if (isNothing(element) && !canFail(over.expression)) return go(expression.initial);
      const inside = bound(locals, [
        [expression.accumulator, possibleOf(expression.type), expression.type],
        [expression.binder, element, undefined],
        [expression.indexBinder, { ...NOTHING, scalars: 'any' }, undefined],
      ]);
      return unknown({
        ...expression,
        over: over.expression,
        initial,
        body: simplified(facts, inside, expression.body).expression,
      });
    }
    case 'evaluate': {
      const body = simplifiedStatements(facts, locals, expression.body, new Map());
      if (body.locals === undefined) return unknown({ ...expression, body: body.statements });
      const result = simplified(facts, body.locals, expression.result);
      if (body.statements.length === 0) return result;
      return {
        expression: { ...expression, body: body.statements, result: result.expression },
        possible: result.possible,
      };
    }
    case 'enabled': {
      if (facts.dropped.has(expression.action)) return go(literal(expression, false));
      return unknown({
        ...expression,
        arguments: expression.arguments.map((one) => one && go(one).expression),
      });
    }
  }
}

/** A number or a word in something fixed, at a place that is known. */
function knownScalar({ shared }: Facts, part: Expression): Expression | undefined {
  const isOfModel = (node: Node): boolean => node.kind === 'parameter' || node.kind === 'domain';
  if (shared !== undefined && hasNode(part, isOfModel)) return undefined;
  const known = rigidValue(part);
  const isPlain = known !== undefined && (typeof known.value !== 'object' || known.value === null);
  return isPlain ? literal(part, known.value) : undefined;
}

function comprehension(facts: Facts, locals: Locals, expression: Expression & { kind: 'comprehension' }): Simplified {
  const over = simplified(facts, locals, expression.over);
  const element = over.possible.entries ?? NOTHING;
  const isEmpty = isNothing(element) && !canFail(over.expression);
  const inside = bound(locals, [
    [expression.binder, element, undefined],
    [expression.indexBinder, { ...NOTHING, scalars: 'any' }, undefined],
  ]);
  const body = simplified(facts, inside, expression.body);
  const made: Expression = { ...expression, over: over.expression, body: body.expression };
  const known = body.expression.kind === 'literal' ? body.expression.value : undefined;
  const truth = (value: boolean): Simplified => ({ expression: made, possible: possibleScalars([value]) });
  const isSure = facts.shared === undefined && isSurelyNonempty(over.expression) && !canFail(over.expression);
  switch (expression.operator) {
    case 'all':
      if (isEmpty || known === true) return truth(true);
      return known === false && isSure ? truth(false) : { expression: made, possible: TRUTHS };
    case 'some':
      if (isEmpty || known === false) return truth(false);
      return known === true && isSure ? truth(true) : { expression: made, possible: TRUTHS };
    case 'count':
      if (isEmpty || known === false) return { expression: made, possible: possibleScalars([0]) };
      break;
    case 'filter':
      return { expression: made, possible: possibleEntries(isEmpty || known === false ? NOTHING : element) };
    case 'map':
    case 'record':
      return { expression: made, possible: possibleEntries(isEmpty ? NOTHING : body.possible) };
    case 'find':
      return { expression: made, possible: joined(isEmpty ? NOTHING : element, possibleScalars([undefined])) };
    case 'findIndex':
      break;
  }
  return { expression: made, possible: possibleOf(made.type) };
}

function bound(
  locals: Locals,
  names: readonly (readonly [string | undefined, Possible, Expression['type'] | undefined])[],
): Locals {
  const inside = new Map(locals);
  for (const [name, possible, domain] of names) {
    if (name !== undefined) inside.set(name, { possible, domain: domain ?? { kind: 'never' } });
  }
  return inside;
}
