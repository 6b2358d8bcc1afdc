import type { Property } from '../../dsl/ir/index.ts';
import { replayLasso } from '../counterexample/lasso.ts';
import { failureOf, replay } from '../counterexample/replay.ts';
import type { NextState } from '../engine/next-state.ts';
import type { Claim } from '../liveness/formula.ts';
import { Liveness } from '../liveness/property.ts';
import type { PropertyAnswer } from '../liveness/property.ts';
import { STUTTER_STEP } from '../liveness/product.ts';
import type { Behavior } from '../liveness/behavior.ts';
import type { Plan } from '../plan/plan.ts';
import type { Exploration } from '../search/breadth-first.ts';
import { pathTo, STUTTER } from '../search/path.ts';
import type { Path } from '../search/path.ts';
import { cutOf } from './answer.ts';
import type { Answer } from './answer.ts';
import type { Outcome } from './verdict.ts';

/** A property with its claims; undefined when writing them out was too much. */
export interface PreparedProperty {
  readonly property: Property;
  readonly claims: readonly Claim[] | undefined;
}

/** The answers about temporal properties, judged on the graph that the search has kept. */
export function temporalAnswers(
  plan: Plan,
  engine: NextState,
  exploration: Exploration,
  properties: readonly PreparedProperty[],
  fairness: readonly string[] | undefined,
): readonly Answer[] {
  const { graph, states } = exploration;
  if (graph === undefined) return [];
  const liveness = new Liveness(plan, engine, states, graph);
  return properties.map(({ property, claims }) => {
    const answer: PropertyAnswer =
      claims === undefined ? { kind: 'tooLarge' } : liveness.judge(property, claims, fairness);
    const { name, doc, span } = property;
    return { kind: 'property', name, doc, span, outcome: outcomeOf(plan, engine, exploration, answer) };
  });
}

function outcomeOf(plan: Plan, engine: NextState, exploration: Exploration, answer: PropertyAnswer): Outcome {
  switch (answer.kind) {
    case 'none': {
      const cut = cutOf(plan, exploration);
      return cut === undefined ? { kind: 'holds' } : { kind: 'bounded', cut };
    }
    case 'violated': {
      const path = pathOf(exploration, answer.behavior);
      return { kind: 'violated', trace: replayLasso(plan, path, answer.claim, answer.assumed.constraints) };
    }
    case 'failed': {
      const finding = { state: answer.state, failedPredicate: answer.predicate };
      const path = pathTo(engine, exploration, finding);
      const failure = failureOf(plan, path, finding)!;
      return { kind: 'violated', trace: { ...replay(plan, path), bindings: answer.bindings }, failure };
    }
    case 'tooLarge':
      return { kind: 'error', message: 'the formula is too large: its quantifiers or its automaton' };
  }
}

function pathOf({ states, graph }: Exploration, behavior: Behavior): Path {
  const path = {
    states: behavior.states.map((state) => states.wordsOf(state)),
    instances: behavior.steps.map((step) => (step === STUTTER_STEP ? STUTTER : graph!.instances[step]!)),
  };
  return behavior.loop === undefined ? path : { ...path, loop: behavior.loop };
}
