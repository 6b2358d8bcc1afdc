import { codeOf, isArray, isObject, SetValue } from '../../dsl/ir/index.ts';
import type { Domain, Value } from '../../dsl/ir/index.ts';
import type { Layout } from '../plan/layout.ts';
import { minLengthOf } from '../plan/shape.ts';
import type { Part, Shape } from '../plan/shape.ts';
import type { LeafCondition } from './exchange.ts';
import type { IdClass } from './id-classes.ts';

/**
 * Where ids occur in a state, and beside what: as data that code is made of which tells ids apart.
 *
 * Each part of a state is a fact about some ids: those whose entries it is in, and those that it has for a value. What
 * is known of an id is the sum of the facts about it. For that sum to be the same whichever ids they are, facts go by
 * labels in which no interchangeable id has a name.
 */
export type Occurrence =
  /** A code that means no id, in entries of ids. */
  | { readonly kind: 'code'; readonly leaf: number; readonly label: string; readonly owners: readonly Mention[] }
  /** A code that may mean an id. */
  | {
      readonly kind: 'id';
      readonly leaf: number;
      readonly label: string;
      readonly owners: readonly Mention[];
      /** The ids by their codes. */
      readonly ids: ReadonlyMap<number, number>;
      /** Codes that mean something else. */
      readonly others: readonly number[];
    }
  /** A possible element of a set, of ids or in entries of ids. */
  | {
      readonly kind: 'element';
      readonly leaf: number;
      readonly bit: number;
      readonly label: string;
      readonly mentions: readonly Mention[];
    }
  /** What only occurs where an array is so long, or a union has that case. */
  | { readonly kind: 'case'; readonly condition: LeafCondition; readonly occurrences: readonly Occurrence[] };

/** An id, by its number among all that are interchangeable, and as what it takes part in a fact. */
export interface Mention {
  readonly id: number;
  readonly role: string;
}

/** All places of a state that have to do with ids of these classes. */
export function occurrencesIn({ variables }: Layout, classes: readonly IdClass[]): readonly Occurrence[] {
  const ids = new Ids(classes);
  const found: Occurrence[] = [];
  for (const [name, { shape, leaf }] of variables) {
    collect(shape, { at: leaf, label: name, owners: [], ids, found });
  }
  return found;
}

/** The interchangeable ids by their text, with numbers and classes. */
class Ids {
  readonly #numbers = new Map<string, number>();
  readonly #classes: number[] = [];

  constructor(classes: readonly IdClass[]) {
    classes.forEach(({ ids }, index) => {
      for (const id of ids) this.#numbers.set(id, this.#classes.push(index) - 1);
    });
  }

  numberOf(value: Value): number | undefined {
    return typeof value === 'string' ? this.#numbers.get(value) : undefined;
  }

  /** The numbers of the ids in a domain of scalars, by their codes. */
  codesIn(domain: Domain): ReadonlyMap<number, number> {
    const codes = Array.from(this.#numbers, ([id, number]) => [codeOf(domain, id), number] as const);
    return new Map(codes.filter(([code]) => 0 <= code));
  }

  /** What all ids of its class are called in labels. */
  nameOf(id: number): string {
    return `#${this.#classes[id]!}`;
  }
}

interface Place {
  readonly at: number;
  readonly label: string;
  readonly owners: readonly Mention[];
  readonly ids: Ids;
  readonly found: Occurrence[];
}

function collect(shape: Shape, place: Place): void {
  const { at, label, owners, ids, found } = place;
  const collectParts = (parts: readonly Part[], into: Occurrence[]): void =>
    parts.forEach(({ name, offset, shape: inner }) =>
      collect(inner, { ...place, at: at + offset, label: `${label}.${name}`, found: into }),
    );
  const collectCase = (condition: LeafCondition, fill: (into: Occurrence[]) => void): void => {
    const occurrences: Occurrence[] = [];
    fill(occurrences);
    if (0 < occurrences.length) found.push({ kind: 'case', condition, occurrences });
  };
  switch (shape.kind) {
    case 'scalar': {
      const numbers = ids.codesIn(shape.domain);
      const codes = Array.from({ length: shape.size <= MOST_LISTED ? shape.size : 0 }, (_, code) => code);
      const others = codes.filter((code) => !numbers.has(code));
      if (0 < numbers.size) found.push({ kind: 'id', leaf: at, label, owners, ids: numbers, others });
      else if (0 < owners.length) found.push({ kind: 'code', leaf: at, label, owners });
      return;
    }
    case 'product':
      if (shape.domain.kind !== 'record') return collectParts(shape.parts, found);
      return shape.parts.forEach((part) => collect(part.shape, entryPlace(part, place)));
    case 'variant':
      if (0 < owners.length) found.push({ kind: 'code', leaf: at, label: `${label}?`, owners });
      return shape.cases.forEach(({ parts }, code) =>
        collectCase({ leaf: at, test: 'equals', code }, (into) =>
          collectParts(
            parts.map((part) => ({ ...part, name: `${code} ${part.name}` })),
            into,
          ),
        ),
      );
    case 'union':
      if (0 < owners.length) found.push({ kind: 'code', leaf: at, label: `${label}?`, owners });
      return shape.members.forEach((member, code) =>
        collectCase({ leaf: at, test: 'equals', code }, (into) =>
          collect(member, { ...place, at: at + 1, label: `${label}.${code}`, found: into }),
        ),
      );
    case 'array': {
      const { element, lengthLeaves, capacity } = shape;
      const least = minLengthOf(shape);
      if (lengthLeaves === 1 && 0 < owners.length) found.push({ kind: 'code', leaf: at, label: `${label}?`, owners });
      for (let index = 0; index < capacity; index += 1) {
        const inner = { ...place, at: at + lengthLeaves + index * element.leaves, label: `${label}[${index}]` };
        if (index < least) collect(element, inner);
        else {
          collectCase({ leaf: at, test: 'atLeast', code: index - least + 1 }, (into) =>
            collect(element, { ...inner, found: into }),
          );
        }
      }
      return;
    }
    case 'set':
      shape.elements.forEach((element, code) => {
        const mentions = mentionsIn(element, ids);
        if (mentions.length + owners.length === 0) return;
        const all = [...owners, ...mentions];
        found.push({
          kind: 'element',
          leaf: at + (code >>> 5),
          bit: code & 31,
          label: `${label} ${textOf(element, ids)} ${patternOf(hasOrder(element, ids) ? all : owners)}`,
          mentions: all,
        });
      });
  }
}

/** Where a code may mean more than this, it does not count what it means when it means no id. */
const MOST_LISTED = 64;

/** The entry of a record: whose key is an id is about that id. */
function entryPlace({ name, offset }: Part, { at, label, owners, ids, found }: Place): Place {
  const id = ids.numberOf(name);
  if (id === undefined) return { at: at + offset, label: `${label}.${name}`, owners, ids, found };
  const more = [...owners, { id, role: `of${owners.length}` }];
  return { at: at + offset, label: `${label}.${ids.nameOf(id)} ${patternOf(more)}`, owners: more, ids, found };
}

/** Which of some ids are the same. */
function patternOf(mentions: readonly Mention[]): string {
  return mentions.map(({ id }) => mentions.findIndex((other) => other.id === id)).join();
}

/** Whether the ids in a value come in the same order whichever they are: in sets, and as keys, they come in their own. */
function hasOrder(value: Value, ids: Ids): boolean {
  if (value instanceof SetValue) return mentionsIn(value, ids).length === 0;
  if (isArray(value)) return value.every((element) => hasOrder(element, ids));
  if (!isObject(value)) return true;
  return Object.entries(value).every(([key, part]) => ids.numberOf(key) === undefined && hasOrder(part, ids));
}

/** The ids in a value. All those in a set have one role, as they have no order. */
function mentionsIn(value: Value, ids: Ids, role = ''): readonly Mention[] {
  const id = ids.numberOf(value);
  if (id !== undefined) return [{ id, role }];
  if (value instanceof SetValue) return value.elements.flatMap((element) => mentionsIn(element, ids, `${role}{`));
  if (isArray(value)) return value.flatMap((element, index) => mentionsIn(element, ids, `${role}[${index}`));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, part]) => {
    const own = ids.numberOf(key);
    if (own === undefined) return mentionsIn(part, ids, `${role}.${key}`);
    return [{ id: own, role: `${role}@` }, ...mentionsIn(part, ids, `${role}.@`)];
  });
}

/** A value as text in which interchangeable ids are all called the same; what has no order is put in that of the texts. */
function textOf(value: Value, ids: Ids): string {
  const id = ids.numberOf(value);
  if (id !== undefined) return ids.nameOf(id);
  if (value instanceof SetValue)
    return `{${value.elements
      .map((element) => textOf(element, ids))
      .sort()
      .join()}}`;
  if (isArray(value)) return `[${value.map((element) => textOf(element, ids)).join()}]`;
  if (!isObject(value)) return `${typeof value} ${String(value)}`;
  const entries = Object.entries(value).map(([key, part]) => {
    const own = ids.numberOf(key);
    return `${own === undefined ? key : ids.nameOf(own)}: ${textOf(part, ids)}`;
  });
  return `(${entries.sort().join()})`;
}
