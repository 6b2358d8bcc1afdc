import type { ts as TS } from 'ts-morph';
import {
  moduleVariable,
  notAValue,
  outsideWorld,
  staleReference,
  unknownMember,
  unknownName,
  wrongOperand,
} from '../diagnostics/catalog.ts';
import type { Span } from '../diagnostics/span.ts';
import { suggest } from '../diagnostics/suggest.ts';
import type { Domain, Expression, RecordDomain } from '../ir/index.ts';
import { joinAll } from '../ir/join.ts';
import {
  arrayPart,
  collectionOf,
  fieldNamesOf,
  intPart,
  isScalar,
  membersOf,
  presentPart,
  setPart,
} from '../ir/part.ts';
import { typeOfField, typeOfIndex } from '../ir/typing.ts';
import { domainAt, present, resolve, withSpan } from './aliasing.ts';
import * as build from './build.ts';
import { describe } from './describe.ts';
import { lowerCallOf } from './call.ts';
import { asTable, exactly } from './fixed.ts';
import { isIndexKey, integerKeys } from './key-order.ts';
import { lower, lowerPath } from './lower-expression.ts';
import { mergeArms } from './merge.ts';
import { collectionHelp, membersOfCollection } from './method.ts';
import { declarationOf, exportOf, spanOf, type Declared, type Module } from './source.ts';
import { lookUp, type Binding, type FunctionNode, type Scope, type Shared, type Term } from './term.ts';
import { outsideHelp } from './subset.ts';
import { ts } from './typescript.ts';
import { referenceTo, report, type Unit } from './unit.ts';
import { isSchema } from './host-value.ts';
import { sharesOf, sharesOfElement } from './shares.ts';
import { once, refuse, sequence, settle, valueOf, valueTerm } from './value.ts';
import { workOutOthers } from './unused.ts';
import { isWord } from './built-in.ts';

/** What a name stands for: a local, something of the module or of one it imports, or of JavaScript itself. */
export function lowerIdentifier(unit: Unit, node: TS.Identifier, scope: Scope): Term {
  const span = spanIn(scope, node);
  const binding = lookUp(scope, node.text);
  if (binding !== undefined) return bound(unit, binding, span);
  const declared = declarationOf(scope.module, node.text);
  if (declared !== undefined) return lowerDeclared(unit, declared, span);
  if (node.text === 'undefined') return valueTerm(build.literal(undefined, span));
  if (GLOBALS.has(node.text)) return { kind: 'global', name: node.text };
  const help = outsideHelp(node.text);
  if (help !== undefined) return refuse(unit, outsideWorld(span, node.text, help));
  return refuse(unit, unknownName(span, node.text, suggest(node.text, namesIn(scope))));
}

const GLOBALS = new Set(['Math', 'Object', 'Array', 'Set', 'Number', 'Boolean']);

export function spanIn(scope: Scope, node: TS.Node): Span {
  return spanOf(scope.module.file, node, scope.module.syntax);
}

/** What a name that is declared at the top level of some module stands for. */
function lowerDeclared(unit: Unit, declared: Declared, span: Span): Term {
  switch (declared.kind) {
    case 'namespace':
      return { kind: 'namespace', module: declared.module };
    case 'package': {
      const { specifier, name } = declared;
      if (specifier === 'fairlead' && isWord(name)) return { kind: 'word', name };
      return {
        kind: 'host',
        value: unit.model.packageValue(specifier, name),
        description: name === '*' ? specifier : name,
      };
    }
    case 'declared':
      return lowerTopLevel(unit, declared, span);
  }
}

function lowerTopLevel(unit: Unit, declared: Extract<Declared, { kind: 'declared' }>, span: Span): Term {
  const { module, name, top } = declared;
  const scope = moduleScope(module);
  switch (top.kind) {
    case 'function':
      return { kind: 'closure', node: top.declaration, scope, name };
    case 'variable': {
      if (top.mutable) return refuse(unit, moduleVariable(span, name));
      const { initializer } = top.declaration;
      const named = ts.isIdentifier(top.declaration.name);
      if (named && initializer !== undefined && isFunctionNode(initializer)) {
        return { kind: 'closure', node: initializer, scope, name };
      }
      const values = unit.model.valuesOf(module);
      const value = values[name];
      const unknown = !Object.hasOwn(values, name) || typeof value === 'function';
      // A function that a call has made: its source is found by expanding that call.
      if (unknown && named && initializer !== undefined) return lower(unit, initializer, scope);
      return hostTerm(value, name, span);
    }
    case 'other':
      if (ts.isEnumDeclaration(top.declaration)) {
        return { kind: 'host', value: unit.model.valuesOf(module)[name], description: name };
      }
      return refuse(unit, notAValue(span, `the class \`${name}\``, 'use plain objects and functions'));
    case 'type':
      return refuse(unit, unknownName(span, name, undefined));
  }
}

export function moduleScope(module: Module): Scope {
  return { module, names: new Map(), parent: undefined };
}

export function isFunctionNode(node: TS.Node): node is FunctionNode {
  return (
    ts.isArrowFunction(node) ||
    ts.isFunctionExpression(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isMethodDeclaration(node)
  );
}

/** What a name stands for where it is used. */
export function bound(unit: Unit, binding: Binding, span: Span): Term {
  switch (binding.kind) {
    case 'term': {
      const { term } = binding;
      // The use is where the reader looks, not the declaration.
      if (term.kind === 'value' && build.isLeaf(term.expression)) {
        return { ...term, expression: { ...term.expression, span } };
      }
      return term.kind === 'reference' ? { kind: 'reference', reference: withSpan(term.reference, span) } : term;
    }
    case 'alias':
      return { kind: 'reference', reference: resolve(unit, binding.alias, span) };
    case 'local': {
      const { local } = binding;
      local.uses += 1;
      local.usedAt = unit.changes.length;
      if (local.lost !== undefined) {
        report(unit, staleReference(span, local.called, local.lost.span));
        delete local.lost;
      }
      return { kind: 'reference', reference: referenceTo(local, span) };
    }
    case 'lazy':
      return lower(unit, binding.node, binding.scope);
    case 'missing':
      unit.thread?.miss(binding.keys);
      return { kind: 'error' };
  }
}

function namesIn(scope: Scope): string[] {
  const names: string[] = [];
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) names.push(...at.names.keys());
  const declared = [...scope.module.scope].filter(([, top]) => top.kind !== 'type');
  return [...names, ...declared.map(([name]) => name)];
}

/** `object.name`. */
export function lowerMember(unit: Unit, node: TS.PropertyAccessExpression, scope: Scope): Term {
  return memberOf(unit, lowerPath(unit, node.expression, scope), node, scope);
}

/** `object.name`, of an object that has been lowered already. */
export function memberOf(unit: Unit, object: Term, node: TS.PropertyAccessExpression, scope: Scope): Term {
  const name = node.name.text;
  // Of a method, the receiver is worked out when it is called.
  if (object.kind === 'object' || name === 'length') workOutOthers(unit, object, [name], spanIn(scope, node));
  return member(unit, object, { name, nameSpan: spanIn(scope, node.name), span: spanIn(scope, node), node });
}

/**
 * A chain with `?.` in it, such as `s.first?.items[0].owner`: where what stands before a `?.` is null or undefined, the
 * whole chain is undefined, not only the next link.
 */
export function lowerChain(unit: Unit, node: TS.Expression, scope: Scope): Term {
  return chained(unit, node, scope, (whole) => whole);
}

function chained(unit: Unit, node: TS.Expression, scope: Scope, rest: (object: Term) => Term): Term {
  if (!ts.isOptionalChain(node)) return rest(lowerPath(unit, node, scope));
  if (ts.isNonNullExpression(node)) return chained(unit, node.expression, scope, rest);
  const link = (object: Term): Term => {
    if (ts.isPropertyAccessExpression(node)) return memberOf(unit, object, node, scope);
    if (ts.isElementAccessExpression(node)) return elementOf(unit, object, node, scope);
    return lowerCallOf(unit, node, object, scope);
  };
  return chained(unit, node.expression, scope, (object) =>
    node.questionDotToken === undefined
      ? rest(link(object))
      : ifPresent(unit, object, spanIn(scope, node), (there) => rest(link(there))),
  );
}

/** That a member is asked for. */
interface Access {
  readonly name: string;
  /** Of the name alone. */
  readonly nameSpan: Span;
  /** Of the whole. */
  readonly span: Span;
  readonly node: TS.Node;
}

/** A member of what has been lowered already. */
export function member(unit: Unit, object: Term, access: Access): Term {
  const { name, nameSpan, span, node } = access;
  switch (object.kind) {
    case 'error':
      return object;
    case 'state': {
      const domain = unit.model.variables.get(name);
      if (domain === undefined) {
        return refuse(unit, unknownMember(nameSpan, name, 'the state', suggest(name, unit.model.variables.keys())));
      }
      if (object.next) return valueTerm({ kind: 'variable', name, next: true, type: domain, span });
      return {
        kind: 'reference',
        reference: { root: { kind: 'variable', name }, rootDomain: domain, rootSpan: span, segments: [] },
      };
    }
    case 'object': {
      const found = object.fields.get(name);
      if (found !== undefined) return present(unit, found, span);
      return refuse(unit, unknownMember(nameSpan, name, 'this object', suggest(name, object.fields.keys())));
    }
    case 'namespace': {
      const exported = exportOf(object.module, name);
      if (exported !== undefined) return lowerDeclared(unit, exported, span);
      return refuse(unit, unknownName(nameSpan, name, suggest(name, object.module.exports.keys())));
    }
    case 'host':
      return hostMember(unit, object.value, name, span, node);
    case 'global':
    case 'word':
    case 'closure':
      return { kind: 'method', receiver: object, name, node };
    case 'list':
      if (name === 'length') return valueTerm(build.literal(object.elements.length, span));
      return { kind: 'method', receiver: object, name, node };
    case 'choice': {
      const { condition, yes, no } = object;
      const ofArm = (arm: Term) => (): Term => member(unit, present(unit, arm, span), access);
      return mergeArms(unit, condition, ofArm(yes), ofArm(no), span);
    }
    case 'value':
    case 'reference':
      return valueMember(unit, object, access);
    case 'method':
    case 'formula':
    case 'declaring':
    case 'nothing':
      return refuse(unit, unknownMember(nameSpan, name, describeTerm(object), undefined));
  }
}

function describeTerm(term: Term): string {
  return term.kind === 'formula' ? 'a temporal formula' : term.kind === 'nothing' ? 'nothing' : 'a function';
}

function hostMember(unit: Unit, value: unknown, name: string, span: Span, node: TS.Node): Term {
  const receiver: Term = { kind: 'host', value, description: name };
  if (value === null || value === undefined)
    return refuse(unit, notAValue(span, String(value), 'check how it is made'));
  // The language as a namespace: `fairlead.when`.
  if (value === unit.model.packageValue('fairlead', '*') && isWord(name)) return { kind: 'word', name };
  const found: unknown = (value as Record<string, unknown>)[name];
  if (typeof found === 'function' || (!isSchema(value) && !Object.hasOwn(Object(value) as object, name))) {
    if (name === 'length' || name === 'size') return { kind: 'host', value: found, description: name };
    return { kind: 'method', receiver, name, node };
  }
  return hostTerm(found, name, span);
}

function valueMember(
  unit: Unit,
  object: Extract<Term, { kind: 'value' | 'reference' }>,
  { name, nameSpan, span, node }: Access,
): Term {
  const type = typeOfTerm(object);
  if (type.kind === 'never') return ofNothing(object);
  const domain = typeOfField(type, name);
  if (domain !== undefined) return exactly(unit, extend(object, { kind: 'field', name }, domain, span));
  if (name === 'length' && arrayPart(type) !== undefined) return sized(unit, object, span);
  if (name === 'size' && setPart(type) !== undefined) return sized(unit, object, span);
  if (collectionOf(type) !== undefined && isCalled(node)) return { kind: 'method', receiver: object, name, node };
  const record = presentPart(type);
  if (record.kind === 'record') {
    const key = keyIn(unit, record.key, build.literal(name, nameSpan));
    if (key === undefined) return { kind: 'error' };
    return exactly(unit, extend(object, { kind: 'index', index: key }, record.value, span));
  }
  // Of an object that is known there is nothing else, and where it is asked for, TypeScript sees to it that it may be.
  const isKnown = object.kind === 'value' && build.constantOf(object.expression) !== undefined;
  if (type.kind === 'object' && isKnown && !isCalled(node)) {
    return valueTerm(build.literal(undefined, span));
  }
  const known = [...fieldNamesOf(type), ...membersOfCollection(type)];
  return refuse(unit, unknownMember(nameSpan, name, describe(type), suggest(name, known), memberHelp(type)));
}

/** A part of what there is no value of, such as an element of an empty constant: whoever gets there has failed before. */
function ofNothing(term: Extract<Term, { kind: 'value' | 'reference' }>): Term {
  const value = term.kind === 'value' ? term.expression : build.read(term.reference);
  return build.isPoison(value) ? { kind: 'error' } : valueTerm(value);
}

function memberHelp(type: Domain): string | undefined {
  const names = fieldNamesOf(type);
  if (0 < names.length) return `it has ${names.map((name) => `\`${name}\``).join(', ')}`;
  return collectionHelp(type);
}

function isCalled(node: TS.Node): boolean {
  return ts.isCallExpression(node.parent) && node.parent.expression === node;
}

function sized(unit: Unit, object: Term, span: Span): Term {
  const made = build.operation('size', [valueOf(unit, object, span)], span);
  return made === undefined ? { kind: 'error' } : valueTerm(made);
}

/** The type of a value or of what a reference leads to. */
export function typeOfTerm(term: Extract<Term, { kind: 'value' | 'reference' }>): Domain {
  return term.kind === 'value' ? term.expression.type : domainAt(term.reference);
}

function extend(
  object: Extract<Term, { kind: 'value' | 'reference' }>,
  segment: { readonly kind: 'field'; readonly name: string } | { readonly kind: 'index'; readonly index: Expression },
  domain: Domain,
  span: Span,
): Term {
  if (object.kind === 'reference') {
    const { reference } = object;
    return {
      kind: 'reference',
      reference: { ...reference, segments: [...reference.segments, { ...segment, domain, span }] },
    };
  }
  const { expression, shares } = object;
  const made: Expression =
    segment.kind === 'field'
      ? { kind: 'field', object: expression, name: segment.name, type: domain, span }
      : { kind: 'index', object: expression, index: segment.index, type: domain, span };
  return valueTerm(made, sharesOfElement({ kind: 'value', expression, shares: shares ?? [] }));
}

/** `object[index]`. */
export function lowerElement(unit: Unit, node: TS.ElementAccessExpression, scope: Scope): Term {
  const span = spanIn(scope, node);
  const [object, position] = sequence(
    unit,
    [() => lowerPath(unit, node.expression, scope), () => lower(unit, node.argumentExpression, scope)],
    span,
  ) as [Term, Term];
  return elementAt(unit, object, position, node, scope);
}

/** `object[index]`, of an object that has been lowered already. */
export function elementOf(unit: Unit, object: Term, node: TS.ElementAccessExpression, scope: Scope): Term {
  const span = spanIn(scope, node);
  const [kept, position] = sequence(unit, [() => object, () => lower(unit, node.argumentExpression, scope)], span) as [
    Term,
    Term,
  ];
  return elementAt(unit, kept, position, node, scope);
}

function elementAt(unit: Unit, object: Term, position: Term, node: TS.ElementAccessExpression, scope: Scope): Term {
  const [span, at] = [spanIn(scope, node), spanIn(scope, node.argumentExpression)];
  const index = valueOf(unit, position, at);
  const constant = build.constantOf(index)?.value;
  const taken = object.kind === 'list' ? positionOf(constant) : constant;
  // Where it is not known which part is asked for, all are worked out.
  if (typeof taken === 'number' || typeof taken === 'string') workOutOthers(unit, object, [taken], span);
  return element(unit, object, index, span, node);
}

/** An element of what has been lowered already. */
export function element(unit: Unit, object: Term, index: Expression, span: Span, node: TS.Node): Term {
  if (object.kind === 'error' || build.isPoison(index)) return { kind: 'error' };
  const constant = build.constantOf(index);
  if (object.kind === 'list' && constant?.value === 'length')
    return member(unit, object, { name: 'length', nameSpan: index.span, span, node });
  const at = positionOf(constant?.value);
  if (object.kind === 'list' && at !== undefined) {
    const found = object.elements[at];
    return found === undefined ? valueTerm(build.literal(undefined, span)) : present(unit, found, span);
  }
  if (
    typeof constant?.value === 'string' &&
    (object.kind === 'object' || object.kind === 'state' || object.kind === 'host')
  ) {
    return member(unit, object, { name: constant.value, nameSpan: index.span, span, node });
  }
  if (object.kind === 'host' && at !== undefined && Array.isArray(object.value)) {
    return hostTerm((object.value as unknown[])[at], object.description, span);
  }
  const indexed =
    object.kind === 'value' || object.kind === 'reference'
      ? object
      : valueTerm(valueOf(unit, object, span), sharesOf(object));
  if (indexed.kind !== 'value' && indexed.kind !== 'reference') return { kind: 'error' };
  const type = typeOfTerm(indexed);
  if (type.kind === 'never') return ofNothing(indexed);
  const record = asRecord(indexed);
  const table = record ?? (constant === undefined ? tableOf(unit, indexed, index.type) : undefined);
  if (table !== undefined) {
    const key = keyIn(unit, table.expression.type.key, index);
    if (key === undefined) return { kind: 'error' };
    return extend(table, { kind: 'index', index: key }, table.expression.type.value, span);
  }
  if (typeof constant?.value === 'string' || typeof constant?.value === 'number') {
    const name = String(constant.value);
    const domain = typeOfField(type, name);
    if (domain !== undefined) return exactly(unit, extend(indexed, { kind: 'field', name }, domain, span));
  }
  if (constant?.value === 'length' && arrayPart(type) !== undefined) return sized(unit, indexed, span);
  const position = positionIn(unit, type, index);
  if (position === undefined) return { kind: 'error' };
  const domain = typeOfIndex(type, position.type);
  if (domain !== undefined) return exactly(unit, extend(indexed, { kind: 'index', index: position }, domain, span));
  return refuse(unit, wrongOperand(span, '[ ]', describe(type), 'an array or a record'));
}

/** A constant as the position of an element of an array. */
function positionOf(constant: unknown): number | undefined {
  if (typeof constant === 'number') return constant;
  return typeof constant === 'string' && isIndexKey(constant) ? Number(constant) : undefined;
}

/** What evaluating the module left; where that is nothing, what JavaScript calls so. */
function hostTerm(value: unknown, description: string, span: Span): Term {
  return value === undefined ? valueTerm(build.literal(undefined, span)) : { kind: 'host', value, description };
}

/** What an array or a record is indexed by, as what the IR takes for that; undefined when it has been reported. */
function positionIn(unit: Unit, type: Domain, index: Expression): Expression | undefined {
  const record = membersOf(type).find((member) => member.kind === 'record');
  if (record !== undefined) return keyIn(unit, record.key, index);
  if (arrayPart(type) === undefined) return index;
  const constant = build.constantOf(index)?.value;
  if (typeof constant === 'string' && isIndexKey(constant)) return build.literal(Number(constant), index.span);
  const isNumber = membersOf(index.type).every(({ kind }) => kind !== 'boolean' && kind !== 'enum' && kind !== 'ids');
  if (index.type.kind === 'never' || (isNumber && intPart(index.type) !== undefined)) return index;
  report(unit, wrongOperand(index.span, '[ ]', describe(index.type), 'the position of an element'));
  return undefined;
}

/**
 * The key of a record. To JavaScript numbers and texts that look like them are the same keys, to the IR they are not: a
 * constant is turned into what the record has, and what may be either is refused.
 *
 * @returns undefined when it has been reported.
 */
export function keyIn(unit: Unit, keys: Domain, index: Expression): Expression | undefined {
  const constant = build.constantOf(index)?.value;
  const isNumbered = intPart(keys) !== undefined;
  if (typeof constant === 'number' && !isNumbered) return build.literal(String(constant), index.span);
  if (typeof constant === 'string' && isNumbered && String(Number(constant)) === constant)
    return build.literal(Number(constant), index.span);
  const texts = membersOf(keys).flatMap((member) =>
    member.kind === 'enum' || member.kind === 'ids' ? member.values : [],
  );
  const isOther = membersOf(index.type).some((member) => {
    if (member.kind === 'int') return !isNumbered && texts.some((text) => String(Number(text)) === text);
    if (member.kind === 'enum' || member.kind === 'ids')
      return isNumbered && member.values.some((text) => String(Number(text)) === text);
    return member.kind === 'boolean' || !isScalar(member);
  });
  const isText = ({ kind }: Domain): boolean => kind === 'enum' || kind === 'ids';
  const fits = membersOf(index.type).some((member) =>
    membersOf(keys).some(
      (one) => one.kind === member.kind || (isText(one) && isText(member)) || member.kind === 'never',
    ),
  );
  if (fits && !isOther) return index;
  report(unit, wrongOperand(index.span, '[ ]', describe(index.type), describe(keys)));
  return undefined;
}

/** A value of which a step asks for an entry. */
interface Table {
  readonly kind: 'value';
  readonly expression: Expression & { readonly type: RecordDomain };
  readonly shares: readonly Shared[];
}

/** An object literal, or a constant of the module, that is indexed by a value is a record. */
function asRecord(term: Term): Table | undefined {
  if (term.kind !== 'value') return undefined;
  const { expression } = term;
  if (expression.type.kind !== 'object' || (expression.kind !== 'literal' && expression.kind !== 'object'))
    return undefined;
  const { fields } = expression.type;
  const value = joinAll(fields.map((field) => field.domain));
  if (value === undefined) return undefined;
  const names = fields.map((field) => field.name);
  // `{ 0: "idle", 1: "busy" }[n]`
  const key: Domain = integerKeys(names) ?? { kind: 'enum', values: names };
  return {
    kind: 'value',
    expression: { ...expression, type: { kind: 'record', key, value } },
    shares: term.shares ?? [],
  };
}

/** An object among the parameters and constants that is indexed by a value is a record too. */
function tableOf(unit: Unit, term: Term, index: Domain): Table | undefined {
  if (term.kind !== 'value' && term.kind !== 'reference') return undefined;
  const expression = asTable(unit, term.kind === 'value' ? term.expression : build.read(term.reference), index);
  return expression && { kind: 'value', expression, shares: sharesOf(term) };
}

/** `object?.…`: undefined when the object is null or undefined. */
function ifPresent(unit: Unit, object: Term, span: Span, read: (object: Term) => Term): Term {
  if (object.kind !== 'value' && object.kind !== 'reference') return read(object);
  const known = object.kind === 'value' ? valueTerm(once(unit, object.expression), object.shares) : object;
  const value = valueOf(unit, known, span);
  const absent = isAbsent(value, span);
  if (absent === undefined) return read(known);
  // It never is: there is nothing to be read.
  if (presentPart(value.type).kind === 'never') {
    unit.decided += 1;
    return valueTerm(build.literal(undefined, span));
  }
  const undefinedTerm = valueTerm(build.literal(undefined, span));
  return mergeArms(
    unit,
    absent,
    () => undefinedTerm,
    () => settle(read(known)),
    span,
  );
}

/** Whether a value is null or undefined, as an expression; undefined when its type says that it never is. */
export function isAbsent(value: Expression, span: Span): Expression | undefined {
  const members = value.type.kind === 'union' ? value.type.members : [value.type];
  const tests = members
    .filter((one) => one.kind === 'null' || one.kind === 'undefined')
    .map((one) =>
      build.operation('equal', [value, build.literal(one.kind === 'null' ? null : undefined, span)], span)!,
    );
  if (tests.length === 0) return undefined;
  return tests.reduce((left, right) => build.both('or', left, right, span));
}
