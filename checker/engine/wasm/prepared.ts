import { defaultValue } from '../../../dsl/ir/index.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Flat, FlatProgram, FlatStatement } from '../flat.ts';
import { someStatement, visitFlats, visitStatements } from '../flat-walk.ts';
import type { FlatSystem } from '../flat-system.ts';
import { simplify } from './simplify.ts';
import { runBytes, stepRunsOf, tableOf } from './step-table.ts';
import type { StepRun } from './step-table.ts';
import { fieldsOf, longWords, rowOf } from './state-words.ts';
import type { Field } from './state-words.ts';
import { MOST_CHOICES } from './prepared-program.ts';
import type { PreparedProgram } from './prepared-program.ts';

/** A system, ready to be emitted. */
export interface PreparedSystem {
  readonly plan: Plan;
  readonly fields: readonly Field[];
  /** 64-bit words of a state. */
  readonly words: number;
  /** The state of defaults, which `init` starts from, as 32-bit words. */
  readonly defaults: Int32Array;
  readonly constants: Int32Array;
  readonly init: PreparedProgram;
  readonly instances: readonly PreparedProgram[];
  readonly runs: readonly StepRun[];
  readonly predicates: readonly PreparedProgram[];
  readonly needs: MemoryNeeds;
  /** Where the digits and radices of choices in loops are in scratch memory. */
  readonly odometer: number;
}

/** Bytes of memory that the code of a system needs; each part to be aligned to 8. */
interface MemoryNeeds {
  /** Tables that are only read: all threads may share them. Data of the module. */
  readonly tables: number;
  /** A byte for each branch of the plan, which completed steps set to 1; all threads may share them. */
  readonly coverage: number;
  /** Scratch memory, for each thread its own. */
  readonly scratch: number;
}

/** Scratch cells of one program that may be locals: a function can have 50,000 of those, and few registers. */
const MOST_CELLS_IN_LOCALS = 4096;

/** Scratch memory begins with the draft of a step that needs one there; then come regions, and the odometer at last. */
export function prepare(plan: Plan, flat: FlatSystem): PreparedSystem {
  const fields = fieldsOf(plan.layout);
  const words = longWords(plan.layout);
  // A predicate may ask whether a step is enabled, so the memory of both is used at once.
  const draftBytes = 8 * words;
  const ofSteps = draftBytes + regionBytes([flat.init, ...flat.instances]);
  const odometer = ofSteps + regionBytes(flat.predicates);
  const ready = (program: FlatProgram, at: number): PreparedProgram => prepareProgram(program, fields, at);
  const init = inMemoryOfItsOwn(ready(flat.init, draftBytes));
  const instances = flat.instances.map((program) => ready(program, draftBytes));
  const predicates = flat.predicates.map((program) => ready(program, ofSteps));
  const programs = [init, ...instances, ...predicates];

  const defaults = new Int32Array(2 * words);
  const values = plan.system.variables.map(({ name, domain }) => [name, defaultValue(domain)] as const);
  plan.layout.encode(Object.fromEntries(values), defaults, 0, false);
  const readsLeaves = programs.some(({ needsLeaves }) => needsLeaves);
  const beforeRuns = constantBytes(flat.constants) + (readsLeaves ? 8 * fields.length : 0);
  const runs = stepRunsOf(instances, fields, beforeRuns);
  return {
    plan,
    fields,
    words,
    defaults,
    constants: flat.constants,
    init,
    instances,
    runs,
    predicates,
    needs: {
      tables: runs.reduce((sum, run) => sum + runBytes(run), beforeRuns),
      coverage: align(plan.branches.list.length),
      scratch: odometer + (programs.some(({ choosesInLoops }) => choosesInLoops) ? 8 * MOST_CHOICES : 0),
    },
    odometer,
  };
}

/** Bytes of the table of constants; the table of leaves comes after it. */
export function constantBytes(constants: Int32Array): number {
  return align(4 * constants.length);
}

/**
 * The read-only tables: constants, for each leaf its word's offset in bytes × 32 + its shift and then its mask, and the
 * tables of runs.
 */
export function tablesOf({ plan, constants, needs, runs }: PreparedSystem): Uint8Array {
  const bytes = new Uint8Array(needs.tables);
  const numbers = new Int32Array(bytes.buffer);
  numbers.set(constants);
  const start = constantBytes(constants) / 4;
  const end = (runs[0]?.at ?? needs.tables) / 4;
  if (start < end) {
    plan.layout.leaves.forEach(({ word, shift, mask }, leaf) => {
      numbers[start + 2 * leaf] = 4 * word * 32 + shift;
      numbers[start + 2 * leaf + 1] = mask;
    });
  }
  for (const run of runs) new BigUint64Array(bytes.buffer, run.at).set(tableOf(run));
  return bytes;
}

function prepareProgram(program: FlatProgram, fields: readonly Field[], start: number): PreparedProgram {
  const { body, dynamic } = simplify(program);
  let end = start;
  let inLocals = 0;
  const regions = program.regions.map((cells, region) => {
    inLocals += dynamic.has(region) ? 0 : cells;
    if (!dynamic.has(region) && inLocals <= MOST_CELLS_IN_LOCALS) return undefined;
    end += 4 * cells;
    return end - 4 * cells;
  });
  return { body, regions, ...survey(body, fields) };
}

/** What `init` begins with is in no memory, so what it reads at scattered places is read from a draft. */
function inMemoryOfItsOwn(init: PreparedProgram): PreparedProgram {
  return { ...init, draftInLocals: init.draftInLocals && !init.needsLeaves };
}

/** Finds out all that has to be known of a program before it is emitted, in one pass. */
function survey(body: readonly FlatStatement[], fields: readonly Field[]): Omit<PreparedProgram, 'body' | 'regions'> {
  const found = { weight: 0, chooses: false, stores: false, scatteredStore: false, scattered: false };
  const reads = { state: new Set<number>(), next: new Set<number>() };
  const visitRead = (flat: Flat): void => {
    found.weight += 1;
    if (flat.op !== 'load') return;
    const { kind } = flat.cell.space;
    if (kind !== 'state' && kind !== 'next') return;
    const place = flat.cell.index === undefined ? fields[flat.cell.at] : rowOf(flat.cell, fields);
    if (place === undefined) found.scattered ||= flat.cell.index !== undefined;
    else reads[kind].add(place.word);
  };
  visitStatements(body, (statement) => {
    found.weight += 1;
    if (statement.op === 'choose') found.chooses = true;
    if (statement.op === 'store' && statement.cell.space.kind === 'state') {
      found.stores = true;
      found.scatteredStore ||= statement.cell.index !== undefined && rowOf(statement.cell, fields) === undefined;
    }
    visitFlats(statement, visitRead);
  });
  return {
    weight: found.weight,
    reads,
    chooses: found.chooses,
    needsLeaves: found.scattered || found.scatteredStore,
    // From memory it can only read what the state was.
    draftInLocals: !found.scatteredStore && !(found.stores && found.scattered),
    choosesInLoops:
      found.chooses &&
      someStatement(
        body,
        (statement) => statement.op === 'loop' && someStatement(statement.body, ({ op }) => op === 'choose'),
      ),
  };
}

/** Of the largest program, if all of its regions had to be in memory. */
function regionBytes(programs: readonly FlatProgram[]): number {
  return align(4 * Math.max(0, ...programs.map(({ regions }) => regions.reduce((sum, cells) => sum + cells, 0))));
}

function align(bytes: number): number {
  return (bytes + 7) & ~7;
}
