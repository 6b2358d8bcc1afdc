import type { Span } from '../../diagnostics/span.ts';
import type { Domain, Expression } from '../../ir/index.ts';
import { cardinality, valuesOf } from '../../ir/index.ts';
import { membersOf, setPart } from '../../ir/part.ts';
import { isSubdomain } from '../subdomain.ts';
import type { CValue } from './c-value.ts';
import { bound, built, truth } from './c-value.ts';
import { lengthText, quote } from './convert.ts';
import { expressionValue } from './expression.ts';
import type { FunctionScope } from './scope.ts';
import type { Shape } from './shape.ts';
import { isScalar, MAX_ELEMENTS, Unshapable } from './shape.ts';

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

export const EMPTY: Domain = { kind: 'array', element: { kind: 'never' }, minLength: 0, maxLength: 0 };

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

/**
 * A new array or set that `fill` appends to, in order. The length of an array of fixed length is not kept in its
 * struct, so it is counted beside it.
 */
export function filled(
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

export function sizeOf(scope: FunctionScope, value: CValue, type: Domain): CValue {
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

export function includes(scope: FunctionScope, collection: Expression, wanted: Expression): CValue {
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
export function hasElement(scope: FunctionScope, set: CValue, value: CValue): string {
  const { shapes, conversions } = scope.writer;
  const shape = shapes.of(set.domain);
  if (shape.kind !== 'set' || shape.elements.length === 0) return `((void)(${value.text}), 0)`;
  const position = conversions.position(value.text, value.domain, shape.element, shape.elements);
  if (isScalar(value.domain) && isSubdomain(value.domain, shape.element)) return `${set.text}.has[${position}]`;
  const at = scope.names.take('at');
  return `({ int ${at} = ${position}; ${at} >= 0 && ${set.text}.has[${at}]; })`;
}
