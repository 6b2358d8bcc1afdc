import type { Span } from '../diagnostics/span.ts';
import type { Domain, Expression, Statement } from '../ir/index.ts';
import { joinDomains } from '../ir/join.ts';
import { arrayPart, integersOnly, isScalar, UNDEFINED } from '../ir/part.ts';
import { typeOfIndex } from '../ir/typing.ts';
import { domainAt } from './aliasing.ts';
import * as build from './build.ts';
import type { Reference, Segment, Term } from './term.ts';
import { emit, freeze, type Unit } from './unit.ts';
import { freshStable, keepIndices } from './value.ts';

/**
 * Elements of arrays of the state that are found while the step runs: by `find`, `at`, `pick`. In JavaScript what is
 * found is the object itself, which can be changed; so it is lowered to the place where it was found.
 */

/** Whether elements of a term are objects that have a place. */
export function hasPlaces(unit: Unit, array: Term): array is Extract<Term, { kind: 'reference' }> {
  if (array.kind !== 'reference' || unit.purpose !== 'step') return false;
  const elements = arrayPart(domainAt(array.reference));
  return elements !== undefined && !isScalar(elements.element);
}

/** The element at a position, of which a negative one says that there is none. */
export function elementAt(unit: Unit, array: Reference, position: Expression, span: Span): Term | undefined {
  const index = freeze(unit, position, 'found');
  const domain = typeOfIndex(domainAt(array), index.type);
  const maybe = domain && joinDomains(domain, UNDEFINED);
  return maybe && placeAt(unit, array, { kind: 'index', index, domain: maybe, span, maybe: true });
}

/** The element at a position that counts from the end when it is negative, as in `items.at(-1)`. */
export function elementFromEnd(unit: Unit, array: Reference, position: Expression, span: Span): Term | undefined {
  const ints = integersOnly(position.type);
  if (ints === undefined) return undefined;
  const { min, max } = ints;
  const size = build.operation('size', [build.read(array)], span)!;
  const { maxLength } = arrayPart(domainAt(array))!;
  const at = build.isLeaf(position) ? position : freeze(unit, position, 'at');
  const zero = build.literal(0, span);
  const back = build.operation('add', [size, at], span)!;
  const counted =
    0 <= min ? at : max < 0 ? back : build.conditional(build.operation('less', [at, zero], span)!, back, at, span)!;
  const there = build.operation('less', [counted, size], span)!;
  const inside = build.conditional(there, counted, build.literal(-1, span), span)!;
  // A position before the first element is negative still.
  const bounded: Domain = { kind: 'int', min: -1, max: Math.max(maxLength - 1, -1) };
  const clipped = build.operation('maximum', [inside, build.literal(-1, span)], span)!;
  return elementAt(unit, array, { ...clipped, type: bounded }, span);
}

/** Any element: every choice is explored. */
export function anyElement(unit: Unit, array: Reference, wanted: string, span: Span): Term | undefined {
  const { minLength, maxLength } = arrayPart(domainAt(array))!;
  const domain: Domain = { kind: 'int', min: 0, max: Math.max(maxLength - 1, 0) };
  const element = typeOfIndex(domainAt(array), domain);
  if (element === undefined) return undefined;
  const name = freshStable(unit, wanted);
  const from: Expression = { kind: 'domain', domain, type: { kind: 'set', element: domain }, span };
  emit(unit, { kind: 'choose', name, domain, from, span });
  const index = build.local(name, domain, span);
  if (minLength < maxLength || maxLength === 0) {
    const size = build.operation('size', [build.read(array)], span)!;
    emit(unit, { kind: 'when', condition: build.operation('less', [index, size], span)!, span });
  }
  return placeAt(unit, array, { kind: 'index', index, domain: element, span });
}

function placeAt(unit: Unit, array: Reference, segment: Segment): Term {
  const { segments, ...rest } = keepIndices(unit, array);
  return { kind: 'reference', reference: { ...rest, segments: [...segments, segment] } };
}

/** What is done to find a place, and the place. */
interface Way {
  readonly statements: readonly Statement[];
  readonly reference: Reference;
}

/** Whether two places differ in indices alone. */
export function areAlike(left: Reference, right: Reference): boolean {
  return (
    left.root.kind === right.root.kind &&
    left.root.name === right.root.name &&
    left.segments.length === right.segments.length &&
    left.segments.every((one, at) => {
      const other = right.segments[at]!;
      return one.kind === 'field' ? other.kind === 'field' && one.name === other.name : other.kind === 'index';
    })
  );
}

/**
 * One of two places that are alike, as in `c ? s.a[i] : s.a[j]`: a place again.
 *
 * @param condition - what can be written more than once.
 * @returns undefined when one of the indices would have to be worked out more than once.
 */
export function eitherPlace(unit: Unit, condition: Expression, yes: Way, no: Way, span: Span): Term | undefined {
  const [left, right] = [yes.reference, no.reference];
  const places = left.segments.filter((segment) => segment.kind === 'index').length;
  const done = yes.statements.length + no.statements.length;
  if (1 < places && 0 < done) return undefined; // would be done more than once
  // One and the same place: what finding it takes is done all the same, since it may fail.
  if (places === 0 && 0 < done) {
    emit(unit, { kind: 'if', condition, whenTrue: yes.statements, whenFalse: no.statements, span });
  }
  const segments: Segment[] = [];
  let container = left.rootDomain;
  for (const [at, one] of left.segments.entries()) {
    const other = right.segments[at]!;
    const maybe = one.maybe === true || other.maybe === true ? { maybe: true as const } : {};
    if (one.kind === 'field') segments.push(one);
    else if (other.kind === 'index') {
      const index = build.conditional(
        condition,
        build.evaluate(yes.statements, one.index, span),
        build.evaluate(no.statements, other.index, span),
        span,
      );
      const found = index && typeOfIndex(container, index.type);
      const domain = found && ('maybe' in maybe ? joinDomains(found, UNDEFINED) : found);
      if (index === undefined || domain === undefined) return undefined;
      segments.push({ kind: 'index', index, domain, span, ...maybe });
    }
    container = segments[at]!.domain;
  }
  return { kind: 'reference', reference: keepIndices(unit, { ...left, segments }) };
}
