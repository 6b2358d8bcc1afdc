import type { Span } from '../../dsl/diagnostics/span.ts';
import { equalValues, isArray, isObject, SetValue } from '../../dsl/ir/index.ts';
import type { Value } from '../../dsl/ir/index.ts';
import { exchangeOf, permuteValue } from './permutation.ts';
import type { Permutation } from './permutation.ts';

/** Ids of one set that nothing tells apart: at least two, in the order of the set. */
export interface IdClass {
  /** The name of the set. */
  readonly set: string;
  readonly ids: readonly string[];
}

/** Something that tells ids of a set apart. */
export interface Distinction {
  readonly set: string;
  /** The ids that it singles out; absent: all of the set. */
  readonly ids?: readonly string[];
  /** What does so, after the name of the set. */
  readonly message: string;
  readonly span: Span;
}

/** The exchanges of neighbors in each class: every permutation that keeps the classes is made of them. */
export function neighborExchanges(classes: readonly IdClass[]): readonly Permutation[] {
  return classes.flatMap(({ ids }) => ids.slice(1).map((id, index) => exchangeOf(ids[index]!, id)));
}

/** How many permutations keep the classes. */
export function orderOf(classes: readonly IdClass[]): number {
  return classes.reduce((product, { ids }) => product * factorial(ids.length), 1);
}

function factorial(count: number): number {
  return count < 2 ? 1 : count * factorial(count - 1);
}

/**
 * Ids sorted into classes, which only ever get smaller. Classes stand for the group of all permutations within them.
 *
 * Each refinement is by an equivalence, "exchanging the two changes nothing": if exchanging a and b changes nothing, and
 * exchanging b and c neither, then exchanging a and c, which is b and c, a and b, and b and c again, does not.
 */
export class IdClasses {
  readonly #sets: ReadonlyMap<string, readonly string[]>;
  readonly #classes: Map<string, readonly (readonly string[])[]>;
  readonly #distinctions: Distinction[] = [];

  /** @param sets - the ids of each set by its name, all interchangeable to begin with. */
  constructor(sets: ReadonlyMap<string, readonly string[]>) {
    this.#sets = sets;
    this.#classes = new Map(Array.from(sets, ([name, ids]) => [name, [ids]]));
  }

  /** Those of which no more than the ids of some classes are interchangeable, with these. */
  static from(sets: ReadonlyMap<string, readonly string[]>, classes: readonly IdClass[]): IdClasses {
    const all = new IdClasses(sets);
    for (const [set, ids] of sets) {
      const open = classes.filter((one) => one.set === set).map((one) => one.ids);
      const alone = ids.filter((id) => !open.some((one) => one.includes(id)));
      all.#classes.set(set, [...open, ...alone.map((id) => [id])]);
    }
    return all;
  }

  /** What told ids apart, in the order in which it was met. */
  get distinctions(): readonly Distinction[] {
    return this.#distinctions;
  }

  /** The classes with more than one id. */
  get classes(): readonly IdClass[] {
    return [...this.#classes].flatMap(([set, classes]) =>
      classes.filter(({ length }) => 1 < length).map((ids) => ({ set, ids })),
    );
  }

  /** Whether a set still has ids that are interchangeable. */
  isOpen(set: string): boolean {
    return this.#classes.get(set)?.some(({ length }) => 1 < length) === true;
  }

  /** The same ids once more, to be refined on trial. */
  copy(): IdClasses {
    const copy = new IdClasses(this.#sets);
    for (const [set, classes] of this.#classes) copy.#classes.set(set, classes);
    copy.#distinctions.push(...this.#distinctions);
    return copy;
  }

  /** Whether no ids are interchangeable. */
  get isTrivial(): boolean {
    return [...this.#classes.keys()].every((set) => !this.isOpen(set));
  }

  /** Tells all ids of a set apart. */
  separate(set: string, message: string, span: Span): void {
    this.refine(set, () => false, { message, span });
  }

  /**
   * Tells apart the ids whose exchange would change a value that is the same in all states. Of a map from ids that gives
   * some of them the same, those stay together.
   */
  respect(value: Value, span: Span): void {
    for (const [set, ids] of this.#sets) {
      if (!this.isOpen(set) || !names(value, new Set(ids))) continue;
      const isFixed = (left: string, right: string): boolean =>
        equalValues(permuteValue(value, exchangeOf(left, right)), value);
      this.refine(set, isFixed, { message: 'some of them are named here', span });
    }
  }

  /** Whether no exchange within a class would change a value. */
  fixes(value: Value): boolean {
    return this.classes.every(({ ids }) =>
      ids.slice(1).every((id, index) => equalValues(permuteValue(value, exchangeOf(ids[index]!, id)), value)),
    );
  }

  /** @param isAlike - an equivalence of ids. */
  refine(
    set: string,
    isAlike: (left: string, right: string) => boolean,
    { message, span }: Pick<Distinction, 'message' | 'span'>,
  ): void {
    const before = this.#classes.get(set) ?? [];
    const after = before.flatMap((ids) => sorted(ids, isAlike));
    if (after.length === before.length) return;
    this.#classes.set(set, after);
    const alone = after.filter(({ length }) => length === 1).flat();
    const news = before.filter(({ length }) => 1 < length).flat();
    const singled = news.filter((id) => alone.includes(id));
    const isWhole = !this.isOpen(set);
    this.#distinctions.push({ set, ...(!isWhole && { ids: singled }), message, span });
  }
}

/** Whether one of some texts stands anywhere in a value, be it as a key. */
function names(value: Value, texts: ReadonlySet<string>): boolean {
  if (typeof value === 'string') return texts.has(value);
  if (value instanceof SetValue) return value.elements.some((element) => names(element, texts));
  if (isArray(value)) return value.some((element) => names(element, texts));
  return isObject(value) && Object.entries(value).some(([key, part]) => texts.has(key) || names(part, texts));
}

function sorted(ids: readonly string[], isAlike: (left: string, right: string) => boolean): readonly string[][] {
  const classes: string[][] = [];
  for (const id of ids) {
    const own = classes.find(([first]) => isAlike(first!, id));
    if (own === undefined) classes.push([id]);
    else own.push(id);
  }
  return classes;
}
