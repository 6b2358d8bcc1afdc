import type { SourceFile } from '../../dsl/diagnostics/span.ts';
import { lineOf } from '../../dsl/diagnostics/span.ts';
import {
  equalValues,
  formatPlace,
  formatValue,
  isArray,
  isObject,
  isWithin,
  ownerOf,
  SetValue,
} from '../../dsl/ir/index.ts';
import type { StatePlace, Value } from '../../dsl/ir/index.ts';
import { primitiveAt } from '../../dsl/ir/primitive.ts';
import type { FalsePart, NextWait, Read, TraceStep, WaitSubject } from './behavior.ts';
import type { Piece } from './piece.ts';
import { code, plain } from './piece.ts';
import { wordSubject } from './wait-words.ts';

/**
 * What a step found that made it go where it went, in clauses: `ready` is false. Not what it changed, whose old value
 * stands beside the new one, nor what it did not get.
 */
export function wordDecisions(step: TraceStep, files: readonly SourceFile[]): readonly (readonly Piece[])[] {
  const { changes, refused = [], decidedBy = [] } = step;
  const isSaid = (place: StatePlace): boolean =>
    changes.some((change) => isWithin(place, change.place)) ||
    refused.some((subject) => 'object' in subject && isWithin(place, subject.object));
  const clauses = new Map<string, readonly Piece[]>();
  for (const part of decidedBy) {
    const told = part.reads.filter(({ place }) => !isSaid(place));
    for (const clause of told.length === 0 ? [] : clausesOf(part, told, files)) {
      clauses.set(clause.map(({ text }) => text).join('\0'), clause);
    }
  }
  const all = [...clauses.values()];
  const more = all.length - MOST_CLAUSES;
  return more <= 1 ? all : [...all.slice(0, MOST_CLAUSES), [plain(`${more} more`)]];
}

const MOST_CLAUSES = 4;

function clausesOf(
  { sides, span }: FalsePart,
  reads: readonly Read[],
  files: readonly SourceFile[],
): readonly (readonly Piece[])[] {
  const primitive = primitiveAt(files, span);
  if (primitive !== undefined) return reads.map((read) => wordPrimitive(read, primitive) ?? wordRead(read));
  if (reads.some(({ element }) => element !== undefined)) return reads.map(wordRead);
  const compared = sides.map((side): readonly Piece[] => [
    code(shortSource(lineOf(files, side.span))),
    plain(` is ${shortValue(side.value)}`),
  ]);
  // What is counted or added up says enough; the collection that it comes from would say it once more.
  const told = sides.length === 0 ? reads : reads.filter(({ value }) => !isCollection(value));
  return [...compared, ...told.map(wordRead)];
}

/** What was read of a primitive of `fairlead/sync`, in words of what it is for. */
function wordPrimitive({ place, value, element }: Read, primitive: string): readonly Piece[] | undefined {
  const owner = ownerOf(place);
  if (owner === undefined) return undefined;
  const all = value instanceof SetValue ? value.elements : value === null ? [] : [value];
  const has = element === undefined || contains(value, element);
  const listed = (element === undefined ? all : [element]).map(formatValue).join(', ');
  const who = listed === '' ? 'nobody' : listed;
  const verb = (one: string, several: string): Piece =>
    plain(` ${element === undefined && 1 < all.length ? several : one} `);
  const lock = code(formatPlace(owner.object));
  switch (`${primitive}.${owner.field}`) {
    case 'mutex.owner':
      return value === null ? [lock, plain(' is free')] : [plain(who), verb('has', 'have'), lock];
    case 'semaphore.count':
      return [lock, plain(` is ${formatValue(value)}`)];
    case 'condvar.sleepers':
      return [plain(who), verb(has ? 'is asleep on' : 'is not asleep on', 'are asleep on'), lock];
    case 'rwlock.readers':
      return [plain(who), verb(has ? 'reads' : 'does not read', 'read'), lock];
    case 'rwlock.writer':
      return [plain(who), verb('writes', 'write'), lock];
    case 'rwlock.waitingReaders':
      return [plain(who), verb(has ? 'waits to read' : 'does not wait to read', 'wait to read'), lock];
    case 'rwlock.waitingWriters':
      return [plain(who), verb(has ? 'waits to write' : 'does not wait to write', 'wait to write'), lock];
    case 'barrier.arrived':
      return [plain(who), verb(has ? 'waits at' : 'does not wait at', 'wait at'), lock];
    default:
      return undefined;
  }
}

/** A place and its value, or whether it has an element. */
function wordRead({ place, value, element }: Read): readonly Piece[] {
  const path = formatPlace(place);
  if (element === undefined) return [code(path), plain(` is ${shortValue(value)}`)];
  return [code(path), plain(contains(value, element) ? ' has ' : ' does not have '), code(formatValue(element))];
}

function isCollection(value: Value): boolean {
  return value instanceof SetValue || isArray(value) || isObject(value);
}

function contains(value: Value, element: Value): boolean {
  const elements = value instanceof SetValue ? value.elements : isArray(value) ? value : [];
  return elements.some((one) => equalValues(one, element));
}

function shortValue(value: Value): string {
  const text = formatValue(value);
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE - 1)}…`;
}

const LONGEST_VALUE = 60;

/** What a step tried to take in vain: `does not get `lock`, which w1 has`. */
export function wordRefused(subject: WaitSubject): readonly Piece[] {
  switch (subject.kind) {
    case 'mutex':
      return [
        plain('does not get '),
        code(formatPlace(subject.object)),
        plain(', which '),
        code(formatValue(subject.holder)),
        plain(' has'),
      ];
    case 'semaphore':
      return [plain('does not get '), code(formatPlace(subject.object)), plain(', which is 0')];
    case 'reading':
    case 'writing': {
      const role = subject.kind === 'reading' ? 'reader' : 'writer';
      return [plain('does not get into '), code(formatPlace(subject.object)), plain(` as a ${role}`)];
    }
    default:
      return [];
  }
}

/** That its thread cannot go on at once: `waits for `lock`, held by w1`. */
export function wordNextWait(wait: NextWait, files: readonly SourceFile[]): readonly Piece[] {
  if (wait.reads.length === 0)
    return [plain('cannot go on, as '), code(shortSource(lineOf(files, wait.span))), plain(' is false')];
  const values = wait.reads.reduce(
    (length, { place, value }) => length + formatPlace(place).length + formatValue(value).length,
    0,
  );
  const told = values <= LONGEST_VALUE ? wait : { ...wait, reads: [] };
  return wordSubject(told, shortSource(lineOf(files, wait.span)));
}

function shortSource(source: string): string {
  return source.length <= LONGEST_VALUE ? source : `${source.slice(0, LONGEST_VALUE - 1)}…`;
}
