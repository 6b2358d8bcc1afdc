import { objectInTwoPlaces } from '../diagnostics/catalog.ts';
import type { Span } from '../diagnostics/span.ts';
import type { Statement } from '../ir/index.ts';
import { addShare, leads } from './aliasing.ts';
import * as build from './build.ts';
import type { Local, Reference, Segment, Shared, Term } from './term.ts';
import { innerLists } from '../ir/fold.ts';
import { report, type Unit } from './unit.ts';
import { sharesOf } from './shares.ts';

/**
 * In JavaScript an object that is put somewhere is in both places from then on, and what is changed in one is changed in
 * the other; the state of the IR is a tree, in which the second place has a copy. Nothing tells the two apart until the
 * object is changed. So places that may hold one object are remembered until another object takes their place, and a step
 * that changes such an object is refused. After the step the state is a value: nothing is in two places any more.
 */
export interface Tie {
  readonly places: readonly TiedPlace[];
  /** Whether a single place may hold the object more than once, as `[o, o]` does. */
  readonly doubled: boolean;
  /** Where the object was put into its second place. */
  readonly span: Span;
  /** The statement lists that were open then, with their lengths. */
  readonly since: readonly { readonly list: Statement[]; readonly length: number }[];
}

/** An object `depth` steps down a reference: whichever it is. */
interface TiedPlace {
  readonly reference: Reference;
  readonly depth: number;
}

/** Remembers that what was put at a place, `within` steps down, is in other places too. */
export function tie(unit: Unit, target: Reference, term: Term, within: number, span: Span): void {
  const shares = sharesOf(term);
  // What stood under the place that got another object is only in the new one now.
  const others = shares.filter(({ reference }) => 0 < within || leads(target, reference) !== 'yes');
  const own = shares.filter(({ moved }) => moved !== true);
  // In the round of a loop it is put into a place of its own, or where that of the round before was.
  const adds = 0 < within || target.segments.some((one) => one.kind === 'index' && !build.constantOf(one.index));
  const doubled =
    shares.some((one) => one.many === true || (adds && isRepeated(unit, one))) ||
    own.some((one, at) => own.slice(at + 1).some((other) => overlap(placeOf(one), placeOf(other))));
  if (others.length === 0 && !doubled) return;
  const places = [
    ...shares.map(({ through }) => ({ reference: target, depth: through + within })),
    ...others.map(placeOf),
  ];
  const old = unit.ties.filter((one) => one.places.some((place) => places.some((other) => overlap(place, other))));
  const here = [...unit.open, unit.statements].map((list) => ({ list, length: list.length }));
  const made: Tie = {
    places: distinct([...places, ...old.flatMap((one) => one.places)]),
    doubled: doubled || old.some((one) => one.doubled),
    span,
    // What is left out since the first of them was made may be what releases one of its places.
    since: here.flatMap(({ list, length }) => {
      const lengths = old.map(({ since }) => since.find((one) => one.list === list)?.length ?? -1);
      const first = Math.min(length, ...lengths);
      return first < 0 ? [] : [{ list, length: first }];
    }),
  };
  unit.ties = [...unit.ties.filter((one) => !old.includes(one)), made];
}

/** Whether the round of a loop puts the object that an earlier round has put somewhere already. */
function isRepeated(unit: Unit, { reference }: Shared): boolean {
  return unit.loops.some(({ depth, binders }) => {
    const isOfRound = reference.local !== undefined && depth < reference.local.depth;
    const isNumbered = reference.segments.some(
      (segment) => segment.kind === 'index' && segment.index.kind === 'local' && binders.includes(segment.index.name),
    );
    return !isOfRound && !isNumbered;
  });
}

/**
 * Reports a change of an object that is in two places. Must be called before every write, as `beforeWrite` is.
 *
 * @param target - what is written, or what a method changes.
 * @param replaces - whether another object takes the place, which leaves the one that was there as it is.
 */
export function checkTies(unit: Unit, target: Reference, replaces: boolean, span: Span): void {
  const change: Change = { target, level: target.segments.length - (replaces ? 1 : 0), span };
  unit.changes.push(change);
  const broken = unit.ties.find((one) => isBroken(one, change));
  if (broken !== undefined) report(unit, objectInTwoPlaces(span, broken.span));
}

/** After the body of a loop: what it ties at its end was tied when its next round changed something at its beginning. */
export function checkTiesOfLoop(unit: Unit, from: number): void {
  for (const change of unit.changes.slice(from)) {
    const broken = unit.ties.find((one) => isBroken(one, change));
    if (broken !== undefined) report(unit, objectInTwoPlaces(change.span, broken.span));
  }
}

/** Something in the object `level` steps down a path is assigned. */
export interface Change {
  readonly target: Reference;
  readonly level: number;
  readonly span: Span;
}

function isBroken({ places, doubled }: Tie, { target, level }: Change): boolean {
  if (target.root.kind === 'local') return false; // see `requireMutable`
  const changed = places.filter((place) => isWithin(place, target, level));
  if (changed.length === 0) return false;
  // A local that shares an object with the state is not used after the change: see `beforeWrite`.
  return doubled || places.some((place) => !changed.includes(place) && isElsewhere(place)) || 1 < changed.length;
}

/** In the state, or in an object of the module or of a local that is never changed, but could be read. */
function isElsewhere({ reference }: TiedPlace): boolean {
  return reference.root.kind === 'variable' || reference.local === undefined;
}

/** Whether the object `level` steps down a path may be, or be in, the one at a place. */
function isWithin({ reference, depth }: TiedPlace, target: Reference, level: number): boolean {
  if (level < reference.segments.length + depth) return false;
  return leads(reference, { ...target, segments: target.segments.slice(0, level) }) !== 'no';
}

/**
 * Another object has taken a place: what was there is in the other places alone. Names that led there have a copy in a
 * local from now on, which stands for the object too.
 */
export function release(
  unit: Unit,
  target: Reference,
  copy: { readonly local: Local; readonly reference: Reference } | undefined,
  mayStay: boolean,
): void {
  if (mayStay) return;
  const moved = (place: TiedPlace): TiedPlace[] => {
    if (leads(target, place.reference) !== 'yes' || !isCertain(unit, target)) return [place];
    if (copy === undefined) return [];
    const rest = place.reference.segments.slice(target.segments.length);
    return [{ ...place, reference: { ...copy.reference, segments: [...copy.reference.segments, ...rest] } }];
  };
  unit.ties = unit.ties.flatMap((one) => {
    const places = one.places.flatMap(moved);
    if (places.length === one.places.length && copy === undefined) return [one];
    const left = distinct(places);
    if (copy !== undefined && one.places.some((place) => overlap(place, { reference: target, depth: 0 }))) {
      for (const shared of sharesAt(left, copy.local)) addShare(copy.local, shared);
      copy.local.frozen = 0;
    }
    if (!isAlwaysDone(unit, one)) return [{ ...one, places: distinct([...one.places, ...places]) }];
    // What locals have in common with the object that has left, they have in common with where else it is.
    const gone = one.places.filter((place) => !left.includes(place));
    for (const local of unit.locals) {
      if (!local.shares.some((shared) => gone.some((place) => overlap(place, placeOf(shared))))) continue;
      for (const shared of sharesAt(left, local)) addShare(local, shared);
    }
    return left.length > 1 || (one.doubled && left.length > 0) ? [{ ...one, places: left }] : [];
  });
}

function sharesAt(places: readonly TiedPlace[], except: Local): Shared[] {
  return places
    .filter(({ reference }) => reference.local !== except)
    .map((place) => ({ ...place, through: 0, moved: true as const }));
}

/** Elements of an array move: which of them was tied is not known any more. */
export function shuffle(unit: Unit, target: Reference): void {
  const { length } = target.segments;
  const moved = <Place extends TiedPlace>(place: Place): Place => {
    const { reference } = place;
    if (reference.segments.length <= length || leads(target, reference) === 'no') return place;
    const segments = reference.segments.slice(0, length);
    return { ...place, reference: { ...reference, segments }, depth: place.depth + reference.segments.length - length };
  };
  unit.ties = unit.ties.map((one) => ({ ...one, places: one.places.map(moved) }));
  for (const local of unit.locals) local.shares.splice(0, local.shares.length, ...local.shares.map(moved));
}

/** Where else the elements of an array are, for one that is taken out of it. */
export function elsewhere(unit: Unit, array: Term): Shared[] {
  if (array.kind !== 'reference') return [];
  const elements: TiedPlace = { reference: array.reference, depth: 1 };
  return unit.ties
    .filter(({ places }) => places.some((place) => overlap(place, elements)))
    .flatMap(({ places }) => places.filter((place) => leads(array.reference, place.reference) !== 'yes'))
    .map((place) => ({ ...place, through: 0 }));
}

/** Whether a path leads to the same place wherever in the step it is written. */
function isCertain(unit: Unit, { segments }: Reference): boolean {
  return segments.every(
    (segment: Segment) =>
      segment.kind === 'field' ||
      build.constantOf(segment.index) !== undefined ||
      (segment.index.kind === 'local' && unit.stable.has(segment.index.name)),
  );
}

/** Whether the statement that is written next runs whenever what was tied has been. */
function isAlwaysDone(unit: Unit, { since }: Tie): boolean {
  const here = since.find(({ list }) => list === unit.statements);
  return here !== undefined && !unit.statements.slice(here.length).some(mayLeave);
}

function mayLeave(statement: Statement): boolean {
  return statement.kind === 'exit' || innerLists(statement).some((list) => list.some(mayLeave));
}

function placeOf({ reference, depth }: TiedPlace): TiedPlace {
  return { reference, depth };
}

/** Whether one of two objects may be the other, or be in it. */
function overlap(left: TiedPlace, right: TiedPlace): boolean {
  const [one, other] =
    left.reference.segments.length <= right.reference.segments.length ? [left, right] : [right, left];
  return leads(one.reference, other.reference) !== 'no';
}

function distinct(places: readonly TiedPlace[]): TiedPlace[] {
  const known = new Map<string, TiedPlace>();
  for (const place of places) {
    const { root, segments } = place.reference;
    const path = segments.map((segment) => (segment.kind === 'field' ? segment.name : segment.index));
    const key = JSON.stringify([root, path, place.depth]);
    known.set(key, known.get(key) ?? place);
  }
  return [...known.values()];
}
