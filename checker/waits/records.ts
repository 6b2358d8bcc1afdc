import { rewriteExpression } from '../../dsl/ir/fold.ts';
import { formatPlace } from '../../dsl/ir/index.ts';
import type { Expression, StatePlace, System } from '../../dsl/ir/index.ts';
import { printExpression } from '../../dsl/ir/print.ts';
import type { Condition } from '../counterexample/condition.ts';
import { subjectOf } from '../counterexample/wait-subject.ts';
import type { Obstacle } from '../engine/interpreter/obstacle.ts';
import { chosenBy } from '../plan/branch.ts';
import type { Instance } from '../plan/instance.ts';
import type { StepName } from '../plan/step-name.ts';
import { depthOf } from '../search/depth.ts';
import type { StepWait, WaitedFor, WaitUse } from './wait-use.ts';

/** A wait as it is being gathered. */
export interface WaitRecord {
  readonly step: string;
  readonly subject: WaitedFor;
  readonly enders: Set<string>;
  readonly timesOut: boolean;
  /** The nearest state with it from which nothing ends it. */
  forever: number | undefined;
}

/** What keeps a step of a thread, as it was met. */
interface Met {
  readonly obstacle: Obstacle;
  readonly condition: Condition | undefined;
  readonly timesOut: boolean;
}

/** Puts what single threads wait for together, by step and by what it is. Mutable on purpose. */
export class WaitRecords {
  private readonly all = new Map<string, { record: WaitRecord; state: number }>();

  /** @param levels - how many states were first reached after 0, 1, 2, … steps. */
  constructor(
    private readonly system: System,
    private readonly levels: readonly number[],
  ) {}

  /** The record of a wait that is met in a state; of each thread states come in the order of their numbers. */
  of({ action }: Instance, { obstacle, condition, timesOut }: Met, state: number): WaitRecord {
    const subject = this.subject(obstacle, condition);
    const step = action.name;
    const key = `${step} ${keyOf(subject)}`;
    const known = this.all.get(key);
    if (known !== undefined) {
      known.state = Math.min(known.state, state);
      return known.record;
    }
    const record: WaitRecord = { step, subject, enders: new Set(), timesOut, forever: undefined };
    this.all.set(key, { record, state });
    return record;
  }

  /** @param state - from which nothing ends such a wait; undefined where there is none. */
  noteForever(record: WaitRecord, state: number | undefined): void {
    if (state !== undefined) record.forever = Math.min(record.forever ?? Infinity, state);
  }

  /** @param wayTo - the steps of a shortest way to a state. */
  result(states: number, cut: WaitUse['cut'], wayTo: (state: number) => readonly StepName[] | undefined): WaitUse {
    return {
      waits: Array.from(this.all.values(), ({ record, state }): StepWait => {
        const { step, subject, enders, timesOut, forever } = record;
        const depth = depthOf(this.levels, state);
        const way = forever === undefined ? undefined : wayTo(forever);
        const never = forever !== undefined && {
          forever: depthOf(this.levels, forever),
          ...(way !== undefined && { foreverBy: way }),
        };
        return { step, subject, enders: [...enders], timesOut, depth, ...never };
      }),
      states,
      ...(cut !== undefined && { cut }),
    };
  }

  private subject(obstacle: Obstacle, condition: Condition | undefined): WaitedFor {
    const subject = condition && subjectOf(this.system, { list: [obstacle] }, condition);
    if (subject !== undefined && 'object' in subject) {
      return { kind: subject.kind, object: formatPlace(familyOf(subject.object)) };
    }
    return { kind: 'condition', ...(obstacle.condition && { condition: withoutDecided(obstacle.condition) }) };
  }
}

/** A condition without what the parameters of the model decide in it. */
function withoutDecided(condition: Expression): Expression {
  return rewriteExpression(condition, (part) => {
    if (part.kind === 'conditional') {
      const chosen = chosenBy(part.condition);
      return chosen === undefined ? part : chosen ? part.whenTrue : part.whenFalse;
    }
    if (part.kind !== 'and' && part.kind !== 'or') return part;
    const neutral = part.kind === 'and';
    if (chosenBy(part.left) === neutral) return part.right;
    return chosenBy(part.right) === neutral ? part.left : part;
  });
}

/** Equal for what is reported in the same words. */
function keyOf(subject: WaitedFor): string {
  if (subject.kind !== 'condition') return `${subject.kind} ${subject.object}`;
  return subject.condition === undefined ? '' : printExpression(subject.condition);
}

/** A place with any key for each of its keys. */
function familyOf(place: StatePlace): StatePlace {
  return { ...place, segments: place.segments.map((one) => (one.kind === 'key' ? { ...one, text: '·' } : one)) };
}
