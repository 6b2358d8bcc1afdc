import { flatten } from '../../engine/flatten.ts';
import { footprintsOf } from '../../engine/footprint.ts';
import type { Footprint } from '../../engine/footprint.ts';
import { accordOf, seesAnyOf } from '../../engine/independence.ts';
import { leavesWithoutBits, codeIn } from '../../plan/layout.ts';
import type { Layout } from '../../plan/layout.ts';
import { isRefused, planOf } from '../../plan/plan.ts';
import type { Plan } from '../../plan/plan.ts';
import { withoutLeaves } from '../../engine/constant-leaves.ts';
import { channelView, LOWERED, RAISED } from './channels.ts';
import type { ChannelView } from './channels.ts';

/**
 * Chooses which of the steps that are possible in a state have to be taken there; the others can be taken later.
 *
 * A set of instances is stubborn in a state if
 * - with an instance that is possible it has all that this one does not accord with: so whatever the others do, it stays
 *   possible, and comes to the same before or after them;
 * - with one that is not possible, it has all that may make true one of the conditions that it lacks: so it stays
 *   impossible until one of the set is taken;
 * - one that is possible is in it, and none of those that a predicate may see.
 *
 * @see Valmari, "Stubborn sets for reduced state space generation", LNCS 483, 1990; "The State Explosion Problem", LNCS
 * 1491, 1998, section 7.
 */
export interface StubbornSets {
  /**
   * Which of the possible instances to take, smaller choices first; empty: all have to be.
   *
   * @param possible - instances that have a successor in the state, each once.
   * @remarks Cost: for each of them the size of its stubborn set, a bit operation for 32 instances of each member.
   */
  choices(states: Int32Array, at: number, possible: readonly number[]): readonly (readonly number[])[];
}

/** A condition that an instance has: a leaf has a code, or a channel has at least, or less than, so many elements. */
interface Condition {
  readonly leaf: number;
  readonly code: number;
  /** Set: the leaf is the length of a channel, and the code says whether it is at least this. */
  readonly atLeast?: number;
  /** Who may make it true. */
  readonly makers: Uint32Array;
}

/** What is known of an instance before there is a state. */
interface Member {
  readonly conditions: readonly Condition[];
  /** Who may make it possible where no condition is known to be false. */
  readonly helpers: Uint32Array;
  /** What it does not accord with. */
  readonly disturbing: Uint32Array;
  readonly isVisible: boolean;
}

/** More instances than this are not reduced: tables go with the square. */
const MOST_INSTANCES = 2048;

/** Undefined when the programs of a plan are not known, there are too many, or nothing accords with anything. */
export function stubbornSetsOf(plan: Plan): StubbornSets | undefined {
  if (MOST_INSTANCES < plan.instances.length) return undefined;
  const requests = plan.roles.extra.map((id) => plan.predicates[id]!);
  const view = channelView(plan.system, requests);
  const seen = planOf(view.system, view.requests);
  if (isRefused(seen) || seen.instances.length !== plan.instances.length) return undefined;
  // The leaves of the declared variables are the same in both.
  const viewed = withoutLeaves(seen, leavesWithoutBits(plan.layout));
  const flat = flatten(viewed);
  if ('unsupported' in flat) return undefined;
  const leaves = viewed.layout.leaves.length;
  const flags = flagsOf(plan.layout, viewed.layout, view);
  // Predicates may ask which steps are possible.
  const all = footprintsOf([...flat.instances, ...flat.predicates], leaves, codesOfUnknown(viewed.layout));
  const declared = plan.layout.leaves.length;
  const footprints = all.slice(0, flat.instances.length).map((footprint) => withImplied(footprint, flags, declared));
  const marks = view.marks.map((name) => viewed.layout.variables.get(name)!.leaf);
  const predicates = all.slice(flat.instances.length);
  const members = membersOf(footprints, { constants: flat.constants, flags, marks, predicates });
  if (members.every(({ disturbing }) => sizeOf(disturbing) === members.length)) return undefined;
  return new Sets(plan.layout, members);
}

function codesOfUnknown({ variables }: Layout): ReadonlyMap<number, number> {
  const leafOf = (name: string, code: number): [number, number][] => {
    const variable = variables.get(name);
    return variable === undefined ? [] : [[variable.leaf, code]];
  };
  return new Map([...leafOf(RAISED, 1), ...leafOf(LOWERED, 0)]);
}

/** For each leaf that is the flag of a channel: the leaf of the channel's length, and what is said of it. */
function flagsOf(
  { variables }: Layout,
  viewed: Layout,
  { flags }: ChannelView,
): ReadonlyMap<number, { readonly length: number; readonly atLeast: number }> {
  return new Map(
    flags.flatMap(({ variable, of, atLeast }) => {
      const [flag, channel] = [viewed.variables.get(variable)!, variables.get(of)!];
      const size = channel.shape.leaves / flag.shape.leaves;
      return Array.from({ length: flag.shape.leaves }, (_, index) => {
        const length = channel.leaf + index * size;
        return [flag.leaf + index, { length, atLeast }] as const;
      });
    }),
  );
}

/**
 * What a step knows of the state that it starts in: of leaves that are there, and of flags, also what follows for other
 * flags of the same channel.
 */
function withImplied(footprint: Footprint, flags: ReturnType<typeof flagsOf>, declared: number): Footprint {
  const known = [...footprint.before].filter(([leaf]) => leaf < declared || flags.has(leaf));
  const before = new Map(known);
  for (const [leaf, code] of known) {
    const flag = flags.get(leaf);
    if (flag === undefined) continue;
    for (const [other, { length, atLeast }] of flags) {
      const follows = code === 1 ? atLeast <= flag.atLeast : flag.atLeast <= atLeast;
      if (length === flag.length && follows) before.set(other, code);
    }
  }
  return { ...footprint, before };
}

interface Facts {
  readonly constants: Int32Array;
  readonly flags: ReturnType<typeof flagsOf>;
  /** Leaves that any number of steps may write in any order. */
  readonly marks: readonly number[];
  readonly predicates: readonly Footprint[];
}

function membersOf(
  footprints: readonly Footprint[],
  { constants, flags, marks, predicates }: Facts,
): readonly Member[] {
  const count = footprints.length;
  const accords = accordOf(footprints, constants, new Set([...flags.keys(), ...marks]));
  const writers = new Map<number, number[]>();
  footprints.forEach(({ writes }, instance) => {
    for (const leaf of writes.keys()) {
      const known = writers.get(leaf);
      if (known === undefined) writers.set(leaf, [instance]);
      else known.push(instance);
    }
  });
  const writersOf = (leaf: number): readonly number[] => writers.get(leaf) ?? [];
  const makersOf = (leaf: number, code: number): Uint32Array =>
    setOf(
      count,
      writersOf(leaf).filter((writer) => footprints[writer]!.writes.get(leaf)?.includes(code) !== false),
    );
  const known = new Map<string, Uint32Array>();
  const makers = (leaf: number, code: number): Uint32Array => {
    const key = `${leaf} ${code}`;
    const found = known.get(key) ?? makersOf(leaf, code);
    known.set(key, found);
    return found;
  };
  return footprints.map((footprint, instance): Member => {
    const conditions = [...footprint.before].map(([leaf, code]): Condition => {
      const flag = flags.get(leaf);
      const shared = { code, makers: makers(leaf, code) };
      return flag === undefined ? { leaf, ...shared } : { leaf: flag.length, atLeast: flag.atLeast, ...shared };
    });
    const others = Array.from({ length: count }, (_, other) => other);
    return {
      conditions: conditions.sort((left, right) => sizeOf(left.makers) - sizeOf(right.makers)),
      helpers: setOf(count, [...footprint.reads.keys()].flatMap(writersOf)),
      disturbing: setOf(
        count,
        others.filter((other) => other === instance || !accords(instance, other)),
      ),
      isVisible: predicates.some((predicate) => seesAnyOf(predicate, footprint, constants)),
    };
  });
}

class Sets implements StubbornSets {
  readonly #layout: Layout;
  readonly #members: readonly Member[];
  readonly #words: number;
  /** The set that is being made. */
  readonly #set: Uint32Array;
  readonly #possible: Uint32Array;

  constructor(layout: Layout, members: readonly Member[]) {
    this.#layout = layout;
    this.#members = members;
    this.#words = Math.ceil(members.length / 32);
    this.#set = new Uint32Array(this.#words);
    this.#possible = new Uint32Array(this.#words);
  }

  choices(states: Int32Array, at: number, possible: readonly number[]): readonly (readonly number[])[] {
    if (possible.length < 2) return [];
    this.#possible.fill(0);
    for (const instance of possible) add(this.#possible, instance);
    const found: (readonly number[])[] = [];
    const tried = new Set<number>();
    for (const seed of possible) {
      // The set of what is in a set that was tried is no larger than that, but most often the same.
      if (tried.has(seed)) continue;
      const chosen = this.#closure(seed, states, at, possible);
      if (chosen === undefined) continue;
      for (const one of chosen) tried.add(one);
      found.push(chosen);
    }
    return found.sort((left, right) => left.length - right.length);
  }

  /** The possible instances of the smallest stubborn set with one of them; undefined: it is not smaller than all. */
  #closure(seed: number, states: Int32Array, at: number, possible: readonly number[]): readonly number[] | undefined {
    const set = this.#set.fill(0);
    const open = [seed];
    add(set, seed);
    for (let instance = open.pop(); instance !== undefined; instance = open.pop()) {
      const member = this.#members[instance]!;
      const isPossible = has(this.#possible, instance);
      if (isPossible && member.isVisible) return undefined;
      const needed = isPossible ? member.disturbing : this.#missing(member, states, at);
      for (let word = 0; word < this.#words; word += 1) {
        let fresh = needed[word]! & ~set[word]!;
        set[word]! |= fresh;
        for (; fresh !== 0; fresh &= fresh - 1) open.push(word * 32 + 31 - Math.clz32(fresh & -fresh));
      }
    }
    const chosen = possible.filter((instance) => has(set, instance));
    return chosen.length < possible.length ? chosen : undefined;
  }

  /** Who may make true what an instance lacks. */
  #missing({ conditions, helpers }: Member, states: Int32Array, at: number): Uint32Array {
    const { leaves } = this.#layout;
    for (const { leaf, code, atLeast, makers } of conditions) {
      const found = codeIn(leaves[leaf]!, states, at);
      const isTrue = atLeast === undefined ? found === code : (atLeast <= found ? 1 : 0) === code;
      if (!isTrue) return makers;
    }
    return helpers;
  }
}

function setOf(count: number, instances: readonly number[]): Uint32Array {
  const set = new Uint32Array(Math.ceil(count / 32));
  for (const instance of instances) add(set, instance);
  return set;
}

function add(set: Uint32Array, instance: number): void {
  set[instance >> 5]! |= 1 << (instance & 31);
}

function has(set: Uint32Array, instance: number): boolean {
  return (set[instance >> 5]! & (1 << (instance & 31))) !== 0;
}

function sizeOf(set: Uint32Array): number {
  let size = 0;
  for (let word of set) for (; word !== 0; word &= word - 1) size += 1;
  return size;
}
