import type { Span } from '../../dsl/diagnostics/span.ts';
import { partsOf } from '../../dsl/ir/fold.ts';
import type { Node } from '../../dsl/ir/fold.ts';
import type { Action, Expression, Formula } from '../../dsl/ir/index.ts';
import { instancesMatching } from '../liveness/property.ts';
import { chosenBy } from '../plan/branch.ts';
import type { Plan } from '../plan/plan.ts';
import type { Exploration } from '../search/exploration.ts';

/** A question after an action that has the same answer in all that was explored. */
export interface NeverTrue {
  readonly kind: 'enabled' | 'taken';
  readonly span: Span;
}

type Question = Extract<Formula, { readonly kind: 'taken' }> | Extract<Expression, { readonly kind: 'enabled' }>;

/**
 * The `enabled` and `taken` in what a system claims that are true in no state and of no step, each once, in their order.
 * Left out are those that a claim says to be never true, those that parameters rule out, and those after steps that the
 * parameters switch off or of which there are none.
 *
 * @param isOff - whether an action is switched off.
 * @remarks One pass over the steps of the graph, where something is asked with `taken`.
 */
export function neverTrue(
  plan: Plan,
  { graph, fired, failing }: Exploration,
  isOff: (action: Action) => boolean,
): readonly NeverTrue[] {
  const { properties, invariants, steps } = plan.system;
  const found: Question[] = [
    ...properties.flatMap(({ formula }) => questionsIn(formula, true)),
    ...[...invariants, ...steps].flatMap(({ predicate }) => questionsIn(predicate, true)),
  ];
  const groups = new Map<string, Question[]>(); // a process is asked after by its steps, in one place
  for (const question of found) {
    const { file, start, end } = question.span;
    const key = `${question.kind} ${file}:${start}:${end}`;
    groups.set(key, [...(groups.get(key) ?? []), question]);
  }
  let changing: Uint8Array | undefined; // by instance: 1 when a step of it changes something
  const isChanging = (instance: number): boolean => {
    if (graph === undefined) return true; // then nobody knows
    if (changing === undefined) {
      changing = new Uint8Array(plan.instances.length);
      const end = graph.offsets[graph.size]!;
      for (let step = 0; step < end; step += 1) changing[graph.instances[step]!] = 1;
    }
    return changing[instance] === 1;
  };
  const isNever = (group: readonly Question[]): boolean => {
    const instances = group.flatMap((question) => {
      const pattern = question.arguments.map((one) =>
        one !== undefined && 'value' in one ? { value: one.value } : undefined,
      );
      return [...instancesMatching(plan, question.action, pattern)];
    });
    if (instances.every((one) => isOff(plan.instances[one]!.action))) return false;
    const isEver = (one: number): boolean =>
      failing.has(one) || (0 < fired[one]! && (group[0]!.kind === 'enabled' || isChanging(one)));
    return !instances.some(isEver);
  };
  return [...groups.values()].filter(isNever).map(([question]) => ({ kind: question!.kind, span: question!.span }));
}

/** The questions in something that is claimed, or that is part of a claim. */
function questionsIn(node: Node, isClaim: boolean): readonly Question[] {
  const within = (parts: readonly Node[], areClaims = false): readonly Question[] =>
    parts.flatMap((part) => questionsIn(part, areClaims));
  switch (node.kind) {
    case 'enabled':
    case 'taken':
      return [node, ...within(partsOf(node))];
    case 'always':
    case 'forAll':
    case 'now':
      return within(partsOf(node), isClaim);
    case 'not': {
      const { operand } = node;
      const isDenied = isClaim && asksOnly(operand.kind === 'eventually' ? operand.operand : operand);
      return isDenied ? [] : within([operand]);
    }
    case 'and':
      return chosen(node.left) === false ? [] : within([node.left, node.right], isClaim);
    case 'or':
      return chosen(node.left) === true ? [] : within([node.left, node.right]);
    case 'implies':
      return chosen(node.left) === false ? [] : [...within([node.left]), ...within([node.right], isClaim)];
    case 'conditional': {
      const truth = chosen(node.condition);
      const arms = [...(truth === false ? [] : [node.whenTrue]), ...(truth === true ? [] : [node.whenFalse])];
      return [...within([node.condition]), ...within(arms, isClaim)];
    }
    default:
      return within(partsOf(node));
  }
}

/** The truth of a part that parameters decide. */
function chosen(node: Formula | Expression): boolean | undefined {
  // Temporal parts are not decided by parameters, and what they contain is not asked.
  return chosenBy(node.kind === 'now' ? node.predicate : (node as Expression));
}

/** Whether something is a question, or one after each step of a process. */
function asksOnly(node: Node): boolean {
  switch (node.kind) {
    case 'enabled':
    case 'taken':
      return true;
    case 'now':
      return asksOnly(node.predicate);
    case 'or':
      return asksOnly(node.left) && asksOnly(node.right);
    default:
      return false;
  }
}
