import type { Expression, Operator } from '../../ir/index.ts';
import { INT_MAX, INT_MIN } from '../../ir/index.ts';
import type { Environment } from './environment.ts';
import { valueOf } from './expression.ts';
import type { Node } from './node.ts';
import { inline, text } from './node.ts';
import type { Scope } from './scope.ts';
import { integer } from './value.ts';

/** The number that a local is known to hold: the counter of a loop that is written out. */
export function constantOf(scope: Scope, environment: Environment, expression: Expression): number | undefined {
  if (expression.kind === 'literal') return typeof expression.value === 'number' ? expression.value : undefined;
  if (expression.kind !== 'local') return undefined;
  const content = inline(valueOf({ ...scope, onWhole: () => {} }, environment, expression));
  return /^-?\d+$/.test(content) ? Number(content) : undefined;
}

/** The operands as numbers. Parameters, which readers know by name, are numbers only beside the counter of a loop. */
export function constantsOf(
  scope: Scope,
  environment: Environment,
  operands: readonly Expression[],
): readonly (number | undefined)[] {
  const values = operands.map((one) => constantOf(scope, environment, one));
  const isCounter = (one: Expression, index: number): boolean => one.kind !== 'literal' && values[index] !== undefined;
  if (!operands.some(isCounter)) return values;
  return operands.map((one, index) => values[index] ?? parameterConstant(one));
}

function parameterConstant(expression: Expression): number | undefined {
  if (expression.kind === 'literal' || expression.kind === 'parameter') {
    return typeof expression.value === 'number' ? expression.value : undefined;
  }
  if (expression.kind !== 'operation' || (expression.operator !== 'add' && expression.operator !== 'subtract'))
    return undefined;
  const [left, right] = expression.operands.map(parameterConstant);
  if (left === undefined || right === undefined) return undefined;
  return expression.operator === 'add' ? left + right : left - right;
}

export function folded(operator: Operator, values: readonly (number | undefined)[]): Node | undefined {
  const [a, b] = values;
  if (a === undefined || b === undefined) return undefined;
  const truth = (value: boolean): Node => text(value ? 'TRUE' : 'FALSE');
  const int = (value: number): Node | undefined => (INT_MIN <= value && value <= INT_MAX ? integer(value) : undefined);
  switch (operator) {
    case 'add':
      return int(a + b);
    case 'subtract':
      return int(a - b);
    case 'equal':
      return truth(a === b);
    case 'notEqual':
      return truth(a !== b);
    case 'less':
      return truth(a < b);
    case 'lessOrEqual':
      return truth(a <= b);
    case 'greater':
      return truth(a > b);
    case 'greaterOrEqual':
      return truth(a >= b);
    default:
      return undefined;
  }
}
