import type { Domain } from '../../../dsl/ir/index.ts';
import type { Flat } from '../flat.ts';
import { binary, constant, isConstant, select, ZERO } from '../flat.ts';
import { kindOf } from '../term/alternative.ts';
import { elementAt, lengthOf } from '../term/array.ts';
import { dispatch } from '../term/dispatch.ts';
import { equalTerms } from '../term/equality.ts';
import type { Int } from '../term/scalar.ts';
import { failUnless } from '../term/target.ts';
import type { Term } from '../term/term.ts';
import { NOTHING } from '../term/term.ts';
import { newVariable, readVariable, writeVariable } from '../term/variable.ts';
import { each, newArray } from './collection.ts';
import { indexable } from './entry.ts';
import type { Lowering } from './lowering.ts';

/** The array that a value is; fails for what is none. */
export function arrayTerm(lowering: Lowering, term: Term, type: Domain): Term {
  return dispatch(
    lowering,
    term,
    (one) => kindOf(one) === 'array',
    type,
    (one) => one,
  );
}

/** The index of the first element that equals a value, -1 if there is none. */
export function position(lowering: Lowering, array: Term, type: Domain, value: Term): Flat {
  const { builder } = lowering;
  const found = builder.newTemp(true);
  builder.set(found, constant(-1));
  builder.block((done) =>
    each(lowering, array, type, { weighed: [], isIndexed: true }, (element, index) =>
      builder.if(equalTerms(lowering, element, value), () => {
        builder.set(
          found,
          index.kind === 'constant' ? constant(index.value as number) : (index as { code: Flat }).code,
        );
        builder.leave(done);
      }),
    ),
  );
  return builder.fix({ op: 'temp', temp: found });
}

export function at(lowering: Lowering, array: Term, index: Int, arrayType: Domain, type: Domain): Term {
  const { builder } = lowering;
  if (!builder.live) return NOTHING;
  const length = lengthOf(lowering, array);
  const given = builder.fix(index.code);
  const fromEnd = binary('add', given, length.code);
  const code = 0 <= index.min ? given : builder.fix(select(binary('less', given, ZERO), fromEnd, given));
  const inside = binary('and', binary('lessOrEqual', ZERO, code), binary('less', code, length.code));
  if (isConstant(inside) && inside.value === 0) return NOTHING;
  if (isConstant(code) && isConstant(inside)) return elementAt(array, code);
  const result = newVariable(lowering, type);
  builder.if(
    inside,
    () => {
      const view = isConstant(code) ? array : indexable(lowering, array, arrayType);
      writeVariable(lowering, result, elementAt(view, code), failUnless(lowering));
    },
    () => writeVariable(lowering, result, NOTHING, failUnless(lowering)),
  );
  return readVariable(result);
}

export function slice(
  lowering: Lowering,
  array: Term,
  { from, to }: { readonly from: Int; readonly to: Int | undefined },
  arrayType: Domain,
  type: Domain,
): Term {
  const { builder } = lowering;
  if (!builder.live) return NOTHING;
  const length = lengthOf(lowering, array);
  /** As `Array.prototype.slice`: negative from the end, then clamped to the array. */
  const clamped = (bound: Int): Flat => {
    const code = builder.fix(bound.code);
    // A bound below -length would wrap if the length were added to the least integer; it does not, as length is not negative.
    const absolute = 0 <= bound.min ? code : select(binary('less', code, ZERO), binary('add', code, length.code), code);
    return builder.fix(binary('minimum', binary('maximum', builder.fix(absolute), ZERO), length.code));
  };
  const start = clamped(from);
  const end = to === undefined ? builder.fix(length.code) : clamped(to);
  if (isConstant(start) && isConstant(end)) {
    const items: Term[] = [];
    for (let index = start.value; index < end.value; index += 1) items.push(elementAt(array, constant(index)));
    return itemsTerm(items);
  }
  const view = indexable(lowering, array, arrayType);
  const writer = newArray(lowering, type, length.max);
  builder.repeat(binary('subtract', end, start), (index) =>
    writer.push(elementAt(view, builder.fix(binary('add', start, index)))),
  );
  return writer.finish();
}

export function concat(lowering: Lowering, parts: readonly Term[], types: readonly Domain[], type: Domain): Term {
  const lengths = parts.map((part) => lengthOf(lowering, part));
  const most = lengths.reduce((sum, length) => sum + length.max, 0);
  if (lengths.every((length) => length.min === length.max) && most <= JOINED_ITEMS) {
    return itemsTerm(
      parts.flatMap((part, index) =>
        Array.from({ length: lengths[index]!.max }, (_, position) => elementAt(part, constant(position))),
      ),
    );
  }
  const writer = newArray(lowering, type, most);
  parts.forEach((part, index) =>
    each(lowering, part, types[index]!, { weighed: [] }, (element) => writer.push(element)),
  );
  return writer.finish();
}

/** Arrays of fixed length up to this many elements in all are joined element by element. */
const JOINED_ITEMS = 32;

/** An array of known elements; all constant, it is a constant itself. */
function itemsTerm(items: readonly Term[]): Term {
  if (items.every((item) => item.kind === 'constant'))
    return { kind: 'constant', value: items.map((item) => item.value) };
  return { kind: 'items', items };
}
