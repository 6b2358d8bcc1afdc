import type { FunctionIndex, LocalIndex } from '../../engine/wasm/code-builder.ts';
import type { Kernel } from './kernel.ts';
import {
  HEADER,
  instanceSize,
  JUDGE_STATE,
  JUDGE_STEP,
  JUDGED,
  NEW,
  OUTSIDE,
  OUTSIDE_FAILED,
  OUTSIDE_SHIFT,
  PARENT_SHIFT,
  STATUS_MASK,
} from './memory-map.ts';
import { numberIn, withoutAddress } from './table-code.ts';
import * as v from './values.ts';
import type { Effect, Value } from './values.ts';

/**
 * `(records, end, number, judged) → number`: numbers what is new among records that were looked up, in their order, from
 * a number on; moves it to the states; counts; and asks the questions that are open. Records about which there is
 * something to say are listed from the address `judged` on.
 */
export function addCommit(kernel: Kernel): FunctionIndex {
  const { module, map, own, states, table, questions, globals } = kernel;
  const { record } = map;
  const parameters = ['i32', 'i32', 'i32', 'i32'] as const;
  return module.addFunction('commit', { parameters, results: ['i32'] }, (code) => {
    const [at, end, number, judged] = [0, 1, 2, 3];
    const status = code.newLocal('i32');
    const counter = code.newLocal('i32');
    const to = code.newLocal('i32');
    const what = code.newLocal('i32');
    const rec = v.local(at);
    const note = (bit: number): Effect => v.set(what, v.or(v.local(what), v.int(bit)));

    const pointEntryToState = v.sequence(
      v.set(status, v.load32(rec, record.result)),
      v.store64(
        v.local(status),
        0,
        v.or64(withoutAddress(v.load64(v.local(status))), v.widen(v.shiftRight(v.local(to), v.int(3)))),
      ),
    );
    const sampleParent = v.when(
      v.isZero(v.and(v.local(number), v.int(2 ** PARENT_SHIFT - 1))),
      v.store32(
        v.add(v.global(globals.parents), v.shiftLeft(v.shiftRight(v.local(number), v.int(PARENT_SHIFT)), v.int(2))),
        0,
        v.load32(rec, record.parent),
      ),
    );
    const noteOrigin = v.store8(
      v.add(v.global(globals.origins), v.local(number)),
      0,
      v.load8(v.add(v.load32(rec, record.instance), v.int(1)), map.shared.classOf),
    );
    const add = v.sequence(
      v.set(to, v.add(states, v.multiply(v.local(number), v.int(map.stateSize)))),
      kernel.copyState(v.local(to), rec),
      table.kind === 'reference' ? pointEntryToState : v.sequence(),
      sampleParent,
      kernel.sleepSets === undefined ? v.sequence() : noteOrigin,
      v.store32(rec, record.result, v.local(number)),
      // Instance -1, of initial states, has the first counter.
      v.set(counter, v.add(v.add(own, v.int(8)), v.shiftLeft(v.load32(rec, record.instance), v.int(3)))),
      v.increment64(v.local(counter), map.own.discovered),
      v.set(number, v.add(v.local(number), v.int(1))),
      judgeState(kernel, v.local(to), note(JUDGE_STATE)),
    );
    const leave = v.sequence(
      // Only the first state outside of each is news by itself.
      v.when(
        v.isZero(v.load8(v.shiftRight(v.local(status), v.int(OUTSIDE_SHIFT)), map.shared.left)),
        note(JUDGE_STATE),
      ),
      v.when(
        v.isZero(v.load8(v.int(0), map.shared.failuresKnown)),
        v.when(v.and(v.local(status), v.int(OUTSIDE_FAILED)), note(JUDGE_STATE)),
      ),
      judgeState(kernel, rec, note(JUDGE_STATE)),
    );
    const isStatus = (one: number): Value => v.equal(v.and(v.local(status), v.int(STATUS_MASK)), v.int(one));
    v.sequence(
      v.repeat(
        v.below(rec, v.local(end)),
        v.sequence(
          v.set(what, v.int(0)),
          v.set(status, v.load32(rec, record.status)),
          v.when(isStatus(NEW), add, questions.within.length === 0 ? undefined : v.when(isStatus(OUTSIDE), leave)),
          judgeStep(kernel, rec, to, note(JUDGE_STEP)),
          v.when(
            v.local(what),
            v.sequence(
              v.store32(v.local(judged), JUDGED.record, rec),
              v.store32(v.local(judged), JUDGED.what, v.local(what)),
              v.set(judged, v.add(v.local(judged), v.int(JUDGED.size))),
            ),
          ),
          v.set(at, v.add(rec, v.int(record.size))),
        ),
      ),
      v.store32(own, HEADER.judgedEnd, v.local(judged)),
      v.local(number),
    )(code);
  });
}

/** Runs `report` when an open question about states has an answer in this one. */
function judgeState(kernel: Kernel, state: Value, report: Effect): Effect {
  const { questions } = kernel;
  return v.sequence(
    ...questions.invariants.map((predicate) =>
      whenOpen(kernel, predicate, v.notEqual(v.call(kernel.holds(predicate), state, state), v.int(1)), report),
    ),
    ...questions.sometimes.map((predicate) => (code: Parameters<Effect>[0]) => {
      const truth = code.newLocal('i32');
      const isNews = v.or(
        v.equal(v.local(truth), v.int(1)),
        v.and(v.equal(v.local(truth), v.int(2)), v.isZero(v.load8(v.int(0), kernel.map.shared.failuresKnown))),
      );
      const ask = v.sequence(v.set(truth, v.call(kernel.holds(predicate), state, state)), v.when(isNews, report));
      v.when(v.load8(v.int(0), kernel.map.shared.open + predicate), ask)(code);
    }),
  );
}

/** The same about steps that change the state. */
function judgeStep(kernel: Kernel, rec: Value, from: LocalIndex, report: Effect): Effect {
  const { questions, map, own } = kernel;
  if (questions.steps.length === 0) return v.sequence();
  const next = v.add(rec, v.int(map.record.raw));
  const asks = questions.steps.map((predicate) =>
    whenOpen(kernel, predicate, v.notEqual(v.call(kernel.holds(predicate), v.local(from), next), v.int(1)), report),
  );
  // Initial states are no steps.
  return v.when(
    v.notEqual(v.load32(rec, map.record.parent), v.int(-1)),
    v.sequence(
      v.set(
        from,
        v.add(v.load32(own, HEADER.source), v.multiply(v.load32(rec, map.record.parent), v.int(map.stateSize))),
      ),
      v.when(v.isZero(kernel.sameState(v.local(from), next)), v.sequence(...asks)),
    ),
  );
}

function whenOpen(kernel: Kernel, predicate: number, condition: Value, report: Effect): Effect {
  return v.when(v.load8(v.int(0), kernel.map.shared.open + predicate), v.when(condition, report));
}

/**
 * `(records, end, from, to, targets, instances, ends) → steps`: the steps of the states `from … to - 1`, from records that
 * are all numbered: the target of each that changes the state and its instance, and for each state where its steps end.
 */
export function addRows(kernel: Kernel): FunctionIndex {
  const { module, map } = kernel;
  const { record } = map;
  const parameters = ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'] as const;
  return module.addFunction('rows', { parameters, results: ['i32'] }, (code) => {
    const [at, end, state, to, targets, instances, ends] = [0, 1, 2, 3, 4, 5, 6];
    const steps = code.newLocal('i32');
    const target = code.newLocal('i32');
    const status = code.newLocal('i32');
    const rec = v.local(at);
    const store = instanceSize(kernel.instances) === 2 ? v.store16 : v.store32;
    const endRow = v.sequence(
      v.store32(v.local(ends), 0, v.local(steps)),
      v.set(ends, v.add(v.local(ends), v.int(4))),
      v.set(state, v.add(v.local(state), v.int(1))),
    );
    v.sequence(
      v.repeat(
        v.below(rec, v.local(end)),
        v.sequence(
          v.repeat(v.below(v.local(state), v.load32(rec, record.parent)), endRow),
          v.set(status, v.and(v.load32(rec, record.status), v.int(STATUS_MASK))),
          v.set(target, v.load32(rec, record.result)),
          v.when(v.equal(v.local(status), v.int(OUTSIDE)), v.set(target, v.int(-1))),
          v.when(v.isZero(v.local(status)), v.set(target, numberIn(kernel, v.load64(v.local(target))))),
          v.when(
            v.notEqual(v.local(target), v.local(state)),
            v.sequence(
              v.store32(v.local(targets), 0, v.local(target)),
              store(v.local(instances), 0, v.load32(rec, record.instance)),
              v.set(targets, v.add(v.local(targets), v.int(4))),
              v.set(instances, v.add(v.local(instances), v.int(instanceSize(kernel.instances)))),
              v.set(steps, v.add(v.local(steps), v.int(1))),
            ),
          ),
          v.set(at, v.add(rec, v.int(record.size))),
        ),
      ),
      v.repeat(v.below(v.local(state), v.local(to)), endRow),
      v.local(steps),
    )(code);
  });
}
