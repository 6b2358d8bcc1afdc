import { fold } from '../../ir/fold.ts';
import type {
  Action,
  Domain,
  Expression,
  FairnessSet,
  Formula,
  Predicate,
  Process,
  Statement,
  System,
  Value,
  Variable,
} from '../../ir/index.ts';
import { cardinality } from '../../ir/index.ts';
import { canFail } from '../tlaplus/failure.ts';
import { existence, fitsWithin } from '../tlaplus/fit.ts';
import { partType } from '../tlaplus/environment.ts';
import { text } from '../tlaplus/node.ts';
import { childrenOf } from '../tlaplus/statement.ts';
import { simplified } from './expression.ts';
import type { Facts, Locals } from './facts.ts';
import { simplifiedFormula } from './formula.ts';
import { withoutLoops, withoutLoopsIn, withoutLoopsInFormula } from './loops.ts';
import type { Possible } from './possible.ts';
import { onlyValue, possibleValue, scalarsOf, unknownOf } from './possible.ts';
import { localsOf, reachOf } from './reach.ts';
import { isImpossible, simplifiedStatements } from './statement.ts';

/** What a model's parameters switch off, by name. */
export interface LeftOut {
  readonly variables: readonly { readonly name: string; readonly value: Value }[];
  readonly actions: readonly string[];
  readonly processes: readonly string[];
  readonly fairness: readonly string[];
  /** Invariants and step properties that say nothing any more. */
  readonly always: readonly string[];
  /** What `sometimes` and `terminal` can never find. */
  readonly never: readonly string[];
}

/**
 * The same system in fewer words: values of parameters are put in, and what they switch off is left out. Variables that
 * hold one value in every reachable state are that value, steps that never happen are gone, and so are conditions that
 * are decided. It has the same states (but for those variables), the same steps and the same verdicts.
 *
 * Invariants and properties are made simpler by no more than what is gone: a checker still judges all of them.
 */
export function specialized(system: System): { readonly system: System; readonly leftOut: LeftOut } {
  const reach = reachOf(system);
  const domains = new Map(system.variables.map(({ name, domain }) => [name, domain]));
  const factsWith = (variables: Map<string, Possible>, dropped: ReadonlySet<string>): Facts => ({
    variables,
    dropped,
    domains,
    onAssign: () => {},
  });
  const simplify = (body: readonly Statement[], action: Action): ReturnType<typeof simplifiedStatements> =>
    simplifiedStatements(factsWith(reach.variables, new Set()), localsOf(action.arguments), body, new Map());
  const isGone = (action: Action): boolean =>
    action.arguments.some(({ domain }) => cardinality(domain) === 0) || isImpossible(simplify(action.body, action));
  const dropped = new Set(system.actions.filter(isGone).map(({ name }) => name));
  const actions = system.actions.filter(({ name }) => !dropped.has(name));
  const processes = system.processes.filter(({ name }) => actions.some(({ process }) => process?.name === name));

  const inSteps = factsWith(reach.variables, dropped);
  const rewrite = (facts: Facts, body: readonly Statement[], given: Action['arguments']): readonly Statement[] =>
    simplifiedStatements(facts, localsOf(given), body, new Map()).statements;
  const bodies = new Map(actions.map((one) => [one.name, rewrite(inSteps, one.body, one.arguments)]));
  const inInit = factsWith(reach.initially, dropped);
  const init = rewrite(inInit, system.init, []);
  const constants = constantsAmong(system, processes, reach.variables, [init, ...bodies.values()], init);

  // Labels that no thread ever stands at.
  const labels = new Map(
    processes.flatMap((one) => {
      const reached = reachedLabels(reach.variables.get(one.counter)!);
      return reached === undefined ? [] : [[one.counter, reached] as const];
    }),
  );
  const narrowed = (domain: Domain, reached: ReadonlySet<string>): Domain => {
    if (domain.kind === 'record') return { ...domain, value: narrowed(domain.value, reached) };
    return domain.kind === 'enum' ? { ...domain, values: domain.values.filter((one) => reached.has(one)) } : domain;
  };
  const variables = system.variables
    .filter(({ name }) => !constants.has(name))
    .map((one): Variable => {
      const reached = labels.get(one.name);
      return reached === undefined ? one : { ...one, domain: narrowed(one.domain, reached) };
    });
  const inPredicates = factsWith(
    new Map(
      system.variables.map(({ name, domain }) => [
        name,
        constants.has(name)
          ? possibleValue(constants.get(name), domain)
          : labels.has(name)
            ? reach.variables.get(name)!
            : unknownOf(domain),
      ]),
    ),
    dropped,
  );
  const stripped = (body: readonly Statement[]): readonly Statement[] =>
    withoutAssignments(body, constants, labels, narrowed);
  const inWords = (one: Expression, locals: Locals = new Map()): Expression => {
    const shorter = simplified(inPredicates, locals, one).expression;
    return simplified(inPredicates, locals, withoutLoopsIn(domains, shorter, [...locals.keys()])).expression;
  };
  const formulaInWords = (one: Formula): Formula => {
    const shorter = simplifiedFormula(inPredicates, new Map(), one);
    return simplifiedFormula(inPredicates, new Map(), withoutLoopsInFormula(domains, shorter));
  };
  const predicate = (one: Predicate): Predicate => ({ ...one, predicate: inWords(one.predicate) });
  const is = (value: boolean) => (one: Predicate) => one.predicate.kind === 'literal' && one.predicate.value === value;
  const kept = (list: readonly Predicate[], switchedOff: boolean): Predicate[] =>
    list.map(predicate).filter((one) => !is(switchedOff)(one));
  const fairness = system.fairness.flatMap((set) => fairnessWithout(set, actions, inPredicates));
  const properties = system.properties.map((one) => ({
    ...one,
    formula: formulaInWords(one.formula),
    ...(one.under && { under: one.under.filter((name) => fairness.some((set) => set.name === name)) }),
  }));
  const made: System = {
    ...system,
    variables,
    init: rewrite(inInit, withoutLoops(domains, stripped(init), []), []),
    actions: actions.map((one) => {
      const given = one.arguments.map(({ name }) => name);
      const body = withoutLoops(domains, stripped(bodies.get(one.name)!), given);
      return { ...one, body: rewrite(inSteps, body, one.arguments) };
    }),
    processes: processes.map((process) => {
      const { kept: _, written: __, ...one } = process; // of the labels that are there no more
      return { ...one, labels: one.labels.filter((label) => labels.get(one.counter)?.has(label) ?? true) };
    }),
    invariants: kept(system.invariants, true),
    steps: kept(system.steps, true),
    sometimes: kept(system.sometimes, false),
    terminal: kept(system.terminal, false),
    within: kept(system.within, true),
    properties,
    fairness,
  };
  const names = (list: readonly { readonly name: string }[]): string[] => list.map(({ name }) => name);
  const gone = (before: readonly { readonly name: string }[], after: readonly { readonly name: string }[]): string[] =>
    names(before).filter((name) => !names(after).includes(name));
  const leftOut: LeftOut = {
    variables: [...constants].map(([name, value]) => ({ name, value })),
    actions: [...dropped],
    processes: gone(system.processes, processes),
    fairness: gone(system.fairness, fairness),
    always: [...gone(system.invariants, made.invariants), ...gone(system.steps, made.steps)],
    never: [...gone(system.sometimes, made.sometimes), ...gone(system.terminal, made.terminal)],
  };
  const still = new Set(names([...made.invariants, ...made.steps, ...made.sometimes, ...properties]));
  const expectations = system.model.expectations.filter((one) => !('property' in one) || still.has(one.property));
  return { system: { ...made, model: { ...system.model, expectations } }, leftOut };
}

/** Variables that need not be in the state, with the one value that they ever have. */
function constantsAmong(
  system: System,
  processes: readonly Process[],
  possible: ReadonlyMap<string, Possible>,
  bodies: readonly (readonly Statement[])[],
  init: readonly Statement[],
): Map<string, Value> {
  const constants = new Map<string, Value>();
  const readByInit = new Set<string>();
  for (const statement of init) {
    fold(statement, (node) => void (node.kind === 'variable' && readByInit.add(node.name)));
  }
  for (const { name, domain } of system.variables) {
    const only = onlyValue(possible.get(name)!, domain);
    if (only === undefined || readByInit.has(name) || processes.some(({ counter }) => counter === name)) continue;
    if (bodies.every((body) => body.every((statement) => assignsSafely(statement, name, domain)))) {
      constants.set(name, only.value);
    }
  }
  // A module without variables is none.
  if (constants.size === system.variables.length) {
    const [first] = constants.keys();
    if (first !== undefined) constants.delete(first);
  }
  return constants;
}

/** Whether nothing is lost with the assignments to a variable: none of them can fail. */
function assignsSafely(statement: Statement, name: string, domain: Domain): boolean {
  const isAbout =
    statement.kind === 'assign' && statement.target.root.kind === 'variable' && statement.target.root.name === name;
  if (!isAbout) return childrenOf(statement).every((one) => assignsSafely(one, name, domain));
  const { target, value } = statement;
  if (canFail(value) || !fitsWithin(value, target.domain)) return false;
  let type = domain;
  for (const segment of target.path) {
    const step = segment.kind === 'field' ? segment : { kind: 'index' as const, node: text('i'), isConstant: false };
    if (segment.kind === 'index' && canFail(segment.index)) return false;
    if (existence(segment.kind === 'index' ? segment.index.type : undefined, type, () => text('x'), step) !== undefined)
      return false;
    type = partType(type, segment.kind === 'field' ? segment.name : undefined);
  }
  return true;
}

function reachedLabels(counter: Possible): ReadonlySet<string> | undefined {
  const leaf = (possible: Possible): Possible => (possible.entries === undefined ? possible : leaf(possible.entries));
  const scalars = scalarsOf(leaf(counter));
  return scalars && new Set(scalars.map(String));
}

function withoutAssignments(
  body: readonly Statement[],
  constants: ReadonlyMap<string, Value>,
  labels: ReadonlyMap<string, ReadonlySet<string>>,
  narrowed: (domain: Domain, reached: ReadonlySet<string>) => Domain,
): readonly Statement[] {
  const go = (inner: readonly Statement[]): readonly Statement[] =>
    withoutAssignments(inner, constants, labels, narrowed);
  return body.flatMap((statement): Statement[] => {
    switch (statement.kind) {
      case 'assign': {
        const { root, domain } = statement.target;
        if (root.kind !== 'variable') return [statement];
        if (constants.has(root.name)) return [];
        const reached = labels.get(root.name);
        if (reached === undefined) return [statement];
        return [{ ...statement, target: { ...statement.target, domain: narrowed(domain, reached) } }];
      }
      case 'if':
        return [{ ...statement, whenTrue: go(statement.whenTrue), whenFalse: go(statement.whenFalse) }];
      case 'for':
      case 'loop':
      case 'block':
        return [{ ...statement, body: go(statement.body) }];
      case 'either':
        return [{ ...statement, branches: statement.branches.map(go) }];
      default:
        return [statement];
    }
  });
}

/** A set of assumptions about the steps that are left; nothing when there are none. */
function fairnessWithout(set: FairnessSet, actions: readonly Action[], facts: Facts): FairnessSet[] {
  const assumptions = set.assumptions.flatMap((assumption) => {
    const groups = assumption.groups.flatMap(({ when, ...group }) => {
      const about = actions.filter(({ name }) => group.actions.includes(name));
      const [first] = about;
      if (first === undefined) return [];
      const condition = when && simplified(facts, localsOf(first.arguments), when).expression;
      const known = condition?.kind === 'literal' ? condition.value : undefined;
      if (known === false) return [];
      const isKept = condition !== undefined && known !== true;
      return [{ ...group, actions: about.map(({ name }) => name), ...(isKept ? { when: condition } : {}) }];
    });
    return groups.length === 0 ? [] : [{ ...assumption, groups }];
  });
  return assumptions.length === 0 ? [] : [{ ...set, assumptions }];
}
