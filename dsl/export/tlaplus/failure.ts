import type { Expression, Statement } from '../../ir/index.ts';
import { contains, INT_MAX, INT_MIN } from '../../ir/index.ts';
import { arrayPart, integersOnly, membersOf } from '../../ir/part.ts';
import { isSubdomain } from '../subdomain.ts';
import { childrenOf, expressionsIn } from './statement.ts';

/** Whether evaluating an expression can fail, as far as its types do not rule it out. */
export function canFail(expression: Expression): boolean {
  switch (expression.kind) {
    case 'literal':
    case 'parameter':
    case 'variable':
    case 'local':
    case 'domain':
      return false;
    case 'field': {
      const members = membersOf(expression.object.type);
      const isSure = members.every(
        (member) =>
          (member.kind === 'object' && member.fields.some(({ name }) => name === expression.name)) ||
          member.kind === 'record' ||
          (member.kind === 'variant' &&
            (member.discriminator === expression.name ||
              member.cases.every((one) => one.fields.some(({ name }) => name === expression.name)))),
      );
      return !isSure || canFail(expression.object);
    }
    case 'index': {
      const { object, index } = expression;
      const isSure = membersOf(object.type).every((member) => {
        if (member.kind === 'record') return isSubdomain(index.type, member.key);
        const array = arrayPart(member);
        const ints = integersOnly(index.type);
        return array !== undefined && ints !== undefined && 0 <= ints.min && ints.max < array.minLength;
      });
      return !isSure || canFail(object) || canFail(index);
    }
    case 'not':
      return canFail(expression.operand);
    case 'and':
    case 'or':
    case 'implies':
      return canFail(expression.left) || canFail(expression.right);
    case 'conditional':
      return canFail(expression.condition) || canFail(expression.whenTrue) || canFail(expression.whenFalse);
    case 'operation':
      return operationCanFail(expression) || expression.operands.some(canFail);
    case 'object':
      return expression.fields.some((field) => canFail(field.value));
    case 'array':
    case 'set':
      return expression.elements.some(canFail);
    case 'comprehension':
      return expression.operator === 'record' || canFail(expression.over) || canFail(expression.body);
    case 'fold':
      return canFail(expression.over) || canFail(expression.initial) || canFail(expression.body);
    case 'evaluate':
      return statementsCanFail(expression.body) || canFail(expression.result);
    case 'enabled':
      return true;
  }
}

function statementsCanFail(statements: readonly Statement[]): boolean {
  return statements.some(
    (statement) =>
      statement.kind === 'loop' ||
      statement.kind === 'verify' ||
      (statement.kind === 'assign' && statement.target.path.length > 0) ||
      expressionsIn(statement).some(canFail) ||
      statementsCanFail(childrenOf(statement)),
  );
}

function operationCanFail({ operator, operands, type }: Expression & { kind: 'operation' }): boolean {
  switch (operator) {
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'negate':
    case 'absolute':
      return type.kind !== 'int' || type.min <= INT_MIN || INT_MAX <= type.max;
    case 'divide':
    case 'truncate':
    case 'remainder': {
      const divisor = operands[1]!.type;
      return integersOnly(divisor) === undefined || contains(divisor, 0);
    }
    case 'with':
      return true;
    default:
      return false;
  }
}
