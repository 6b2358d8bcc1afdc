import type { ObjectValue } from '../../dsl/ir/index.ts';
import type { Actor } from '../plan/actor.ts';
import { lanesOf } from '../plan/actor.ts';
import { Explainer } from '../counterexample/explanation.ts';
import { exploredBy } from '../counterexample/explored.ts';
import { runGenerated } from '../engine/generated.ts';
import { interpret } from '../engine/interpreter.ts';
import { initialSteps, stepsOf } from '../engine/interpreter/steps.ts';
import type { Failure } from '../engine/interpreter/failure.ts';
import { Batch } from '../engine/next-state.ts';
import type { NextState } from '../engine/next-state.ts';
import { prepare } from '../liveness/prepare.ts';
import type { PreparedProperty } from '../liveness/prepare.ts';
import type { Plan } from '../plan/plan.ts';
import { isRefused } from '../plan/plan.ts';
import { nearestStates } from '../search/nearest-states.ts';
import type { PageModel } from './page-data.ts';

/** A model of a page brought to life: what is asked about its states and steps. */
export interface Subject {
  readonly model: PageModel;
  readonly plan: Plan;
  /** The generated code, or the interpreter where there is none. */
  readonly engine: NextState;
  readonly temporal: readonly PreparedProperty[];
  readonly lanes: readonly Actor[];
  /** For each instance the index of its lane. */
  readonly laneOf: readonly number[];
  readonly explainer: Explainer;
}

/** @returns undefined when the model was refused: then it has no states. */
export function subjectOf(model: PageModel): Subject | undefined {
  const { plan, properties: temporal } = prepare(model.system);
  if (isRefused(plan)) return undefined;
  const lanes = lanesOf(plan);
  const laneOf: number[] = [];
  lanes.forEach(({ instances }, lane) => instances.forEach(({ id }) => (laneOf[id] = lane)));
  const engine = engineOf(plan, model);
  const explainer = new Explainer(plan, () =>
    exploredBy(plan, engine, nearestStates(plan, engine, MOST_EXPLORED, false)),
  );
  return { model, plan, engine, temporal, lanes, laneOf, explainer };
}

/** So many states are explored in a page to say who could end a wait: a moment's work. */
const MOST_EXPLORED = 20_000;

/** Where scripts may not be made from text (a policy of whoever serves the page), the interpreter does the same. */
function engineOf(plan: Plan, { code }: PageModel): NextState {
  if (code === undefined) return interpret(plan);
  try {
    return runGenerated(plan, code);
  } catch (error) {
    if (error instanceof EvalError) return interpret(plan);
    throw error;
  }
}

/** One way to go on from a state. */
export interface Move {
  /** Its place among all successors of the state, which is how addresses name it. */
  readonly index: number;
  /** -1 for an initial state. */
  readonly instance: number;
  readonly words: Int32Array;
}

interface Moves {
  /** Each successor of each instance once. */
  readonly moves: readonly Move[];
  /** Instances with a step that fails here; -1 for `init`. */
  readonly failing: readonly number[];
}

/** The initial states. */
export function initialMoves({ engine }: Subject): Moves {
  const batch = new Batch(engine.words);
  engine.initial(batch);
  return movesIn(batch);
}

/** Everything that can happen in a state, in the order of the plan. */
export function movesFrom({ engine }: Subject, state: Int32Array): Moves {
  const batch = new Batch(engine.words);
  engine.successors(state, 0, batch);
  return movesIn(batch);
}

function movesIn(batch: Batch): Moves {
  const seen = new Set<string>();
  const moves: Move[] = [];
  for (let index = 0; index < batch.count; index += 1) {
    const move = {
      index,
      instance: batch.instances[index]!,
      words: batch.stateAt(index),
    };
    const key = `${move.instance}:${move.words.join()}`;
    if (!seen.has(key)) moves.push(move);
    seen.add(key);
  }
  return { moves, failing: [...new Set(batch.failures)] };
}

/** Why a step fails in a state (or `init`, for instance -1), in the words of the interpreter. */
export function failureIn({ plan }: Subject, instance: number, state: Int32Array | undefined): Failure | undefined {
  const failing = plan.instances[instance];
  if (failing === undefined || state === undefined) return initialSteps(plan).failures[0];
  return stepsOf(plan, plan.layout.decode(state, 0), failing).failures[0];
}

/** The values of a state. */
export function valuesIn({ plan }: Subject, state: Int32Array): ObjectValue {
  return plan.layout.decode(state, 0);
}
