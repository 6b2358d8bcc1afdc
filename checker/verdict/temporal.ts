import type { Span } from '../../dsl/diagnostics/span.ts';
import type { Property } from '../../dsl/ir/index.ts';
import { replayLasso } from '../counterexample/lasso.ts';
import { failureOf, replay } from '../counterexample/replay.ts';
import type { Telling } from '../counterexample/replay.ts';
import type { Trigger } from '../liveness/formula.ts';
import type { PreparedProperty } from '../liveness/prepare.ts';
import type { Candidate } from '../liveness/advisor.ts';
import { possibleCandidates } from '../liveness/assumptions.ts';
import { Liveness } from '../liveness/property.ts';
import type { CheckOptions } from '../options.ts';
import type { Split } from '../liveness/splits.ts';
import type { PropertyAnswer } from '../liveness/property.ts';
import { isOutOfMemory, outOfMemory } from '../search/memory.ts';
import type { MemoryBudget } from '../search/memory.ts';
import { pathTo } from '../search/path.ts';
import type { Cut } from '../search/cut.ts';
import { adviceOn, cureOf } from './advice.ts';
import type { Advised } from './advice.ts';
import { cutOf, TELL_ALL } from './answer.ts';
import type { Answer, Searched, TellingOf } from './answer.ts';
import type { Outcome, PropertyAdvice } from './verdict.ts';

type TemporalOptions = Pick<CheckOptions, 'fairness' | 'advise' | 'adviseUpTo' | 'explainAdvice'> & {
  /** What may be used of memory. Absent: there is no limit. */
  readonly memory?: MemoryBudget;
  readonly tellingOf?: TellingOf;
  /** Conditions by which advice may tell the steps of an action apart. */
  readonly splits?: readonly Split[];
};

/** What judging the temporal properties gave. */
export interface TemporalAnswers {
  readonly answers: readonly Answer[];
  /** Why it was given up, if it was. */
  readonly cut: Cut | undefined;
  /** Left sides of `leadsTo`s and implications that hold in no state. */
  readonly untriggered: readonly { readonly kind: 'leadsTo' | 'implies'; readonly span: Span }[];
  /** Left sides of claims that hold, in one claim or another, that are true nowhere. */
  readonly untriggeredInClaims: ReadonlySet<Trigger>;
  /** Properties about which nothing was found out, since no fair behavior stays within a `within`. */
  readonly withoutBehavior: readonly Property[];
  readonly advice: readonly PropertyAdvice[] | undefined;
  /** Where an atom or a guard of fairness could not be evaluated, first of all. */
  readonly evaluation: Outcome | undefined;
}

/**
 * The answers about temporal properties, judged on the graph that the search has kept.
 *
 * @param poll - asked before each property and now and then; a cut that it returns makes the rest `bounded`.
 */
export function temporalAnswers(
  searched: Searched,
  properties: readonly PreparedProperty[],
  {
    fairness,
    advise,
    adviseUpTo = Infinity,
    explainAdvice = false,
    splits = [],
    memory,
    tellingOf = TELL_ALL,
  }: TemporalOptions,
  poll: (property: string) => Cut | undefined,
): TemporalAnswers {
  const { plan, engine, exploration } = searched;
  const { graph, states, levels } = exploration;
  if (graph === undefined) {
    const nothing = { answers: [], untriggered: [], untriggeredInClaims: new Set<Trigger>(), withoutBehavior: [] };
    return { ...nothing, cut: undefined, advice: undefined, evaluation: undefined };
  }
  let cut = cutOf(plan, exploration);
  let current = '';
  let stopped: Cut | undefined;
  let lack: Cut | undefined; // of memory for one property; there may be enough for the next
  const onTick = (): void => {
    stopped ??= poll(current);
    if (stopped !== undefined) throw new Stopped();
    if (memory?.isExceeded === true) throw outOfMemory('the limit is reached');
  };
  const interchangeable = exploration.cut === undefined ? (searched.interchangeable ?? []) : [];
  const liveness = new Liveness(plan, engine, { states, graph, levels, interchangeable }, onTick);

  /** What is not found out any more is left out. */
  const noteEnd = (error: unknown): void => {
    if (isOutOfMemory(error)) lack = memory?.cut() ?? { kind: 'memory' };
    else if (!(error instanceof Stopped)) throw error;
  };

  const judge = ({ property, claims }: PreparedProperty): Outcome => {
    const outcomeOfAnswer = (answer: PropertyAnswer): Outcome =>
      outcomeOf(searched, answer, tellingOf({ kind: 'property', name: property.name }, 'violated'), cut);
    if (claims === undefined) return outcomeOfAnswer({ kind: 'tooLarge' });
    current = property.name;
    try {
      onTick();
      return outcomeOfAnswer(liveness.judge(property, claims, fairness));
    } catch (error) {
      if (isOutOfMemory(error)) {
        lack = memory?.cut() ?? { kind: 'memory' };
        return { kind: 'bounded', cut: lack };
      }
      if (!(error instanceof Stopped)) throw error;
      cut = stopped!;
      return { kind: 'bounded', cut };
    }
  };
  const answers = properties.map((prepared): Answer => {
    const { name, doc, span } = prepared.property;
    return { kind: 'property', name, doc, span, outcome: judge(prepared) };
  });
  const isComplete = stopped === undefined && lack === undefined;
  const untriggered = [...liveness.triggers].flatMap(([span, { kind, isTriggered }]) =>
    isTriggered || !isComplete ? [] : [{ kind, span }],
  );
  const isWithin = isComplete && exploration.cut === undefined && 0 < exploration.leftWithin.size;
  let withoutBehavior: readonly Property[] = [];
  try {
    withoutBehavior = properties
      .map(({ property }) => property)
      .filter((property) => isWithin && !liveness.hasFairBehavior(property, fairness));
  } catch (error) {
    noteEnd(error);
  }
  let candidates: readonly Candidate[] | undefined;
  const possible = (): readonly Candidate[] => (candidates ??= possibleCandidates(plan));
  const advisedOn = ({ property, claims }: PreparedProperty): Advised | undefined =>
    claims && { plan, liveness, property, claims, possible, fairness, explains: explainAdvice };
  const isKnown = cut === undefined && stopped === undefined && lack === undefined;
  let advice: readonly PropertyAdvice[] | undefined;
  if (advise === true && states.count <= adviseUpTo && isKnown) {
    try {
      advice = properties.flatMap((prepared) => {
        current = prepared.property.name;
        const advised = advisedOn(prepared);
        return (advised && adviceOn(advised, splits)) ?? [];
      });
    } catch (error) {
      noteEnd(error);
    }
  }
  const end = stopped ?? lack;
  const cured = (answer: Answer, index: number): Answer => {
    const { outcome } = answer;
    const advised = advisedOn(properties[index]!);
    if (outcome.kind !== 'violated' || outcome.trace.unfairTo === undefined || advised === undefined) return answer;
    current = answer.name;
    const known = advice?.find(({ property }) => property === answer.name);
    try {
      const cure = cureOf(advised, outcome.trace.unfairTo, known);
      return cure === undefined ? answer : { ...answer, outcome: { ...outcome, trace: { ...outcome.trace, cure } } };
    } catch (error) {
      if (!(error instanceof Stopped) && !isOutOfMemory(error)) throw error;
      return answer; // every verdict is known, and this is not
    }
  };
  const isSmall = graph.offsets[states.count]! <= MOST_STEPS_CURED;
  const explained = isKnown && end === undefined && isSmall ? answers.map(cured) : answers;
  return {
    answers: explained,
    advice,
    // Who interrupts may ask again, and has to get the same then.
    cut: end ?? (stopped?.kind === 'interrupted' ? stopped : undefined),
    untriggered,
    untriggeredInClaims: liveness.untriggered,
    withoutBehavior,
    evaluation: answers.map(({ outcome }) => outcome).find((one) => one.kind === 'violated' && 'failure' in one),
  };
}

/** What would cure a property is asked of graphs with so many steps: it takes as long as judging it several times. */
const MOST_STEPS_CURED = 100_000;

/** Thrown through the middle of judging a property that is to be given up. */
class Stopped extends Error {}

function outcomeOf(
  { plan, engine, exploration, explainer }: Searched,
  answer: PropertyAnswer,
  telling: Telling,
  cut: Cut | undefined,
): Outcome {
  switch (answer.kind) {
    case 'none':
      return cut === undefined ? { kind: 'holds' } : { kind: 'bounded', cut };
    case 'violated': {
      const { path, claim, assumed } = answer;
      const trace = replayLasso(plan, path, claim, assumed.constraints, { explainer, telling });
      return { kind: 'violated', trace };
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
