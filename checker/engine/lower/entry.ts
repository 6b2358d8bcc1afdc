import type { Domain, RecordDomain } from '../../../dsl/ir/index.ts';
import { isObject } from '../../../dsl/ir/index.ts';
import { arrayPart, membersOf } from '../../../dsl/ir/part.ts';
import { isConstant, ZERO } from '../flat.ts';
import { casesOf, kindOf } from '../term/alternative.ts';
import { elementAt, lengthOf, withinLength } from '../term/array.ts';
import { cellAt, elementCell, read } from '../term/cell.ts';
import { encode } from '../term/code.ts';
import { dispatch } from '../term/dispatch.ts';
import { equalTerms } from '../term/equality.ts';
import { fieldsOf } from '../term/object.ts';
import { asInt } from '../term/scalar.ts';
import { store } from '../term/store.ts';
import { failUnless, TooLarge } from '../term/target.ts';
import type { Term } from '../term/term.ts';
import { NOTHING } from '../term/term.ts';
import { materialized, newVariable, readVariable, writeVariable } from '../term/variable.ts';
import type { Lowering } from './lowering.ts';

/** An element or entry; fails for an index that is none. */
export function indexTerm(lowering: Lowering, object: Term, index: Term, objectType: Domain, type: Domain): Term {
  return dispatch(
    lowering,
    object,
    (one) => kindOf(one) === 'array' || kindOf(one) === 'object',
    type,
    (one) =>
      kindOf(one) === 'array'
        ? elementTerm(lowering, one, index, objectType)
        : entryTerm(lowering, one, index, objectType, type),
  );
}

function elementTerm(lowering: Lowering, array: Term, index: Term, arrayType: Domain): Term {
  const { builder } = lowering;
  const position = asInt(lowering, index);
  if (!builder.live) return NOTHING;
  builder.check(withinLength(position, lengthOf(lowering, array)));
  if (!builder.live) return NOTHING;
  if (isConstant(position.code)) return elementAt(array, position.code);
  if (lengthOf(lowering, array).max === 1) return elementAt(array, ZERO);
  return elementAt(indexable(lowering, array, arrayType), builder.fix(position.code));
}

function entryTerm(lowering: Lowering, object: Term, key: Term, objectType: Domain, type: Domain): Term {
  const { builder } = lowering;
  if (key.kind === 'constant') {
    const name = String(key.value);
    if (object.kind === 'fields' && object.fields.has(name)) return object.fields.get(name)!;
    if (object.kind === 'constant' && isObject(object.value) && Object.hasOwn(object.value, name)) {
      return { kind: 'constant', value: object.value[name] };
    }
    if (object.kind === 'view' && object.shape.kind === 'product') {
      const part = object.shape.parts.find((one) => one.name === name);
      if (part !== undefined) return read(part.shape, cellAt(object.cell, part.offset));
    }
    if (object.kind !== 'view' || object.shape.kind === 'product') {
      builder.fail();
      return NOTHING;
    }
  }
  if (object.kind === 'view' ? object.shape.domain.kind === 'record' : objectType.kind === 'record') {
    const view = object.kind === 'view' ? object : materialized(lowering, object, objectType);
    if (view.kind !== 'view' || view.shape.kind !== 'product' || view.shape.domain.kind !== 'record') return view;
    const { code, valid } = encode(lowering, key, view.shape.domain.key);
    builder.check(valid);
    const [part] = view.shape.parts;
    if (!builder.live || part === undefined) return NOTHING;
    return read(part.shape, elementCell(view.cell, 0, builder.fix(code), part.shape.leaves, view.shape.parts.length));
  }
  return computedField(lowering, object, key, type);
}

/** A field whose name is computed: whichever of the fields it is. */
function computedField(lowering: Lowering, object: Term, key: Term, type: Domain): Term {
  const { builder } = lowering;
  if (!casesOf(lowering, key).some((one) => kindOf(one.term) === 'string')) {
    builder.fail();
    return NOTHING;
  }
  const fields = fieldsOf(object);
  if (fields === undefined) throw new TooLarge('a computed field of a discriminated union');
  const result = newVariable(lowering, type);
  const chain = (rest: readonly (readonly [string, Term])[]): void => {
    const [first] = rest;
    if (first === undefined) return builder.fail();
    const [name, value] = first;
    builder.if(
      equalTerms(lowering, key, { kind: 'constant', value: name }),
      () => writeVariable(lowering, result, value, failUnless(lowering)),
      () => chain(rest.slice(1)),
    );
  };
  chain([...fields]);
  return readVariable(result);
}

/** What `with` puts where: the key is an index for arrays. */
interface Entry {
  readonly key: Term;
  readonly value: Term;
}

export function replaced(lowering: Lowering, object: Term, entry: Entry, objectType: Domain, type: Domain): Term {
  const isContainer = (one: Term): boolean => kindOf(one) === 'array' || kindOf(one) === 'object';
  return dispatch(lowering, object, isContainer, type, (one) =>
    kindOf(one) === 'array'
      ? withElement(lowering, one, entry, type)
      : withEntry(lowering, one, entry, objectType, type),
  );
}

function withElement(lowering: Lowering, array: Term, { key, value }: Entry, type: Domain): Term {
  const { builder } = lowering;
  const position = asInt(lowering, key);
  if (!builder.live) return NOTHING;
  const length = lengthOf(lowering, array);
  builder.check(withinLength(position, length));
  if (!builder.live) return NOTHING;
  const declared = arrayPart(type);
  if (declared === undefined) throw new Error('`with` on an array yields no array');
  const domain: Domain = { ...declared, minLength: length.min, maxLength: length.max };
  const result = newVariable(lowering, domain);
  writeVariable(lowering, result, array, failUnless(lowering));
  const { shape, cell } = result;
  if (shape.kind !== 'array' || cell === undefined) throw new Error('an array of another shape');
  const place = elementCell(cell, shape.lengthLeaves, builder.fix(position.code), shape.element.leaves, shape.capacity);
  store(lowering, shape.element, place, value, failUnless(lowering));
  return { kind: 'view', shape, cell };
}

function withEntry(lowering: Lowering, object: Term, { key, value }: Entry, objectType: Domain, type: Domain): Term {
  const { builder } = lowering;
  const own = recordPart(object.kind === 'view' ? object.shape.domain : objectType);
  const declared = recordPart(type);
  if (own === undefined || declared === undefined) throw new TooLarge('`with` on what is not plainly a record');
  builder.check(encode(lowering, key, own.key).valid);
  if (!builder.live) return NOTHING;
  const copy = newVariable(lowering, declared);
  writeVariable(lowering, copy, object, failUnless(lowering));
  const { shape, cell } = copy;
  if (shape.kind !== 'product' || cell === undefined) throw new Error('a record of another shape');
  const [part] = shape.parts;
  // The type may have the keys in another order than the record at hand.
  const { code, valid } = encode(lowering, key, declared.key);
  builder.check(valid);
  if (!builder.live || part === undefined) return NOTHING;
  const place = elementCell(cell, 0, builder.fix(code), part.shape.leaves, shape.parts.length);
  store(lowering, part.shape, place, value, failUnless(lowering));
  return { kind: 'view', shape, cell };
}

function recordPart(domain: Domain): RecordDomain | undefined {
  return membersOf(domain).find((member) => member.kind === 'record');
}

/** The array in a form that takes a dynamic index. */
export function indexable(lowering: Lowering, array: Term, type: Domain): Term {
  if (array.kind === 'view' && array.shape.kind === 'array') return array;
  const length = lengthOf(lowering, array).max;
  const domain = arrayPart(type);
  if (domain === undefined) throw new Error(`an array of no array type`);
  return materialized(lowering, array, { ...domain, minLength: length, maxLength: length });
}
