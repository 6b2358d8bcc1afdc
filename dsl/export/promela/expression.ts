import type { Span } from '../../diagnostics/span.ts';
import type { Comprehension, Domain, Expression, Fold, Value } from '../../ir/index.ts';
import { ANY_INT, cardinality, contains, INT_MAX, INT_MIN, valuesOf } from '../../ir/index.ts';
import { arrayPart, collectionOf, intPart, joinAll, membersOf, setPart, UNDEFINED } from '../../ir/typing.ts';
import type { Identifiers } from '../identifiers.ts';
import type { Refusals } from '../refusal.ts';
import { isSubdomain } from '../subdomain.ts';
import type { Conversions } from './convert.ts';
import { lengthText, quote } from './convert.ts';
import type { Shape, Shapes } from './shape.ts';
import { initializer, isScalar, MAX_ELEMENTS, scalarText, Unshapable } from './shape.ts';
import { statementLines } from './statement.ts';

/** What every function that is being written needs to know. */
export interface Writer {
  readonly shapes: Shapes;
  readonly conversions: Conversions;
  readonly refusals: Refusals;
  /** Members of `struct Variables` by the names of the variables. */
  readonly variables: ReadonlyMap<string, { readonly member: string; readonly domain: Domain }>;
  /** C for whether an action with these arguments (undefined: any) has a step that changes the state. */
  readonly enabled: (action: string, given: readonly (CValue | undefined)[], span: Span) => string;
  /** `file:line` of a span, for messages. */
  readonly where: (span: Span) => string;
}

/** The C function that is being written. */
export interface FunctionScope {
  readonly writer: Writer;
  readonly names: Identifiers;
  readonly locals: Map<string, { readonly text: string; readonly domain: Domain }>;
  /** The label after each block that can be left. */
  readonly labels: Map<string, string>;
}

/** C for a value, and its domain: what the C type is the type of. */
export interface CValue {
  readonly text: string;
  readonly domain: Domain;
  /** The text only names a place: evaluating it twice costs nothing. */
  readonly isPlace?: boolean;
}

/** C for the value of an expression, of the domain that its C type holds. */
export function expressionValue(scope: FunctionScope, expression: Expression): CValue {
  const { writer } = scope;
  try {
    return narrowed(scope, expression, valueOf(scope, expression));
  } catch (error) {
    if (!(error instanceof Unshapable)) throw error;
    writer.refusals.add(error.message, `SPIN's state has room for at most ${MAX_ELEMENTS} of them`, expression.span);
    return { text: '0', domain: { kind: 'never' } };
  }
}

/** C for the value of an expression as a value of another domain; fails there when it is not one. */
export function expressionAs(scope: FunctionScope, expression: Expression, domain: Domain, what?: string): string {
  const { writer } = scope;
  const direct = guarded(scope, expression.span, () => literalAs(scope, expression, domain), undefined);
  if (direct !== undefined) return direct;
  const value = expressionValue(scope, expression);
  const message = `${writer.where(expression.span)}: ${what ?? 'a value outside its domain'}`;
  return guarded(
    scope,
    expression.span,
    () => writer.conversions.convert(value.text, value.domain, domain, message),
    '0',
  );
}

/** A literal is made as a value of the domain it goes to, where its parts are of the right kind. */
function literalAs(scope: FunctionScope, expression: Expression, domain: Domain): string | undefined {
  const { shapes } = scope.writer;
  const shape = shapes.of(domain);
  switch (expression.kind) {
    case 'literal':
      return contains(domain, expression.value) && shape.kind !== 'union'
        ? literal(shapes, expression.value, domain).text
        : undefined;
    case 'set':
      if (shape.kind !== 'set') return undefined;
      if (expression.elements.length === 0) return `(${shape.type}){ 0 }`;
      return setOfElements(scope, expression.elements, domain, expression.span).text;
    case 'array': {
      if (shape.kind !== 'array' || shape.max === 0) return undefined;
      const { length } = expression.elements;
      if (length < shape.min || shape.max < length) return undefined;
      return arrayOfElements(scope, expression.elements, shape);
    }
    case 'object': {
      if (shape.kind !== 'object') return undefined;
      const given = new Map(expression.fields.map((field) => [field.name, field.value]));
      const isExact = given.size === shape.fields.length && shape.fields.every(({ name }) => given.has(name));
      if (!isExact) return undefined;
      const parts = shape.fields.map(
        (field) => `.${field.member} = ${expressionAs(scope, given.get(field.name)!, field.domain)}`,
      );
      return `(${shape.type}){ ${parts.length === 0 ? '0' : parts.join(', ')} }`;
    }
    case 'conditional': {
      if (shape.kind === 'scalar') return undefined;
      const condition = conditionText(scope, expression.condition);
      const [yes, no] = [
        expressionAs(scope, expression.whenTrue, domain),
        expressionAs(scope, expression.whenFalse, domain),
      ];
      return `(${condition} ? ${yes} : ${no})`;
    }
    default:
      return undefined;
  }
}

function arrayOfElements(
  scope: FunctionScope,
  elements: readonly Expression[],
  shape: Extract<Shape, { kind: 'array' }>,
): string {
  const at = elements.map((element) => expressionAs(scope, element, shape.element));
  const parts = [
    ...(shape.min === shape.max ? [] : [`.length = ${at.length}`]),
    ...(at.length === 0 ? [] : [`.at = { ${at.join(', ')} }`]),
  ];
  return `(${shape.type}){ ${parts.length === 0 ? '0' : parts.join(', ')} }`;
}

function setOfElements(scope: FunctionScope, elements: readonly Expression[], domain: Domain, span: Span): CValue {
  return built(scope, domain, (r) =>
    elements.map((element) => addTo(scope, r, domain, expressionValue(scope, element), span)).join(' '),
  );
}

/** C for a condition, as an int. */
export function conditionText(scope: FunctionScope, expression: Expression): string {
  return expressionAs(scope, expression, { kind: 'boolean' }, 'neither true nor false');
}

/** Runs `make`; what has no shape becomes a refusal and `otherwise`. */
export function guarded<Result>(scope: FunctionScope, span: Span, make: () => Result, otherwise: Result): Result {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof Unshapable)) throw error;
    scope.writer.refusals.add(error.message, `SPIN's state has room for at most ${MAX_ELEMENTS} of them`, span);
    return otherwise;
  }
}

/** A type that has been narrowed (after a test for null, say) is narrower than what the place holds. */
function narrowed(scope: FunctionScope, expression: Expression, value: CValue): CValue {
  const isRead = ['local', 'variable', 'field', 'index'].includes(expression.kind);
  if (!isRead || value.domain.kind !== 'union' || expression.type.kind === 'union') return value;
  if (isScalar(value.domain)) return value;
  const message = `${scope.writer.where(expression.span)}: no value there`;
  const text = scope.writer.conversions.convert(value.text, value.domain, expression.type, message);
  return { text, domain: expression.type };
}

function valueOf(scope: FunctionScope, expression: Expression): CValue {
  const { shapes, conversions, variables, where } = scope.writer;
  const { span, type } = expression;
  switch (expression.kind) {
    case 'literal':
    case 'parameter':
      return literal(shapes, expression.value, type);
    case 'variable': {
      const { member, domain } = variables.get(expression.name)!;
      return { text: `${expression.next ? 'next' : 's'}->${member}`, domain, isPlace: true };
    }
    case 'local': {
      const { text, domain } = scope.locals.get(expression.name)!;
      return { text, domain, isPlace: true };
    }
    case 'field':
      return fieldValue(scope, valueOf(scope, expression.object), expression.name, span);
    case 'index':
      return indexValue(scope, valueOf(scope, expression.object), expression.index, span);
    case 'not':
      return truth(`!${conditionText(scope, expression.operand)}`);
    case 'and':
      return truth(`(${conditionText(scope, expression.left)} && ${conditionText(scope, expression.right)})`);
    case 'or':
      return truth(`(${conditionText(scope, expression.left)} || ${conditionText(scope, expression.right)})`);
    case 'implies':
      return truth(`(!${conditionText(scope, expression.left)} || ${conditionText(scope, expression.right)})`);
    case 'conditional': {
      const [yes, no] = [
        expressionAs(scope, expression.whenTrue, type),
        expressionAs(scope, expression.whenFalse, type),
      ];
      return { text: `(${conditionText(scope, expression.condition)} ? ${yes} : ${no})`, domain: type };
    }
    case 'operation':
      return operationValue(scope, expression);
    case 'object': {
      const values = expression.fields.map((field) => expressionValue(scope, field.value));
      const fields = expression.fields.map((field, index) => ({ name: field.name, domain: values[index]!.domain }));
      const domain: Domain = { kind: 'object', fields };
      const shape = shapes.of(domain, 'Object') as Extract<Shape, { kind: 'object' }>;
      const parts = shape.fields.map((field, index) => `.${field.member} = ${values[index]!.text}`);
      const text = `(${shape.type}){ ${parts.length === 0 ? '0' : parts.join(', ')} }`;
      // The declared type tells cases apart; the literal's own does not.
      return type.kind === 'variant'
        ? { text: conversions.convert(text, domain, type, where(span)), domain: type }
        : { text, domain };
    }
    case 'array': {
      const shape = shapes.of(type, 'List');
      if (shape.kind === 'tuple') {
        const parts = shape.items.map((item, index) => {
          return `.${item.member} = ${expressionAs(scope, expression.elements[index]!, item.domain)}`;
        });
        return { text: `(${shape.type}){ ${parts.join(', ')} }`, domain: type };
      }
      if (shape.kind !== 'array') throw new Error(`an array of type ${type.kind}`);
      return { text: arrayOfElements(scope, expression.elements, shape), domain: type };
    }
    case 'set':
      return setOfElements(scope, expression.elements, type, span);
    case 'domain': {
      const domain: Domain = { kind: 'set', element: expression.domain };
      const shape = shapes.of(domain, 'Set') as Extract<Shape, { kind: 'set' }>;
      const last = shape.elements.length - 1;
      return { text: last < 0 ? `(${shape.type}){ 0 }` : `(${shape.type}){ .has = { [0 ... ${last}] = 1 } }`, domain };
    }
    case 'comprehension':
      return comprehensionValue(scope, expression);
    case 'fold':
      return foldValue(scope, expression);
    case 'evaluate': {
      const body = statementLines(scope, expression.body).join(' ');
      const result = expressionAs(scope, expression.result, type);
      return { text: `({ ${body} ${result}; })`, domain: type };
    }
    case 'enabled': {
      const bindAll = (rest: readonly (Expression | undefined)[], given: readonly (CValue | undefined)[]): CValue => {
        const [first, ...others] = rest;
        if (rest.length === 0) return truth(scope.writer.enabled(expression.action, given, span));
        if (first === undefined) return bindAll(others, [...given, undefined]);
        const value = expressionValue(scope, first);
        return bound(scope, value, (text) => bindAll(others, [...given, { ...value, text }]));
      };
      return bindAll(expression.arguments, []);
    }
  }
}

/** C for a constant. */
export function literal(shapes: Shapes, value: Value, domain: Domain): CValue {
  const shape = shapes.of(domain);
  if (shape.kind === 'scalar') return { text: scalarText(shapes, value), domain, isPlace: true };
  return { text: `(${shape.type})${initializer(shapes, value, domain)}`, domain };
}

function truth(text: string): CValue {
  return { text, domain: { kind: 'boolean' } };
}

/** A statement expression that fills a fresh `r` of the domain. */
function built(scope: FunctionScope, domain: Domain, fill: (r: string) => string): CValue {
  const shape = scope.writer.shapes.of(domain);
  const r = scope.names.take('r');
  const start = shape.kind === 'scalar' ? '0' : '{ 0 }';
  return { text: `({ ${shape.type} ${r} = ${start}; ${fill(r)} ${r}; })`, domain };
}

/** Binds a value to a name that may be read more than once, inside the text that `use` makes; a place stays one. */
function bound(scope: FunctionScope, value: CValue, use: (text: string) => CValue): CValue {
  // What may fail is worked out once and where it stands, not where it is read.
  const isSimple = !/\{|\w\(/.test(value.text);
  if (value.isPlace && isSimple) return use(value.text);
  const { type, kind } = scope.writer.shapes.of(value.domain);
  const name = scope.names.take('v');
  // A scalar has no parts to reach, and within a struct it is no `int` to point to.
  if (!value.isPlace || kind === 'scalar') {
    const { text, domain } = use(name);
    return { text: `({ ${type} ${name} = ${value.text}; ${text}; })`, domain };
  }
  const { text, domain, isPlace } = use(`(*${name})`);
  const start = `${type} *${name} = &${value.text};`;
  return isPlace
    ? { text: `(*({ ${start} &${text}; }))`, domain, isPlace }
    : { text: `({ ${start} ${text}; })`, domain };
}

/** C for `object.name`. */
export function fieldValue(scope: FunctionScope, object: CValue, name: string, span: Span): CValue {
  const { shapes, where } = scope.writer;
  const shape = shapes.of(object.domain);
  const missing = `fail(${quote(`${where(span)}: no field ${name}`)})`;
  switch (shape.kind) {
    case 'object': {
      const field = shape.fields.find((one) => one.name === name);
      if (field === undefined) return { text: `({ ${missing}; 0; })`, domain: { kind: 'never' } };
      return part(object, `.${field.member}`, field.domain);
    }
    case 'record': {
      const at = shape.keys.findIndex((key) => String(key) === name);
      return at < 0
        ? { text: `({ ${missing}; 0; })`, domain: { kind: 'never' } }
        : part(object, `.at[${at}]`, shape.value);
    }
    case 'variant': {
      if (shape.discriminator.name === name)
        return part(object, `.${shape.discriminator.member}`, shape.discriminator.domain);
      const having = shape.cases.flatMap((one) => {
        const field = one.fields.find((candidate) => candidate.name === name);
        return field === undefined ? [] : [{ tag: one.tag, field }];
      });
      const domain = joinAll(having.map(({ field }) => field.domain)) ?? { kind: 'never' };
      const [first] = having;
      if (first === undefined) return { text: `({ ${missing}; 0; })`, domain: { kind: 'never' } };
      const oneMember = having.every(
        ({ field }) => field.member === first.field.member && scope.writer.conversions.areAlike(field.domain, domain),
      );
      if (oneMember && having.length === shape.cases.length) return part(object, `.${first.field.member}`, domain);
      return bound(scope, object, (text) => {
        const tag = `${text}.${shape.discriminator.member}`;
        const arms = having.map(({ tag: one, field }) => {
          const value = scope.writer.conversions.convert(`${text}.${field.member}`, field.domain, domain, where(span));
          return { test: `${tag} == ${scalarText(shapes, one)}`, value };
        });
        if (oneMember) {
          const tests = arms.map(({ test }) => test).join(' || ');
          return {
            text: `(*({ if (!(${tests})) ${missing}; &${text}.${first.field.member}; }))`,
            domain,
            isPlace: true,
          };
        }
        return {
          text: `(${arms.map(({ test, value }) => `${test} ? ${value} : `).join('')}({ ${missing}; ${arms[0]!.value}; }))`,
          domain,
        };
      });
    }
    case 'union': {
      const index = shape.members.findIndex(({ domain }) => ['object', 'variant', 'record'].includes(domain.kind));
      const member = shape.members[index];
      if (member === undefined) return { text: `({ ${missing}; 0; })`, domain: { kind: 'never' } };
      return bound(scope, object, (text) => {
        const inside = `({ if (${text}.is != ${index + 1}) ${missing}; &${text}.${member.member}; })`;
        return fieldValue(scope, { text: `(*${inside})`, domain: member.domain, isPlace: true }, name, span);
      });
    }
    default:
      return { text: `({ ${missing}; 0; })`, domain: { kind: 'never' } };
  }
}

/** C for `object[index]`. */
export function indexValue(scope: FunctionScope, object: CValue, indexExpression: Expression, span: Span): CValue {
  const { shapes, conversions, where } = scope.writer;
  const shape = shapes.of(object.domain);
  const index = expressionValue(scope, indexExpression);
  const message = (what: string): string => quote(`${where(span)}: ${what}`);
  const nothing = (what: string): CValue => ({ text: `({ fail(${message(what)}); 0; })`, domain: { kind: 'never' } });
  switch (shape.kind) {
    case 'array': {
      const ints = intPart(index.domain);
      if (shape.max === 0 || ints === undefined) return nothing('index outside an array');
      const isInt = index.domain.kind === 'int';
      if (isInt && 0 <= ints.min && ints.max < shape.min) return part(object, `.at[${index.text}]`, shape.element);
      const position = isInt ? index.text : conversions.convert(index.text, index.domain, ints, where(span));
      return bound(scope, object, (text) =>
        part(
          { ...object, text },
          `.at[inside(${position}, ${lengthText(text, shape)}, ${message('index outside an array')})]`,
          shape.element,
        ),
      );
    }
    case 'tuple': {
      const only =
        index.domain.kind === 'int' && index.domain.min === index.domain.max
          ? shape.items[index.domain.min]
          : undefined;
      if (only !== undefined) return part(object, `.${only.member}`, only.domain);
      const array = arrayPart(object.domain);
      if (array === undefined) {
        scope.writer.refusals.add('an index into a tuple of unlike items', 'C has no type for what it yields', span);
        return nothing('index outside a tuple');
      }
      const list = conversions.convert(object.text, object.domain, array, where(span));
      return indexValue(scope, { text: list, domain: array }, indexExpression, span);
    }
    case 'record': {
      if (shape.keys.length === 0) return nothing('no key of the record');
      const position = conversions.position(index.text, index.domain, shape.key, shape.keys);
      const safe = isSubdomain(index.domain, shape.key);
      const at = safe ? position : `inside(${position}, ${shape.keys.length}, ${message('no key of the record')})`;
      return part(object, `.at[${at}]`, shape.value);
    }
    case 'union': {
      const at = shape.members.findIndex(({ domain }) => ['array', 'tuple', 'record'].includes(domain.kind));
      const member = shape.members[at];
      if (member === undefined) return nothing('nothing with entries');
      return bound(scope, object, (text) => {
        const inside = `(*({ if (${text}.is != ${at + 1}) fail(${message('nothing with entries')}); &${text}.${member.member}; }))`;
        return indexValue(scope, { text: inside, domain: member.domain, isPlace: true }, indexExpression, span);
      });
    }
    default:
      return nothing('nothing with entries');
  }
}

function part(whole: CValue, selector: string, domain: Domain): CValue {
  const text = /^[\w>.[\]()-]*$/.test(whole.text) || whole.isPlace ? whole.text : `(${whole.text})`;
  return { text: `${text}${selector}`, domain, ...(whole.isPlace ? { isPlace: true } : {}) };
}

/** Adds a value to the set in `r`. */
export function addTo(scope: FunctionScope, r: string, setDomain: Domain, value: CValue, span: Span): string {
  const { shapes, conversions, where } = scope.writer;
  const shape = shapes.of(setDomain) as Extract<Shape, { kind: 'set' }>;
  if (shape.elements.length === 0) return `(void)(${value.text});`;
  const position = conversions.position(value.text, value.domain, shape.element, shape.elements);
  const safe = isSubdomain(value.domain, shape.element);
  const at = safe
    ? position
    : `inside(${position}, ${shape.elements.length}, ${quote(`${where(span)}: no element of the set`)})`;
  return `${r}.has[${at}] = 1;`;
}

/** C for what must be a set, an array or a tuple; fails where it is none. */
export function collectionValue(scope: FunctionScope, expression: Expression): CValue {
  const { conversions, where } = scope.writer;
  const value = expressionValue(scope, expression);
  const collections = membersOf(value.domain).filter(
    ({ kind }) => kind === 'set' || kind === 'array' || kind === 'tuple',
  );
  const domain = collections[0] ?? EMPTY;
  if (collections.length === 1 && value.domain.kind !== 'union') return value;
  if (collections.length > 1) {
    scope.writer.refusals.add(
      'what may be one kind of collection or another',
      'C has no one type for it',
      expression.span,
    );
  }
  const message = `${where(expression.span)}: neither an array nor a set`;
  return { text: conversions.convert(value.text, value.domain, domain, message), domain };
}

const EMPTY: Domain = { kind: 'array', element: { kind: 'never' }, minLength: 0, maxLength: 0 };

/**
 * C that runs `body` for each element of a collection, in the language's order.
 *
 * @param body - given the element (and its position) as values, the statements to run.
 */
export function eachElement(
  scope: FunctionScope,
  over: Expression,
  binders: { readonly binder: string; readonly indexBinder?: string },
  body: (element: CValue) => string,
): string {
  const { shapes, conversions } = scope.writer;
  const index = (domain: Domain, from: string): string => {
    if (binders.indexBinder === undefined) return '';
    const name = scope.names.take(binders.indexBinder);
    scope.locals.set(binders.indexBinder, { text: name, domain });
    return ` int ${name} = ${from};`;
  };
  const bind = (domain: Domain): { name: string; element: CValue } => {
    const name = scope.names.take(binders.binder);
    scope.locals.set(binders.binder, { text: name, domain });
    return { name, element: { text: name, domain, isPlace: true } };
  };
  const counter = (): string => scope.names.take('i');

  if (over.kind === 'domain') {
    const size = cardinality(over.domain);
    if (MAX_ELEMENTS < size) throw new Unshapable(`a loop over ${size} values`);
    const values = [...valuesOf(over.domain)];
    const { name, element } = bind(over.domain);
    const low = conversions.consecutiveFrom(over.domain, values);
    if (low !== undefined && binders.indexBinder === undefined) {
      return `for (int ${name} = ${low}; ${name} <= ${low + values.length - 1}; ${name}++) { ${body(element)} }`;
    }
    const i = counter();
    const positions = index({ kind: 'int', min: 0, max: Math.max(0, size - 1) }, i);
    const type = shapes.of(over.domain).type;
    const value = conversions.valueAt(i, over.domain, values);
    return `for (int ${i} = 0; ${i} < ${values.length}; ${i}++) { ${type} ${name} = ${value};${positions} ${body(element)} }`;
  }
  const collection = collectionValue(scope, over);
  const shape = shapes.of(collection.domain);
  if (shape.kind === 'set') {
    const all = scope.names.take('all');
    const i = counter();
    const { name, element } = bind(shape.element);
    const seen = binders.indexBinder === undefined ? undefined : scope.names.take('n');
    const size: Domain = { kind: 'int', min: 0, max: Math.max(0, shape.elements.length - 1) };
    const positions = seen === undefined ? '' : index(size, `${seen}++`);
    const start = seen === undefined ? '' : ` int ${seen} = 0;`;
    const type = shapes.of(shape.element).type;
    const value = conversions.valueAt(i, shape.element, shape.elements);
    return (
      `{ ${shape.type} ${all} = ${collection.text};${start} for (int ${i} = 0; ${i} < ${shape.elements.length}; ${i}++) ` +
      `if (${all}.has[${i}]) { ${type} ${name} = ${value};${positions} ${body(element)} } }`
    );
  }
  if (shape.kind === 'tuple') {
    // Items may be of different types: the body is written once for each.
    const all = scope.names.take('all');
    const rounds = shape.items.map((item, position) => {
      const { name, element } = bind(item.domain);
      const positions = index({ kind: 'int', min: 0, max: shape.items.length - 1 }, String(position));
      return `{ ${shapes.of(item.domain).type} ${name} = ${all}.${item.member};${positions} ${body(element)} }`;
    });
    return `do { ${shape.type} ${all} = ${collection.text}; ${rounds.join(' ')} } while (0);`;
  }
  if (shape.kind !== 'array') throw new Error(`a collection of shape ${shape.kind}`);
  if (shape.max === 0) return `(void)(${collection.text});`;
  const all = scope.names.take('all');
  const i = counter();
  const { name, element } = bind(shape.element);
  const positions = index({ kind: 'int', min: 0, max: shape.max - 1 }, i);
  const type = shapes.of(shape.element).type;
  return (
    `{ ${shape.type} ${all} = ${collection.text}; for (int ${i} = 0; ${i} < ${lengthText(all, shape)}; ${i}++) ` +
    `{ ${type} ${name} = ${all}.at[${i}];${positions} ${body(element)} } }`
  );
}

function comprehensionValue(scope: FunctionScope, expression: Expression & Comprehension): CValue {
  const { shapes, conversions, where } = scope.writer;
  const { over, body, operator, span } = expression;
  const loop = (each: (element: CValue) => string): string => eachElement(scope, over, expression, each);
  const test = (): string => conditionText(scope, body);
  const int: Domain = { kind: 'int', min: INT_MIN, max: INT_MAX };
  switch (operator) {
    case 'all':
    case 'some': {
      const start = operator === 'all' ? 1 : 0;
      const r = scope.names.take('r');
      const text = loop(() => `if (${operator === 'all' ? '!' : ''}${test()}) { ${r} = ${1 - start}; break; }`);
      return truth(`({ int ${r} = ${start}; ${text} ${r}; })`);
    }
    case 'count': {
      const r = scope.names.take('r');
      const most = over.kind === 'domain' ? cardinality(over.domain) : (collectionOf(over.type)?.max ?? INT_MAX);
      const text = loop(() => `${r} += ${test()};`);
      return {
        text: `({ int ${r} = 0; ${text} ${r}; })`,
        domain: { kind: 'int', min: 0, max: Math.min(most, INT_MAX) },
      };
    }
    case 'findIndex': {
      const r = scope.names.take('r');
      const n = scope.names.take('n');
      const text = loop(() => `if (${test()}) { ${r} = ${n}; break; } ${n}++;`);
      return { text: `({ int ${r} = -1, ${n} = 0; ${text} ${r}; })`, domain: int };
    }
    case 'find':
      return built(scope, expression.type, (r) => {
        const none = conversions.convert(scalarText(shapes, undefined), UNDEFINED, expression.type, where(span));
        const text = loop((element) => {
          const found = conversions.convert(element.text, element.domain, expression.type, where(span));
          return `if (${test()}) { ${r} = ${found}; break; }`;
        });
        return `${r} = ${none}; ${text}`;
      });
    case 'filter':
      return filled(scope, expression.type, span, (append) =>
        loop((element) => `if (${test()}) { ${append(element)} }`),
      );
    case 'map':
      return filled(scope, expression.type, span, (append) => loop(() => append(expressionValue(scope, body))));
    case 'record': {
      const shape = shapes.of(expression.type);
      if (shape.kind !== 'record') throw new Error('a record that is none');
      return built(scope, expression.type, (r) => {
        const seen = scope.names.take('n');
        const text = loop((element) => {
          const at = conversions.position(element.text, element.domain, shape.key, shape.keys);
          const value = expressionAs(scope, body, shape.value);
          return `${r}.at[inside(${at}, ${shape.keys.length}, ${quote(where(span))})] = ${value}; ${seen}++;`;
        });
        const complete =
          over.kind === 'domain'
            ? ''
            : ` if (${seen} < ${shape.keys.length}) fail(${quote(`${where(span)}: keys are missing`)});`;
        return `int ${seen} = 0; ${text}${complete}`;
      });
    }
  }
}

/**
 * A new array or set that `fill` appends to, in order. The length of an array of fixed length is not kept in its
 * struct, so it is counted beside it.
 */
function filled(
  scope: FunctionScope,
  domain: Domain,
  span: Span,
  fill: (append: (element: CValue) => string) => string,
): CValue {
  const { shapes, conversions, where } = scope.writer;
  const shape = shapes.of(domain);
  return built(scope, domain, (r) => {
    if (shape.kind === 'set') return fill((element) => addTo(scope, r, domain, element, span));
    if (shape.kind !== 'array') throw new Error(`appending to ${shape.kind}`);
    if (shape.max === 0) return fill((element) => `(void)(${element.text});`);
    const isFixed = shape.min === shape.max;
    const counter = isFixed ? scope.names.take('n') : `${r}.length`;
    const text = fill((element) => {
      const value = conversions.convert(element.text, element.domain, shape.element, where(span));
      return `${r}.at[${counter}] = ${value}; ${counter}++;`;
    });
    return isFixed ? `int ${counter} = 0; ${text}` : text;
  });
}

function foldValue(scope: FunctionScope, expression: Expression & Fold): CValue {
  const { shapes } = scope.writer;
  const { type } = expression;
  const name = scope.names.take(expression.accumulator);
  const initial = expressionAs(scope, expression.initial, type);
  scope.locals.set(expression.accumulator, { text: name, domain: type });
  const text = eachElement(
    scope,
    expression.over,
    expression,
    () => `${name} = ${expressionAs(scope, expression.body, type)};`,
  );
  return { text: `({ ${shapes.of(type).type} ${name} = ${initial}; ${text} ${name}; })`, domain: type };
}

function operationValue(scope: FunctionScope, expression: Expression & { kind: 'operation' }): CValue {
  const { shapes, conversions, where } = scope.writer;
  const { operator, operands, type, span } = expression;
  const message = quote(`${where(span)}: outside the 32-bit integers`);
  const values = (): CValue[] => operands.map((operand) => expressionValue(scope, operand));
  const ints = (): { text: string; min: number; max: number }[] =>
    values().map((value) => {
      const part = intPart(value.domain) ?? { kind: 'int' as const, min: INT_MIN, max: INT_MAX };
      return { text: conversions.convert(value.text, value.domain, part, where(span)), min: part.min, max: part.max };
    });
  const arithmetic = (symbol: string, name: string, extremes: (a: Bounds, b: Bounds) => number[]): CValue => {
    const [a, b] = ints() as [Bounds & { text: string }, Bounds & { text: string }];
    const ends = extremes(a, b);
    const domain = interval(ends);
    const safe = ends.every((end) => INT_MIN <= end && end <= INT_MAX);
    return { text: safe ? `(${a.text} ${symbol} ${b.text})` : `${name}(${a.text}, ${b.text}, ${message})`, domain };
  };
  const called = (name: string): CValue => {
    const given = ints().map(({ text }) => text);
    return {
      text: `${name}(${given.join(', ')}, ${quote(`${where(span)}: division by zero`)})`,
      domain: intPart(type) ?? type,
    };
  };
  const compared = (symbol: string): CValue => {
    const [a, b] = ints();
    return truth(`(${a!.text} ${symbol} ${b!.text})`);
  };
  switch (operator) {
    case 'add':
      return arithmetic('+', 'add', (a, b) => [a.min + b.min, a.max + b.max]);
    case 'subtract':
      return arithmetic('-', 'subtract', (a, b) => [a.min - b.max, a.max - b.min]);
    case 'multiply':
      return arithmetic('*', 'multiply', (a, b) => [a.min * b.min, a.min * b.max, a.max * b.min, a.max * b.max]);
    case 'divide':
      return called('divide');
    case 'truncate':
      return called('truncate_');
    case 'remainder':
      return called('remainder_');
    case 'negate': {
      const [a] = ints();
      const domain = interval([-a!.max, -a!.min]);
      return { text: -a!.min <= INT_MAX ? `(-${a!.text})` : `subtract(0, ${a!.text}, ${message})`, domain };
    }
    case 'absolute': {
      const [a] = ints();
      return { text: `absolute(${a!.text}, ${message})`, domain: intPart(type) ?? type };
    }
    case 'minimum':
    case 'maximum': {
      const [first, ...others] = ints();
      const text = others.reduce((so, one) => `${operator}(${so}, ${one.text})`, first!.text);
      return { text, domain: intPart(type) ?? type };
    }
    case 'equal':
    case 'notEqual': {
      const [a, b] = values() as [CValue, CValue];
      const not = operator === 'equal' ? '' : '!';
      const text = bound(scope, a, (x) =>
        bound(scope, b, (y) => truth(conversions.equal(x, a.domain, y, b.domain))),
      ).text;
      if (not === '') return truth(text);
      const simple = /^\((\S+) == (\S+)\)$/.exec(text);
      return truth(simple ? `(${simple[1]} != ${simple[2]})` : `!${text}`);
    }
    case 'less':
      return compared('<');
    case 'lessOrEqual':
      return compared('<=');
    case 'greater':
      return compared('>');
    case 'greaterOrEqual':
      return compared('>=');
    case 'size': {
      return sizeOf(scope, collectionValue(scope, operands[0]!), type);
    }
    case 'includes':
      return includes(scope, operands[0]!, operands[1]!);
    case 'indexOf': {
      const [, wanted] = operands;
      const value = expressionValue(scope, wanted!);
      return bound(scope, value, (text) => {
        const r = scope.names.take('r');
        const n = scope.names.take('n');
        const loop = eachElement(scope, operands[0]!, { binder: 'element' }, (element) => {
          return `if (${conversions.equal(element.text, element.domain, text, value.domain)}) { ${r} = ${n}; break; } ${n}++;`;
        });
        return { text: `({ int ${r} = -1, ${n} = 0; ${loop} ${r}; })`, domain: intPart(type) ?? type };
      });
    }
    case 'at': {
      const array = asArray(scope, collectionValue(scope, operands[0]!), span);
      const position = expressionAs(scope, operands[1]!, ANY_INT);
      return bound(scope, array, (text) => {
        const shape = shapes.of(array.domain) as Extract<Shape, { kind: 'array' }>;
        const none = conversions.convert(scalarText(shapes, undefined), UNDEFINED, type, where(span));
        if (shape.max === 0) return { text: `((void)(${text}), (void)(${position}), ${none})`, domain: type };
        const i = scope.names.take('i');
        const length = lengthText(text, shape);
        const found = conversions.convert(`${text}.at[${i}]`, shape.element, type, where(span));
        return {
          text: `({ int ${i} = ${position}; if (${i} < 0) ${i} += ${length}; 0 <= ${i} && ${i} < ${length} ? ${found} : ${none}; })`,
          domain: type,
        };
      });
    }
    case 'slice':
      return slice(scope, expression);
    case 'concat':
    case 'union':
      return filled(scope, type, span, (append) =>
        operands.map((operand) => eachElement(scope, operand, { binder: 'element' }, append)).join(' '),
      );
    case 'intersection':
    case 'difference': {
      const other = collectionValue(scope, operands[1]!);
      return bound(scope, other, (text) =>
        filled(scope, setPart(operands[0]!.type) ?? type, span, (append) =>
          eachElement(scope, operands[0]!, { binder: 'element' }, (element) => {
            const has = hasElement(scope, { text, domain: other.domain, isPlace: true }, element);
            return `if (${operator === 'difference' ? '!' : ''}${has}) { ${append(element)} }`;
          }),
        ),
      );
    }
    case 'subset': {
      const other = collectionValue(scope, operands[1]!);
      return bound(scope, other, (text) => {
        const r = scope.names.take('r');
        const loop = eachElement(scope, operands[0]!, { binder: 'element' }, (element) => {
          return `if (!${hasElement(scope, { text, domain: other.domain, isPlace: true }, element)}) { ${r} = 0; break; }`;
        });
        return truth(`({ int ${r} = 1; ${loop} ${r}; })`);
      });
    }
    case 'toSet':
    case 'toArray':
      return filled(scope, type, span, (append) => eachElement(scope, operands[0]!, { binder: 'element' }, append));
    case 'with':
      return withEntry(scope, expression);
  }
}

interface Bounds {
  readonly min: number;
  readonly max: number;
}

function interval(ends: readonly number[]): Domain {
  const clip = (value: number): number => Math.min(Math.max(value, INT_MIN), INT_MAX) + 0;
  return { kind: 'int', min: clip(Math.min(...ends)), max: clip(Math.max(...ends)) };
}

function sizeOf(scope: FunctionScope, value: CValue, type: Domain): CValue {
  const shape = scope.writer.shapes.of(value.domain);
  if (shape.kind === 'array' || shape.kind === 'tuple') {
    const most = shape.kind === 'tuple' ? shape.items.length : shape.max;
    const least = shape.kind === 'tuple' ? shape.items.length : shape.min;
    const text = value.isPlace ? value.text : `(${value.text})`;
    return { text: lengthText(text, shape), domain: { kind: 'int', min: least, max: most } };
  }
  if (shape.kind !== 'set') return { text: '0', domain: type };
  return bound(scope, value, (text) => {
    const n = scope.names.take('n');
    const i = scope.names.take('i');
    return {
      text: `({ int ${n} = 0; for (int ${i} = 0; ${i} < ${shape.elements.length}; ${i}++) ${n} += ${text}.has[${i}]; ${n}; })`,
      domain: { kind: 'int', min: 0, max: shape.elements.length },
    };
  });
}

function includes(scope: FunctionScope, collection: Expression, wanted: Expression): CValue {
  const { conversions } = scope.writer;
  const value = expressionValue(scope, wanted);
  if (collection.kind === 'domain') {
    if (isScalar(collection.domain) && isScalar(value.domain)) {
      return bound(scope, value, (text) => truth(`(${conversions.contains(text, value.domain, collection.domain)})`));
    }
    const values = [...valuesOf(collection.domain)].slice(0, MAX_ELEMENTS + 1);
    if (MAX_ELEMENTS < values.length) throw new Unshapable(`a domain of ${cardinality(collection.domain)} values`);
    return truth(`(${conversions.position(value.text, value.domain, collection.domain, values)} >= 0)`);
  }
  const whole = collectionValue(scope, collection);
  if (setPart(whole.domain) !== undefined)
    return bound(scope, whole, (text) =>
      truth(hasElement(scope, { text, domain: whole.domain, isPlace: true }, value)),
    );
  return bound(scope, value, (text) => {
    const r = scope.names.take('r');
    const loop = eachElement(scope, collection, { binder: 'element' }, (element) => {
      return `if (${conversions.equal(element.text, element.domain, text, value.domain)}) { ${r} = 1; break; }`;
    });
    return truth(`({ int ${r} = 0; ${loop} ${r}; })`);
  });
}

/** C for whether a set, given as a place, has an element. */
function hasElement(scope: FunctionScope, set: CValue, value: CValue): string {
  const { shapes, conversions } = scope.writer;
  const shape = shapes.of(set.domain);
  if (shape.kind !== 'set' || shape.elements.length === 0) return `((void)(${value.text}), 0)`;
  const position = conversions.position(value.text, value.domain, shape.element, shape.elements);
  if (isScalar(value.domain) && isSubdomain(value.domain, shape.element)) return `${set.text}.has[${position}]`;
  const at = scope.names.take('at');
  return `({ int ${at} = ${position}; ${at} >= 0 && ${set.text}.has[${at}]; })`;
}

/** Tuples of like items count as arrays. */
function asArray(scope: FunctionScope, value: CValue, span: Span): CValue {
  const { shapes, conversions, where, refusals } = scope.writer;
  const array = arrayPart(value.domain);
  if (array === undefined) {
    refusals.add('a list operation on a tuple of unlike items', 'C has no type for its elements', span);
    return { text: '0', domain: EMPTY };
  }
  if (shapes.of(value.domain).kind === 'array') return value;
  return { text: conversions.convert(value.text, value.domain, array, where(span)), domain: array };
}

function slice(scope: FunctionScope, expression: Expression & { kind: 'operation' }): CValue {
  const { shapes } = scope.writer;
  const { operands, type, span } = expression;
  const array = asArray(scope, collectionValue(scope, operands[0]!), span);
  const shape = shapes.of(array.domain);
  if (shape.kind !== 'array') throw new Error(`a slice of ${shape.kind}`);
  const position = (operand: Expression | undefined, otherwise: string): string =>
    operand === undefined ? otherwise : expressionAs(scope, operand, ANY_INT);
  return bound(scope, array, (text) => {
    const length = lengthText(text, shape);
    const [from, to, i] = [scope.names.take('from'), scope.names.take('to'), scope.names.take('i')];
    return filled(
      scope,
      type,
      span,
      (append) =>
        `int ${from} = clip(${position(operands[1], '0')}, ${length}), ${to} = clip(${position(operands[2], length)}, ${length}); ` +
        `for (int ${i} = ${from}; ${i} < ${to}; ${i}++) { ${append({ text: `${text}.at[${i}]`, domain: shape.element, isPlace: true })} }`,
    );
  });
}

function withEntry(scope: FunctionScope, expression: Expression & { kind: 'operation' }): CValue {
  const { shapes, conversions, where } = scope.writer;
  const { operands, span } = expression;
  const whole = expressionValue(scope, operands[0]!);
  const type = membersOf(expression.type).find(({ kind }) => kind === 'record' || kind === 'array' || kind === 'tuple');
  const domain = type?.kind === 'tuple' ? (arrayPart(type) ?? type) : (type ?? expression.type);
  const shape = shapes.of(domain);
  if (shape.kind !== 'record' && shape.kind !== 'array') throw new Error(`an entry of ${shape.kind}`);
  return built(scope, domain, (r) => {
    const entry = indexValue(scope, { text: r, domain, isPlace: true }, operands[1]!, span);
    if (entry.domain.kind === 'never') return `(void)${entry.text};`;
    const element = shape.kind === 'record' ? shape.value : shape.element;
    return (
      `${r} = ${conversions.convert(whole.text, whole.domain, domain, where(span))}; ` +
      `${entry.text} = ${expressionAs(scope, operands[2]!, element)};`
    );
  });
}
