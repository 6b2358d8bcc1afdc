import { defaultValue } from '../../dsl/ir/index.ts';
import type { Plan } from '../plan/plan.ts';
import { withoutBits } from '../plan/layout.ts';
import type { FlatSystem } from './flat-system.ts';
import { visitFlats, visitStatements } from './flat-walk.ts';
import type { Cell, FlatProgram } from './flat.ts';
import type { Lowered } from './lowered.ts';
import { specialize, specializeSystem, withoutStores } from './specialize.ts';

/**
 * The same plan with a smaller state: parts that have one value in all reachable states take no bits, and the programs
 * of steps and predicates have that value put in. A local of a process that is a function of its arguments is such a
 * part, so is what only actions could change that the parameters rule out.
 *
 * Sparse conditional constant propagation over the leaves of the state, all programs together: what `init` leaves in a
 * leaf is taken for its only value until some step that is possible under these assumptions stores another one.
 *
 * @returns the same where there is nothing of the kind, or where the plan cannot be compiled.
 * @see Wegman and Zadeck, "Constant propagation with conditional branches", TOPLAS 13(2), 1991.
 * @remarks Cost: a few passes over the flat programs. The layout of the new plan says of each such leaf what it
 * {@link LeafField.always} is; states in words are only ever of one of the two plans.
 */
export function withoutConstantLeaves(lowered: Lowered): Lowered {
  const { plan, flat } = lowered;
  if ('unsupported' in flat) return lowered;
  const known = knownLeaves(plan, flat);
  if (known.size === 0) return lowered;
  const specialized = specializeSystem(flat, known);
  const { init, instances, predicates } = specialized;
  const removed = removable(plan, known, init, [...instances, ...predicates]);
  if (removed.size === 0) return lowered;
  return { plan: withoutLeaves(plan, removed), flat: { ...specialized, init: withoutStores(init, removed) } };
}

/** The plan without the bits of leaves that are known to have one code in all reachable states. */
export function withoutLeaves(plan: Plan, always: ReadonlyMap<number, number>): Plan {
  return always.size === 0 ? plan : { ...plan, layout: withoutBits(plan.layout, always) };
}

/** The leaves that have one code in all reachable states, with that code: as many as the analysis can tell. */
function knownLeaves(plan: Plan, { constants, init, instances }: FlatSystem): Map<number, number> {
  const known = afterInit(plan, init);
  let size = NaN;
  while (known.size !== size) {
    size = known.size;
    for (const program of instances) {
      specialize(program, known, constants, (cell, value) => {
        for (const leaf of leavesOf(cell, plan.layout.leaves.length)) {
          if (value.op !== 'const' || value.value !== known.get(leaf)) known.delete(leaf);
        }
      });
    }
  }
  return known;
}

/** What the leaves are after `init`, where every way through it leaves the same. */
function afterInit(plan: Plan, init: FlatProgram): Map<number, number> {
  const { leaves } = plan.layout;
  const known = new Map<number, number>();
  const defaults = defaultCodes(plan);
  leaves.forEach(({ width }, leaf) => {
    // A leaf without bits has a single code already.
    if (0 < width) known.set(leaf, defaults[leaf]!);
  });
  const always = new Set(init.body);
  visitStatements(init.body, (statement) => {
    if (statement.op !== 'store' || statement.cell.space.kind !== 'state') return;
    const { cell, value } = statement;
    const isFirst = always.has(statement) && cell.index === undefined;
    for (const leaf of leavesOf(cell, leaves.length)) {
      if (!known.has(leaf)) continue;
      if (isFirst && value.op === 'const') known.set(leaf, value.value);
      else if (value.op !== 'const' || value.value !== known.get(leaf)) known.delete(leaf);
    }
  });
  return known;
}

/**
 * Those of the known leaves that need no bits. Others are reached at a place that is only known when a program runs, or
 * are read by `init`, which begins with defaults.
 */
function removable(
  plan: Plan,
  known: ReadonlyMap<number, number>,
  init: FlatProgram,
  programs: readonly FlatProgram[],
): ReadonlyMap<number, number> {
  const count = plan.layout.leaves.length;
  const removed = new Map(known);
  const keep = (cell: Cell): void => {
    for (const leaf of leavesOf(cell, count)) removed.delete(leaf);
  };
  const visitProgram = (program: FlatProgram, needsBits: (cell: Cell) => boolean): void => {
    visitStatements(program.body, (statement) => {
      if (statement.op === 'store' && statement.cell.index !== undefined) keep(statement.cell);
      visitFlats(statement, (flat) => {
        if (flat.op === 'load' && needsBits(flat.cell)) keep(flat.cell);
      });
    });
  };
  visitProgram(init, () => true);
  for (const program of programs) visitProgram(program, ({ index }) => index !== undefined);
  return removed;
}

/** The leaves of the state that a cell may be. */
function leavesOf({ space, at, index, among }: Cell, count: number): readonly number[] {
  if (space.kind !== 'state' && space.kind !== 'next') return [];
  if (index === undefined) return [at];
  if (among === undefined) return Array.from({ length: count }, (_, leaf) => leaf);
  return Array.from({ length: among.count }, (_, element) => at + element * among.stride);
}

function defaultCodes({ layout, system }: Plan): Int32Array {
  const words = new Int32Array(layout.words);
  const values = system.variables.map(({ name, domain }) => [name, defaultValue(domain)] as const);
  layout.encode(Object.fromEntries(values), words, 0, false);
  return Int32Array.from(layout.leaves, ({ word, shift, mask }) => (words[word]! >>> shift) & mask);
}
