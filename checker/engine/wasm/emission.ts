import { leafName } from '../../plan/leaf-name.ts';
import type { Plan } from '../../plan/plan.ts';
import type { FlatStatement } from '../flat.ts';
import { askedInstances } from '../flat-walk.ts';
import { CodeBuilder } from './code-builder.ts';
import type { FunctionIndex, GlobalIndex, LocalIndex } from './code-builder.ts';
import { assume, branchUnless, conjunctionOf } from './condition.ts';
import { Draft } from './draft.ts';
import type { ModuleBuilder } from './module-builder.ts';
import { localPool, newFrame, resolve } from './frame.ts';
import type { CodeSite, Frame, Place, Tables } from './frame.ts';
import { isImpossible, splitGuards } from './guards.ts';
import type { Guards } from './guards.ts';
import { load } from './opcodes.ts';
import { constantBytes, tablesOf } from './prepared.ts';
import type { PreparedProgram } from './prepared-program.ts';
import type { PreparedSystem } from './prepared.ts';
import type { Bits } from './state-words.ts';
import { askedOf, emitStatements } from './statement.ts';
import { emitStep } from './step.ts';
import type { Sink, StepSite } from './step.ts';
import { emitStepRun } from './step-table.ts';
import type { StepRun } from './step-table.ts';
import { pushValue } from './value.ts';

/** Where a system's memory is; see `MemoryNeeds`. All addresses are multiples of 8. */
interface Places {
  readonly tables: number;
  readonly coverage: number;
  /** A fixed address, or the global that holds it where every thread has its own. */
  readonly scratch: number | { readonly global: GlobalIndex };
}

/** Adds functions for a system to a module. The module has a memory; the tables become data of it. */
interface Emission {
  /** `(state: i32) -> ()`: yields all successors of the state at that address, in the order of instances and choices. */
  successors(sink: Sink): FunctionIndex;
  /** `() -> ()`: yields the initial states. */
  initial(sink: Sink): FunctionIndex;
  /**
   * `(state: i32, next: i32) -> i32`: the value of a predicate in a state, or for the step between two, as a `Truth`.
   * For a predicate of states, `next` may be anything.
   */
  predicate(id: number): FunctionIndex;
}

/** Steps longer than this have functions of their own; shorter ones are put into the function that asks their guards. */
const LONGEST_INLINE = 400;

/** Above this much code, the next instances go to another function: compilers are slow on very long ones. */
const LONGEST_FUNCTION = 6000;

/** About how much the sink adds to a step. */
const SINK_WEIGHT = 60;

export function emit(module: ModuleBuilder, system: PreparedSystem, places: Places): Emission {
  const { plan, fields, words, constants } = system;
  const tables: Tables = {
    fields,
    constants,
    constantsAt: places.tables,
    leavesAt: places.tables + constantBytes(constants),
    nameOf: (leaf) => leafName(plan.layout, leaf),
  };
  if (0 < system.needs.tables) module.addData(places.tables, tablesOf(system));
  const enabled = new Map<number, FunctionIndex>();

  const siteOf = (code: CodeBuilder, counts: boolean): Omit<StepSite, 'sources' | 'known' | 'memory'> => {
    const locals = localPool(code);
    return {
      code,
      tables,
      locals,
      drafts: Array.from({ length: words }, () => code.newLocal('i64')),
      scratch: scratchPlace(code, places),
      odometer: system.odometer,
      coverageAt: counts ? places.coverage : undefined,
      enabledFunction,
    };
  };

  /** Emits the start of a function whose parameter is the address of a state: its words are loaded into locals. */
  const stateSite = (code: CodeBuilder, counts: boolean, known: readonly Bits[] = []): StepSite => {
    const memory: Place = { push: () => code.localGet(0), offset: 0 };
    return { ...siteOf(code, counts), sources: loadWords(code, memory, system), known, memory };
  };

  const stepFunction = (
    instance: number,
    body: readonly FlatStatement[],
    known: readonly Bits[],
    sink: Sink,
  ): FunctionIndex =>
    module.addFunction(`step ${plan.instances[instance]!.label}`, { parameters: ['i32'], results: [] }, (code) => {
      sink.begin?.(code);
      emitStep(stateSite(code, true, known), system.instances[instance]!, body, instance, sink);
      sink.end?.(code);
    });

  const emitInstance = (site: StepSite, instance: number, sink: Sink, callee?: FunctionIndex): void => {
    const program = system.instances[instance]!;
    const { code } = site;
    code.comment(() => plan.instances[instance]!.label);
    code.block((skip) => {
      const { guards, rest } = splitGuards(program);
      const known = emitGuards(site, program, guards, skip);
      if (callee === undefined) return emitStep({ ...site, known }, program, rest, instance, sink);
      sink.end?.(code);
      code.localGet(0);
      code.call(callee);
      sink.begin?.(code);
    });
  };

  const enabledFunction = (instance: number): FunctionIndex => {
    let index = enabled.get(instance);
    if (index !== undefined) return index;
    makeReady(system.instances[instance]!);
    const name = `enabled ${plan.instances[instance]!.label}`;
    index = module.addFunction(name, { parameters: ['i32'], results: ['i32'] }, (code) => {
      const site = stateSite(code, false);
      if (!isImpossible(system.instances[instance]!)) emitInstance(site, instance, ANY_SUCCESSOR);
      code.i32Const(0);
    });
    enabled.set(instance, index);
    return index;
  };

  /** A function is made when no other one is being made, so those that a program calls come before it. */
  const makeReady = ({ body }: PreparedProgram): void => askedInstances(body).forEach(enabledFunction);

  return {
    successors(sink) {
      system.instances.forEach(makeReady);
      const groups = groupsOf(system);
      const runs = new Map<number, StepRun>();
      if (sink.pushStep !== undefined) {
        for (const run of system.runs) run.steps.forEach((_, index) => runs.set(run.first + index, run));
      }
      const functions = groups.map((group) => {
        const callees = new Map(
          group
            .filter((instance) => isLong(system.instances[instance]!))
            .map((instance) => {
              const { guards, rest } = splitGuards(system.instances[instance]!);
              return [instance, stepFunction(instance, rest, knownAfter(tables, system, guards), sink)] as const;
            }),
        );
        return module.addFunction('successors', { parameters: ['i32'], results: [] }, (code) => {
          sink.begin?.(code);
          const site = stateSite(code, true);
          for (const instance of group) {
            const run = runs.get(instance);
            if (run === undefined) emitInstance(site, instance, sink, callees.get(instance));
            else if (run.first === instance) {
              code.comment(() => run.steps.map((_, index) => plan.instances[run.first + index]!.label).join(', '));
              emitStepRun(site, run, sink.pushStep!, places.tables + run.at);
            }
          }
          sink.end?.(code);
        });
      });
      if (functions.length === 1) return functions[0]!;
      return module.addFunction('all successors', { parameters: ['i32'], results: [] }, (code) => {
        for (const index of functions) {
          code.localGet(0);
          code.call(index);
        }
      });
    },

    initial: (sink) =>
      module.addFunction('initial', { parameters: [], results: [] }, (code) => {
        sink.begin?.(code);
        const known = Array.from({ length: words }, (_, word) => ({
          mask: 2n ** 64n - 1n,
          bits:
            BigInt.asUintN(32, BigInt(system.defaults[2 * word]!)) |
            (BigInt.asUintN(32, BigInt(system.defaults[2 * word + 1]!)) << 32n),
        }));
        const sources = known.map((_, word) => {
          const local = code.newLocal('i64');
          code.i64Const(system.defaults[2 * word]!, system.defaults[2 * word + 1]);
          code.localSet(local);
          return local;
        });
        emitStep(
          { ...siteOf(code, false), sources, known, memory: undefined },
          system.init,
          system.init.body,
          -1,
          sink,
        );
        sink.end?.(code);
      }),

    predicate(id) {
      const program = system.predicates[id]!;
      makeReady(program);
      return module.addFunction(`predicate ${id}`, { parameters: ['i32', 'i32'], results: ['i32'] }, (code) => {
        code.comment(() => predicateName(plan, id));
        const site = { code, tables, locals: localPool(code), scratch: scratchPlace(code, places) };
        emitPredicate(site, system, program, enabledFunction);
      });
    },
  };
}

/** What a predicate is in the spec. */
function predicateName({ system, roles }: Plan, id: number): string {
  for (const kind of ['invariants', 'steps', 'sometimes', 'within'] as const) {
    const index = roles[kind].indexOf(id);
    if (0 <= index) return `${kind}: ${system[kind][index]!.name}`;
  }
  return 'a part of a property, of fairness or of another condition';
}

function scratchPlace(code: CodeBuilder, { scratch }: Places): Place {
  return {
    push: () => (typeof scratch === 'number' ? code.i32Const(scratch) : code.globalGet(scratch.global)),
    offset: 0,
  };
}

function loadWords(code: CodeBuilder, memory: Place, { words }: PreparedSystem): readonly LocalIndex[] {
  return Array.from({ length: words }, (_, word) => {
    const local = code.newLocal('i64');
    memory.push();
    code.memory(load.i64, memory.offset + 8 * word);
    code.localSet(local);
    return local;
  });
}

function emitPredicate(
  site: CodeSite,
  system: PreparedSystem,
  program: PreparedProgram,
  enabledFunction: (instance: number) => FunctionIndex,
): void {
  const { code } = site;
  const access = (kind: 'state' | 'next', parameter: LocalIndex): Frame['state'] => {
    const memory: Place = { push: () => code.localGet(parameter), offset: 0 };
    const locals = Array.from({ length: system.words }, (_, word) => {
      const local = code.newLocal('i64');
      if (program.reads[kind].has(word)) {
        memory.push();
        code.memory(load.i64, 8 * word);
        code.localSet(local);
      }
      return local;
    });
    return { draft: new Draft(code, locals), memory };
  };
  const state = access('state', 0);
  const next = access('next', 1);
  const frame = newFrame(site, program.regions, state, next);
  code.block((impossible) => {
    emitStatements(frame, program.body, {
      impossible,
      fail: () => code.br(impossible),
      choose: () => {
        throw new Error('a predicate chooses');
      },
      enabled: ({ temp, instance }) => {
        code.localGet(0);
        code.call(enabledFunction(instance));
        code.localSet(frame.temp(temp));
      },
      mark: () => {},
      answer: (value) => {
        pushValue(frame, value);
        code.return();
      },
    });
  });
  code.i32Const(2);
}

// ---------------------------------------------------------------------------------------------------------------------
// Guards

function isLong(program: PreparedProgram): boolean {
  return LONGEST_INLINE < program.weight;
}

/** Leaves for `skip` unless the guards hold; what is known of the state's words after them. */
function emitGuards(
  site: StepSite,
  program: PreparedProgram,
  guards: Guards['guards'],
  skip: Parameters<CodeBuilder['brIf']>[0],
): readonly Bits[] {
  const { code, sources, memory } = site;
  const draft = new Draft(code, sources, [], site.known);
  const frame = newFrame(site, program.regions, { draft, memory });
  const conditions = guards.map(({ condition }) => resolve(frame, condition));
  if (0 < conditions.length) code.comment(() => `when ${askedOf(frame, conditions)}`);
  branchUnless(frame, conjunctionOf(frame, conditions), skip);
  for (const condition of conditions) assume(frame, condition);
  return draft.save().base;
}

/** The same knowledge as {@link emitGuards} leaves, for code elsewhere that is only run after them. */
function knownAfter(tables: Tables, { words }: PreparedSystem, guards: Guards['guards']): readonly Bits[] {
  const code = new CodeBuilder(words);
  const draft = new Draft(
    code,
    Array.from({ length: words }, (_, word) => word),
  );
  const nowhere: Place = { push: () => {}, offset: 0 };
  const frame = newFrame({ code, tables, locals: localPool(code), scratch: nowhere }, [], { draft, memory: nowhere });
  for (const { condition } of guards) assume(frame, resolve(frame, condition));
  return draft.save().base;
}

/** The instances that some state may enable, in order, in groups for one function each. */
function groupsOf({ instances, runs }: PreparedSystem): readonly (readonly number[])[] {
  // A run is not divided.
  const inner = new Set(runs.flatMap(({ first, steps }) => steps.slice(1).map((_, index) => first + 1 + index)));
  const groups: number[][] = [[]];
  let weight = 0;
  instances.forEach((program, instance) => {
    if (isImpossible(program)) return;
    weight += (isLong(program) ? 0 : program.weight) + SINK_WEIGHT;
    if (LONGEST_FUNCTION < weight && 0 < groups.at(-1)!.length && !inner.has(instance)) {
      groups.push([]);
      weight = 0;
    }
    groups.at(-1)!.push(instance);
  });
  return groups;
}

/** Answers 1 at the first successor. */
const ANY_SUCCESSOR: Sink = {
  push(code) {
    code.i32Const(1);
    code.return();
  },
  fail: () => {},
};
