import type { ts as TS } from 'ts-morph';
import type { Span } from '../diagnostics/span.ts';
import type { Site, Written } from '../ir/index.ts';
import { DONE } from '../language/process.ts';
import type { Enclosure } from './enclosure.ts';

/** A `yield`, in one of the calls that reach it. */
export interface Point {
  readonly id: string;
  readonly label: string;
  readonly span: Span;
  readonly node: TS.Node;
  /** Where it stands in the source, calls included: points are ordered by it. */
  readonly order: readonly number[];
  /** The calls and rounds that lead to it, outermost first, and itself. */
  readonly way: readonly Site[];
  chain: Enclosure | undefined;
}

/** The beginning of a process, which belongs to the initial states. */
export const START = '';

/** Points by where they stand in the source. */
export function inOrder(points: Iterable<Point>): Point[] {
  return [...points].sort((left, right) => compareOrders(left.order, right.order));
}

/** Orders by position, of the call that leads there before that of the `yield` itself. */
function compareOrders(left: readonly number[], right: readonly number[]): number {
  for (const [at, position] of left.entries()) {
    const other = right[at];
    if (other === undefined) return 1;
    if (position !== other) return position - other;
  }
  return left.length - right.length;
}

/**
 * What the places of a process are called, by the ids of their points: like the label; when several have it, the later
 * ones get a number.
 */
export function namesOfPlaces(points: readonly Point[]): Map<string, string> {
  // A number is added where a label is met again; no label of the author's own is taken for that.
  const labels = new Set<string>([DONE, ...points.map(({ label }) => label)]);
  const used = new Set<string>();
  const places = new Map<string, string>();
  for (const point of points) {
    let place = point.label;
    for (let number = 2; used.has(place) || (place !== point.label && labels.has(place)); number += 1)
      place = `${point.label}_${number}`;
    used.add(place);
    places.set(point.id, place);
  }
  return places;
}

/** For each point what the author yields there, where several have the same label; undefined when none have. */
export function writtenLabels(points: readonly Point[]): readonly (Written | null)[] | undefined {
  const shared = points.map(({ label }) => 1 < points.filter((other) => other.label === label).length);
  if (!shared.includes(true)) return undefined;
  return points.map(({ label, way }, index) => (shared[index] === true ? { name: label, way } : null));
}
