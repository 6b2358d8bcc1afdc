/**
 * Which values the parts of the state ever have. One pass over the stored states, by code generated for the layout:
 * parts whose every value has been seen are left out from then on, so that most states only cost a few of them.
 */

import type { Domain, Value } from '../../dsl/ir/index.ts';
import { valueAt } from '../../dsl/ir/index.ts';
import type { Layout, LeafField } from '../plan/layout.ts';
import { minLengthOf } from '../plan/shape.ts';
import type { Part, Shape } from '../plan/shape.ts';
import type { States } from '../search/exploration.ts';

/** A place in the schema of a variable: what stands there under every key and at every index together. */
export interface ReachedPlace {
  readonly variable: string;
  /** `lease[…].holder`. */
  readonly path: string;
  /**
   * What is counted: `value` the values of a scalar, `case` the cases of a discriminated union (by their tag), `length`
   * the lengths of an array, `element` what is ever in a set.
   */
  readonly kind: 'value' | 'case' | 'length' | 'element';
  /** All that could be there: of the scalar, the tag, the length (an interval), the elements. */
  readonly domain: Domain;
  /** How many values that are. Value `i` of them has code `i`, as `valueAt` counts. */
  readonly size: number;
  /** Of a `length`: what the elements are. */
  readonly element?: Domain;
  /** The least and the greatest code that was reached; `greatest` is -1 when the place itself never was. */
  readonly least: number;
  readonly greatest: number;
  /** The codes that were not reached, ascending; undefined when there are more than {@link MAX_LISTED} values. */
  readonly missing: readonly number[] | undefined;
}

/** Of larger domains only the least and the greatest value are kept. */
const MAX_LISTED = 4096;

/** Layouts with more leaves than this are not looked at: the code for them would be too long. */
const MAX_LEAVES = 4096;

/** The value that a code of a place stands for. */
export function valueOfCode({ domain }: ReachedPlace, code: number): Value {
  return valueAt(domain, code);
}

/**
 * What was reached, for every place of every variable, in the order of the layout.
 *
 * @returns none for layouts that are too large.
 * @remarks At worst a few nanoseconds a leaf and state; no memory beside a byte for each listed value.
 */
export function reachedValues(layout: Layout, states: States): readonly ReachedPlace[] {
  if (MAX_LEAVES < layout.leaves.length) return [];
  const places = placesOf(layout);
  let open = places;
  let chunk = FIRST_CHUNK;
  for (let from = 0; from < states.count && 0 < open.length; chunk *= 2) {
    const end = Math.min(from + chunk, states.count);
    const visit = visitorOf(layout, new Set(open));
    for (; from < end; from += 1) visit(states.segmentOf(from), states.offsetOf(from));
    open = open.filter(({ tally }) => !isComplete(tally));
  }
  return places.map(({ tally, ...place }) => ({ ...place, ...countOf(tally, place.size) }));
}

const FIRST_CHUNK = 256;

/** A place with what has been seen of it so far. */
interface OpenPlace extends Omit<ReachedPlace, 'least' | 'greatest' | 'missing'> {
  readonly tally: Tally;
  /** The shapes whose places are this one: equal parts of different elements have the same. */
  readonly key: string;
}

/** A flag for each code, or the least and the greatest one. */
type Tally = { readonly flags: Uint8Array } | { readonly range: Float64Array };

function newTally(size: number): Tally {
  return size <= MAX_LISTED ? { flags: new Uint8Array(size) } : { range: Float64Array.of(Infinity, -1) };
}

function isComplete(tally: Tally): boolean {
  return 'flags' in tally && !tally.flags.includes(0);
}

function countOf(tally: Tally, size: number): Pick<ReachedPlace, 'least' | 'greatest' | 'missing'> {
  if ('range' in tally) return { least: tally.range[0]!, greatest: tally.range[1]!, missing: undefined };
  const { flags } = tally;
  const missing = Array.from({ length: size }, (_, code) => code).filter((code) => flags[code] === 0);
  return { least: flags.indexOf(1), greatest: flags.lastIndexOf(1), missing };
}

function placesOf(layout: Layout): readonly OpenPlace[] {
  const places = new Map<string, OpenPlace>();
  for (const [variable, { shape }] of layout.variables) {
    visitPlaces(shape, variable, (path, kind, domain, size, element) => {
      const key = keyOf(path, kind);
      // A path under different cases may stand for parts of different domains: each is a place of its own.
      if (places.has(key)) return;
      const of = element === undefined ? {} : { element };
      places.set(key, { variable, path, kind, domain, size, ...of, key, tally: newTally(size) });
    });
  }
  return [...places.values()];
}

function keyOf(path: string, kind: ReachedPlace['kind']): string {
  return `${kind} ${path}`;
}

function visitPlaces(
  shape: Shape,
  path: string,
  visit: (path: string, kind: ReachedPlace['kind'], domain: Domain, size: number, element?: Domain) => void,
): void {
  switch (shape.kind) {
    case 'scalar':
      return visit(path, 'value', shape.domain, shape.size);
    case 'product':
      // All entries of a record have one shape, hence one place.
      return shape.parts.forEach((part) => visitPlaces(part.shape, partPath(shape, path, part), visit));
    case 'variant':
      visit(path, 'case', { kind: 'enum', values: shape.cases.map(({ tag }) => tag) }, shape.cases.length);
      return shape.cases.forEach(({ tag, parts }) =>
        parts.forEach((part) => visitPlaces(part.shape, casePath(path, tag, part), visit)),
      );
    case 'union':
      return shape.members.forEach((member, index) =>
        visitPlaces(member, memberPath(shape.members, path, index), visit),
      );
    case 'array': {
      const min = minLengthOf(shape);
      if (shape.lengthLeaves === 1) {
        const lengths: Domain = { kind: 'int', min, max: shape.capacity };
        visit(path, 'length', lengths, shape.capacity - min + 1, shape.element.domain);
      }
      return 0 < shape.capacity ? visitPlaces(shape.element, elementPath(path), visit) : undefined;
    }
    case 'set':
      return shape.domain.kind === 'set' ? visit(path, 'element', shape.domain.element, shape.count) : undefined;
  }
}

function partPath({ domain }: Shape, path: string, { name }: Part): string {
  return domain.kind === 'record' ? `${path}[…]` : domain.kind === 'tuple' ? `${path}[${name}]` : `${path}.${name}`;
}

function casePath(path: string, tag: string, { name }: Part): string {
  return `${path}(${tag}).${name}`;
}

/** The one compound member of a union, such as a nullable object, goes by the name of the whole. */
function memberPath(members: readonly Shape[], path: string, index: number): string {
  const isOnly = members.every(({ kind }, other) => (kind === 'scalar') === (other !== index));
  return isOnly ? path : `${path}|${index}`;
}

function elementPath(path: string): string {
  return `${path}[…]`;
}

type Visitor = (state: Int32Array, at: number) => void;

/** Generates the function that notes what one state has at the places that are still open. */
function visitorOf(layout: Layout, open: ReadonlySet<OpenPlace>): Visitor {
  const tallies: (Uint8Array | Float64Array)[] = [];
  const names = new Map<string, { readonly name: string; readonly hasFlags: boolean }>();
  for (const { key, tally } of open) {
    const hasFlags = 'flags' in tally;
    names.set(key, { name: `t${tallies.length}`, hasFlags });
    tallies.push(hasFlags ? tally.flags : tally.range);
  }
  const words = new Set<number>();
  let labels = 0;
  const codeAt = (leaf: number): string => {
    const { word, shift, width, mask, always = 0 } = layout.leaves[leaf]!;
    if (width === 0) return String(always >>> 0);
    words.add(word);
    return fieldSource(`w${word}`, { shift, width, mask });
  };
  const note = (path: string, kind: ReachedPlace['kind'], code: string): string => {
    const tally = names.get(keyOf(path, kind));
    if (tally === undefined) return '';
    const { name, hasFlags } = tally;
    return hasFlags
      ? `${name}[${code}] = 1;`
      : `{ const c = (${code}) >>> 0; if (c < ${name}[0]) ${name}[0] = c; if (${name}[1] < c) ${name}[1] = c; }`;
  };
  const choice = (leaf: number, alternatives: readonly string[]): string => {
    if (alternatives.every((one) => one === '')) return '';
    const cases = alternatives.map((one, tag) => (one === '' ? '' : `case ${tag}: ${one} break;`));
    return `switch (${codeAt(leaf)}) { ${cases.join(' ')} }`;
  };
  const source = (shape: Shape, path: string, leaf: number): string => {
    switch (shape.kind) {
      case 'scalar':
        return note(path, 'value', codeAt(leaf));
      case 'product':
        return joined(shape.parts.map((part) => source(part.shape, partPath(shape, path, part), leaf + part.offset)));
      case 'variant': {
        const ofCases = shape.cases.map(({ tag, parts }) =>
          joined(parts.map((part) => source(part.shape, casePath(path, tag, part), leaf + part.offset))),
        );
        return joined([note(path, 'case', codeAt(leaf)), choice(leaf, ofCases)]);
      }
      case 'union':
        return choice(
          leaf,
          shape.members.map((member, index) => source(member, memberPath(shape.members, path, index), leaf + 1)),
        );
      case 'array': {
        const { element, lengthLeaves, capacity } = shape;
        const elements = Array.from({ length: capacity }, (_, index) =>
          source(element, elementPath(path), leaf + lengthLeaves + index * element.leaves),
        );
        if (lengthLeaves === 0 || elements.every((one) => one === '')) {
          return joined([lengthLeaves === 1 ? note(path, 'length', codeAt(leaf)) : '', ...elements]);
        }
        const label = `a${labels++}`;
        const min = minLengthOf(shape);
        const guarded = elements.map((one, index) =>
          index < min ? one : `if (${codeAt(leaf)} <= ${index - min}) break ${label}; ${one}`,
        );
        return joined([note(path, 'length', codeAt(leaf)), `${label}: { ${guarded.join(' ')} }`]);
      }
      case 'set': {
        if (!names.has(keyOf(path, 'element'))) return '';
        return joined(
          shape.elements.map((_, code) => {
            const bit = `(${codeAt(leaf + (code >>> 5))} >>> ${code & 31}) & 1`;
            return `if (${bit}) ${note(path, 'element', String(code))}`;
          }),
        );
      }
    }
  };
  const lines = [...layout.variables].map(([name, { shape, leaf }]) => source(shape, name, leaf));
  const loads = [...words].map((word) => `const w${word} = S[at + ${word}];`);
  const body = `"use strict"; return (S, at) => { ${loads.join(' ')} ${lines.join('\n')} };`;
  // oxlint-disable-next-line typescript/no-implied-eval -- the source is our own; specs contribute numbers only.
  const make = new Function(...tallies.map((_, index) => `t${index}`), body) as (...given: unknown[]) => Visitor;
  return make(...tallies);
}

function fieldSource(word: string, { shift, width, mask }: Omit<LeafField, 'word'>): string {
  if (width === 32) return word;
  return shift + width === 32 ? `(${word} >>> ${shift})` : `((${word} >>> ${shift}) & ${mask})`;
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}
