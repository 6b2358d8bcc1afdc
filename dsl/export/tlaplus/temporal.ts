import { fold } from '../../ir/fold.ts';
import type { AssumptionGroup, Expression, FairnessSet, Formula } from '../../ir/index.ts';
import { normalForm } from '../normal-form.ts';
import { Refusals } from '../refusal.ts';
import { isRigid } from '../rigid.ts';
import type { Environment } from './environment.ts';
import type { Module, Scope } from './scope.ts';
import { actionText } from './call.ts';
import { valueOf } from './expression.ts';
import { Helpers } from './helper.ts';
import { ofStates } from './level.ts';
import type { Node } from './node.ts';
import { apply, infix, inline, junction, operand, PRECEDENCE, text } from './node.ts';
import { held } from './place.ts';

/** Binds as temporal operators do: everything but names is put in parentheses. */
const TEMPORAL = PRECEDENCE.comparison;

/**
 * A temporal property, in negation normal form: TLC does not push negations below temporal operators, and reports
 * violations that are none where a temporal subformula stands negated there. Nor may there be a condition that says the
 * same of every state: TLC takes `[](FALSE => F)` to be violated.
 *
 * What TLC or TLA+ cannot be asked is refused: steps but in `[]<><<A>>_v` outside of other temporal operators, `until`.
 *
 * @returns a boolean when it is settled whatever happens: TLC stops at what it calls a tautology.
 */
export function propertyNode(scope: Scope, environment: Environment, formula: Formula): Node | boolean {
  const helpers = new Helpers();
  const values = scope.module.values.apart(helpers);
  const probe = { ...scope, module: { ...scope.module, helpers, values, refusals: new Refusals() }, onWhole: () => {} };
  const normal = normalForm(formula, (predicate) => settled(probe, environment, predicate));
  if (typeof normal.formula === 'boolean') return normal.formula;
  for (const predicate of normal.unsettled) {
    const message = 'TLC judges wrongly what stands below a temporal operator and is the same in every state';
    scope.module.refusals.add('a condition that does not depend on the state', message, predicate.span);
  }
  return formulaNode(scope, environment, normal.formula, false);
}

/** What a predicate is in every state, when TLA+ would have the constant for it. */
function settled(scope: Scope, environment: Environment, predicate: Expression): boolean | undefined {
  const bound = localsOf(predicate).filter((name) => !environment.locals.has(name));
  const locals = new Map([...environment.locals, ...bound.map((name) => [name, held(text(name))] as const)]);
  const known = inline(valueOf(scope, { ...environment, locals }, predicate));
  return known === 'TRUE' || known === 'FALSE' ? known === 'TRUE' : undefined;
}

function localsOf(predicate: Expression): readonly string[] {
  return fold<readonly string[]>(predicate, (node, parts) => (node.kind === 'local' ? [node.name] : parts.flat()));
}

/** @param isBelow - whether the formula stands below a temporal operator. */
function formulaNode(scope: Scope, environment: Environment, formula: Formula, isBelow: boolean): Node {
  const { module } = scope;
  const go = (part: Formula, below = isBelow): Node => formulaNode(scope, environment, part, below);
  const temporal = (symbol: string, part: Formula): Node =>
    text(`${symbol}${operand(go(part, true), TEMPORAL)}`, PRECEDENCE.not);
  switch (formula.kind) {
    case 'now': {
      const node = valueOf(scope, environment, formula.predicate);
      // What reads the state here and is the same in every state by its types.
      return isBelow && !isRigid(formula.predicate) ? ofStates(module, node) : node;
    }
    case 'not':
      return go(formula.operand);
    case 'taken':
      module.refusals.add(
        'taken',
        'TLC takes a temporal formula about steps only in the form `always(eventually(taken(…)))`, with no temporal operator around it',
        formula.span,
      );
      return text('TRUE');
    case 'until':
      module.refusals.add('until', 'TLA+ has no such operator, and `[]` and `<>` cannot express it', formula.span);
      return text('TRUE');
    case 'always':
      if (formula.operand.kind === 'eventually' && !isBelow) {
        const steps = stepsNode(scope, environment, formula.operand.operand, false);
        if (steps !== undefined) return text(`[]<><<${inline(steps)}>>_vars`, PRECEDENCE.not);
      }
      return temporal('[]', formula.operand);
    case 'eventually':
      if (formula.operand.kind === 'always' && !isBelow) {
        const steps = stepsNode(scope, environment, formula.operand.operand, true);
        if (steps !== undefined) return text(`~([]<><<${inline(steps)}>>_vars)`, PRECEDENCE.not);
      }
      return temporal('<>', formula.operand);
    case 'and':
      return junction('/\\', [go(formula.left), go(formula.right)]);
    case 'or':
      return junction('\\/', [go(formula.left), go(formula.right)]);
    case 'implies':
      return { kind: 'implies', left: go(formula.left), right: go(formula.right) };
    case 'leadsTo':
      return infix(go(formula.left, true), '~>', go(formula.right, true), PRECEDENCE.equivalence);
    case 'forAll':
    case 'exists': {
      const { inner, inside, name } = bound(scope, environment, formula.binder);
      return {
        kind: 'quantifier',
        symbol: formula.kind === 'forAll' ? '\\A' : '\\E',
        binder: name,
        set: module.values.listed(formula.domain, scope.names),
        body: formulaNode(inner, inside, formula.body, isBelow),
      };
    }
  }
}

/**
 * Some of the steps that a formula in negation normal form is about (`negative`: the formula says that none of them
 * happens).
 */
function stepsNode(scope: Scope, environment: Environment, formula: Formula, negative: boolean): Node | undefined {
  if (formula.kind === 'taken' && !negative) return actionText(scope, environment, formula.action, formula.arguments);
  if (formula.kind === 'not' && negative) return stepsNode(scope, environment, formula.operand, false);
  if (formula.kind === 'and' || formula.kind === 'or') {
    if (formula.kind !== (negative ? 'and' : 'or')) return undefined;
    const parts = [formula.left, formula.right].map((part) => stepsNode(scope, environment, part, negative));
    return parts[0] && parts[1] && junction('\\/', [parts[0], parts[1]]);
  }
  if (formula.kind === (negative ? 'forAll' : 'exists')) {
    const { inner, inside, name } = bound(scope, environment, formula.binder);
    const body = stepsNode(inner, inside, formula.body, negative);
    const set = scope.module.values.listed(formula.domain, scope.names);
    return body && { kind: 'quantifier', symbol: '\\E', binder: name, set, body };
  }
  return undefined;
}

function bound(
  scope: Scope,
  environment: Environment,
  binder: string,
): { inner: Scope; inside: Environment; name: string } {
  const inner: Scope = { ...scope, names: scope.names.inner() };
  const name = inner.names.takeLocal(binder);
  const inside = { ...environment, locals: new Map([...environment.locals, [binder, held(text(name))]]) };
  return { inner, inside, name };
}

/** A named set of assumptions: one conjunct for each group, quantified over what it is split by. */
export function fairnessNode(module: Module, scope: Scope, environment: Environment, set: FairnessSet): Node {
  const conjuncts = set.assumptions.flatMap(({ strength, groups }) =>
    groups.map((group) => groupNode(module, scope, environment, strength === 'weak' ? 'WF' : 'SF', group)),
  );
  return conjuncts.length === 0 ? text('TRUE') : junction('/\\', conjuncts);
}

function groupNode(
  module: Module,
  scope: Scope,
  environment: Environment,
  operator: 'WF' | 'SF',
  group: AssumptionGroup,
): Node {
  const { system, values } = module;
  const actions = system.actions.filter(({ name }) => group.actions.includes(name));
  const [first] = actions;
  if (first === undefined) return text('TRUE');
  let inner: Scope = { ...scope, names: scope.names.inner() };
  const split = group.per.map((name) => {
    const { domain } = first.arguments.find((argument) => argument.name === name)!;
    return { name, domain, binder: inner.names.take(name) };
  });
  const process = system.processes.find((one) => {
    const own = system.actions.filter((action) => action.process?.name === one.name);
    return own.length === actions.length && own.every((action) => actions.includes(action));
  });
  const whenFor = (given: ReadonlyMap<string, Node>): Node | undefined => {
    if (group.when === undefined) return undefined;
    const locals = [...given].map(([name, node]) => [name, held(node)] as const);
    return valueOf(inner, { ...environment, locals: new Map([...environment.locals, ...locals]) }, group.when);
  };
  const isWholeProcess = process?.arguments.every(({ name }) => group.per.includes(name)) === true;
  const areSplitAlike = actions.every((action) => action.arguments.every(({ name }) => group.per.includes(name)));
  let steps: Node;
  if (isWholeProcess || areSplitAlike) {
    const given = new Map(split.map(({ name, binder }) => [name, text(binder)]));
    const call = (operator: string, names: readonly { readonly name: string }[]): Node =>
      apply(operator, ...names.map(({ name }) => given.get(name)!));
    const all = isWholeProcess
      ? call(module.processes.get(process.name)!, process.arguments)
      : junction(
          '\\/',
          actions.map((action) => call(module.actions.get(action.name)!, action.arguments)),
        );
    const when = whenFor(given);
    steps = when === undefined ? all : junction('/\\', [when, all]);
  } else {
    const disjuncts = actions.map((action) => {
      const free = action.arguments.filter(({ name }) => !group.per.includes(name));
      inner = { ...inner, names: inner.names.inner() };
      const others = free.map(({ name, domain }) => ({ name, domain, binder: inner.names.take(name) }));
      const given = new Map([...split, ...others].map(({ name, binder }) => [name, text(binder)]));
      const call = apply(module.actions.get(action.name)!, ...action.arguments.map(({ name }) => given.get(name)!));
      const when = whenFor(given);
      return others.reduceRight<Node>(
        (body, { domain, binder }) => ({
          kind: 'quantifier',
          symbol: '\\E',
          binder,
          set: values.listed(domain, inner.names),
          body,
        }),
        when === undefined ? call : junction('/\\', [when, call]),
      );
    });
    steps = junction('\\/', disjuncts);
  }
  const fair = text(`${operator}_vars(${inline(steps)})`);
  return split.reduceRight<Node>(
    (body, { domain, binder }) => ({
      kind: 'quantifier',
      symbol: '\\A',
      binder,
      set: values.listed(domain, inner.names),
      body,
    }),
    fair,
  );
}
