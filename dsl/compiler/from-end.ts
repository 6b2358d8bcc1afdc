import type { Span } from '../diagnostics/span.ts';
import type { Domain, Expression } from '../ir/index.ts';
import { arrayPart } from '../ir/part.ts';
import * as build from './build.ts';
import type { Unit } from './unit.ts';
import { freshStable, once, pure } from './value.ts';

/** Longer arrays are not searched from their end: the offsets are written out. */
const LONGEST = 4096;

/**
 * The last position of an array at which a test holds, or -1. The test is made from the end on, until it holds, as
 * JavaScript does.
 *
 * @param array - what can be written more than once.
 * @returns undefined for an array that may be too long.
 */
export function lastPosition(
  unit: Unit,
  array: Expression,
  span: Span,
  holds: (position: Expression, element: Expression) => Expression,
): Expression | undefined {
  const length = arrayPart(array.type)?.maxLength ?? 0;
  if (LONGEST < length) return undefined;
  const one = build.literal(1, span);
  const size = build.operation('size', [array], span)!;
  const offsets: Domain = { kind: 'int', min: 0, max: Math.max(length - 1, 0) };
  const binder = freshStable(unit, 'back');
  const back = build.local(binder, offsets, span);
  const behind = (offset: Expression): Expression =>
    build.operation('subtract', [build.operation('subtract', [size, one], span)!, offset], span)!;
  const test = pure(unit, span, () => holds(behind(back), build.index(array, behind(back), span)!));
  if (build.isPoison(test)) return test;
  const over = build.literal(
    Array.from({ length }, (_, offset) => offset),
    span,
    { kind: 'array', element: offsets, minLength: length, maxLength: length },
  );
  const body = build.both('and', build.operation('less', [back, size], span)!, test, span);
  const found = once(unit, build.comprehension('findIndex', { binder }, over, body, span)!);
  const none = build.operation('less', [found, build.literal(0, span)], span)!;
  return build.conditional(none, build.literal(-1, span), behind(found), span);
}
