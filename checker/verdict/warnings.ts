import type { Span } from '../../dsl/diagnostics/span.ts';
import { formatValue } from '../../dsl/ir/index.ts';
import type { Action, Predicate, Statement, System, Value, Variable } from '../../dsl/ir/index.ts';
import { primitiveAt } from '../../dsl/ir/primitive.ts';
import { chosenStatements, isSwitchedOff } from '../plan/branch.ts';
import type { Branch } from '../plan/branch.ts';
import type { Plan } from '../plan/plan.ts';
import { neighborExchanges } from '../reduction/id-classes.ts';
import type { Exploration } from '../search/exploration.ts';
import type { TemporalAnswers } from './temporal.ts';
import { isIgnored } from './ignored.ts';
import { neverTrue } from './never-true.ts';
import type { NeverTrue } from './never-true.ts';
import { reachedInElements } from './reached-elements.ts';
import { reachedValues, valueOfCode } from './reached-values.ts';
import type { ReachedPlace } from './reached-values.ts';
import { slackMessage, slackOf } from './slack.ts';
import type { Warning } from './verdict.ts';

/**
 * What is true of a model that was explored to its end and that its author would want to know: actions without a step,
 * branches that no step went through, variables with one value, values that nothing ever has, bounds that nothing comes
 * near, left sides of `leadsTo` that never come true. Cost: one pass over the states.
 */
export function warningsOf(
  plan: Plan,
  exploration: Exploration,
  {
    untriggered,
    withoutBehavior,
    neverTriggered,
    tautologies,
  }: Pick<TemporalAnswers, 'untriggered' | 'withoutBehavior'> & {
    readonly neverTriggered: readonly Span[];
    readonly tautologies: readonly Predicate[];
  },
): readonly Warning[] {
  if (exploration.cut !== undefined) return [];
  if (exploration.isOrdered === true) return orderedWarnings(plan, exploration, neverTriggered);
  const constant = variablesThatNeverChange(plan, exploration);
  const isOff = offIn(plan);
  const found: readonly Warning[] = [
    ...actionsNeverEnabled(plan, exploration, isOff),
    ...branchesNeverTaken(plan, exploration),
    ...constant.map(({ name, span }): Warning => ({
      kind: 'variableNeverChanges',
      message: `\`${name}\` has the same value in every reachable state`,
      span,
    })),
    ...reachedPlacesOf(plan, exploration, constant).flatMap(({ place, span }) => [
      ...valuesNeverReached(place, span),
      ...domainMuchLarger(place, span),
    ]),
    ...untriggered.map(({ kind, span }): Warning => (kind === 'implies' ? IMPLIES_NOTHING(span) : LEADS_NOWHERE(span))),
    ...neverTriggered.map(IMPLIES_NOTHING),
    ...neverTrue(plan, exploration, isOff).map(NEVER_TRUE),
    ...tautologies.map(({ name, span }): Warning => ({
      kind: 'invariantIsTautology',
      message: `\`${name}\` is true whatever values its variables have, so it says nothing`,
      span,
    })),
    ...withoutBehavior.map(({ name, span }): Warning => ({
      kind: 'nothingStaysWithin',
      message: `no fair behavior stays within ${withinNames(plan)}, so nothing was found out about \`${name}\``,
      span,
    })),
  ];
  return found.filter((one) => !isLibrary(plan, one.span) && !isIgnored(one, plan.system.files));
}

/** What is also known where steps were put off: all that steps do is done in some state, but not in every combination. */
function orderedWarnings(plan: Plan, exploration: Exploration, neverTriggered: readonly Span[]): readonly Warning[] {
  return [
    ...actionsNeverEnabled(plan, exploration, offIn(plan)),
    ...branchesNeverTaken(plan, exploration),
    ...neverTriggered.map(IMPLIES_NOTHING),
  ].filter((one) => !isLibrary(plan, one.span) && !isIgnored(one, plan.system.files));
}

const LEADS_NOWHERE = (span: Span): Warning => ({
  kind: 'leadsToNeverTriggered',
  message: 'the left side of this `leadsTo` never holds, so it promises nothing',
  span,
});

const IMPLIES_NOTHING = (span: Span): Warning => ({
  kind: 'implicationNeverTriggered',
  message: 'this never holds, so what it implies is never asked',
  span,
});

const NEVER_TRUE = ({ kind, span }: NeverTrue): Warning =>
  kind === 'enabled'
    ? { kind: 'enabledNeverTrue', message: 'this is never true: no such step is ever possible', span }
    : { kind: 'takenNeverTrue', message: 'this is never true: no such step ever changes anything', span };

function withinNames({ system }: Plan): string {
  return system.within.map(({ name }) => name).join(', ');
}

/** Whether a place is in the primitives that come with Fairlead: no spec uses all that they can do. */
function isLibrary({ system }: Plan, span: Span): boolean {
  return primitiveAt(system.files, span) !== undefined;
}

function actionsNeverEnabled(
  plan: Plan,
  exploration: Exploration,
  isOff: (action: Action) => boolean,
): readonly Warning[] {
  const { fired, failing } = exploration;
  const hasStep = (id: number): boolean => 0 < fired[id]! || failing.has(id);
  // An action of threads of which the model has none is no action of this model.
  const present = new Set(plan.instances.map(({ action }) => action));
  const seen = new Set(plan.instances.filter(({ id }) => hasStep(id)).map(({ action }) => action));
  return plan.system.actions
    .filter((action) => present.has(action) && !seen.has(action) && !isOff(action))
    .map(({ name, span }) => ({ kind: 'actionNeverEnabled', action: name, span }));
}

/** Says of an action whether the parameters switch it off: the author has chosen to do without it. */
function offIn({ system }: Plan): (action: Action) => boolean {
  let ruledOut: ReadonlySet<Action> | undefined; // takes a look at every statement, and is mostly not asked for
  return (action) => action.body.some(isSwitchedOff) || (ruledOut ??= stepsRuledOut(system)).has(action);
}

/** Steps of processes to whose labels no way leads under these parameters: the author has chosen to do without them. */
function stepsRuledOut({ init, actions, processes }: System): ReadonlySet<Action> {
  const ruledOut = new Set<Action>();
  for (const { name, counter } of processes) {
    const steps = actions.filter(({ process, timeout }) => (process ?? timeout)?.name === name);
    const reached = new Set<Value>();
    const todo: (readonly Statement[])[] = [init];
    let isClear = true; // where the thread goes next can be read off
    for (const body of todo) {
      for (const statement of chosenStatements(body)) {
        if (statement.kind !== 'assign' || statement.target.root.name !== counter) continue;
        const { value } = statement;
        if (value.kind !== 'literal') isClear = false;
        else if (!reached.has(value.value)) {
          reached.add(value.value);
          todo.push(...steps.filter((step) => labelOf(step) === value.value).map((step) => step.body));
        }
      }
    }
    if (isClear) for (const step of steps) if (!reached.has(labelOf(step))) ruledOut.add(step);
  }
  return ruledOut;
}

function labelOf({ process, timeout }: Action): string | undefined {
  return (process ?? timeout)?.label;
}

/**
 * Branches without a completed step, outermost only. A branch that several actions have, because they call the same
 * function or were made from one line, is taken when it is in one of them.
 */
function branchesNeverTaken(plan: Plan, { branches, fired }: Exploration): readonly Warning[] {
  const { list } = plan.branches;
  const placeOf = ({ span, arm }: Branch): string => `${span.file}:${span.start}:${span.end}:${arm}`;
  const taken = new Set(list.filter(({ id }) => 0 < branches[id]!).map(placeOf));
  const active = new Set(plan.instances.filter(({ id }) => 0 < fired[id]!).map(({ action }) => action));
  const missing = new Map<string, Branch>();
  for (const branch of list) {
    const { action, parent } = branch;
    const isReached = parent === undefined ? active.has(action) : 0 < branches[parent]!;
    const place = placeOf(branch);
    if (isReached && !taken.has(place) && !missing.has(place)) missing.set(place, branch);
  }
  return [...missing.values()].map(({ action, arm, span }) => ({
    kind: 'branchNeverTaken',
    action: action.name,
    arm,
    span,
  }));
}

function variablesThatNeverChange(plan: Plan, { states, symmetry }: Exploration): readonly Variable[] {
  const { layout, system } = plan;
  const differing = new Int32Array(layout.words); // bits that are not the same in all states
  if (states.count === 0) return [];
  const first = states.wordsOf(0);
  // What one state stands for may differ from it where the states that were explored do not.
  for (const exchange of neighborExchanges(symmetry?.classes ?? [])) {
    const other = symmetry!.permuteState(first, exchange);
    for (let word = 0; word < layout.words; word += 1) differing[word]! |= other[word]! ^ first[word]!;
  }
  for (let state = 1; state < states.count; state += 1) {
    const segment = states.segmentOf(state);
    const at = states.offsetOf(state);
    for (let word = 0; word < layout.words; word += 1) differing[word]! |= segment[at + word]! ^ first[word]!;
  }
  const changes = (name: string): boolean => {
    const { leaf, shape } = layout.variables.get(name)!;
    return layout.leaves
      .slice(leaf, leaf + shape.leaves)
      .some(({ word, shift, width, mask }) => 0 < width && ((differing[word]! >>> shift) & mask) !== 0);
  };
  return system.variables.filter(({ name, process }) => process === undefined && !changes(name));
}

/** What was reached of the schemas that the author wrote, of variables that do change, where there ever is something. */
function reachedPlacesOf(
  { system, layout }: Plan,
  { states }: Exploration,
  constant: readonly Variable[],
): readonly { readonly place: ReachedPlace; readonly span: Span }[] {
  const declared = new Map(system.variables.map((variable) => [variable.name, variable]));
  const places = reachedValues(layout, states).flatMap((place) => [place, ...reachedInElements(place)]);
  return places.flatMap((place) => {
    const variable = declared.get(place.variable)!;
    // A place that is never there at all is reported by the length or case that would be needed; labels by their steps.
    const isTold = variable.process !== undefined || place.greatest < 0 || constant.includes(variable);
    return isTold ? [] : [{ place, span: variable.span }];
  });
}

/** Members of enumerations, cases and truth values that a part of the state never has; an enumeration's in sets too. */
function valuesNeverReached(place: ReachedPlace, span: Span): readonly Warning[] {
  const { path, kind, missing = [] } = place;
  if (kind === 'length') return [];
  const values = missing.map((code) => valueOfCode(place, code)).filter((value) => isNamed(place, value));
  if (values.length === 0) return [];
  const names = values.map(formatValue).join(' or ');
  const message = kind === 'element' ? `\`${path}\` never contains ${names}` : `\`${path}\` is never ${names}`;
  return [{ kind: 'valueNeverReached', message, span }];
}

/** Integers and sequences with far more room than is ever used. */
function domainMuchLarger(place: ReachedPlace, span: Span): readonly Warning[] {
  const slack = slackOf(place);
  return slack === undefined ? [] : [{ kind: 'domainMuchLarger', message: slackMessage(slack), span, slack }];
}

/** Whether somebody gave a value its name: numbers and ids are one among many. */
function isNamed({ kind, domain }: ReachedPlace, value: Value): boolean {
  const parts = domain.kind === 'union' ? domain.members : [domain];
  if (typeof value === 'boolean') return kind === 'value';
  return parts.some((part) => part.kind === 'enum' && part.values.some((one) => one === value));
}
