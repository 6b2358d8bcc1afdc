import type { Span } from '../../diagnostics/span.ts';
import type { Domain } from '../domain.ts';
import { contains } from '../enumerate.ts';
import type { Expression, Operator } from '../expression.ts';
import { equalValues } from '../value.ts';
import type { Check } from './check.ts';
import { checkOnce, namesOf } from './check.ts';
import { checkDomain } from './domain.ts';
import { checkReference } from './formula.ts';
import type { Context } from './scope.ts';
import { Scope } from './scope.ts';
import { checkStatement } from './statement.ts';

export function checkExpression(check: Check, expression: Expression, scope: Scope, place: Context): void {
  const { span, type } = expression;
  check.span(span);
  checkDomain(check, type);
  switch (expression.kind) {
    case 'literal':
      if (!contains(type, expression.value)) check.problem(`a literal that is not in its own type`, span);
      return;
    case 'parameter': {
      const { parameters, constants } = check.system;
      const parameter = [...parameters, ...constants].find(({ name }) => name === expression.name);
      if (!contains(type, expression.value)) check.problem('a parameter that is not in its own type', span);
      if (parameter === undefined) check.problem(`there is no parameter \`${expression.name}\``, span);
      else if (!equalValues(parameter.value, expression.value)) {
        check.problem(`parameter \`${expression.name}\` has another value here`, span);
      }
      return;
    }
    case 'variable':
      if (!check.variables.has(expression.name)) check.problem(`there is no variable \`${expression.name}\``, span);
      if (expression.next && !place.next)
        check.problem(`the next \`${expression.name}\` outside a step property`, span);
      return;
    case 'local':
      if (scope.local(expression.name) === undefined)
        check.problem(`there is no local \`${expression.name}\` here`, span);
      return;
    case 'field':
      checkExpression(check, expression.object, scope, place);
      expectKind(check, expression.object, ['object', 'variant'], 'an object');
      return;
    case 'index':
      checkExpression(check, expression.object, scope, place);
      checkExpression(check, expression.index, scope, place);
      expectKind(check, expression.object, ['array', 'tuple', 'record'], 'an array or a record');
      return;
    case 'not':
      checkBoolean(check, expression.operand, scope, place);
      expectKind(check, expression, ['boolean'], 'a boolean');
      return;
    case 'and':
    case 'or':
    case 'implies':
      checkBoolean(check, expression.left, scope, place);
      checkBoolean(check, expression.right, scope, place);
      expectKind(check, expression, ['boolean'], 'a boolean');
      return;
    case 'conditional':
      checkBoolean(check, expression.condition, scope, place);
      checkExpression(check, expression.whenTrue, scope, place);
      checkExpression(check, expression.whenFalse, scope, place);
      return;
    case 'operation':
      checkOperation(check, expression.operator, expression.operands, span);
      for (const operand of expression.operands) checkExpression(check, operand, scope, place);
      return;
    case 'object':
      checkOnce(check, 'field', namesOf(expression.fields));
      for (const field of expression.fields) checkExpression(check, field.value, scope, place);
      return;
    case 'array':
    case 'set':
      for (const element of expression.elements) checkExpression(check, element, scope, place);
      return;
    case 'domain':
      checkDomain(check, expression.domain);
      return;
    case 'comprehension': {
      const element = checkCollection(check, expression.over, scope, place);
      const inner = new Scope(scope);
      inner.declare(check, expression.binder, false, element, span);
      if (expression.indexBinder !== undefined) inner.declare(check, expression.indexBinder, false, undefined, span);
      checkExpression(check, expression.body, inner, place);
      if (expression.operator !== 'map' && expression.operator !== 'record') {
        expectKind(check, expression.body, ['boolean'], 'a boolean');
      }
      return;
    }
    case 'fold': {
      const element = checkCollection(check, expression.over, scope, place);
      checkExpression(check, expression.initial, scope, place);
      const inner = new Scope(scope);
      inner.declare(check, expression.accumulator, false, undefined, span);
      inner.declare(check, expression.binder, false, element, span);
      if (expression.indexBinder !== undefined) inner.declare(check, expression.indexBinder, false, undefined, span);
      checkExpression(check, expression.body, inner, place);
      return;
    }
    case 'evaluate': {
      // One scope for body and result: the result sees what the body declares.
      const inner = scope.evaluation();
      for (const statement of expression.body) checkStatement(check, statement, inner, { ...place, effects: false });
      checkExpression(check, expression.result, inner, place);
      return;
    }
    case 'enabled':
      if (!place.enabled) check.problem('`enabled` before there is a state', span);
      checkReference(check, expression.action, expression.arguments, span, scope);
      return;
  }
}

export function checkBoolean(check: Check, expression: Expression, scope: Scope, place: Context): void {
  checkExpression(check, expression, scope, place);
  expectKind(check, expression, ['boolean'], 'a boolean');
}

/** Checks that an expression is something with elements, and returns the domain of those. */
export function checkCollection(
  check: Check,
  expression: Expression,
  scope: Scope,
  place: Context,
): Domain | undefined {
  checkExpression(check, expression, scope, place);
  expectKind(check, expression, COLLECTIONS, 'a set or an array');
  const { type } = expression;
  return type.kind === 'set' || type.kind === 'array' ? type.element : undefined;
}

const COLLECTIONS: readonly Domain['kind'][] = ['set', 'array', 'tuple'];

/**
 * Of a union some member has to fit: narrowing has shown the compiler that it is that one, and evaluation fails if not.
 * `never` fits everywhere: it is the type of what yields no value.
 */
function expectKind(check: Check, expression: Expression, kinds: readonly Domain['kind'][], what: string): void {
  const { type } = expression;
  const members = type.kind === 'union' ? type.members : [type];
  if (!members.some(({ kind }) => kind === 'never' || kinds.includes(kind))) {
    check.problem(`${what} is needed, and this \`${expression.kind}\` is of kind ${type.kind}`, expression.span);
  }
}

/** Two ints, or two values of one domain of which only the order counts. */
const ORDERED: readonly (readonly Domain['kind'][])[] = [
  ['int', 'serial'],
  ['int', 'serial'],
];

const OPERANDS: Readonly<Record<Operator, readonly (readonly Domain['kind'][] | undefined)[]>> = {
  add: [['int'], ['int']],
  subtract: [['int'], ['int']],
  multiply: [['int'], ['int']],
  divide: [['int'], ['int']],
  truncate: [['int'], ['int']],
  remainder: [['int'], ['int']],
  negate: [['int']],
  absolute: [['int']],
  minimum: [['int'], ['int']],
  maximum: [['int'], ['int']],
  equal: [undefined, undefined],
  notEqual: [undefined, undefined],
  less: ORDERED,
  lessOrEqual: ORDERED,
  greater: ORDERED,
  greaterOrEqual: ORDERED,
  size: [COLLECTIONS],
  includes: [COLLECTIONS, undefined],
  indexOf: [['array', 'tuple'], undefined],
  at: [['array', 'tuple'], ['int']],
  slice: [['array', 'tuple'], ['int'], ['int']],
  concat: [
    ['array', 'tuple'],
    ['array', 'tuple'],
  ],
  union: [['set'], ['set']],
  intersection: [['set'], ['set']],
  difference: [['set'], ['set']],
  subset: [['set'], ['set']],
  toSet: [['array', 'tuple']],
  toArray: [['set']],
  with: [['array', 'tuple', 'record'], undefined, undefined],
};

function checkOperation(check: Check, operator: Operator, operands: readonly Expression[], span: Span): void {
  const expected = OPERANDS[operator];
  if (operands.length !== expected.length) {
    check.problem(`\`${operator}\` takes ${expected.length} operands, not ${operands.length}`, span);
    return;
  }
  operands.forEach((operand, index) => {
    const kinds = expected[index];
    if (kinds !== undefined)
      expectKind(check, operand, kinds, `operand ${index + 1} of \`${operator}\`: ${kinds.join(' or ')}`);
  });
}
