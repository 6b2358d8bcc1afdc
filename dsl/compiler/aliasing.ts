import { changedWhileIterated, staleReference } from '../diagnostics/catalog.ts';
import type { Span } from '../diagnostics/span.ts';
import type { Expression, Place } from '../ir/index.ts';
import { NEVER, presentPart } from '../ir/part.ts';
import { constantOf, literal as constant, read } from './build.ts';
import { checkTies, checkTiesOfLoop, release, shuffle } from './tie.ts';
import type { Alias, Local, Reference, Segment, Shared, Term } from './term.ts';
import { callPath, declareLocal, referenceTo, report, type Iterated, type Unit } from './unit.ts';

/**
 * JavaScript names refer to objects; the IR only knows places. A name that refers to an object of the state is lowered to
 * the place of that object, which is the same thing until another object is put there or the object moves. This file
 * watches all writes of a unit for that: where the old object can be kept, it is (in a local); where it is not known
 * whether the name still stands for the place, the next use of the name is refused.
 */

/** What a write does to the object at its place. */
export type Write =
  /** Another value takes its place. */
  | 'replace'
  /** It stays and gets bigger at its end, or is a set that changes. */
  | 'grow'
  /** It stays and its elements move: `shift`, `splice`, `sort`. */
  | 'reorder'
  /** It stays and its first element leaves it. */
  | 'shift';

/** Starts watching a name that refers to an object at a place; undefined: an object without a name. */
export function watch(unit: Unit, name: string | undefined, reference: Reference): Alias {
  const alias: Alias = { name, reference, depth: unit.depth, uses: 0 };
  unit.aliases.push(alias);
  return alias;
}

export function unwatch(unit: Unit, alias: Alias): void {
  const at = unit.aliases.lastIndexOf(alias);
  if (0 <= at) unit.aliases.splice(at, 1);
}

/** The place that a name refers to now; reports and makes do when that is not known. */
export function resolve(unit: Unit, alias: Alias, span: Span): Reference {
  alias.uses += 1;
  if (alias.lost !== undefined) {
    report(unit, staleReference(span, alias.name, alias.lost.span));
    delete alias.lost; // once is enough
  }
  const reference = alias.detached?.reference ?? alias.reference;
  const { local } = reference;
  if (local !== undefined) {
    local.uses += 1;
    local.usedAt = unit.changes.length;
    if (local.lost !== undefined) {
      report(unit, staleReference(span, alias.name, local.lost.span));
      delete local.lost;
    }
  }
  return withSpan(reference, span);
}

/** A part of an object or list that has a name, as it is now: its object may have been replaced since. */
export function present(unit: Unit, term: Term, span: Span): Term {
  return term.kind === 'reference' && term.alias !== undefined
    ? { kind: 'reference', reference: resolve(unit, term.alias, span) }
    : term;
}

/** What is known of what leaves the place that is written. */
interface Leaving {
  /** The element that leaves a set, when it is just that one. */
  readonly removed?: Expression | undefined;
  /** Whether what takes the place may be the very object that is there. */
  readonly mayStay?: boolean;
}

/**
 * Must be called just before a write is emitted.
 *
 * @returns the local with a copy of the object that leaves its place, when names led to it.
 */
export function beforeWrite(
  unit: Unit,
  target: Reference,
  write: Write,
  span: Span,
  { removed, mayStay = false }: Leaving = {},
): Local | undefined {
  checkTies(unit, target, write === 'replace', span);
  for (const loop of unit.iterated) {
    if (disturbs(loop, target, write, removed)) report(unit, changedWhileIterated(span, loop.span));
  }
  // All names that lead into the object that leaves its place lead into one copy of it from now on.
  let copy: { readonly local: Local; readonly level: number } | undefined;
  for (const alias of unit.aliases) {
    if (alias.lost !== undefined || alias.detached !== undefined) continue;
    const effect = effectOn(alias.reference, target, write);
    if (effect === 'none') continue;
    if (effect === 'unknown' || mayStay) {
      alias.lost = { span };
      continue;
    }
    copy ??= copyOf(unit, alias, target.segments.length + (write === 'replace' ? 0 : 1), span);
    const { local, level } = copy;
    const reference = referenceTo(local, span);
    alias.detached = {
      reference: { ...reference, segments: alias.reference.segments.slice(level) },
      depth: unit.depth,
      span,
    };
  }
  const container = write === 'replace' ? target.segments.length - 1 : target.segments.length;
  for (const local of unit.locals) {
    if (local.shares.some((shared) => reaches(shared, target, container))) local.lost ??= { span };
  }
  const kept = copy && { local: copy.local, reference: referenceTo(copy.local, span) };
  if (write === 'replace' || write === 'shift') {
    const leaving = write === 'replace' ? target : firstOf(target, span);
    if (kept !== undefined) shareWithCopy(unit, leaving, kept);
    release(unit, leaving, mayStay ? undefined : kept, mayStay);
  }
  if (write === 'shift' || write === 'reorder') shuffle(unit, target);
  return copy?.local;
}

/** What locals have in common with what was at a place, they have in common with the copy that names lead into now. */
function shareWithCopy(
  unit: Unit,
  target: Reference,
  copy: { readonly local: Local; readonly reference: Reference },
): void {
  const level = target.segments.length;
  for (const local of unit.locals) {
    if (local === copy.local) continue;
    const shared = local.shares.filter(({ reference }) => mayOverlap(reference, target));
    for (const { reference, depth, through } of shared) {
      const rest = reference.segments.slice(level);
      const above = Math.max(level - reference.segments.length, 0);
      addShare(local, {
        reference: { ...copy.reference, segments: [...copy.reference.segments, ...rest] },
        depth: Math.max(depth - above, 0),
        through: through + Math.max(above - depth, 0),
        moved: true,
      });
    }
  }
}

/** Remembers what a local shares, unless that is known already: what is assigned again and again shares the same. */
export function addShare(local: Local, shared: Shared): void {
  const isKnown = local.shares.some(
    ({ reference, depth, through }) =>
      depth <= shared.depth &&
      through <= shared.through &&
      reference.segments.length === shared.reference.segments.length &&
      leads(reference, shared.reference) === 'yes',
  );
  if (!isKnown) local.shares.push(shared);
}

/** The place of the first element of an array. */
function firstOf(array: Reference, span: Span): Reference {
  const segment: Segment = { kind: 'index', index: constant(0, span), domain: NEVER, span };
  return { ...array, segments: [...array.segments, segment] };
}

/**
 * Whether a loop would go on differently after a write. The loop goes through the values that were there when it began,
 * or through the places that they were in; JavaScript looks at the array itself each time around.
 */
function disturbs(loop: Iterated, target: Reference, write: Write, removed: Expression | undefined): boolean {
  const { reference } = loop;
  const inside = target.segments.length - reference.segments.length;
  if (write !== 'replace') {
    if (inside !== 0 || leads(reference, target) === 'no') return false;
    return !(removed?.kind === 'local' && removed.name === loop.binder);
  }
  // Another array takes its place: the old one, with the places in it, is gone.
  if (inside <= 0) return loop.inPlace && leads(target, reference) !== 'no';
  if (loop.inPlace || inside !== 1 || leads(reference, target) === 'no') return false;
  const element = target.segments[reference.segments.length]!;
  const itself = element.kind === 'index' && element.index.kind === 'local' && element.index.name === loop.indexBinder;
  return !itself;
}

/** A copy of what is `level` steps down an alias, in a local. */
function copyOf(
  unit: Unit,
  alias: Alias,
  level: number,
  span: Span,
): { readonly local: Local; readonly level: number } {
  const { reference } = alias;
  const leaving: Reference = { ...reference, segments: reference.segments.slice(0, level) };
  const value = read(leaving);
  const name = alias.name ?? 'this';
  const identity = `${callPath(unit)}/${span.file}:${span.start}:${name} as it was`;
  const local = declareLocal(unit, name.replace(/\W+/g, '_'), value, value.span, identity);
  if (reference.root.kind === 'variable' || reference.local?.wasInState === true) local.wasInState = true;
  const shares = reference.local?.shares ?? [];
  local.shares.push(...shares.map((one) => ({ ...one, through: Math.max(one.through - level, 0) })));
  return { local, level };
}

/** What has been used since; see {@link checkLoop}. */
interface LoopStart {
  readonly aliases: readonly { readonly alias: Alias; readonly uses: number; readonly settled: boolean }[];
  readonly locals: readonly { readonly local: Local; readonly uses: number; readonly lost: boolean }[];
  readonly changes: number;
}

export function loopStart(unit: Unit): LoopStart {
  return {
    aliases: unit.aliases.map((alias) => ({
      alias,
      uses: alias.uses,
      settled: alias.lost !== undefined || alias.detached !== undefined,
    })),
    locals: unit.locals.map((local) => ({ local, uses: local.uses, lost: local.lost !== undefined })),
    changes: unit.changes.length,
  };
}

/** After the body of a loop: a name that it both used and lost meant something else the second time around. */
export function checkLoop(unit: Unit, start: LoopStart, span: Span): void {
  checkTiesOfLoop(unit, start.changes);
  for (const { alias, uses, settled } of start.aliases) {
    const changed = alias.lost !== undefined || alias.detached !== undefined;
    if (settled || !changed) continue;
    if (uses < alias.uses)
      report(unit, staleReference(span, alias.name, alias.lost?.span ?? alias.detached?.span ?? span));
    alias.lost ??= { span: alias.detached?.span ?? span };
  }
  checkLocalsOfLoop(unit, start);
  for (const { local, uses, lost } of start.locals) {
    if (lost || local.lost === undefined || local.uses === uses) continue;
    report(unit, staleReference(span, local.called, local.lost.span));
  }
}

/**
 * What a round of a loop makes a local share at its end, the next round may change at its beginning; and so for locals of
 * the round that share what such a local does.
 */
function checkLocalsOfLoop(unit: Unit, start: LoopStart): void {
  const outer = new Set(start.locals.map(({ local }) => local));
  for (const local of unit.locals) {
    if (local.lost !== undefined) continue;
    const [from, to] = outer.has(local) ? [start.changes, unit.changes.length] : [local.born, local.usedAt];
    const change = unit.changes
      .slice(Math.max(from, start.changes), to)
      .find(({ target, level }) => sees(local, target, level, new Set()));
    if (change === undefined) continue;
    local.lost = { span: change.span };
    if (!outer.has(local)) report(unit, staleReference(local.span, local.called, change.span));
  }
}

/** Whether a local, or one that it shares objects with, sees a change of the object `level` steps down a path. */
function sees(local: Local, target: Reference, level: number, had: Set<Local>): boolean {
  if (had.has(local)) return false;
  had.add(local);
  return local.shares.some(
    (shared) =>
      reaches(shared, target, level) ||
      (shared.reference.local !== undefined && sees(shared.reference.local, target, level, had)),
  );
}

/** Whether two references may stand for places of which one holds the other. */
export function mayOverlap(left: Reference, right: Reference): boolean {
  return left.segments.length <= right.segments.length ? leads(left, right) !== 'no' : leads(right, left) !== 'no';
}

/** Whether a path leads to, or through on the way to, the place of another. */
export function leads(prefix: Reference, reference: Reference): 'yes' | 'no' | 'maybe' {
  if (prefix.root.kind !== reference.root.kind || prefix.root.name !== reference.root.name) return 'no';
  if (prefix.segments.length > reference.segments.length) return 'no';
  let answer: 'yes' | 'maybe' = 'yes';
  for (const [at, segment] of prefix.segments.entries()) {
    const same = sameSegment(segment, reference.segments[at]!);
    if (same === 'no') return 'no';
    if (same === 'maybe') answer = 'maybe';
  }
  return answer;
}

export function placeOf(reference: Reference, span: Span): Place {
  const last = reference.segments[reference.segments.length - 1];
  return {
    span,
    root: reference.root,
    path: reference.segments.map((segment) =>
      segment.kind === 'field' ? { kind: 'field', name: segment.name } : { kind: 'index', index: segment.index },
    ),
    domain: last === undefined ? reference.rootDomain : last.maybe === true ? presentPart(last.domain) : last.domain,
  };
}

export function domainAt(reference: Reference): Reference['rootDomain'] {
  return reference.segments[reference.segments.length - 1]?.domain ?? reference.rootDomain;
}

/** The same place, as written elsewhere. */
export function withSpan(reference: Reference, span: Span): Reference {
  const last = reference.segments[reference.segments.length - 1];
  if (last === undefined) return { ...reference, rootSpan: span };
  return { ...reference, segments: [...reference.segments.slice(0, -1), { ...last, span }] };
}

function effectOn(alias: Reference, target: Reference, write: Write): 'none' | 'detach' | 'unknown' {
  if (write === 'grow') return 'none';
  const inside = target.segments.length < alias.segments.length;
  const answer = leads(target, alias);
  if (answer === 'no') return 'none';
  if (write === 'replace') return answer === 'yes' ? 'detach' : 'unknown';
  if (!inside) return 'none';
  if (write === 'shift' && answer === 'yes' && target.segments.length + 1 === alias.segments.length) {
    const element = alias.segments[target.segments.length]!;
    const position = element.kind === 'index' ? constantOf(element.index) : undefined;
    if (position?.value === 0) return 'detach';
  }
  return 'unknown';
}

/** Whether a change of the object `container` levels down the target's path is one that the sharer sees. */
export function reaches(shared: Shared, target: Reference, container: number): boolean {
  const base = shared.reference.segments.length;
  if (container - base < shared.depth) return false;
  return leads(shared.reference, { ...target, segments: target.segments.slice(0, container) }) !== 'no';
}

function sameSegment(left: Segment, right: Segment): 'yes' | 'no' | 'maybe' {
  if (left.kind === 'field' || right.kind === 'field') {
    if (left.kind === 'field' && right.kind === 'field') return left.name === right.name ? 'yes' : 'no';
    const position = left.kind === 'index' ? left.index : right.kind === 'index' ? right.index : undefined;
    const name = left.kind === 'field' ? left.name : right.kind === 'field' ? right.name : undefined;
    const constant = position && constantOf(position);
    return constant === undefined ? 'maybe' : String(constant.value) === name ? 'yes' : 'no';
  }
  const [a, b] = [constantOf(left.index), constantOf(right.index)];
  if (a && b) return a.value === b.value ? 'yes' : 'no';
  const [one, other] = [left.index, right.index];
  // A stable local is the same value wherever it stands; indices of references are stable.
  if (one.kind === 'local' && other.kind === 'local' && one.name === other.name) return 'yes';
  return 'maybe';
}
