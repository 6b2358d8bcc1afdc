import type { ts as TS } from 'ts-morph';
import { outsideLanguage, wrongOperand } from '../diagnostics/catalog.ts';
import type { Span } from '../diagnostics/span.ts';
import type { Domain, Expression } from '../ir/index.ts';
import { valuesOf } from '../ir/index.ts';
import { arrayPart, presentPart } from '../ir/part.ts';
import { keyIn, lowerIdentifier, spanIn } from './access.ts';
import * as build from './build.ts';
import { describe } from './describe.ts';
import { nameOf } from './destructure.ts';
import { inKeyOrder } from './key-order.ts';
import type { Scope, Term } from './term.ts';
import { ts } from './typescript.ts';
import type { Unit } from './unit.ts';
import { sharesOf, sharesOfCopy, sharesWithin } from './shares.ts';
import { ERROR, iterable, refuse, sequence, settle, valueOf, valueTerm } from './value.ts';
import { workOut } from './unused.ts';
import { madeInOrder } from './field-order.ts';
import { lower } from './lower-expression.ts';
import { lowerSpread, spreadInto } from './spread.ts';

/* Object and array literals, with spreads: of known parts, or of what only a step knows. */

export function lowerObject(unit: Unit, node: TS.ObjectLiteralExpression, scope: Scope): Term {
  const span = spanIn(scope, node);
  const names: (string | undefined)[] = []; // undefined: a spread
  const operands: (() => Term)[] = [];
  let failed = false;
  for (const property of node.properties) {
    const add = (name: string | undefined, operand: () => Term) => {
      names.push(name);
      operands.push(operand);
    };
    if (ts.isPropertyAssignment(property)) {
      const name = nameOf(unit, property.name, scope);
      if (name === '__proto__' && !ts.isComputedPropertyName(property.name)) {
        const help = 'call the field something else';
        refuse(unit, outsideLanguage(spanIn(scope, property.name), '`__proto__`, which makes no field,', help));
        failed = true;
      } else if (name !== undefined) add(name, () => lower(unit, property.initializer, scope));
      else {
        const help = 'keys have to be known: make a record of all keys with `record(Keys, (key) => value)`';
        refuse(unit, outsideLanguage(spanIn(scope, property.name), 'a computed key', help));
        failed = true;
      }
    } else if (ts.isShorthandPropertyAssignment(property)) {
      add(property.name.text, () => settle(lowerIdentifier(unit, property.name, scope)));
    } else if (ts.isSpreadAssignment(property)) {
      add(undefined, () => lowerSpread(unit, property.expression, scope, span));
    } else if (ts.isMethodDeclaration(property)) {
      const name = nameOf(unit, property.name, scope) ?? 'method';
      add(name, () => ({ kind: 'closure', node: property, scope, name }));
    } else {
      refuse(unit, outsideLanguage(spanIn(scope, property), 'a getter or setter', 'write a function or a plain field'));
      failed = true;
    }
  }
  const terms = sequence(unit, operands, span);
  if (failed) return ERROR;
  const fields = new Map<string, Term>();
  const optional = new Set<string>();
  for (const [at, term] of terms.entries()) {
    const name = names[at];
    if (name !== undefined) {
      const overwritten = fields.get(name);
      if (overwritten !== undefined) workOut(unit, overwritten, span);
      fields.set(name, term);
      optional.delete(name);
      continue;
    }
    if (term.kind === 'value') return spreadRecord(unit, terms, names, span);
    if (!spreadInto(unit, { fields, optional }, term, spanIn(scope, node.properties[at]!))) return ERROR;
  }
  const ordered = new Map(inKeyOrder([...fields], ([name]) => name));
  madeInOrder(unit, [...ordered.keys()]);
  return { kind: 'object', fields: ordered, ...(0 < optional.size && { optional }) };
}

/** `{ ...record, [key]: value }`. */
function spreadRecord(unit: Unit, terms: readonly Term[], names: readonly (string | undefined)[], span: Span): Term {
  if (names[0] !== undefined || names.slice(1).includes(undefined)) {
    return refuse(unit, wrongOperand(span, '...', 'a record', 'a record only at the beginning, once'));
  }
  let record = valueOf(unit, terms[0]!, span);
  for (const [at, name] of names.entries()) {
    if (name === undefined) continue;
    const value = valueOf(unit, terms[at]!, span);
    const keys = presentPart(record.type);
    const key = keys.kind === 'record' ? keyIn(unit, keys.key, build.literal(name, span)) : undefined;
    const made = key && build.operation('with', [record, key, value], span);
    if (made === undefined) return ERROR;
    record = made;
  }
  return valueTerm(record, [...sharesOf(terms[0]!), ...terms.slice(1).flatMap(sharesWithin)]);
}

export function lowerArray(unit: Unit, node: TS.ArrayLiteralExpression, scope: Scope): Term {
  const span = spanIn(scope, node);
  const hole = node.elements.find((element) => ts.isOmittedExpression(element));
  if (hole !== undefined) return refuse(unit, outsideLanguage(span, 'an array with holes', 'write `undefined` there'));
  return lowerItems(unit, node.elements, span, scope);
}

/** The elements of an array literal, or the arguments of a call that takes any number of them. */
export function lowerItems(unit: Unit, nodes: readonly TS.Expression[], span: Span, scope: Scope): Term {
  const terms = sequence(
    unit,
    nodes.map(
      (element) => () =>
        ts.isSpreadElement(element) ? spreadItems(unit, element, scope) : lower(unit, element, scope),
    ),
    span,
  );
  if (terms.some((term) => term.kind === 'error')) return ERROR;
  if (!nodes.some((element) => ts.isSpreadElement(element))) return { kind: 'list', elements: terms };
  return spreadArray(unit, nodes, terms, span, scope);
}

/** What is spread into an array, as it is now. */
function spreadItems(unit: Unit, node: TS.SpreadElement, scope: Scope): Term {
  const term = lower(unit, node.expression, scope);
  const items = iterable(unit, term, spanIn(scope, node));
  const array = items && asArray(items);
  return array === undefined ? ERROR : valueTerm(array, sharesOfCopy(term));
}

/** `[...items, x]`: the pieces one after another; spread sets and schemas come in their order. */
function spreadArray(
  unit: Unit,
  nodes: readonly TS.Expression[],
  terms: readonly Term[],
  span: Span,
  scope: Scope,
): Term {
  const pieces: Expression[] = [];
  const shares = terms.flatMap((term, at) => (ts.isSpreadElement(nodes[at]!) ? sharesOf(term) : sharesWithin(term)));
  let single: Expression[] = [];
  const flush = () => {
    if (0 < single.length) pieces.push(build.array(single, span));
    single = [];
  };
  for (const [at, term] of terms.entries()) {
    const element = nodes[at]!;
    const elementSpan = spanIn(scope, element);
    if (!ts.isSpreadElement(element)) {
      single.push(valueOf(unit, term, elementSpan));
      continue;
    }
    flush();
    pieces.push(valueOf(unit, term, elementSpan));
  }
  flush();
  let result: Expression | undefined;
  for (const piece of pieces) {
    result = result === undefined ? piece : build.operation('concat', [result, piece], span);
    if (result === undefined) {
      return refuse(unit, wrongOperand(piece.span, '...', describe(piece.type), 'elements of one shape'));
    }
  }
  return valueTerm(result ?? build.array([], span), shares);
}

/** A collection as an array, in the order in which it is gone through; undefined for what is none. */
export function asArray(items: Expression): Expression | undefined {
  if (arrayPart(items.type) !== undefined) return items;
  if (items.kind !== 'domain') return build.operation('toArray', [items], items.span);
  const values = [...valuesOf(items.domain)];
  const { length } = values;
  const type: Domain = { kind: 'array', element: items.domain, minLength: length, maxLength: length };
  return build.literal(values, items.span, type);
}
