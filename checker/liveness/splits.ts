import { lineOf } from '../../dsl/diagnostics/span.ts';
import { fold } from '../../dsl/ir/fold.ts';
import { encodeValue } from '../../dsl/ir/value-json.ts';
import type { Action, Expression, System } from '../../dsl/ir/index.ts';
import { chosenBy } from '../plan/branch.ts';
import { instancesOf } from '../plan/instance.ts';
import type { Instance } from '../plan/instance.ts';
import type { Plan } from '../plan/plan.ts';
import type { Candidate } from './advisor.ts';
import { groupName, type PredicateRequests } from './formula.ts';

/**
 * A condition of a process or action that its steps could be told apart by: a thread that tests something again and
 * again is kept by fairness from standing still, but not from testing at a bad time.
 */
export interface Split {
  /** As it is written in the source. */
  readonly text: string;
  /** The steps that it can be asked of: those of the same process, or the action itself. */
  readonly actions: ReadonlySet<Action>;
  /** By the arguments of an instance, formatted: an index into what {@link PredicateRequests} gathered. */
  readonly requests: ReadonlyMap<string, number>;
}

/** The conditions in all steps that are about the state and the arguments alone, then their opposites. */
export function requestSplits(system: System, requests: PredicateRequests): readonly Split[] {
  const instances = instancesOf(system);
  if (instances.some((one) => 'message' in one)) return [];
  const byAction = new Map<Action, Instance[]>();
  for (const instance of instances as readonly Instance[]) {
    const list = byAction.get(instance.action);
    if (list === undefined) byAction.set(instance.action, [instance]);
    else list.push(instance);
  }
  const splits: Split[] = [];
  const known = new Set<string>();
  for (const isOpposite of [false, true]) {
    for (const action of byAction.keys()) {
      const own = groupName(action);
      const actions = new Set(system.actions.filter((other) => groupName(other) === own));
      for (const condition of conditionsOf(action)) {
        const source = lineOf(system.files, condition.span);
        const text = isOpposite ? `!(${source})` : source;
        if (known.has(`${own} ${text}`)) continue;
        known.add(`${own} ${text}`);
        const expression: Expression = isOpposite
          ? { kind: 'not', operand: condition, type: condition.type, span: condition.span }
          : condition;
        const numbers = new Map(
          byAction.get(action)!.map((instance) => {
            const names = action.arguments.map(({ name }, index) => [name, instance.values[index]] as const);
            return [argumentsOf(instance), requests.numberOf(expression, new Map(names))];
          }),
        );
        splits.push({ text, actions, requests: numbers });
      }
    }
  }
  return splits;
}

/**
 * Strong fairness of every single step where such a condition holds; of the first ones only, when there are too many for
 * so many states.
 */
export function splitCandidates(plan: Plan, splits: readonly Split[], states: number): readonly Candidate[] {
  const most = Math.min(MOST_CONSTRAINTS, MOST_BITS / states);
  const candidates: Candidate[] = [];
  let count = 0;
  for (const { text, actions, requests } of splits) {
    for (const action of actions) {
      const members = plan.instances.filter((instance) => instance.action === action);
      count += members.length;
      if (members.length === 0 || most < count) continue;
      const constraints = members.map((instance) => ({
        strength: 'strong' as const,
        about: { name: action.name, arguments: instance.values },
        members: new Map([[instance.id, plan.roles.extra[requests.get(argumentsOf(instance))!]!]]),
      }));
      candidates.push({ strength: 'strong', name: action.name, when: text, isStep: true, constraints });
    }
  }
  return candidates;
}

/** Each costs two bits of every state, and a predicate to be asked of it. */
const MOST_BITS = 2 ** 30;
const MOST_CONSTRAINTS = 2048;

function argumentsOf({ values }: Instance): string {
  return JSON.stringify(values.map(encodeValue));
}

function conditionsOf(action: Action): readonly Expression[] {
  const names = new Set(action.arguments.map(({ name }) => name));
  const found: Expression[] = [];
  const visit = (condition: Expression): void => {
    const simple = withoutChosen(condition);
    const isOfState = fold<boolean>(simple, (node, parts) => node.kind === 'variable' || parts.includes(true));
    const isSelfContained = fold<boolean>(
      simple,
      (node, parts) => (node.kind !== 'local' || names.has(node.name)) && !parts.includes(false),
    );
    if (chosenBy(simple) === undefined && isOfState && isSelfContained) found.push(simple);
  };
  for (const statement of action.body) {
    fold<void>(statement, (node) => {
      if (node.kind === 'if') visit(node.condition);
    });
  }
  return found;
}

/** Without what parameters have decided. */
function withoutChosen(condition: Expression): Expression {
  if (condition.kind !== 'and' && condition.kind !== 'or') return condition;
  const left = withoutChosen(condition.left);
  const right = withoutChosen(condition.right);
  const idle = condition.kind === 'and';
  if (chosenBy(left) === idle) return right;
  if (chosenBy(right) === idle) return left;
  return condition;
}
