import { askedInstances, visitStatements } from '../flat-walk.ts';
import type { FlatStatement } from '../flat.ts';
import type { CodeBuilder, FunctionIndex, Label, LocalIndex } from './code-builder.ts';
import { Draft } from './draft.ts';
import { newFrame } from './frame.ts';
import type { CodeSite, Place } from './frame.ts';
import { i32, load, store } from './opcodes.ts';
import { MOST_CHOICES } from './prepared-program.ts';
import type { PreparedProgram } from './prepared-program.ts';
import { emitStatements } from './statement.ts';
import type { Bits } from './state-words.ts';
import { pushValue } from './value.ts';

/** What the embedder of generated code does with what steps yield. It emits code, in place. */
export interface Sink {
  /**
   * A successor stands in these i64 locals, which must not be changed; `instance` made it, -1 is `init`.
   * The code falls through to its end.
   *
   * @param isOnly - whether the instance makes one successor of a state at most.
   */
  push(code: CodeBuilder, words: readonly LocalIndex[], instance: number, isOnly: boolean): void;
  /**
   * The same of the instance whose number is `first` plus what is in a local. Where there is no such function, all code is
   * for one instance.
   */
  readonly pushStep?: (code: CodeBuilder, words: readonly LocalIndex[], first: number, index: LocalIndex) => void;
  /** A step of `instance` failed. The code falls through to its end. */
  fail(code: CodeBuilder, instance: number): void;
  /** Emitted wherever code that yields begins: at the start of a function, and after a call of one that yields. */
  begin?(code: CodeBuilder): void;
  /** Emitted wherever it ends: at the end of a function, and before such a call. */
  end?(code: CodeBuilder): void;
}

/** The place in a function where the code of a step goes. */
export interface StepSite extends CodeSite {
  /** The words of the state that is expanded. */
  readonly sources: readonly LocalIndex[];
  /** Locals for changed words, free to use. */
  readonly drafts: readonly LocalIndex[];
  /** What is known of the words. */
  readonly known: readonly Bits[];
  /** Where they are in memory, if they are. */
  readonly memory: Place | undefined;
  readonly odometer: number;
  /** Where the bytes of branches are; undefined when steps do not count. */
  readonly coverageAt: number | undefined;
  /** The function, made before this one is, that says whether an instance is enabled in a state of memory. */
  readonly enabledFunction: (instance: number) => FunctionIndex;
}

/** Where the code of the steps of `instance` goes, with a local for each instance of which they ask whether it is enabled. */
type AnsweredSite = StepSite & { readonly instance: number; readonly answers: ReadonlyMap<number, LocalIndex> };

/** One way that the choices of a step can go. */
interface Way {
  /** Left for when the step cannot go this way. */
  readonly impossible: Label;
  /** Undefined where nothing is chosen. */
  readonly odometer: Odometer | undefined;
}

/**
 * Emits statements of a step once for each way that its choices can go, each with the sink's code at its end.
 *
 * A step with choices runs again for each combination of them, as an odometer counts: the last choice that can advance
 * does, those after it start over. Outside of loops every choice has a place in the order of the statements, and its
 * digit a local; in loops they are counted as they come, in memory.
 */
export function emitStep(
  site: StepSite,
  program: PreparedProgram,
  body: readonly FlatStatement[],
  instance: number,
  sink: Sink,
): void {
  const { code, locals } = site;
  // The functions of other steps use the same memory: they are called before any of it is in use.
  const answers = new Map<number, LocalIndex>();
  for (const asked of askedInstances(body)) {
    if (site.memory === undefined) throw new Error('`init` asks whether a step is enabled');
    const answer = locals.take('i32');
    answers.set(asked, answer);
    site.memory.push();
    if (site.memory.offset !== 0) {
      code.i32Const(site.memory.offset);
      code.op(i32.add);
    }
    code.call(site.enabledFunction(asked));
    code.localSet(answer);
  }
  emitWays({ ...site, instance, answers }, program, body, sink);
  for (const answer of answers.values()) locals.give('i32', answer);
}

function emitWays(site: AnsweredSite, program: PreparedProgram, body: readonly FlatStatement[], sink: Sink): void {
  const { code } = site;
  if (!program.chooses) {
    code.block((impossible) => emitRun(site, program, body, sink, { impossible, odometer: undefined }));
    return;
  }
  const odometer = program.choosesInLoops ? memoryOdometer(site) : localOdometer(site, body);
  odometer.start();
  code.loop((again) => {
    odometer.rewind();
    code.block((impossible) => emitRun(site, program, body, sink, { impossible, odometer }));
    odometer.advance(again);
  });
  odometer.release();
}

function emitRun(
  site: AnsweredSite,
  program: PreparedProgram,
  body: readonly FlatStatement[],
  sink: Sink,
  { impossible, odometer }: Way,
): void {
  const { code, scratch, instance } = site;
  const inMemory = !program.draftInLocals;
  const draft = inMemory ? undefined : new Draft(code, site.sources, site.drafts, site.known);
  if (inMemory) {
    site.sources.forEach((local, word) => {
      scratch.push();
      code.localGet(local);
      code.memory(store.i64, scratch.offset + 8 * word);
    });
  }
  const frame = newFrame(site, program.regions, {
    draft,
    memory: inMemory ? scratch : site.memory,
  });
  const marks = markCounter(site, body);
  const reached = emitStatements(frame, body, {
    impossible,
    fail() {
      sink.fail(code, instance);
      code.br(impossible);
    },
    choose(statement, count) {
      if (odometer === undefined) throw new Error('a choice where none is made');
      pushValue(frame, count);
      odometer.choose(statement, frame.temp(statement.temp));
    },
    enabled(statement) {
      code.localGet(site.answers.get(statement.instance)!);
      code.localSet(frame.temp(statement.temp));
    },
    mark: marks.mark,
    answer: () => {
      throw new Error('a step answers');
    },
  });
  if (reached) {
    marks.count();
    if (draft === undefined) {
      site.drafts.forEach((local, word) => {
        scratch.push();
        code.memory(load.i64, scratch.offset + 8 * word);
        code.localSet(local);
      });
    }
    sink.push(code, draft === undefined ? site.drafts : draft.finish(), instance, !program.chooses);
  }
  marks.release();
  frame.release();
}

// ---------------------------------------------------------------------------------------------------------------------
// Branches that were gone through

interface MarkCounter {
  readonly mark: (branch: number) => void;
  /** When the step is completed. */
  count(): void;
  release(): void;
}

/** A mark counts when the step is completed: at once where nothing can stop it any more, else by a flag. */
function markCounter({ code, coverageAt, locals }: StepSite, body: readonly FlatStatement[]): MarkCounter {
  const always = new Set<number>();
  const inner = new Set<number>();
  let stops = false;
  for (const statement of body) if (statement.op === 'mark') always.add(statement.branch);
  visitStatements(body, (statement) => {
    if (statement.op === 'mark' && !always.has(statement.branch)) inner.add(statement.branch);
    if (statement.op === 'when' || statement.op === 'check') stops = true;
  });
  const isCounted = coverageAt !== undefined && 0 < always.size + inner.size;
  if (!isCounted) return { mark: () => {}, count: () => {}, release: () => {} };
  const set = (branch: number): void => {
    code.i32Const(0);
    code.i32Const(1);
    code.memory(store.i32_8, coverageAt + branch);
  };
  if (!stops) return { mark: set, count: () => {}, release: () => {} };
  const flags = new Map<number, LocalIndex>();
  for (const branch of inner) {
    const flag = locals.take('i32');
    flags.set(branch, flag);
    code.i32Const(0);
    code.localSet(flag);
  }
  return {
    mark(branch) {
      const flag = flags.get(branch);
      if (flag === undefined) return;
      code.i32Const(1);
      code.localSet(flag);
    },
    count() {
      for (const branch of always) set(branch);
      for (const [branch, flag] of flags) {
        code.localGet(flag);
        code.if(() => set(branch));
      }
    },
    release() {
      for (const flag of flags.values()) locals.give('i32', flag);
    },
  };
}

// ---------------------------------------------------------------------------------------------------------------------
// Choices

interface Odometer {
  /** Before the first run. */
  start(): void;
  /** Before each run. */
  rewind(): void;
  /** Finds the number of ways on the stack (at least 1) and sets a local to the one to go. */
  choose(statement: FlatStatement & { op: 'choose' }, into: LocalIndex): void;
  /** Goes to `again` for the next combination; falls through when that was the last. */
  advance(again: Label): void;
  release(): void;
}

function localOdometer({ code, locals }: StepSite, body: readonly FlatStatement[]): Odometer {
  const sites = new Map<FlatStatement, { digit: LocalIndex; radix: LocalIndex }>();
  visitStatements(body, (statement) => {
    if (statement.op === 'choose') sites.set(statement, { digit: locals.take('i32'), radix: locals.take('i32') });
  });
  const clear = (local: LocalIndex): void => {
    code.i32Const(0);
    code.localSet(local);
  };
  return {
    start: () => {
      for (const { digit } of sites.values()) clear(digit);
    },
    // A choice that a run does not come to has no ways to go.
    rewind: () => {
      for (const { radix } of sites.values()) clear(radix);
    },
    choose(statement, into) {
      const { digit, radix } = sites.get(statement)!;
      code.localSet(radix);
      code.localGet(digit);
      code.localSet(into);
    },
    advance(again) {
      for (const { digit, radix } of [...sites.values()].reverse()) {
        code.localGet(digit);
        code.i32Const(1);
        code.op(i32.add);
        code.localTee(digit);
        code.localGet(radix);
        code.op(i32.lt_s);
        code.brIf(again);
        clear(digit);
      }
    },
    release: () => {
      for (const { digit, radix } of sites.values()) for (const local of [digit, radix]) locals.give('i32', local);
    },
  };
}

/** Digits at `odometer` in scratch memory, 8 bytes each: the way to go, and how many there are. */
function memoryOdometer({ code, locals, scratch, odometer }: StepSite): Odometer {
  const base = scratch.offset + odometer;
  const used = locals.take('i32');
  const position = locals.take('i32');
  const count = locals.take('i32');
  const pushAddress = (local: LocalIndex): void => {
    scratch.push();
    code.localGet(local);
    code.i32Const(3);
    code.op(i32.shl);
    code.op(i32.add);
  };
  const add = (local: LocalIndex, amount: number): void => {
    code.localGet(local);
    code.i32Const(amount);
    code.op(i32.add);
    code.localSet(local);
  };
  return {
    start() {
      code.i32Const(0);
      code.localSet(used);
    },
    rewind() {
      code.i32Const(0);
      code.localSet(position);
    },
    choose(_, into) {
      code.localSet(count);
      code.localGet(position);
      code.i32Const(MOST_CHOICES);
      code.op(i32.ge_u);
      code.if(() => code.unreachable());
      code.localGet(position);
      code.localGet(used);
      code.op(i32.eq);
      code.if(() => {
        pushAddress(position);
        code.i32Const(0);
        code.memory(store.i32, base);
        add(used, 1);
      });
      pushAddress(position);
      code.localGet(count);
      code.memory(store.i32, base + 4);
      pushAddress(position);
      code.memory(load.i32, base);
      code.localSet(into);
      add(position, 1);
    },
    advance(again) {
      code.localGet(position);
      code.localSet(used);
      code.block((done) => {
        code.loop((earlier) => {
          code.localGet(used);
          code.op(i32.eqz);
          code.brIf(done);
          add(used, -1);
          pushAddress(used);
          code.memory(load.i32, base);
          code.i32Const(1);
          code.op(i32.add);
          code.localTee(count);
          pushAddress(used);
          code.memory(load.i32, base + 4);
          code.op(i32.ge_s);
          code.brIf(earlier);
          pushAddress(used);
          code.localGet(count);
          code.memory(store.i32, base);
          add(used, 1);
          code.br(again);
        });
      });
    },
    release: () => {
      for (const local of [used, position, count]) locals.give('i32', local);
    },
  };
}
