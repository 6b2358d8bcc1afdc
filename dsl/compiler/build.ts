import type { Span } from '../diagnostics/span.ts';
import type { Comprehension, Domain, Expression, Operator, RecordDomain, Statement, Value } from '../ir/index.ts';
import { joinAll, joinDomains } from '../ir/join.ts';
import { BOOLEAN, NEVER, presentPart } from '../ir/part.ts';
import {
  typeOfComprehension,
  typeOfField,
  typeOfIndex,
  typeOfOperation,
  typeOfSequence,
  typeOfValue,
} from '../ir/typing.ts';
import { defaultValue, isArray, isObject, SetValue } from '../ir/index.ts';
import type { Reference } from './term.ts';

/** Makers of IR expressions that work out the type; undefined where the operands do not fit. */

export function literal(value: Value, span: Span, type: Domain = typeOfValue(value)): Expression {
  return { kind: 'literal', value, type, span };
}

/** Any value of a domain: for what is assigned before it is read. */
export function placeholder(domain: Domain, span: Span): Expression {
  return literal(defaultValue(domain), span, domain);
}

/** Stands where something has been reported; never reaches a `System`. */
export function poison(span: Span): Expression {
  return { kind: 'literal', value: undefined, type: NEVER, span };
}

export function isPoison(expression: Expression): boolean {
  return expression.kind === 'literal' && expression.type.kind === 'never';
}

export function local(name: string, type: Domain, span: Span): Expression {
  return { kind: 'local', name, type, span };
}

export function operation(operator: Operator, operands: readonly Expression[], span: Span): Expression | undefined {
  const type = typeOfOperation(
    operator,
    operands.map((operand) => operand.type),
  );
  return type && { kind: 'operation', operator, operands, type, span };
}

export function not(operand: Expression, span: Span): Expression {
  return { kind: 'not', operand, type: BOOLEAN, span };
}

export function both(kind: 'and' | 'or' | 'implies', left: Expression, right: Expression, span: Span): Expression {
  return { kind, left, right, type: BOOLEAN, span };
}

export function conditional(
  condition: Expression,
  whenTrue: Expression,
  whenFalse: Expression,
  span: Span,
): Expression | undefined {
  const type = joinDomains(whenTrue.type, whenFalse.type);
  if (type === undefined) return undefined;
  return {
    kind: 'conditional',
    condition,
    whenTrue: adapt(whenTrue, type),
    whenFalse: adapt(whenFalse, type),
    type,
    span,
  };
}

export function field(object: Expression, name: string, span: Span): Expression | undefined {
  const type = typeOfField(object.type, name);
  return type && { kind: 'field', object, name, type, span };
}

export function index(object: Expression, position: Expression, span: Span): Expression | undefined {
  const type = typeOfIndex(object.type, position.type);
  return type && { kind: 'index', object, index: position, type, span };
}

export function array(elements: readonly Expression[], span: Span): Expression {
  const type = typeOfSequence(elements.map((element) => element.type));
  const alike = type.kind === 'array' ? elements.map((element) => adapt(element, type.element)) : elements;
  return { kind: 'array', elements: alike, type, span };
}

export function object(
  fields: readonly { readonly name: string; readonly value: Expression }[],
  span: Span,
): Expression {
  const type: Domain = { kind: 'object', fields: fields.map(({ name, value }) => ({ name, domain: value.type })) };
  return { kind: 'object', fields, type, span };
}

export function comprehension(
  operator: Comprehension['operator'],
  { binder, indexBinder }: { readonly binder: string; readonly indexBinder?: string | undefined },
  over: Expression,
  body: Expression,
  span: Span,
): Expression | undefined {
  const type = typeOfComprehension(operator, over.type, body.type);
  return (
    type && {
      kind: 'comprehension',
      operator,
      binder,
      ...(indexBinder === undefined ? {} : { indexBinder }),
      over,
      body,
      type,
      span,
    }
  );
}

/** The result after the statements; just the result when there are none. */
export function evaluate(body: readonly Statement[], result: Expression, span: Span): Expression {
  return body.length === 0 ? result : { kind: 'evaluate', body, result, type: result.type, span };
}

/** Whether repeating an expression costs nothing. */
export function isLeaf(expression: Expression): boolean {
  return expression.kind === 'literal' || expression.kind === 'parameter' || expression.kind === 'local';
}

/** What is at a reference, now. */
export function read(reference: Reference): Expression {
  const { root, rootDomain, rootSpan } = reference;
  let at: Expression =
    root.kind === 'variable'
      ? { kind: 'variable', name: root.name, next: false, type: rootDomain, span: rootSpan }
      : local(root.name, rootDomain, rootSpan);
  const last = reference.segments.length - 1;
  for (const [position, segment] of reference.segments.entries()) {
    const { span, domain } = segment;
    if (segment.kind === 'field') at = { kind: 'field', object: at, name: segment.name, type: domain, span };
    else if (segment.maybe !== true) at = { kind: 'index', object: at, index: segment.index, type: domain, span };
    else {
      const found: Expression = { kind: 'index', object: at, index: segment.index, type: presentPart(domain), span };
      const missing = operation('less', [segment.index, literal(0, span)], span)!;
      at = position < last ? found : conditional(missing, literal(undefined, span), found, span)!;
    }
  }
  return at;
}

/** The value of an expression made of constants and parameters alone; undefined when it is not. */
export function constantOf(expression: Expression): { readonly value: Value } | undefined {
  if (expression.kind === 'literal') return isPoison(expression) ? undefined : { value: expression.value };
  if (expression.kind === 'parameter') return { value: expression.value };
  if (expression.kind === 'array') {
    const elements = expression.elements.map(constantOf);
    return elements.every((element) => element !== undefined)
      ? { value: elements.map((element) => element.value) }
      : undefined;
  }
  if (expression.kind === 'field') return partOf(constantOf(expression.object), expression.name);
  if (expression.kind === 'index') {
    const [object, index] = [constantOf(expression.object), constantOf(expression.index)];
    return index && partOf(object, String(index.value));
  }
  if (expression.kind === 'conditional') {
    const condition = constantOf(expression.condition);
    return condition && constantOf(condition.value === true ? expression.whenTrue : expression.whenFalse);
  }
  if (expression.kind !== 'operation') return undefined;
  // The interval of an operation on constants is a single number: interval arithmetic is the evaluator here.
  const { type } = expression;
  if (type.kind !== 'int' || type.min !== type.max) return undefined;
  return expression.operands.every((operand) => constantOf(operand) !== undefined) ? { value: type.min } : undefined;
}

function partOf(whole: { readonly value: Value } | undefined, name: string): { readonly value: Value } | undefined {
  const value = whole?.value;
  if (!isArray(value) && !isObject(value)) return undefined;
  return Object.hasOwn(value, name) ? { value: (value as Readonly<Record<string, Value>>)[name] } : undefined;
}

/**
 * The expression as a value of a domain that lists more than the literal does: missing optional fields are put in as
 * undefined, so that equal values have one form, and literals take the target's type where that is possible.
 */
export function adapt(expression: Expression, domain: Domain): Expression {
  const target = domain.kind === 'union' ? domain.members.find((member) => accepts(member, expression)) : domain;
  if (target === undefined) return expression;
  switch (expression.kind) {
    case 'object': {
      if (target.kind === 'record') return asRecord(expression, target);
      const fields = fieldsFor(target, expression);
      if (fields === undefined) return expression;
      const adapted = expression.fields.map(({ name, value }) => {
        const wanted = fields.find((one) => one.name === name);
        return { name, value: wanted ? adapt(value, wanted.domain) : value };
      });
      for (const wanted of fields) {
        const optional =
          wanted.domain.kind === 'undefined' ||
          (wanted.domain.kind === 'union' && wanted.domain.members.some((member) => member.kind === 'undefined'));
        if (optional && !adapted.some((one) => one.name === wanted.name)) {
          adapted.push({ name: wanted.name, value: literal(undefined, expression.span) });
        }
      }
      return object(adapted, expression.span);
    }
    case 'array': {
      if (target.kind === 'tuple' && target.items.length === expression.elements.length) {
        const elements = expression.elements.map((element, at) => adapt(element, target.items[at]!));
        return { ...expression, elements, type: { kind: 'tuple', items: elements.map((element) => element.type) } };
      }
      if (target.kind !== 'array') return expression;
      return array(
        expression.elements.map((element) => adapt(element, target.element)),
        expression.span,
      );
    }
    case 'set': {
      if (target.kind !== 'set') return expression;
      const elements = expression.elements.map((element) => adapt(element, target.element));
      const element = joinAll(elements.map((one) => one.type)) ?? target.element;
      return { ...expression, elements, type: { kind: 'set', element } };
    }
    case 'conditional': {
      // Not by `conditional`: it would adapt both again, and so on within, twice as often at each level.
      const whenTrue = adapt(expression.whenTrue, domain);
      const whenFalse = adapt(expression.whenFalse, domain);
      const type = joinDomains(whenTrue.type, whenFalse.type);
      return type === undefined ? expression : { ...expression, whenTrue, whenFalse, type };
    }
    case 'literal':
      return isObject(expression.value) || isArray(expression.value) ? adaptLiteral(expression, target) : expression;
    default:
      return expression;
  }
}

/** An object literal that lists all keys of a record. */
function asRecord(expression: Extract<Expression, { kind: 'object' }>, target: RecordDomain): Expression {
  const fields = expression.fields.map(({ name, value }) => ({ name, value: adapt(value, target.value) }));
  const type = joinDomains(target, object(fields, expression.span).type);
  return type?.kind === 'record' ? { ...expression, fields, type } : expression;
}

function adaptLiteral(expression: Extract<Expression, { kind: 'literal' }>, target: Domain): Expression {
  const adapted = adaptValue(expression.value, target);
  return adapted === expression.value ? expression : literal(adapted, expression.span);
}

function adaptValue(value: Value, target: Domain): Value {
  if (value instanceof SetValue || value === null || typeof value !== 'object') return value;
  if (isArray(value)) {
    if (target.kind === 'array') return value.map((element) => adaptValue(element, target.element));
    if (target.kind === 'tuple') return value.map((element, at) => adaptValue(element, target.items[at] ?? NEVER));
    return value;
  }
  if (target.kind !== 'object') return value;
  const fields = target.fields.map((wanted) => [wanted.name, adaptValue(value[wanted.name], wanted.domain)] as const);
  return { ...value, ...Object.fromEntries(fields) };
}

function accepts(member: Domain, expression: Expression): boolean {
  switch (expression.kind) {
    case 'object':
      return member.kind === 'record' || fieldsFor(member, expression) !== undefined;
    case 'array':
      return member.kind === 'array' || member.kind === 'tuple';
    case 'set':
      return member.kind === 'set';
    case 'conditional':
      return accepts(member, expression.whenTrue);
    default:
      return member.kind === expression.type.kind;
  }
}

function fieldsFor(target: Domain, expression: Extract<Expression, { kind: 'object' }>) {
  if (target.kind === 'object') return target.fields;
  if (target.kind !== 'variant') return undefined;
  const tag = expression.fields.find((one) => one.name === target.discriminator)?.value;
  return tag?.kind === 'literal' ? target.cases.find((one) => one.tag === tag.value)?.fields : undefined;
}
