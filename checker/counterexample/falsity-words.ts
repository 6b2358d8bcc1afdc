import type { SourceFile, Span } from '../../dsl/diagnostics/span.ts';
import { lineOf } from '../../dsl/diagnostics/span.ts';
import { equalValues, formatPlace, formatValue, isSamePlace } from '../../dsl/ir/index.ts';
import type { StatePlace, Value } from '../../dsl/ir/index.ts';
import { formatStep } from '../plan/step-name.ts';
import type { Bound, FalsePart, Falsity, Read, TraceStep } from './behavior.ts';
import type { Piece } from './piece.ts';
import { code, plain } from './piece.ts';

/** `Broken by step 7, release(w1), which changed lock.owner w0 → none.`; nothing where no step did that. */
export function wordBroken({ brokenBy, changes }: Falsity, steps: readonly TraceStep[]): readonly Piece[] {
  if (brokenBy === undefined) return [];
  const told = changes.slice(0, MOST_CHANGES);
  const more = changes.length - told.length;
  const set = told.flatMap(({ place, from, to }, index): Piece[] => [
    plain(index === 0 ? '' : index === told.length - 1 && more === 0 ? ' and ' : ', '),
    code(formatPlace(place)),
    plain(lengthOf(from) + lengthOf(to) <= LONGEST_CHANGE ? ` ${formatValue(from)} → ${formatValue(to)}` : ''),
  ]);
  return [
    plain(`Broken by step ${brokenBy + 1}, `),
    code(formatStep(steps[brokenBy]!)),
    ...(set.length === 0 ? [] : [plain(', which changed '), ...set]),
    plain(more === 0 ? '.' : ` and ${more} more.`),
  ];
}

const MOST_CHANGES = 3;

/** What is longer stands among the steps above. */
const LONGEST_CHANGE = 40;

function lengthOf(value: Value): number {
  return formatValue(value).length;
}

/** Parts that are about the same elements, in the order in which they were found. */
export function partsByElement(falsity: Falsity): readonly (readonly FalsePart[])[] {
  const groups = new Map<string, FalsePart[]>();
  for (const part of falsity.parts) {
    const key = wordElements(part.bound);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [part]);
    else group.push(part);
  }
  return [...groups.values()];
}

/** What makes a predicate false, in a sentence: `for r = r1: s.lease[r].held is true (lease[r1].held: true)`. */
export function wordFalsity(falsity: Falsity, files: readonly SourceFile[]): readonly Piece[] {
  return partsByElement(falsity).flatMap((parts, group) => {
    const elements = wordElements(parts[0]!.bound);
    const start = `${group === 0 ? '' : '; '}${elements === '' ? '' : `for ${elements}: `}`;
    return parts.flatMap((part, index): Piece[] => [
      plain(index === 0 ? start : '; '),
      code(lineOf(files, part.span)),
      plain(` ${wordPart(part, files)}`),
    ]);
  });
}

/** `r = r1, m = { ok: false }`; empty outside of quantifiers. */
export function wordElements(bound: readonly Bound[]): string {
  return bound.map(({ name, value }) => `${name} = ${shortValue(value)}`).join(', ');
}

/** `is false (lease[r1].held: true)`. */
export function wordPart(part: FalsePart, files: readonly SourceFile[]): string {
  const values = valuesOfPart(part, files);
  return `${wordTruth(part)}${values.length === 0 ? '' : ` (${values.join(', ')})`}`;
}

export function wordTruth({ isTrue }: FalsePart): string {
  return isTrue ? 'is true' : 'is false';
}

/** `lease[r1].held: true`, and of a place before and after a step `n: 0 → 1`; the first of very many. */
export function valuesOfPart(part: FalsePart, files: readonly SourceFile[]): readonly string[] {
  const values = allValuesOf(part, files);
  const more = values.length - MOST_VALUES;
  return more <= 1 ? values : [...values.slice(0, MOST_VALUES), `and ${more} more`];
}

const MOST_VALUES = 12;
const MOST_COUNTED = 4;

function allValuesOf({ reads, sides }: FalsePart, files: readonly SourceFile[]): readonly string[] {
  const ofStep = reads.some(({ isNext }) => isNext === true);
  const readOf = (place: StatePlace, isAfter: boolean): Read | undefined =>
    reads.find((one) => (one.isNext === true) === isAfter && isSamePlace(one.place, place));
  const texts = reads.map(({ place, value, isNext }) => {
    const path = formatPlace(place);
    if (!ofStep) return `${path}: ${shortValue(value)}`;
    const [earlier, later] = [readOf(place, false), readOf(place, true)];
    if (earlier === undefined || later === undefined) {
      return `${path} ${isNext === true ? 'after' : 'before'} the step: ${shortValue(value)}`;
    }
    if (equalValues(earlier.value, later.value)) return `${path}: ${shortValue(value)}, before and after`;
    return `${path}: ${shortValue(earlier.value)} → ${shortValue(later.value)}`;
  });
  const compared = sides.map(({ span, value, counted }) => {
    const some = counted?.slice(0, MOST_COUNTED).map(shortValue) ?? [];
    const more = some.length < (counted?.length ?? 0) ? ', …' : '';
    const elements = some.length === 0 ? '' : ` (${some.join(', ')}${more})`;
    return `${shortened(span, files)}: ${shortValue(value)}${elements}`;
  });
  return [...new Set([...compared, ...texts])];
}

/** A value as a text; of a large one, its beginning. */
function shortValue(value: Value): string {
  const text = formatValue(value);
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE - 1)}…`;
}

const LONGEST_VALUE = 120;

/** `count(…)`: what is given to calls is underlined in the source already. */
function shortened(span: Span, files: readonly SourceFile[]): string {
  const text = lineOf(files, span);
  if (text.length <= LONGEST_SIDE) return text;
  let depth = 0;
  let short = '';
  for (const sign of text) {
    if (sign === ')') depth -= 1;
    if (depth === 0) short += sign;
    if (sign === '(') {
      if (depth === 0) short += '…';
      depth += 1;
    }
  }
  return short.length <= LONGEST_SIDE ? short : `${short.slice(0, LONGEST_SIDE - 1)}…`;
}

const LONGEST_SIDE = 40;
