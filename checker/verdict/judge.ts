import type { System } from '../../dsl/ir/index.ts';
import type { PredicateRequests, RequestedImplication } from '../liveness/formula.ts';
import { prepare } from '../liveness/prepare.ts';
import type { Prepared } from '../liveness/prepare.ts';
import { requestSplits } from '../liveness/splits.ts';
import type { Split } from '../liveness/splits.ts';
import type { CheckOptions } from '../options.ts';
import type { Vacuity, Because } from '../plan/vacuity.ts';
import type { Cut } from '../search/cut.ts';
import type { MemoryBudget } from '../search/memory.ts';
import type { Searched, TellingOf } from './answer.ts';
import { expectedOf } from './expected.ts';
import { judgesDeadlocks, safetyAnswers } from './safety.ts';
import type { Answer } from './answer.ts';
import { temporalAnswers } from './temporal.ts';
import type { TemporalAnswers } from './temporal.ts';
import { neverTriggered, Occurrence, requestVacuity, tautologies, vacuousClaims } from './vacuity.ts';
import type { Warning } from './verdict.ts';
import { warningsOf } from './warnings.ts';

/** What is asked of the states of a system, settled before the first of them. */
interface Questions extends Prepared {
  /** When each invariant and step property says nothing. */
  readonly vacuity: ReadonlyMap<string, Vacuity<RequestedImplication>>;
  /** Conditions by which advice may tell the steps of an action apart. */
  readonly splits: readonly Split[];
  /** Implications anywhere in the spec. */
  readonly implications: readonly RequestedImplication[];
}

/** Everything that a check asks of a system. */
export function questionsOf(system: System, { properties, advise }: CheckOptions): Questions {
  let vacuity: Questions['vacuity'] = new Map();
  let splits: readonly Split[] = [];
  let implications: readonly RequestedImplication[] = [];
  const requestMore = (requests: PredicateRequests): void => {
    vacuity = requestVacuity(system, requests);
    if (advise === true) splits = requestSplits(system, requests);
    implications = requests.asked;
  };
  const prepared = prepare(system, properties, requestMore);
  return { ...prepared, vacuity, splits, implications };
}

/** What was found out about a model, before it is held against what is expected. */
export interface Judged {
  readonly safety: readonly Answer[];
  readonly temporal: TemporalAnswers;
  /** Why claims that hold say nothing, by name. Absent: not everything was explored. */
  readonly vacuous?: ReadonlyMap<string, Because>;
  readonly warnings: readonly Warning[];
}

/**
 * Judges every property by what was explored.
 *
 * @param memory - what may be used of it.
 * @param poll - asked before each temporal property and now and then; a cut that it returns makes the rest `bounded`.
 */
export function judge(
  searched: Searched,
  questions: Omit<Questions, 'plan'>,
  options: CheckOptions,
  memory: MemoryBudget,
  poll: (property: string) => Cut | undefined,
): Judged {
  const { plan, engine, exploration } = searched;
  const { properties, splits, implications } = questions;
  const tellingOf: TellingOf = (one, outcome) =>
    options.explain === 'unexpected' && expectedOf(plan.system.model, one) === outcome ? 'brief' : 'full';
  const deadlock = judgesDeadlocks(plan.system, options);
  const safety = safetyAnswers(searched, { deadlock, allWays: options.allWays, tellingOf });
  const temporal = temporalAnswers(searched, properties, { ...options, splits, memory, tellingOf }, poll);
  const occurrence = new Occurrence(plan, engine, exploration);
  if (exploration.cut !== undefined) return { safety, temporal, warnings: [] };
  const always = tautologies(plan, exploration);
  const holding = [...safety, ...temporal.answers].filter(({ outcome }) => outcome.kind === 'holds');
  const vacuous =
    temporal.cut === undefined
      ? vacuousClaims(occurrence, {
          holding: new Set(holding.map(({ name }) => name)),
          predicates: questions.vacuity,
          properties,
          untriggered: temporal.untriggeredInClaims,
          tautologies: always,
        })
      : undefined;
  const warnings = warningsOf(plan, exploration, {
    ...temporal,
    neverTriggered: neverTriggered(occurrence, implications),
    tautologies: always,
  });
  return { safety, temporal, ...(vacuous !== undefined && { vacuous }), warnings };
}
