import { equalDomains, INT_MAX, INT_MIN } from '../../dsl/ir/index.ts';
import type { Comprehension, Domain, Expression, Statement, Value } from '../../dsl/ir/index.ts';
import { integersOnly, membersOf } from '../../dsl/ir/part.ts';

/**
 * What is known to be true where an expression is evaluated: the conditions that were passed on the way, as texts. State
 * and locals do not change within an expression.
 */
type Known = ReadonlySet<string>;

const NOTHING: Known = new Set();

/**
 * Whether evaluating an expression may fail, as far as types and the conditions before it tell. True where it cannot be
 * told.
 */
export function mayFail(expression: Expression, known: Known = NOTHING): boolean {
  const any = (parts: readonly Expression[]): boolean => parts.some((part) => mayFail(part, known));
  const test = (part: Expression, more: Known = known): boolean => !isBoolean(part.type) || mayFail(part, more);
  switch (expression.kind) {
    case 'literal':
    case 'parameter':
    case 'variable':
    case 'local':
    case 'domain':
      return false;
    case 'field':
      return mayFail(expression.object, known) || !hasField(expression, known);
    case 'index':
      return any([expression.object, expression.index]) || !hasEntry(expression, known);
    case 'not':
      return test(expression.operand);
    case 'and':
    case 'implies':
      return test(expression.left) || test(expression.right, assuming(known, expression.left, true));
    case 'or':
      return test(expression.left) || test(expression.right, assuming(known, expression.left, false));
    case 'conditional': {
      const { condition, whenTrue, whenFalse } = expression;
      return (
        test(condition) ||
        mayFail(whenTrue, assuming(known, condition, true)) ||
        mayFail(whenFalse, assuming(known, condition, false))
      );
    }
    case 'operation':
      return any(expression.operands) || operationMayFail(expression);
    case 'object':
      return any(expression.fields.map(({ value }) => value));
    case 'array':
    case 'set':
      return any(expression.elements);
    case 'comprehension':
      return mayFail(expression.over, known) || !isCollection(expression.over.type) || bodyMayFail(expression, known);
    case 'fold':
      return !isCollection(expression.over.type) || any([expression.over, expression.initial, expression.body]);
    case 'evaluate':
      return expression.body.some(statementMayFail) || mayFail(expression.result, known);
    case 'enabled':
      return any(expression.arguments.filter((argument) => argument !== undefined));
  }
}

function bodyMayFail({ operator, body, over, type }: Extract<Expression, Comprehension>, known: Known): boolean {
  if (mayFail(body, known)) return true;
  if (operator === 'map') return false;
  if (operator !== 'record') return !isBoolean(body.type);
  return type.kind !== 'record' || !isCollectionOf(over.type, type.key) || !isWithin(body.type, type.value);
}

/** Whether a statement may end the step by a failure; guards that are false do not. */
export function statementMayFail(statement: Statement): boolean {
  switch (statement.kind) {
    case 'assign': {
      const { target, value } = statement;
      const indices = target.path.flatMap((segment) => (segment.kind === 'index' ? [segment.index] : []));
      // What an index leads to is not looked at: the place has to be there, and it has to be that of the whole.
      return 0 < target.path.length || [...indices, value].some((part) => mayFail(part))
        ? assignmentMayFail(statement)
        : !isWithin(value.type, target.domain);
    }
    case 'let':
      return mayFail(statement.value) || !isWithin(statement.value.type, statement.domain);
    case 'if':
      return testMayFail(statement.condition) || [...statement.whenTrue, ...statement.whenFalse].some(statementMayFail);
    case 'for':
      return mayFail(statement.over) || !isCollection(statement.over.type) || statement.body.some(statementMayFail);
    case 'loop':
    case 'verify':
      return true;
    case 'block':
      return statement.body.some(statementMayFail);
    case 'exit':
      return false;
    case 'when':
      return testMayFail(statement.condition);
    case 'choose':
      return mayFail(statement.from) || !isCollectionOf(statement.from.type, statement.domain);
    case 'either':
      return statement.branches.flat().some(statementMayFail);
  }
}

function testMayFail(condition: Expression): boolean {
  return !isBoolean(condition.type) || mayFail(condition);
}

/** Of a place within a variable only records are looked through, by keys that they have. */
function assignmentMayFail({ target, value }: Extract<Statement, { kind: 'assign' }>): boolean {
  const isPlain = target.path.every((segment) => segment.kind === 'index' && isIdKey(segment.index.type));
  return !isPlain || mayFail(value) || !isWithin(value.type, target.domain);
}

/** Ids are keys of nothing but records, which have all of them. */
function isIdKey(type: Domain): boolean {
  return type.kind === 'ids';
}

function hasField({ object, name }: Extract<Expression, { kind: 'field' }>, known: Known): boolean {
  return membersOf(object.type).every((member) => {
    switch (member.kind) {
      case 'object':
        return member.fields.some((field) => field.name === name);
      case 'variant':
        return member.discriminator === name || casesOf(object, member, known).every((one) => one.includes(name));
      case 'null':
        return isOther(object, null, known);
      case 'undefined':
        return isOther(object, undefined, known);
      default:
        return false;
    }
  });
}

/** The fields of the cases that an object may be of. */
function casesOf(
  object: Expression,
  { discriminator, cases }: Extract<Domain, { kind: 'variant' }>,
  known: Known,
): readonly (readonly string[])[] {
  const tag = `${keyOf(object)}.${discriminator}`;
  const possible = cases.filter((one) => !known.has(differs(tag, one.tag)));
  const certain = possible.filter((one) => known.has(same(tag, one.tag)));
  return (0 < certain.length ? certain : possible).map(({ fields }) => fields.map(({ name }) => name));
}

function isOther(expression: Expression, value: Value, known: Known): boolean {
  return known.has(differs(keyOf(expression), value));
}

function hasEntry({ object, index }: Extract<Expression, { kind: 'index' }>, known: Known): boolean {
  return membersOf(object.type).every((member) => {
    switch (member.kind) {
      case 'record':
        return membersOf(index.type).every(
          (key) =>
            isWithin(key, member.key) ||
            (key.kind === 'null' && isOther(index, null, known)) ||
            (key.kind === 'undefined' && isOther(index, undefined, known)),
        );
      case 'array':
        return isInside(index.type, member.minLength);
      case 'tuple':
        return isInside(index.type, member.items.length);
      default:
        return false;
    }
  });
}

function isInside(index: Domain, length: number): boolean {
  const interval = integersOnly(index);
  return interval !== undefined && 0 <= interval.min && interval.max < length;
}

function operationMayFail({ operator, operands, type }: Extract<Expression, { kind: 'operation' }>): boolean {
  const intervals = operands.map((operand) => integersOnly(operand.type));
  const areIntegers = intervals.every((interval) => interval !== undefined);
  switch (operator) {
    case 'equal':
    case 'notEqual':
      return false;
    case 'less':
    case 'lessOrEqual':
    case 'greater':
    case 'greaterOrEqual':
    case 'minimum':
    case 'maximum':
      return !areIntegers;
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'negate':
    case 'absolute': {
      // Types are clipped to what is in range: one that reaches an end may have been.
      const result = integersOnly(type);
      return !areIntegers || result === undefined || result.min === INT_MIN || result.max === INT_MAX;
    }
    case 'divide':
    case 'truncate':
    case 'remainder': {
      const [, divisor] = intervals;
      const isZero = divisor === undefined || (divisor.min <= 0 && 0 <= divisor.max);
      return !areIntegers || isZero || intervals[0]!.min === INT_MIN;
    }
    case 'size':
    case 'includes':
    case 'toSet':
    case 'toArray':
      return !isCollection(operands[0]!.type);
    case 'union':
    case 'intersection':
    case 'difference':
    case 'subset':
      return !operands.every((operand) => operand.type.kind === 'set');
    case 'concat':
      return !operands.every((operand) => isSequence(operand.type));
    case 'indexOf':
      return !isSequence(operands[0]!.type);
    case 'at':
    case 'slice':
      return !isSequence(operands[0]!.type) || !intervals.slice(1).every((interval) => interval !== undefined);
    case 'with':
      return true;
  }
}

function isBoolean(type: Domain): boolean {
  return type.kind === 'boolean';
}

function isSequence(type: Domain): boolean {
  return type.kind === 'array' || type.kind === 'tuple';
}

function isCollection(type: Domain): boolean {
  return type.kind === 'set' || isSequence(type);
}

function isCollectionOf(type: Domain, element: Domain): boolean {
  return (type.kind === 'set' || type.kind === 'array') && isWithin(type.element, element);
}

/** Whether all values of a type are in a domain; false where it is not plain. */
function isWithin(type: Domain, domain: Domain): boolean {
  if (equalDomains(type, domain)) return true;
  if (type.kind === 'union') return type.members.every((member) => isWithin(member, domain));
  if (domain.kind === 'union') return domain.members.some((member) => isWithin(type, member));
  switch (type.kind) {
    case 'never':
      return true;
    case 'boolean':
      return domain.kind === 'boolean' && domain.only === undefined;
    case 'int':
      return domain.kind === 'int' && domain.min <= type.min && type.max <= domain.max;
    case 'enum':
      return domain.kind === 'enum' && type.values.every((value) => domain.values.includes(value));
    case 'ids':
      return domain.kind === 'ids' && type.values.every((value) => domain.values.includes(value));
    case 'set':
      return domain.kind === 'set' && isWithin(type.element, domain.element);
    case 'array':
      return (
        domain.kind === 'array' &&
        domain.minLength <= type.minLength &&
        type.maxLength <= domain.maxLength &&
        isWithin(type.element, domain.element)
      );
    default:
      return false;
  }
}

/** What is known besides where a condition has this truth. */
function assuming(known: Known, condition: Expression, truth: boolean): Known {
  const more = new Set(known);
  const visit = (part: Expression, isTrue: boolean): void => {
    switch (part.kind) {
      case 'not':
        return visit(part.operand, !isTrue);
      case 'and':
      case 'or':
        if (isTrue !== (part.kind === 'and')) return;
        visit(part.left, isTrue);
        return visit(part.right, isTrue);
      case 'operation': {
        const isEqual = part.operator === 'equal';
        if (!isEqual && part.operator !== 'notEqual') return;
        const [left, right] = part.operands as [Expression, Expression];
        for (const [one, other] of [[left, right] as const, [right, left] as const]) {
          if (other.kind !== 'literal') continue;
          more.add((isEqual === isTrue ? same : differs)(keyOf(one), other.value));
          // What equals something else is not absent.
          if (isEqual === isTrue && other.value !== null) more.add(differs(keyOf(one), null));
          if (isEqual === isTrue && other.value !== undefined) more.add(differs(keyOf(one), undefined));
        }
        return;
      }
      default:
    }
  };
  visit(condition, truth);
  return more;
}

function same(text: string, value: Value): string {
  return `${text} = ${typeof value} ${String(value)}`;
}

function differs(text: string, value: Value): string {
  return `${text} ≠ ${typeof value} ${String(value)}`;
}

/** The same for expressions that are the same but for where they stand. */
export function keyOf(expression: Expression): string {
  switch (expression.kind) {
    case 'variable':
      return `${expression.next ? 'next' : 'state'} ${expression.name}`;
    case 'local':
      return `local ${expression.name}`;
    case 'field':
      return `${keyOf(expression.object)}.${expression.name}`;
    case 'index':
      return `${keyOf(expression.object)}[${keyOf(expression.index)}]`;
    default:
      return JSON.stringify(expression, (key, part: unknown) => (key === 'span' || key === 'type' ? undefined : part));
  }
}
