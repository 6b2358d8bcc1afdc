import type { ts as TS } from 'ts-morph';
import {
  effectInPredicate,
  hugeDomain,
  notACollection,
  notAValue,
  notBoolean,
  notIterable,
  serialMisused,
  staleReference,
  temporalMisuse,
  unknownMember,
  unrelatedShapes,
} from '../diagnostics/catalog.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Span } from '../diagnostics/span.ts';
import type { Domain, Expression } from '../ir/index.ts';
import { cardinality } from '../ir/index.ts';
import { joinDomains } from '../ir/join.ts';
import { arrayPart, collectionOf, isScalar, membersOf, partsOf, serialWithin } from '../ir/part.ts';
import { domainAt, placeOf, present, reaches, resolve, unwatch, watch } from './aliasing.ts';
import * as build from './build.ts';
import { conditionHelp, describe } from './describe.ts';
import { asRecords } from './fixed.ts';
import { hostValue, isSchema } from './host-value.ts';
import { effectOf } from './purity.ts';
import type { Alias, Reference, Segment, Shared, Term } from './term.ts';
import type { Change } from './tie.ts';
import type { Unit } from './unit.ts';
import { emit, freeze, freshName, isStable, nested, report } from './unit.ts';

export const ERROR: Term = { kind: 'error' };

export const NOTHING: Term = { kind: 'nothing' };

/** Reports, and stands for what could not be lowered. */
export function refuse(unit: Unit, diagnostic: Diagnostic): Term {
  report(unit, diagnostic);
  return ERROR;
}

export function valueTerm(expression: Expression, shares: readonly Shared[] = []): Term {
  const objects = shares.filter((shared) => hasObjects(expression.type, shared.through));
  return objects.length === 0 ? { kind: 'value', expression } : { kind: 'value', expression, shares: objects };
}

/** Whether there is anything that can be shared `depth` steps down: scalars are copied. */
function hasObjects(domain: Domain, depth: number): boolean {
  if (depth === 0) return !isScalar(domain);
  return membersOf(domain).some((member) => partsOf(member).some((part) => hasObjects(part, depth - 1)));
}

/** A reference, or what is there now when that is a scalar: JavaScript copies scalars. */
export function settle(term: Term): Term {
  if (term.kind !== 'reference' || !isScalar(domainAt(term.reference))) return term;
  return { kind: 'value', expression: build.read(term.reference) };
}

/** What a term is as a value of the IR; reports what is none. */
export function valueOf(unit: Unit, term: Term, span: Span): Expression {
  switch (term.kind) {
    case 'value':
      return term.expression;
    case 'reference':
      return build.read(term.alias === undefined ? term.reference : resolve(unit, term.alias, span));
    case 'object': {
      const fields = [...term.fields].map(([name, field]) => ({ name, value: valueOf(unit, field, span) }));
      return build.object(fields, span);
    }
    case 'list':
      return build.array(
        term.elements.map((element) => valueOf(unit, element, span)),
        span,
      );
    case 'choice':
      return choice(unit, term.condition, valueOf(unit, term.yes, span), valueOf(unit, term.no, span), span);
    case 'state': {
      const fields = unit.model.declared.map((name) => {
        const type = unit.model.variables.get(name)!;
        return { name, value: { kind: 'variable', name, next: term.next, type, span } as const };
      });
      return build.object(fields, span);
    }
    case 'host':
      return hostValue(unit, term.value, term.description, span);
    case 'nothing':
      return build.literal(undefined, span);
    case 'error':
      return build.poison(span);
    case 'method':
      if (term.receiver.kind === 'global') {
        report(unit, unknownMember(span, term.name, `\`${term.receiver.name}\``, undefined));
        return build.poison(span);
      }
      report(unit, notAValue(span, 'a function', 'call it, or pass it to a function that does'));
      return build.poison(span);
    case 'closure':
    case 'word':
      report(unit, notAValue(span, 'a function', 'call it, or pass it to a function that does'));
      return build.poison(span);
    case 'declaring':
      report(unit, notAValue(span, 'a declaration', 'declare at the top level of the module'));
      return build.poison(span);
    case 'global':
    case 'namespace':
      report(unit, notAValue(span, 'a namespace', 'name one of its members'));
      return build.poison(span);
    case 'formula': {
      const help = 'combine formulas with `and`, `or`, `not` and `implies`';
      report(unit, temporalMisuse(span, 'a temporal formula speaks of whole behaviors, and is no boolean', help));
      return build.poison(span);
    }
  }
}

/**
 * Lowers operands from left to right. What an earlier one yields is kept when lowering a later one writes statements, so
 * that every operand has the value it had at its turn.
 */
export function sequence(unit: Unit, operands: readonly (() => Term)[], span: Span): Term[] {
  const kept: { term: Term; mark: number; changes: number; watched: Term; aliases: Alias[] }[] = [];
  for (const operand of operands) {
    const term = operand();
    const aliases: Alias[] = [];
    const watched = watchAll(unit, term, aliases);
    kept.push({ term, mark: unit.statements.length, changes: unit.changes.length, watched, aliases });
  }
  for (let at = kept.length - 1; 0 <= at; at -= 1) {
    const one = kept[at]!;
    const isChanged = one.aliases.some((alias) => alias.detached !== undefined || alias.lost !== undefined);
    if (isChanged) one.term = one.watched.kind === 'reference' ? present(unit, one.watched, span) : one.watched;
    if (!isChanged || one.watched.kind === 'reference') one.aliases.forEach((alias) => unwatch(unit, alias));
    // A value that is made of objects of the state is kept as it is, but what has become of them would be seen in it.
    const change = unit.changes.slice(one.changes).find((each) => isSeenIn(one.term, each));
    if (change !== undefined) report(unit, staleReference(span, undefined, change.span));
    if (one.mark < unit.statements.length && !(isChanged && one.watched.kind === 'reference'))
      one.term = keepAt(unit, one.term, one.mark);
  }
  return kept.map((one) => one.term);
}

/** Whether a value within a term would show a change, were it made of objects as in JavaScript. */
function isSeenIn(term: Term, { target, level }: Pick<Change, 'target' | 'level'>): boolean {
  switch (term.kind) {
    case 'value':
      return term.shares?.some((shared) => reaches(shared, target, level)) === true;
    case 'object':
      return [...term.fields.values()].some((field) => isSeenIn(field, { target, level }));
    case 'list':
      return term.elements.some((element) => isSeenIn(element, { target, level }));
    case 'choice':
      return [term.yes, term.no].some((arm) => isSeenIn(arm, { target, level }));
    default:
      return false;
  }
}

/** A term in which every reference is watched, so that it stays the object that it is now. */
function watchAll(unit: Unit, term: Term, aliases: Alias[]): Term {
  const inside = (part: Term): Term => watchAll(unit, part, aliases);
  switch (term.kind) {
    case 'reference': {
      if (term.alias !== undefined) return term;
      const alias = watch(unit, undefined, term.reference);
      aliases.push(alias);
      return { kind: 'reference', reference: term.reference, alias };
    }
    case 'object':
      return { ...term, fields: new Map([...term.fields].map(([name, field]) => [name, inside(field)])) };
    case 'list':
      return { ...term, elements: term.elements.map(inside) };
    case 'choice':
      return { ...term, yes: inside(term.yes), no: inside(term.no) };
    default:
      return term;
  }
}

/** The term with every part that later statements could change kept in locals declared at `mark`. */
function keepAt(unit: Unit, term: Term, mark: number): Term {
  const tail = unit.statements.splice(mark);
  const result = keep(unit, term, 'kept');
  unit.statements.push(...tail);
  return result;
}

/** The term with every part that later statements could change kept in locals: scalars and the indices of references. */
export function keep(unit: Unit, term: Term, wanted: string): Term {
  switch (term.kind) {
    case 'value':
      return isStable(unit, term.expression) ? term : { ...term, expression: freeze(unit, term.expression, wanted) };
    case 'reference':
      return term.alias === undefined ? { kind: 'reference', reference: keepIndices(unit, term.reference) } : term;
    case 'object': {
      const fields = [...term.fields].map(([name, field]) => [name, keep(unit, field, name)] as const);
      return { kind: 'object', fields: new Map(fields), ...(term.optional && { optional: term.optional }) };
    }
    case 'list':
      return { kind: 'list', elements: term.elements.map((element) => keep(unit, element, wanted)) };
    case 'choice':
      return { ...term, yes: keep(unit, term.yes, wanted), no: keep(unit, term.no, wanted) };
    default:
      return term;
  }
}

export function keepIndices(unit: Unit, reference: Reference): Reference {
  if (reference.segments.every((segment) => segment.kind === 'field' || isKept(unit, segment.index))) return reference;
  const segments = reference.segments.map((segment): Segment => {
    if (segment.kind === 'field' || isKept(unit, segment.index)) return segment;
    return { ...segment, index: freeze(unit, segment.index, 'index') };
  });
  return { ...reference, segments };
}

/**
 * Two values that are compared, or sets that are combined, in one form: an object that lacks an optional field that the
 * other may have gets it, as undefined.
 */
export function alike(unit: Unit, left: Expression, right: Expression): [Expression, Expression] {
  return [conformed(unit, left, right.type), conformed(unit, right, left.type)];
}

/** A value with the optional fields that a domain has and it lacks. */
export function conformed(unit: Unit, value: Expression, domain: Domain): Expression {
  return conform(unit, build.adapt(value, domain), domain);
}

function conform(unit: Unit, value: Expression, target: Domain): Expression {
  const { type, span } = value;
  if (!lacksFields(type, target)) return value;
  if (type.kind === 'object' && target.kind === 'object') {
    const whole = once(unit, value);
    const fields = target.fields.map(({ name, domain }) => {
      const own = build.field(whole, name, span);
      return { name, value: own === undefined ? build.literal(undefined, span) : conform(unit, own, domain) };
    });
    const more = type.fields.filter(({ name }) => !target.fields.some((field) => field.name === name));
    return build.object(
      [...fields, ...more.map(({ name }) => ({ name, value: build.field(whole, name, span)! }))],
      span,
    );
  }
  const [elements, wanted] = [collectionOf(type), collectionOf(target)];
  if (elements === undefined || wanted === undefined) return value;
  const binder = freshStable(unit, 'each');
  const body = pure(unit, span, () => conform(unit, build.local(binder, elements.element, span), wanted.element));
  return build.comprehension('map', { binder }, value, body, span) ?? value;
}

/** Whether objects of a type lack fields that those of another have. */
function lacksFields(type: Domain, target: Domain): boolean {
  if (type.kind === 'object' && target.kind === 'object') {
    return target.fields.some(({ name, domain }) => {
      const own = type.fields.find((field) => field.name === name);
      return own === undefined || lacksFields(own.domain, domain);
    });
  }
  if (type.kind !== target.kind && (arrayPart(type) === undefined || arrayPart(target) === undefined)) return false;
  const [elements, wanted] = [collectionOf(type), collectionOf(target)];
  return elements !== undefined && wanted !== undefined && lacksFields(elements.element, wanted.element);
}

/** A value that is to be written more than once: kept in a local, unless writing it again is as good. */
export function once(unit: Unit, value: Expression): Expression {
  return isPath(value) ? value : freeze(unit, value, 'value');
}

function isPath(value: Expression): boolean {
  switch (value.kind) {
    case 'variable':
      return true;
    case 'field':
      return isPath(value.object);
    case 'index':
      return isPath(value.object) && build.isLeaf(value.index);
    default:
      return build.isLeaf(value);
  }
}

/** Constants and stable locals: what `aliasing.ts` can compare. */
function isKept(unit: Unit, index: Expression): boolean {
  return build.constantOf(index) !== undefined || (index.kind === 'local' && isStable(unit, index));
}

/** Lowers to a value in which nothing may have an effect on the outside, such as an operand of a quantifier. */
export function pure(unit: Unit, span: Span, lower: () => Expression): Expression {
  const { statements, result } = nested(unit, lower);
  const effect = effectOf(statements);
  if (effect !== undefined) report(unit, effectInPredicate(effect.span, effect.what), effect.statement);
  return build.evaluate(statements, result, span);
}

/** The value as a condition; reports what is no boolean. */
export function asCondition(unit: Unit, value: Expression): Expression {
  if (value.type.kind === 'boolean' || build.isPoison(value)) return value;
  if (value.type.kind === 'never') return value;
  report(unit, notBoolean(value.span, describe(value.type), conditionHelp(value.type)));
  return build.poison(value.span);
}

/** One of two values; reports shapes that cannot be told apart. */
function choice(unit: Unit, condition: Expression, yes: Expression, no: Expression, span: Span): Expression {
  const made =
    build.conditional(condition, yes, no, span) ?? build.conditional(condition, ...asRecords(unit, yes, no), span);
  if (made !== undefined) return made;
  report(unit, unrelatedShapes(span, describeNamed(yes), describeNamed(no)));
  return build.poison(span);
}

/** What a value is, with its name if it is one that the parameters of a model settle. */
export function describeNamed({ kind, type, ...rest }: Expression): string {
  return kind === 'parameter' && 'name' in rest ? `${describe(type)}, \`p.${rest.name}\`,` : describe(type);
}

/**
 * What a quantifier, `pick` or loop goes through: a set or array, or the set of all values of a schema.
 * Undefined when it has been reported.
 */
export function collection(unit: Unit, term: Term, span: Span): Expression | undefined {
  if (term.kind === 'error') return undefined;
  if (term.kind === 'host' && isSchema(term.value)) {
    const domain = unit.model.domainOf(term.value, span);
    return domain && wholeDomain(unit, domain, term.description, span);
  }
  const value = valueOf(unit, term, span);
  if (build.isPoison(value)) return undefined;
  if (collectionOf(value.type) !== undefined) return value;
  report(unit, notACollection(span, describe(value.type)));
  return undefined;
}

/** The same for what JavaScript itself goes through, which of schemas are ids alone. */
export function iterable(unit: Unit, term: Term, span: Span): Expression | undefined {
  if (term.kind === 'host' && isSchema(term.value) && !(Symbol.iterator in (term.value as object))) {
    report(unit, notIterable(span, term.description));
    return undefined;
  }
  return collection(unit, term, span);
}

/** Past this many values, going through all of a domain in one step is a mistake. */
const LARGEST_DOMAIN = 2 ** 20;

export function wholeDomain(unit: Unit, domain: Domain, description: string, span: Span): Expression | undefined {
  const serial = serialWithin(domain);
  if (serial !== undefined) {
    const { name } = serial;
    const message = `there is no end of the values of ${name}: nothing goes through all of them, or picks one`;
    report(unit, serialMisused(span, message, `make one with \`fresh(${name})\`, or go through those in the state`));
    return undefined;
  }
  const size = cardinality(domain);
  if (LARGEST_DOMAIN < size) {
    report(
      unit,
      hugeDomain(
        span,
        description,
        size === Infinity ? 'more than 9,007,199,254,740,991' : size.toLocaleString('en-US'),
      ),
    );
    return undefined;
  }
  return { kind: 'domain', domain, type: { kind: 'set', element: domain }, span };
}

/** Assigns to a place that the caller has checked; the caller has called `beforeWrite`. */
export function emitAssign(unit: Unit, target: Reference, value: Expression, span: Span): void {
  const place = placeOf(target, span);
  if (target.local !== undefined) {
    target.local.markMutable();
    // The fields of what was an object of the state have the domains that they had there.
    if (target.local.wasInState !== true || target.segments.length === 0)
      target.local.grow(grownAt(target.rootDomain, target.segments, value.type));
  }
  emit(unit, { kind: 'assign', target: place, value: build.adapt(value, place.domain), span });
}

/** The domain with room for values of another at the end of a path. */
function grownAt(domain: Domain, path: readonly Segment[], value: Domain): Domain {
  const [segment, ...rest] = path;
  if (segment === undefined) return joinDomains(domain, value) ?? domain;
  const members = membersOf(domain).map((member): Domain => {
    switch (member.kind) {
      case 'object':
        return segment.kind === 'field'
          ? { ...member, fields: grownFields(member.fields, segment.name, rest, value) }
          : member;
      case 'variant': {
        const cases = member.cases.map((one) =>
          segment.kind === 'field' ? { ...one, fields: grownFields(one.fields, segment.name, rest, value) } : one,
        );
        return { ...member, cases };
      }
      case 'array':
        return { ...member, element: grownAt(member.element, rest, value) };
      case 'tuple':
        return { ...member, items: member.items.map((item) => grownAt(item, rest, value)) };
      case 'record':
        return { ...member, value: grownAt(member.value, rest, value) };
      default:
        return member;
    }
  });
  return members.length === 1 ? members[0]! : { kind: 'union', members };
}

function grownFields(
  fields: Extract<Domain, { kind: 'object' }>['fields'],
  name: string,
  rest: readonly Segment[],
  value: Domain,
) {
  return fields.map((field) =>
    field.name === name ? { ...field, domain: grownAt(field.domain, rest, value) } : field,
  );
}

/** A name for a local that stands for the result of an expression: that of the const it is assigned to, if any. */
export function nameFor(node: TS.Node, otherwise: string): string {
  const parent = node.parent as (TS.Node & { name?: TS.Node; initializer?: TS.Node }) | undefined;
  const name = parent?.initializer === node ? parent.name : undefined;
  return name !== undefined && 'text' in name && typeof name.text === 'string' ? name.text : otherwise;
}

export function freshStable(unit: Unit, wanted: string): string {
  const name = freshName(unit, wanted);
  unit.stable.add(name);
  return name;
}
