import { partsOf } from '../../dsl/ir/fold.ts';
import type { Node } from '../../dsl/ir/fold.ts';
import type { Expression, PathSegment } from '../../dsl/ir/index.ts';
import type { Layout } from '../plan/layout.ts';
import { bindingsOf } from '../plan/plan.ts';
import type { Instance } from '../plan/instance.ts';
import type { Plan } from '../plan/plan.ts';
import type { Shape } from '../plan/shape.ts';
import { StateSet } from '../search/state-set.ts';
import { locksOf } from './lock.ts';
import type { Lock } from './lock.ts';
import { knownValue } from './use.ts';
import type { Known } from './use.ts';

/**
 * The leaves of the state that a place has; `undefined` stands for a key that is not known: all of them.
 *
 * @param texts - fields and keys, from the variable on.
 */
export function leavesAt(layout: Layout, variable: string, texts: readonly (string | undefined)[]): readonly number[] {
  const placed = layout.variables.get(variable);
  if (placed === undefined) return [];
  return leavesOf(placed.shape, placed.leaf, texts);
}

function leavesOf(shape: Shape, at: number, texts: readonly (string | undefined)[]): readonly number[] {
  const [text, ...rest] = texts;
  if (texts.length > 0 && shape.kind === 'product') {
    const parts = text === undefined ? shape.parts : shape.parts.filter(({ name }) => name === text);
    return parts.flatMap((part) => leavesOf(part.shape, at + part.offset, rest));
  }
  if (texts.length > 0 && shape.kind === 'array') {
    const length = shape.lengthLeaves === 1 ? [at] : [];
    const elements = Array.from({ length: shape.capacity }, (_, index) => index);
    const read = text === undefined ? elements : elements.filter((index) => String(index) === text);
    return [
      ...length,
      ...read.flatMap((index) => leavesOf(shape.element, at + shape.lengthLeaves + index * shape.element.leaves, rest)),
    ];
  }
  return Array.from({ length: shape.leaves }, (_, index) => at + index);
}

/** The leaves of a lock. */
export function leavesOfLock(layout: Layout, { variable, segments }: Lock): readonly number[] {
  return leavesAt(
    layout,
    variable,
    segments.map(({ text }) => text),
  );
}

/** What a step may read, and the locks that it may write. */
interface Reads {
  readonly leaves: ReadonlySet<number>;
  /** Whether it has to do with locks at all. */
  readonly isAboutLocks: boolean;
}

/** The leaves that what a step does may depend on: all that it may read, and of what it writes the locks. */
export function readsOf(plan: Plan, instance: Instance): Reads {
  const { layout } = plan;
  const known = bindingsOf(instance);
  const leaves = new Set<number>();
  const lockLeaves = new Set(locksOf(plan.system).flatMap((lock) => leavesOfLock(layout, lock)));
  let isAboutLocks = false;
  const read = (variable: string, texts: readonly (string | undefined)[]): void => {
    for (const leaf of leavesAt(layout, variable, texts)) {
      leaves.add(leaf);
      isAboutLocks ||= lockLeaves.has(leaf);
    }
  };
  const visit = (node: Node): void => {
    if (node.kind === 'enabled') layout.leaves.forEach((_, leaf) => leaves.add(leaf));
    if (node.kind === 'variable' || node.kind === 'field' || node.kind === 'index') {
      const chain = chainOf(plan, node, known);
      if (chain !== undefined) {
        read(chain.variable, chain.texts);
        chain.indices.forEach(visit);
        return;
      }
    }
    if (node.kind === 'assign' && node.target.root.kind === 'variable') {
      const texts = node.target.path.map((segment) => textOf(plan, segment, known));
      for (const leaf of leavesAt(layout, node.target.root.name, texts)) {
        if (!lockLeaves.has(leaf)) continue;
        leaves.add(leaf);
        isAboutLocks = true;
      }
    }
    partsOf(node).forEach(visit);
  };
  instance.action.body.forEach(visit);
  return { leaves, isAboutLocks };
}

interface Chain {
  readonly variable: string;
  readonly texts: readonly (string | undefined)[];
  readonly indices: readonly Expression[];
}

function chainOf(plan: Plan, node: Node, known: Known): Chain | undefined {
  switch (node.kind) {
    case 'variable':
      return { variable: node.name, texts: [], indices: [] };
    case 'field': {
      const inner = chainOf(plan, node.object, known);
      return inner && { ...inner, texts: [...inner.texts, node.name] };
    }
    case 'index': {
      const inner = chainOf(plan, node.object, known);
      const text = knownValue(plan, node.index, known);
      return (
        inner && {
          ...inner,
          texts: [...inner.texts, text === undefined ? undefined : String(text.value)],
          indices: [...inner.indices, node.index],
        }
      );
    }
    default:
      return undefined;
  }
}

function textOf(plan: Plan, segment: PathSegment, known: Known): string | undefined {
  if (segment.kind === 'field') return segment.name;
  const key = knownValue(plan, segment.index, known);
  return key === undefined ? undefined : String(key.value);
}

/** Sorts states by the bits of some leaves alone: states in one class agree on them. Mutable: it grows by being asked. */
export class Projection {
  private readonly words: readonly number[];
  private readonly masks: readonly number[];
  private readonly own: Int32Array;
  private readonly classes: StateSet;

  constructor({ leaves }: Layout, chosen: Iterable<number>) {
    const masks = new Map<number, number>();
    for (const index of chosen) {
      const { word, shift, mask, width } = leaves[index]!;
      if (0 < width) masks.set(word, (masks.get(word) ?? 0) | (mask << shift));
    }
    this.words = [...masks.keys()];
    this.masks = [...masks.values()];
    this.own = new Int32Array(Math.max(1, this.words.length));
    this.classes = new StateSet(this.own.length);
  }

  /** How many classes were met. */
  get count(): number {
    return this.classes.count;
  }

  /** The class of the state whose words start at `segment[at]`: {@link count} before, if it is the first one in it. */
  classOf(segment: Int32Array, at: number): number {
    for (let index = 0; index < this.words.length; index += 1) {
      this.own[index] = segment[at + this.words[index]!]! & this.masks[index]!;
    }
    return this.classes.add(this.own, 0);
  }
}
