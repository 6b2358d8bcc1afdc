import { formatValue } from './value.ts';
import type { Value } from './value.ts';

/** A part of the state: a variable, then fields and keys. Printed by {@link formatPlace}. */
export interface StatePlace {
  readonly variable: string;
  readonly segments: readonly PlaceSegment[];
}

/** `.owner`, or `[r0]`. */
export interface PlaceSegment {
  readonly kind: 'field' | 'key';
  readonly text: string;
}

/** A place in an object. */
export function fieldIn(place: StatePlace, name: string): StatePlace {
  return { ...place, segments: [...place.segments, { kind: 'field', text: name }] };
}

/** A place in a record or a sequence. */
export function entryIn(place: StatePlace, key: Value): StatePlace {
  return { ...place, segments: [...place.segments, { kind: 'key', text: formatValue(key) }] };
}

/** The object that a place is a field of, with the field; undefined where it is none. */
export function ownerOf(place: StatePlace): { readonly object: StatePlace; readonly field: string } | undefined {
  const last = place.segments.at(-1);
  if (last?.kind !== 'field') return undefined;
  return { object: { ...place, segments: place.segments.slice(0, -1) }, field: last.text };
}

/** Whether a place is another, or a part of it. */
export function isWithin(place: StatePlace, whole: StatePlace): boolean {
  return (
    place.variable === whole.variable &&
    whole.segments.every(({ kind, text }, index) => {
      const own = place.segments[index];
      return own?.kind === kind && own.text === text;
    })
  );
}

export function isSamePlace(left: StatePlace, right: StatePlace): boolean {
  return left.segments.length === right.segments.length && isWithin(left, right);
}

/** `lease[r0].owner`. */
export function formatPlace({ variable, segments }: StatePlace): string {
  return segments.reduce((text, one) => text + (one.kind === 'field' ? `.${one.text}` : `[${one.text}]`), variable);
}
