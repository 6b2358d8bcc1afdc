import { fairnessTable, NO_GUARD } from '../../../../checker/liveness/fairness.ts';
import type { FairnessConstraint } from '../../../../checker/liveness/fairness.ts';
import { lettersOf } from '../../../../checker/liveness/letters.ts';
import type { Atom } from '../../../../checker/liveness/letters.ts';
import { always, and, atom, constant, eventually, negate, or } from '../../../../checker/liveness/ltl.ts';
import type { Ltl } from '../../../../checker/liveness/ltl.ts';
import { joinSteps } from '../../../../checker/liveness/makers.ts';
import { findViolation } from '../../../../checker/liveness/violation.ts';
import { StateGraphBuilder } from '../../../../checker/search/state-graph.ts';
import { refuseWhatTlcRefuses } from './live-formula.ts';
import type { Model, Place, State } from './place.ts';
import { bindings, boundsOf, evaluate, evaluateBoolean } from './evaluate.ts';
import { enter, isOperator } from './place.ts';
import type { Syntax } from './syntax.ts';

/** What was found of a module's behaviors: steps that change nothing are left out. */
export interface Explored {
  readonly states: readonly State[];
  readonly initial: readonly number[];
  /** By state, each target once; undefined as number: a state that the constraints cut off. */
  readonly steps: readonly (readonly { readonly target: number | undefined; readonly next: State }[])[];
}

/** An action with the names that are bound where it stands. */
interface BoundAction {
  readonly place: Place;
  readonly syntax: Syntax;
}

interface Fairness extends BoundAction {
  readonly strength: 'weak' | 'strong';
}

/**
 * The temporal properties of a module that some fair behavior violates.
 *
 * As in TLC a step is a pair of states: it is one of every action that is true of the pair, whichever action it was
 * found by. What the module says is read off its text; the search for a fair loop is the checker's.
 *
 * @param specification - the formula with the fairness that is assumed of all.
 */
export function violatedProperties(
  model: Model,
  explored: Explored,
  specification: Syntax,
  properties: ReadonlyMap<string, Syntax>,
): ReadonlySet<string> {
  const root: Place = { model, context: new Map(), state: new Map() };
  const assumed = fairnessOf(root, specification);
  const questions = [...properties].map(([name, syntax]) => {
    refuseWhatTlcRefuses(root, name, syntax, specification);
    const premise = premiseOf(model, syntax);
    const reader = new FormulaReader(explored);
    const formula = reader.read(root, premise === undefined ? syntax : premise.conclusion);
    const own = premise === undefined ? assumed : [...assumed, ...fairnessOf(root, premise.fairness)];
    return { name, reader, formula, fairness: own };
  });
  const violated = new Set<string>();
  for (const { name, reader, formula, fairness } of questions) {
    const actions = [...reader.actions, ...fairness];
    const graph = new StateGraphBuilder(2 ** 16);
    const classes = new Map<string, number>();
    const isStepOf = new Map<number, readonly boolean[]>();
    explored.steps.forEach((steps, index) => {
      graph.beginState();
      for (const { target, next } of steps) {
        const state = explored.states[index]!;
        const truths = actions.map(({ place, syntax }) => evaluateBoolean({ ...place, state, next }, syntax));
        const key = truths.map(Number).join('');
        if (!classes.has(key)) isStepOf.set(classes.size, truths);
        const own = classes.get(key) ?? classes.size;
        classes.set(key, own);
        graph.addStep(target ?? -1, own);
      }
    });
    const paired = joinSteps(graph.finish(explored.initial), classes.size);
    const instancesOf = (action: BoundAction): ReadonlySet<number> =>
      new Set([...isStepOf].flatMap(([one, truths]) => (truths[actions.indexOf(action)]! ? [one] : [])));
    const atoms = reader.atoms.map((one): Atom => {
      if ('holds' in one) {
        const { holds } = one;
        return {
          kind: 'state',
          evaluate: (into) => explored.states.forEach((_, state) => (into[state] = holds(state) ? 1 : 0)),
        };
      }
      return { kind: 'taken', instances: instancesOf(one.action) };
    });
    const constraints = fairness.map((one, index): FairnessConstraint => {
      const members = new Map([...instancesOf(one)].map((instance) => [instance, NO_GUARD]));
      return { strength: one.strength, about: { name: String(index), arguments: [] }, members };
    });
    const { kind } = findViolation({
      graph: paired.graph,
      letters: lettersOf(paired, atoms),
      violation: negate(formula),
      fairness: fairnessTable(paired, constraints, 0, () => {}),
    });
    if (kind === 'failed') throw new Error(`${name} cannot be evaluated`);
    if (kind === 'found') violated.add(name);
  }
  return violated;
}

/** The operator that a name stands for, where it is one without parameters of the module. */
function definitionOf(model: Model, syntax: Syntax): Syntax | undefined {
  const operator = syntax.kind === 'identifier_ref' ? model.operators.get(syntax.text) : undefined;
  return operator?.parameters.length === 0 ? operator.body : undefined;
}

function mentions(model: Model, syntax: Syntax, kinds: readonly string[]): boolean {
  if (kinds.includes(syntax.kind)) return true;
  if (syntax.kind === 'bound_prefix_op' && kinds.includes(syntax.roles['symbol']![0]!.kind)) return true;
  if (syntax.kind === 'bound_prefix_op' && syntax.roles['symbol']![0]!.kind === 'enabled') return false;
  const defined = definitionOf(model, syntax);
  if (defined !== undefined) return mentions(model, defined, kinds);
  if (syntax.kind === 'record_value' || syntax.kind === 'except_update_record_field') return false;
  return syntax.parts.some((part) => mentions(model, part, kinds));
}

const TEMPORAL = ['always', 'eventually', 'leads_to', 'fairness', 'step_expr_or_stutter', 'step_expr_no_stutter'];

/** `fairness => formula`. */
function premiseOf(model: Model, syntax: Syntax): { fairness: Syntax; conclusion: Syntax } | undefined {
  if (syntax.kind !== 'bound_infix_op' || syntax.roles['symbol']![0]!.kind !== 'implies') return undefined;
  const [fairness, conclusion] = [syntax.roles['lhs']![0]!, syntax.roles['rhs']![0]!];
  return mentions(model, fairness, ['fairness']) ? { fairness, conclusion } : undefined;
}

function fairnessOf(place: Place, syntax: Syntax): readonly Fairness[] {
  const { model } = place;
  const { parts, roles } = syntax;
  if (!mentions(model, syntax, ['fairness'])) return [];
  switch (syntax.kind) {
    case 'parentheses':
      return fairnessOf(place, parts[0]!);
    case 'conj_list':
      return parts.flatMap((item) => fairnessOf(place, item.parts.at(-1)!));
    case 'bound_infix_op':
      return [...roles['lhs']!, ...roles['rhs']!].flatMap((side) => fairnessOf(place, side));
    case 'bounded_quantification':
      return [...bindings(place, boundsOf(place, roles['bound']!))].flatMap((inner) =>
        fairnessOf(inner, roles['expression']![0]!),
      );
    case 'identifier_ref':
      return fairnessOf(place, definitionOf(model, syntax)!);
    case 'fairness':
      return [{ place, syntax: parts.at(-1)!, strength: syntax.text.startsWith('WF') ? 'weak' : 'strong' }];
    default:
      throw new Error(`no fairness: ${syntax.kind}`);
  }
}

/** Reads formulas, and gathers what their atoms say. */
class FormulaReader {
  readonly atoms: ({ readonly holds: (state: number) => boolean } | { readonly action: BoundAction })[] = [];
  readonly actions: BoundAction[] = [];

  constructor(readonly explored: Explored) {}

  read(place: Place, syntax: Syntax): Ltl {
    const { model } = place;
    const { parts, roles } = syntax;
    const go = (part: Syntax): Ltl => this.read(place, part);
    if (!mentions(model, syntax, TEMPORAL)) {
      this.atoms.push({
        holds: (state) => evaluateBoolean({ ...place, state: this.explored.states[state]! }, syntax),
      });
      return atom(this.atoms.length - 1);
    }
    switch (syntax.kind) {
      case 'parentheses':
        return go(parts[0]!);
      case 'conj_list':
        return parts.map((item) => go(item.parts.at(-1)!)).reduce((so, one) => and(so, one), constant(true));
      case 'disj_list':
        return parts.map((item) => go(item.parts.at(-1)!)).reduce((so, one) => or(so, one), constant(false));
      case 'identifier_ref':
        return go(definitionOf(model, syntax)!);
      case 'bound_op': {
        const operator = model.operators.get(roles['name']![0]!.text);
        if (!isOperator(operator)) throw new Error(`no formula: ${syntax.kind}`);
        const given = roles['parameter']!.map((one) => evaluate(place, one));
        return this.read(enter(place, operator, given), operator.body);
      }
      case 'bounded_quantification': {
        const ways = [...bindings(place, boundsOf(place, roles['bound']!))];
        const read = ways.map((inner) => this.read(inner, roles['expression']![0]!));
        return roles['quantifier']![0]!.kind === 'forall'
          ? read.reduce((so, one) => and(so, one), constant(true))
          : read.reduce((so, one) => or(so, one), constant(false));
      }
      case 'bound_prefix_op': {
        const operand = roles['rhs']![0]!;
        const symbol = roles['symbol']![0]!.kind;
        if (symbol === 'lnot') return negate(go(operand));
        if (symbol === 'always') return always(this.#afterBox(place, operand));
        if (symbol === 'eventually') return eventually(go(operand));
        throw new Error(`no formula: ${symbol}`);
      }
      case 'bound_infix_op': {
        const [left, right] = [go(roles['lhs']![0]!), go(roles['rhs']![0]!)];
        const symbol = roles['symbol']![0]!.kind;
        if (symbol === 'land') return and(left, right);
        if (symbol === 'lor') return or(left, right);
        if (symbol === 'implies') return or(negate(left), right);
        if (symbol === 'leads_to') return always(or(negate(left), eventually(right)));
        throw new Error(`no formula: ${symbol}`);
      }
      default:
        throw new Error(`TLC cannot handle ${syntax.kind} here`);
    }
  }

  /** TLC takes actions only in `[]<><<A>>_v`. */
  #afterBox(place: Place, operand: Syntax): Ltl {
    const isDiamond = operand.kind === 'bound_prefix_op' && operand.roles['symbol']![0]!.kind === 'eventually';
    const inner = isDiamond ? operand.roles['rhs']![0]! : undefined;
    if (inner?.kind !== 'step_expr_no_stutter') return this.read(place, operand);
    const action = { place, syntax: inner.parts.find(({ kind }) => !kind.endsWith('bracket'))! };
    this.actions.push(action);
    this.atoms.push({ action });
    return eventually(atom(this.atoms.length - 1));
  }
}
