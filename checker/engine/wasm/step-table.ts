import type { Flat, FlatStatement } from '../flat.ts';
import { CodeBuilder } from './code-builder.ts';
import type { LocalIndex } from './code-builder.ts';
import { branchUnless, conjunctionOf, conjunctsOf } from './condition.ts';
import { Draft } from './draft.ts';
import { testOf } from './field-test.ts';
import type { FieldTest } from './field-test.ts';
import { localPool, newFrame, resolve } from './frame.ts';
import type { Frame, Place } from './frame.ts';
import { splitGuards } from './guards.ts';
import { i32, i64, load, vector } from './opcodes.ts';
import type { PreparedProgram } from './prepared-program.ts';
import { maskOf, placed } from './state-words.ts';
import type { Field } from './state-words.ts';
import type { Sink, StepSite } from './step.ts';
import { mayRunSpeculatively } from './value.ts';

/*
 * Short steps in a row are a table instead of code: what some bits of a word must be, and which bits of the state change
 * to what. Whether such a step is possible no processor can predict, and most of the time of asking one after another goes
 * into wrong guesses. So all tests of a run are made first, two at a time, and then the possible steps are gone through.
 */

/** Instances one after another whose steps are lines of a table. */
export interface StepRun {
  readonly first: number;
  readonly steps: readonly TabularStep[];
  /** What they all ask beside. */
  readonly guards: readonly Flat[];
  /** The words that some of them change. */
  readonly changed: readonly number[];
  /** Where its table is among the read-only tables. */
  readonly at: number;
}

interface TabularStep {
  readonly test: FieldTest;
  /** For each word that is changed, its bits that are cleared, and those that are set. */
  readonly changes: ReadonlyMap<number, { readonly clear: bigint; readonly set: bigint }>;
}

/** Fewer steps than this are sooner asked one by one. */
const SHORTEST_RUN = 4;
/** The possible ones are bits of a word. */
const LONGEST_RUN = 64;

/**
 * The runs among the programs of all instances.
 *
 * @param start - where their tables begin; they take {@link runBytes}.
 */
export function stepRunsOf(
  instances: readonly PreparedProgram[],
  fields: readonly Field[],
  start: number,
): readonly StepRun[] {
  const runs: StepRun[] = [];
  const frame = emptyFrame(fields);
  let steps: TabularStep[] = [];
  let guards: readonly Flat[] = [];
  let key: string | undefined;
  let at = start;
  const finish = (end: number): void => {
    if (SHORTEST_RUN <= steps.length) {
      const changed = [...new Set(steps.flatMap(({ changes }) => [...changes.keys()]))].toSorted((a, b) => a - b);
      const run = { first: end - steps.length, steps, guards, changed, at };
      at += runBytes(run);
      runs.push(run);
    }
    steps = [];
  };
  instances.forEach((program, instance) => {
    const found = tabular(frame, program);
    const foundKey = found === undefined ? undefined : JSON.stringify(found.guards);
    if (foundKey === undefined || foundKey !== key || steps.length === LONGEST_RUN) finish(instance);
    key = foundKey;
    if (found === undefined) return;
    guards = found.guards;
    steps.push(found.step);
  });
  finish(instances.length);
  return runs;
}

/** A step that asks for bits of one word, and stores nothing but constants; with what it asks beside. */
function tabular(
  frame: Frame,
  program: PreparedProgram,
): { readonly step: TabularStep; readonly guards: readonly Flat[] } | undefined {
  const split = splitGuards(program);
  const changes = new Map<number, { clear: bigint; set: bigint }>();
  for (const statement of split.rest) {
    const store = constantStore(frame, statement);
    if (store === undefined) return undefined;
    const mask = maskOf(store.field);
    const { word } = store.field;
    const known = changes.get(word) ?? { clear: 0n, set: 0n };
    changes.set(word, { clear: known.clear | mask, set: (known.set & ~mask) | placed(store.field, store.code) });
  }
  let test: FieldTest | undefined;
  const guards: Flat[] = [];
  for (const flat of split.guards.flatMap(({ condition }) => conjunctsOf(condition))) {
    const one = testOf(frame, flat);
    if (one === undefined || one.negated) {
      if (!mayRunSpeculatively(flat)) return undefined;
      guards.push(flat);
    } else if (test === undefined) test = one;
    else if (test.word !== one.word || ((test.bits ^ one.bits) & test.mask & one.mask) !== 0n) return undefined;
    else test = { ...test, mask: test.mask | one.mask, bits: test.bits | one.bits };
  }
  return test === undefined ? undefined : { step: { test, changes }, guards };
}

function constantStore(
  { tables }: Frame,
  statement: FlatStatement,
): { readonly field: Field; readonly code: number } | undefined {
  if (statement.op !== 'store' || statement.value.op !== 'const') return undefined;
  const { space, at, index } = statement.cell;
  const field = tables.fields[at];
  if (space.kind !== 'state' || index !== undefined || field === undefined) return undefined;
  return { field, code: statement.value.value };
}

/** A frame to look at conditions with. */
function emptyFrame(fields: readonly Field[]): Frame {
  const code = new CodeBuilder(0);
  const nowhere: Place = { push: () => {}, offset: 0 };
  const tables = { fields, constants: new Int32Array(0), constantsAt: 0, leavesAt: 0, nameOf: () => '' };
  return newFrame({ code, tables, locals: localPool(code), scratch: nowhere }, [], {
    draft: undefined,
    memory: nowhere,
  });
}

// ---------------------------------------------------------------------------------------------------------------------
// Tables: for every two steps two masks and two patterns, then for each step and changed word what is kept and what set.

/** Bytes of the table of a run. */
export function runBytes({ steps, changed }: Pick<StepRun, 'steps' | 'changed'>): number {
  return testBytes(steps.length) + steps.length * lineBytes(changed);
}

function testBytes(steps: number): number {
  return 32 * Math.ceil(steps / 2);
}

function lineBytes(changed: readonly number[]): number {
  return 16 * changed.length;
}

/** The table of a run, as 64-bit words. */
export function tableOf({ steps, changed }: StepRun): BigUint64Array {
  const words = new BigUint64Array(runBytes({ steps, changed }) / 8);
  for (let index = 0; index < 2 * Math.ceil(steps.length / 2); index += 1) {
    const at = 4 * (index >> 1) + (index & 1);
    const test = steps[index]?.test;
    words[at] = test?.mask ?? 0n;
    // Where there is no step, nothing is ever equal.
    words[at + 2] = test?.bits ?? 1n;
  }
  let at = testBytes(steps.length) / 8;
  for (const { changes } of steps) {
    for (const word of changed) {
      const { clear, set } = changes.get(word) ?? { clear: 0n, set: 0n };
      words[at] = BigInt.asUintN(64, ~clear);
      words[at + 1] = set;
      at += 2;
    }
  }
  return words;
}

// ---------------------------------------------------------------------------------------------------------------------
// Code

/** Emits code that yields what the steps of a run lead to, in their order. `table` is the address of its table. */
export function emitStepRun(site: StepSite, run: StepRun, push: Required<Sink>['pushStep'], table: number): void {
  const { code, locals, sources, memory } = site;
  const possible = locals.take('i64');
  const index = locals.take('i32');
  const line = locals.take('i32');
  code.block((leave) => {
    const draft = new Draft(code, sources, [], site.known);
    const frame = newFrame(site, [], { draft, memory });
    branchUnless(
      frame,
      conjunctionOf(
        frame,
        run.guards.map((flat) => resolve(frame, flat)),
      ),
      leave,
    );
    frame.release();
    findPossible(site, run, table);
    code.localSet(possible);
    code.loop((again) => {
      code.localGet(possible);
      code.op(i64.eqz);
      code.brIf(leave);
      code.localGet(possible);
      code.op(i64.ctz);
      code.op(i32.wrap_i64);
      code.localSet(index);
      code.localGet(possible);
      code.localGet(possible);
      code.i64Const(1);
      code.op(i64.sub);
      code.op(i64.and);
      code.localSet(possible);
      code.localGet(index);
      code.i32Const(lineBytes(run.changed));
      code.op(i32.mul);
      code.localSet(line);
      push(code, changedWords(site, run, line, table + testBytes(run.steps.length)), run.first, index);
      code.br(again);
    });
  });
  locals.give('i64', possible);
  locals.give('i32', index);
  locals.give('i32', line);
}

/** Pushes a bit for each step (i64): whether its test passes. */
function findPossible({ code, sources }: StepSite, { steps }: StepRun, table: number): void {
  const tested = code.newLocal('v128');
  let inVector: readonly [number, number] | undefined;
  for (let pair = 0; 2 * pair < steps.length; pair += 1) {
    const left = steps[2 * pair]!.test.word;
    const right = steps[2 * pair + 1]?.test.word ?? left;
    if (inVector?.[0] !== left || inVector[1] !== right) {
      code.localGet(sources[left]!);
      code.vector(vector.i64x2_splat);
      if (right !== left) {
        code.localGet(sources[right]!);
        code.replaceLane(vector.i64x2_replace_lane, 1);
      }
      code.localSet(tested);
      inVector = [left, right];
    }
    code.localGet(tested);
    for (const [offset, operation] of [
      [0, vector.and],
      [16, vector.i64x2_eq],
    ] as const) {
      code.i32Const(0);
      code.loadVector(table + 32 * pair + offset);
      code.vector(operation);
    }
    code.vector(vector.i64x2_bitmask);
    code.op(i64.extend_i32_u);
    if (pair === 0) continue;
    code.i64Const(2 * pair);
    code.op(i64.shl);
    code.op(i64.or);
  }
}

/** The words of the successor by a line of the table. */
function changedWords(site: StepSite, { changed }: StepRun, line: LocalIndex, lines: number): readonly LocalIndex[] {
  const { code, sources, drafts } = site;
  const words = [...sources];
  changed.forEach((word, position) => {
    code.localGet(sources[word]!);
    code.localGet(line);
    code.memory(load.i64, lines + 16 * position);
    code.op(i64.and);
    code.localGet(line);
    code.memory(load.i64, lines + 16 * position + 8);
    code.op(i64.or);
    code.localSet(drafts[word]!);
    words[word] = drafts[word]!;
  });
  return words;
}
