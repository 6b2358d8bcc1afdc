/**
 * Schemas that allow far more than ever occurs: a count declared `0..100` that is never above 3, a sequence with room for
 * ten that never has more than two. Each costs bits in every state, and is often a bound that was guessed.
 */

import type { Domain } from '../../dsl/ir/index.ts';
import { cardinality } from '../../dsl/ir/index.ts';
import type { ReachedPlace } from './reached-values.ts';
import { valueOfCode } from './reached-values.ts';

/** An interval that was declared for a place, and the part of it that was reached. */
export interface Slack {
  /** `lease[…].count` */
  readonly path: string;
  /** What is counted: the values of an integer, the lengths of a sequence, the integers in a set. */
  readonly kind: 'value' | 'length' | 'element';
  readonly declared: Interval;
  readonly reached: Interval;
}

/** Both ends inclusive. */
interface Interval {
  readonly least: number;
  readonly greatest: number;
}

/** A schema has to allow this many times what occurs … */
const FACTOR = 4;

/** … and this many integers, or so many elements more than there ever are: below, guessing well is not worth the time. */
const LEAST_INTEGERS = 16;
const LEAST_ELEMENTS = 4;

/** What the schema of a place allows beyond what was reached, when that is far more. */
export function slackOf(place: ReachedPlace): Slack | undefined {
  const declared = place.kind === 'case' || isNatural(place) ? undefined : integersOf(place.domain);
  const reached = declared && reachedOf(place);
  if (declared === undefined || reached === undefined) return undefined;
  const slack = { path: place.path, kind: place.kind as Slack['kind'], declared, reached };
  return isLarge(slack) ? slack : undefined;
}

/** The slack of a place in two models together: what neither reaches of what each allows. */
export function joinSlack(one: Slack, other: Slack): Slack | undefined {
  const joined = {
    ...one,
    declared: {
      least: Math.max(one.declared.least, other.declared.least),
      greatest: Math.min(one.declared.greatest, other.declared.greatest),
    },
    reached: {
      least: Math.min(one.reached.least, other.reached.least),
      greatest: Math.max(one.reached.greatest, other.reached.greatest),
    },
  };
  return isLarge(joined) ? joined : undefined;
}

/** A line about it for the author. */
export function slackMessage({ path, kind, declared, reached }: Slack): string {
  const allowed = `${declared.least} to ${declared.greatest}`;
  switch (kind) {
    case 'value':
      return `\`${path}\` is always ${worded(reached)}, of ${allowed} that it may be`;
    case 'element':
      return `\`${path}\` only ever contains ${worded(reached)}, of ${allowed} that it may contain`;
    case 'length': {
      const longest = reached.greatest === 0 ? 'no element' : `more than ${reached.greatest}`;
      return `\`${path}\` never has ${longest} of the ${declared.greatest} elements that it has room for`;
    }
  }
}

function worded({ least, greatest }: Interval): string {
  return least === greatest ? String(least) : `${least} to ${greatest}`;
}

function isLarge({ kind, declared, reached }: Slack): boolean {
  if (kind === 'length') {
    const { greatest } = declared;
    return LEAST_ELEMENTS <= greatest - reached.greatest && FACTOR * reached.greatest <= greatest;
  }
  const size = declared.greatest - declared.least + 1;
  return LEAST_INTEGERS <= size && FACTOR * (reached.greatest - reached.least + 1) <= size;
}

/** Whether the capacity of a sequence is not a guess: each thread, or each member of an enumeration, once. */
function isNatural({ kind, domain, element }: ReachedPlace): boolean {
  if (kind !== 'length' || domain.kind !== 'int' || element === undefined) return false;
  const parts = element.kind === 'union' ? element.members : [element];
  return parts.every((part) => part.kind === 'ids' || part.kind === 'enum') && domain.max <= cardinality(element);
}

/** The integers of a domain that has some. Who leaves gaps between them has listed what is meant. */
function integersOf(domain: Domain): Interval | undefined {
  const parts = domain.kind === 'union' ? domain.members : [domain];
  const [integers, ...others] = parts.filter((part) => part.kind === 'int');
  if (0 < others.length) return undefined;
  return integers?.kind === 'int' ? { least: integers.min, greatest: integers.max } : undefined;
}

/** Those that were reached; undefined when none was, or when nobody knows. */
function reachedOf(place: ReachedPlace): Interval | undefined {
  const { domain, size, least, greatest, missing } = place;
  if (greatest < 0) return undefined;
  if (missing === undefined && domain.kind !== 'int') return undefined;
  if (domain.kind === 'int') return { least: domain.min + least, greatest: domain.min + greatest };
  const absent = new Set(missing);
  const values = Array.from({ length: size }, (_, code) => code)
    .filter((code) => !absent.has(code))
    .map((code) => valueOfCode(place, code))
    .filter((value) => typeof value === 'number');
  return values.length === 0 ? undefined : { least: Math.min(...values), greatest: Math.max(...values) };
}
