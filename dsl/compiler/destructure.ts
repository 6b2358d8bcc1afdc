import type { ts as TS } from 'ts-morph';
import { outsideLanguage, wrongOperand } from '../diagnostics/catalog.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Span } from '../diagnostics/span.ts';
import { arrayPart, isOptional, presentPart } from '../ir/part.ts';
import { element, member, spanIn, typeOfTerm } from './access.ts';
import { present } from './aliasing.ts';
import * as build from './build.ts';
import { describe } from './describe.ts';
import { bindName, withDefault } from './inline.ts';
import type { NewNames } from './inline.ts';
import { lower } from './lower-expression.ts';
import type { Scope, Term } from './term.ts';
import { ts } from './typescript.ts';
import { declareLocal, referenceTo, type Unit } from './unit.ts';
import { sharesOf, sharesOfCopy, sharesOfElement } from './shares.ts';
import { ERROR, refuse, settle, valueOf, valueTerm } from './value.ts';
import { workOutOthers } from './unused.ts';

/** Binds the names of a pattern to the parts of a term: `{ r, w = 0 }`, `[first, ...rest]`, a plain name. */
export function bindPattern(unit: Unit, pattern: TS.BindingName, given: Term, binding: NewNames): void {
  if (ts.isIdentifier(pattern)) return bindName(unit, pattern, given, binding);
  const { scope } = binding;
  const span = spanIn(scope, pattern);
  const whole = addressable(unit, present(unit, given, span), pattern, span);
  const taken: string[] = [];
  workOutOthers(unit, whole, partsIn(unit, pattern, scope), span);
  for (const [at, part] of pattern.elements.entries()) {
    if (ts.isOmittedExpression(part)) continue;
    const span = spanIn(scope, part);
    let found: Term;
    if (ts.isArrayBindingPattern(pattern)) {
      found = part.dotDotDotToken === undefined ? item(unit, whole, at, span, part) : itemsFrom(unit, whole, at, span);
    } else if (part.dotDotDotToken !== undefined) {
      found = restOf(unit, whole, taken, span, part);
    } else {
      const key = part.propertyName ?? part.name;
      const name = nameOf(unit, key as TS.PropertyName, scope);
      if (name === undefined) {
        found = refuse(unit, computedKey(span));
      } else {
        taken.push(name);
        found = fieldOf(unit, whole, name, span, part);
      }
    }
    if (part.initializer !== undefined) found = withDefault(unit, found, part.initializer, scope);
    bindPattern(unit, part.name, found, binding);
  }
}

/** The positions or names that a pattern takes for itself; not those that it has a rest for, which gets a name. */
function partsIn(unit: Unit, pattern: TS.BindingPattern, scope: Scope): readonly (number | string)[] {
  if (ts.isArrayBindingPattern(pattern)) {
    return pattern.elements.flatMap((part, at) => (ts.isOmittedExpression(part) ? [] : [at]));
  }
  return pattern.elements.flatMap(
    (part) => nameOf(unit, (part.propertyName ?? part.name) as TS.PropertyName, scope) ?? [],
  );
}

export function computedKey(span: Span): Diagnostic {
  return outsideLanguage(span, 'a computed key in a pattern', 'read the entry with `object[key]`');
}

/** A value that is taken apart is kept first, so that it is worked out once. */
function addressable(unit: Unit, given: Term, node: TS.Node, span: Span): Term {
  if (given.kind !== 'value' || build.isLeaf(given.expression) || build.isPoison(given.expression)) return given;
  if (unit.purpose === 'property') return given; // taken apart anew in every state
  const local = declareLocal(unit, 'parts', given.expression, span, node);
  local.shares.push(...sharesOf(given));
  return { kind: 'reference', reference: referenceTo(local, span) };
}

export function fieldOf(unit: Unit, object: Term, name: string, span: Span, node: TS.Node): Term {
  // A field that an argument object leaves out is undefined, so that a default can take its place; unless every object
  // inherits one of that name.
  if (object.kind === 'object' && !object.fields.has(name) && !(name in Object.prototype))
    return valueTerm(build.literal(undefined, span));
  return member(unit, object, { name, nameSpan: span, span, node });
}

/** Item `at` of a pattern: undefined past the end of an array, where `list[at]` would fail. */
export function item(unit: Unit, list: Term, at: number, span: Span, node: TS.Node): Term {
  if (list.kind === 'value' || list.kind === 'reference') {
    const array = arrayPart(typeOfTerm(list));
    if (array !== undefined && array.minLength <= at) {
      const made = build.operation('at', [valueOf(unit, list, span), build.literal(at, span)], span);
      return made === undefined ? ERROR : valueTerm(made, sharesOfElement(list));
    }
  }
  return element(unit, list, build.literal(at, span), span, node);
}

export function itemsFrom(unit: Unit, list: Term, from: number, span: Span): Term {
  if (list.kind === 'list') return { kind: 'list', elements: list.elements.slice(from) };
  if (list.kind === 'error') return list;
  const value = valueOf(unit, list, span);
  const array = arrayPart(value.type);
  const bounds = [build.literal(from, span), build.literal(Math.max(array?.maxLength ?? 0, from), span)];
  const made = array && build.operation('slice', [value, ...bounds], span);
  return made === undefined
    ? refuse(unit, wrongOperand(span, '...', describe(value.type), 'an array'))
    : valueTerm(made, sharesOfCopy(list));
}

/** `...rest` of an object pattern. */
export function restOf(unit: Unit, object: Term, taken: readonly string[], span: Span, node: TS.Node): Term {
  const left = (names: Iterable<string>): string[] => [...names].filter((name) => !taken.includes(name));
  if (object.kind === 'object') {
    const fields = left(object.fields.keys()).map((name) => [name, object.fields.get(name)!] as const);
    return { kind: 'object', fields: new Map(fields), ...(object.optional && { optional: object.optional }) };
  }
  if (object.kind === 'state') return fieldsOf(unit, object, left(unit.model.declared), span, node);
  if (object.kind !== 'value' && object.kind !== 'reference') return ERROR;
  const type = typeOfTerm(object);
  if (type.kind !== 'object')
    return refuse(unit, wrongOperand(span, '...', describe(type), 'an object with known fields'));
  return fieldsOf(unit, object, left(type.fields.map(({ name }) => name)), span, node);
}

/** Some fields of an object, as an object of their own. */
export function fieldsOf(
  unit: Unit,
  object: Extract<Term, { kind: 'state' | 'value' | 'reference' }>,
  names: readonly string[],
  span: Span,
  node: TS.Node,
): Term {
  const fields = names.map(
    (name) => [name, settle(member(unit, object, { name, nameSpan: span, span, node }))] as const,
  );
  const type = object.kind === 'state' ? undefined : presentPart(typeOfTerm(object));
  const optional = type?.kind === 'object' ? type.fields.filter(({ domain }) => isOptional(domain)) : [];
  return {
    kind: 'object',
    fields: new Map(fields),
    ...(0 < optional.length && { optional: new Set(optional.map(({ name }) => name)) }),
  };
}

/** The name of a property, when it is known before the step runs. */
export function nameOf(unit: Unit, key: TS.PropertyName, scope: Scope): string | undefined {
  if (ts.isIdentifier(key) || ts.isStringLiteralLike(key) || ts.isNumericLiteral(key)) return key.text;
  if (!ts.isComputedPropertyName(key)) return undefined;
  const constant = build.constantOf(valueOf(unit, lower(unit, key.expression, scope), spanIn(scope, key)));
  return constant === undefined ? undefined : String(constant.value);
}
