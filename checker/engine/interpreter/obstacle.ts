import type { Span } from '../../../dsl/diagnostics/span.ts';
import { fold } from '../../../dsl/ir/fold.ts';
import type { Expression, ObjectValue, Value } from '../../../dsl/ir/index.ts';
import type { Instance } from '../../plan/instance.ts';
import type { Plan } from '../../plan/plan.ts';
import { bindingsOf } from '../../plan/plan.ts';
import { evaluate } from './evaluate.ts';
import { execute } from './execute.ts';
import { EvaluationFailure } from './failure.ts';
import type { Impossible } from './failure.ts';
import type { Run } from './run.ts';
import { newRun, Odometer } from './run.ts';

/** What kept one way of a step from being possible. */
export interface Obstacle {
  /** The smallest part of the guard that is false: a conjunct of a `when`, or a choice among nothing. */
  readonly span: Span;
  readonly kind: 'when' | 'choose';
  /** The false conjunct, or for a choice that there is something to choose; absent for an `either` without branches. */
  readonly condition?: Expression;
  /** The locals in scope there, so that the condition can be evaluated and explained. */
  readonly bindings: ReadonlyMap<string, Value>;
  /** The variables that the step had changed before it came to the obstacle: there the condition speaks of its draft. */
  readonly drafted: ReadonlySet<string>;
}

/** What kept each way of a step from being possible. */
export interface Obstacles {
  /** At least one; in the order of the choices, the same condition about the same values once. */
  readonly list: readonly Obstacle[];
  /** Whether there are more ways than were tried. */
  readonly isCut: boolean;
}

/** So many ways of a step are tried. */
const MOST_WAYS = 32;

/** Why an instance has no step in a state, way by way; undefined when some way is possible or fails. */
export function obstaclesTo(plan: Plan, state: ObjectValue, instance: Instance): Obstacles | undefined {
  const odometer = new Odometer();
  const list: Obstacle[] = [];
  let ways = 0;
  do {
    if (ways === MOST_WAYS) return { list, isCut: true };
    ways += 1;
    const locals = new Map(bindingsOf(instance));
    const run = newRun(plan, state, locals, undefined, odometer);
    try {
      const end = execute(run, instance.action.body);
      if (typeof end !== 'object') return undefined;
      const obstacle = obstacleOf(run, end);
      if (!list.some((known) => isSame(known, obstacle))) list.push(obstacle);
    } catch (error) {
      if (error instanceof EvaluationFailure) return undefined;
      throw error;
    }
  } while (odometer.advance());
  return { list, isCut: false };
}

function obstacleOf(run: Run, { span, condition, from }: Impossible): Obstacle {
  const drafted = new Set(Object.keys(run.state).filter((name) => run.state[name] !== run.start[name]));
  const common = { bindings: run.locals, drafted };
  if (condition !== undefined) {
    const conjunct = falseConjunct(run, condition);
    return { kind: 'when', span: conjunct.span, condition: conjunct, ...common };
  }
  return { kind: 'choose', span, ...(from !== undefined && { condition: isNotEmpty(from) }), ...common };
}

/** Descends from a false condition to the first conjunct that is false, and into the part that parameters choose. */
function falseConjunct(run: Run, condition: Expression): Expression {
  if (condition.kind === 'conditional' && isConstant(condition.condition)) {
    const chosen = evaluate(run, condition.condition) === true ? condition.whenTrue : condition.whenFalse;
    return falseConjunct(run, chosen);
  }
  if (condition.kind !== 'and') return condition;
  return falseConjunct(run, evaluate(run, condition.left) === false ? condition.left : condition.right);
}

/** Whether an expression is about literals and parameters alone. */
function isConstant(expression: Expression): boolean {
  return fold<boolean>(
    expression,
    ({ kind }, parts) => kind !== 'variable' && kind !== 'local' && kind !== 'enabled' && !parts.includes(false),
  );
}

function isNotEmpty(from: Expression): Expression {
  const { span } = from;
  const int = { kind: 'int', min: 0, max: 0 } as const;
  const size: Expression = { kind: 'operation', operator: 'size', operands: [from], type: int, span };
  const zero: Expression = { kind: 'literal', value: 0, type: int, span };
  return { kind: 'operation', operator: 'notEqual', operands: [size, zero], type: { kind: 'boolean' }, span };
}

function isSame(left: Obstacle, right: Obstacle): boolean {
  if (left.span !== right.span || left.bindings.size !== right.bindings.size) return false;
  return [...left.bindings].every(([name, value]) => right.bindings.get(name) === value);
}
