import type { Domain, Expression, Operator } from '../../ir/index.ts';
import { cardinality, contains, INT_MAX, INT_MIN } from '../../ir/index.ts';
import { setPart } from '../../ir/part.ts';
import type { Possible, Scalar } from './possible.ts';
import {
  areEqual,
  canInclude,
  isNothing,
  joined,
  NOTHING,
  possibleEntries,
  possibleOf,
  possibleScalars,
  scalarsOf,
  within,
} from './possible.ts';

const BOTH = possibleScalars([false, true]);

/** What an operation can give, from what its operands can be. */
export function possibleOperation(
  { operator, operands, type }: Expression & { readonly kind: 'operation' },
  given: readonly Possible[],
): Possible {
  const [first = NOTHING, second = NOTHING, third = NOTHING] = given;
  const entries = first.entries ?? NOTHING;
  switch (operator) {
    case 'equal':
    case 'notEqual': {
      const answer = areEqual(first, second) ?? areBothEmpty(operands, first, second);
      return answer === undefined ? BOTH : possibleScalars([answer === (operator === 'equal')]);
    }
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'less':
    case 'lessOrEqual':
    case 'greater':
    case 'greaterOrEqual':
    case 'minimum':
    case 'maximum':
      return arithmetic(operator, given, type);
    case 'divide':
    case 'truncate':
    case 'remainder':
    case 'negate':
    case 'absolute':
    case 'indexOf':
      return possibleOf(type);
    case 'size':
      return isNothing(entries) && typeof first.scalars !== 'string' && first.scalars.size === 0
        ? possibleScalars([0])
        : possibleOf(type);
    case 'includes':
      return included(operands[0]!, entries, second);
    case 'at':
      return within(joined(entries, possibleScalars([undefined])), type);
    case 'slice':
    case 'toArray':
    case 'toSet':
      return possibleEntries(entries);
    case 'concat':
    case 'union':
      return possibleEntries(given.map((one) => one.entries ?? NOTHING).reduce(joined, NOTHING));
    case 'intersection':
      return possibleEntries(canInclude(entries, second.entries ?? NOTHING) ? entries : NOTHING);
    case 'difference':
      return possibleEntries(entries);
    case 'subset':
      return isNothing(entries) ? possibleScalars([true]) : BOTH;
    case 'with':
      return possibleEntries(joined(entries, third));
  }
}

/** Two sets, or two arrays, with nothing in them. */
function areBothEmpty(operands: readonly Expression[], left: Possible, right: Possible): true | undefined {
  const kinds = operands.map(({ type }) => type.kind);
  const areAlike = kinds[0] === kinds[1] && (kinds[0] === 'set' || kinds[0] === 'array');
  return areAlike && left.entries === undefined && right.entries === undefined ? true : undefined;
}

function included(collection: Expression, entries: Possible, wanted: Possible): Possible {
  if (!canInclude(entries, wanted)) return possibleScalars([false]);
  const scalars = scalarsOf(wanted);
  if (collection.kind === 'domain' && scalars !== undefined) {
    if (scalars.every((one) => contains(collection.domain, one))) return possibleScalars([true]);
    if (!scalars.some((one) => contains(collection.domain, one))) return possibleScalars([false]);
  }
  return BOTH;
}

function arithmetic(operator: Operator, given: readonly Possible[], type: Domain): Possible {
  const sides = given.map(scalarsOf);
  const [left, right] = sides;
  const anything = (): Possible => (type.kind === 'boolean' ? BOTH : possibleOf(type));
  if (left === undefined || right === undefined || 2 < sides.length || 600 < left.length * right.length)
    return anything();
  const values: Scalar[] = [];
  for (const a of left) {
    for (const b of right) {
      if (typeof a !== 'number' || typeof b !== 'number') return anything();
      const value = calculated(operator, a, b);
      if (typeof value === 'boolean' || (INT_MIN <= value && value <= INT_MAX)) values.push(value);
    }
  }
  return possibleScalars(values);
}

function calculated(operator: Operator, a: number, b: number): number | boolean {
  switch (operator) {
    case 'add':
      return a + b;
    case 'subtract':
      return a - b;
    case 'multiply':
      return a * b === 0 ? 0 : a * b;
    case 'minimum':
      return Math.min(a, b);
    case 'maximum':
      return Math.max(a, b);
    case 'less':
      return a < b;
    case 'lessOrEqual':
      return a <= b;
    case 'greater':
      return a > b;
    default:
      return a >= b;
  }
}

/** Whether a collection certainly has an element. */
export function isSurelyNonempty(over: Expression): boolean {
  if (over.kind === 'domain') return 0 < cardinality(over.domain);
  if (over.kind === 'array' || over.kind === 'set') return 0 < over.elements.length;
  return setPart(over.type) === undefined && over.type.kind === 'array' && 0 < over.type.minLength;
}
