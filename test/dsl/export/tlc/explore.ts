import type { Context, Model, Operator, Place, State } from './place.ts';
import { bindings, boundsOf, evaluate, evaluateBoolean, letContext } from './evaluate.ts';
import { configurationOf } from './configuration.ts';
import { tokensOf } from './lexical.ts';
import { enter, isOperator } from './place.ts';
import { levelOf } from './live-formula.ts';
import { violatedProperties } from './liveness.ts';
import { scopeProblems } from './scope.ts';
import { parseModule } from './syntax.ts';
import type { Syntax } from './syntax.ts';
import type { TlaValue } from './value.ts';
import { equal, keyOf, TlcError } from './value.ts';

/** What TLC would say of a module and its configuration. */
export interface TlcRun {
  /** Initial states as they are generated, duplicates included. */
  readonly initial: number;
  readonly distinct: number;
  /** Successors, duplicates included; without initial states. */
  readonly generated: number;
  /** Invariants, step properties and temporal properties that are violated, by name. */
  readonly violated: ReadonlySet<string>;
  readonly deadlocks: boolean;
  /** What evaluation failed with. */
  readonly errors: ReadonlySet<string>;
}

/**
 * A miniature of TLC, for the TLA+ that the exporter writes: it finds successors as TLC does (conjuncts from left to
 * right, one branch for each disjunct and each element of an existential quantifier, primed variables assigned where they
 * are first met), counts them as TLC does, and refuses comparisons that TLC refuses. Slow; for small models.
 */
export async function runTlc(text: string, config: string, limit = 5000): Promise<TlcRun> {
  tokensOf(text);
  const root = await parseModule(text);
  const problems = scopeProblems(root);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const { model, settings } = configured(root, config);
  const violated = new Set<string>();
  const errors = new Set<string>();
  const place = (state: State, next?: State): Place => ({
    model,
    context: NOTHING,
    state,
    ...(next === undefined ? {} : { next }),
  });
  const attempt = <T>(run: () => T): T | undefined => {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof TlcError)) throw error;
      errors.add(error.message);
      return undefined;
    }
  };
  const bodyOf = (name: string): Syntax => model.operators.get(name)!.body;
  for (const name of [...settings.invariants, ...settings.constraints]) {
    if (levelOf(place(new Map()), bodyOf(name)) !== 'constant') continue;
    if (!evaluateBoolean(place(new Map()), bodyOf(name))) throw new Error(`${name} is the constant FALSE`);
  }

  const seen = new Map<string, number>();
  const states: State[] = [];
  const steps: { target: number | undefined; next: State }[][] = [];
  const judged = new Set<string>();
  const visit = (state: State): number | undefined => {
    const key = stateKey(state);
    const known = seen.get(key);
    if (known !== undefined) return known;
    const isWithin = settings.constraints.every((name) => attempt(() => evaluateBoolean(place(state), bodyOf(name))));
    if (isWithin) {
      seen.set(key, states.length);
      states.push(state);
      if (limit < seen.size) throw new Error(`more than ${limit} states`);
    } else if (judged.has(key)) return undefined;
    judged.add(key);
    for (const name of settings.invariants) {
      if (violated.has(name)) continue;
      if (attempt(() => evaluateBoolean(place(state), bodyOf(name))) === false) violated.add(name);
    }
    return isWithin ? seen.get(key) : undefined;
  };

  const starts: State[] = [];
  attempt(() => branches('init', place(new Map()), bodyOf('Init'), new Map(), (made) => starts.push(made)));
  const initial = [...new Set(starts.flatMap((state) => visit(state) ?? []))];

  let generated = 0;
  let deadlocks = false;
  for (let index = 0; index < states.length; index += 1) {
    const from = states[index]!;
    const successors: State[] = [];
    const failed = errors.size;
    // One alternative of Next at a time, so that one that fails does not hide the others.
    for (const alternative of alternatives(place(from), bodyOf('Next'))) {
      attempt(() =>
        branches('next', alternative.place, alternative.syntax, new Map(), (made) => successors.push(made)),
      );
    }
    if (successors.length === 0 && errors.size === failed && settings.checksDeadlock) deadlocks = true;
    const targets = new Map<string, { target: number | undefined; next: State }>();
    for (const made of successors) {
      for (const variable of model.variables) if (!made.has(variable)) throw new Error(`${variable} is not assigned`);
      generated += 1;
      const target = visit(made);
      if (stateKey(made) === stateKey(from)) continue;
      targets.set(stateKey(made), { target, next: made });
      for (const name of settings.steps) {
        if (violated.has(name)) continue;
        const step = stepOf(model.operators.get(name)!)!;
        if (attempt(() => evaluateBoolean(place(from, made), step)) === false) violated.add(name);
      }
    }
    steps.push([...targets.values()]);
  }
  if (errors.size === 0) {
    const temporal = new Map(settings.properties.map((name) => [name, bodyOf(name)]));
    const found = violatedProperties(model, { states, initial, steps }, bodyOf('Spec'), temporal);
    for (const name of found) violated.add(name);
  }
  deadlocks ||= violated.delete('NoDeadlock');
  return { initial: starts.length, distinct: seen.size, generated, violated, deadlocks, errors };
}

const NOTHING: Context = new Map();

function stateKey(state: State): string {
  return [...state]
    .map(([name, value]) => `${name}=${keyOf(value)}`)
    .sort()
    .join(' ');
}

/** The innermost alternatives of Next, as TLC splits it before it starts. */
function* alternatives(place: Place, syntax: Syntax): Generator<{ place: Place; syntax: Syntax }> {
  if (syntax.kind === 'disj_list') for (const item of syntax.parts) yield* alternatives(place, item.parts.at(-1)!);
  else if (syntax.kind === 'bounded_quantification' && syntax.roles['quantifier']![0]!.kind === 'exists') {
    const ways = splitOf(place, syntax);
    if (ways === undefined) yield { place, syntax };
    else for (const inner of ways) yield* alternatives(inner, syntax.roles['expression']![0]!);
  } else if (syntax.kind === 'bound_op' || syntax.kind === 'identifier_ref') {
    const name = syntax.kind === 'bound_op' ? syntax.roles['name']![0]!.text : syntax.text;
    const operator = place.model.operators.get(name);
    if (operator === undefined) yield { place, syntax };
    else {
      const given = (syntax.roles['parameter'] ?? []).map((one) => evaluate(place, one));
      yield* alternatives(enter(place, operator, given), operator.body);
    }
  } else yield { place, syntax };
}

/** TLC splits before it has a state: where a set depends on one, or cannot be listed, it does not. */
function splitOf(place: Place, syntax: Syntax): readonly Place[] | undefined {
  try {
    const stateless: Place = { ...place, state: new Map() };
    return [...bindings(stateless, boundsOf(stateless, syntax.roles['bound']!))].map((inner) => ({
      ...inner,
      state: place.state,
    }));
  } catch (error) {
    if (error instanceof TlcError) return undefined;
    throw error;
  }
}

/** The steps of `[][A]_vars`. */
function stepOf(operator: Operator): Syntax | undefined {
  const find = (syntax: Syntax): Syntax | undefined =>
    syntax.kind === 'step_expr_or_stutter' ? syntax.parts[0] : syntax.parts.map(find).find((one) => one !== undefined);
  return find(operator.body);
}

/**
 * Every way a formula can come true, as TLC looks for them.
 *
 * @param mode - whether unprimed (`init`) or primed (`next`) variables get their values here.
 * @param made - what they have so far; given to `found` when all conjuncts are through.
 */
function branches(
  mode: 'init' | 'next',
  place: Place,
  syntax: Syntax,
  made: State,
  found: (state: State) => void,
): void {
  const { model } = place;
  const inside = (given: State): Place => (mode === 'init' ? { ...place, state: given } : { ...place, next: given });
  const test = (): void => {
    if (evaluateBoolean(inside(made), syntax)) found(made);
  };
  const all = (items: readonly Syntax[], so: State, at: number): void => {
    if (at === items.length) found(so);
    else branches(mode, place, items[at]!, so, (more) => all(items, more, at + 1));
  };
  const assign = (name: string, value: TlaValue): void => {
    const old = made.get(name);
    if (old === undefined) found(new Map([...made, [name, value]]));
    else if (equal(old, value)) found(made);
  };
  const { roles, parts } = syntax;
  switch (syntax.kind) {
    case 'parentheses':
      return branches(mode, place, parts[0]!, made, found);
    case 'conj_list':
      return all(
        parts.map((item) => item.parts.at(-1)!),
        made,
        0,
      );
    case 'disj_list':
      for (const item of parts) branches(mode, place, item.parts.at(-1)!, made, found);
      return;
    case 'if_then_else': {
      const way = evaluateBoolean(inside(made), roles['if']![0]!) ? 'then' : 'else';
      return branches(mode, place, roles[way]![0]!, made, found);
    }
    case 'let_in':
      return branches(mode, letContext(place, roles['definitions']!), roles['expression']![0]!, made, found);
    case 'bounded_quantification': {
      const ways = [...bindings(inside(made), boundsOf(inside(made), roles['bound']!))];
      const body = roles['expression']![0]!;
      if (roles['quantifier']![0]!.kind === 'exists') {
        for (const inner of ways) branches(mode, { ...place, context: inner.context }, body, made, found);
        return;
      }
      const each = (index: number, so: State): void => {
        if (index === ways.length) found(so);
        else branches(mode, { ...place, context: ways[index]!.context }, body, so, (more) => each(index + 1, more));
      };
      return each(0, made);
    }
    case 'bound_infix_op': {
      const symbol = roles['symbol']![0]!.kind;
      const [left, right] = [roles['lhs']![0]!, roles['rhs']![0]!];
      if (symbol === 'land') return all([left, right], made, 0);
      if (symbol === 'lor') {
        branches(mode, place, left, made, found);
        branches(mode, place, right, made, found);
        return;
      }
      if (symbol === 'implies') {
        if (evaluateBoolean(inside(made), left)) branches(mode, place, right, made, found);
        else found(made);
        return;
      }
      const target = symbol === 'eq' ? assignedVariable(mode, model, place, left) : undefined;
      if (target !== undefined) return assign(target, evaluate(inside(made), right));
      return test();
    }
    case 'bound_prefix_op': {
      if (mode === 'init' || roles['symbol']![0]!.kind !== 'unchanged') return test();
      const names = variablesIn(model, roles['rhs']![0]!);
      let so: State | undefined = made;
      for (const name of names) {
        const [old, value]: [TlaValue | undefined, TlaValue] = [so.get(name), place.state.get(name)!];
        if (old === undefined) so = new Map([...so, [name, value]]);
        else if (!equal(old, value)) return;
      }
      return found(so);
    }
    case 'identifier_ref':
    case 'bound_op': {
      const name = syntax.kind === 'bound_op' ? roles['name']![0]!.text : syntax.text;
      const operator = place.context.get(name) ?? model.operators.get(name);
      if (!isOperator(operator)) return test();
      const given = (roles['parameter'] ?? []).map((one) => evaluate(inside(made), one));
      return branches(mode, enter(place, operator, given), operator.body, made, found);
    }
    default:
      return test();
  }
}

function assignedVariable(mode: 'init' | 'next', model: Model, place: Place, left: Syntax): string | undefined {
  const name = mode === 'init' ? left : left.kind === 'bound_postfix_op' ? left.roles['lhs']![0]! : undefined;
  if (name?.kind !== 'identifier_ref' || place.context.has(name.text)) return undefined;
  return model.variables.has(name.text) ? name.text : undefined;
}

function variablesIn(model: Model, syntax: Syntax): readonly string[] {
  if (syntax.kind === 'identifier_ref') {
    if (model.variables.has(syntax.text)) return [syntax.text];
    return variablesIn(model, model.operators.get(syntax.text)!.body);
  }
  // Tuples may have names, and stand in others.
  return syntax.parts.filter(({ kind }) => kind === 'identifier_ref').flatMap((one) => variablesIn(model, one));
}

interface Settings {
  readonly invariants: readonly string[];
  readonly steps: readonly string[];
  readonly properties: readonly string[];
  readonly constraints: readonly string[];
  readonly checksDeadlock: boolean;
}

/** A module with the constants that its configuration gives. */
function configured(root: Syntax, config: string): { model: Model; settings: Settings } {
  const units = root.parts.find(({ kind }) => kind === 'module')!.parts;
  const operators = new Map<string, Operator>();
  const variables = new Set<string>();
  const declared = new Set<string>();
  for (const unit of units) {
    if (unit.kind === 'variable_declaration') for (const { text } of unit.parts) variables.add(text);
    if (unit.kind === 'constant_declaration') for (const { text } of unit.parts) declared.add(text);
    if (unit.kind !== 'operator_definition') continue;
    const name = unit.roles['name']![0]!.text;
    if (operators.has(name)) throw new Error(`${name} is defined twice`);
    operators.set(name, {
      parameters: (unit.roles['parameter'] ?? []).map(({ text }) => text),
      body: unit.roles['definition']![0]!,
    });
  }
  const { constants, sections } = configurationOf(config);
  const values = (keyword: string): readonly string[] => sections.get(keyword) ?? [];
  for (const name of declared) if (!constants.has(name)) throw new Error(`no value for the constant ${name}`);
  for (const name of constants.keys()) if (!declared.has(name)) throw new Error(`${name} is no constant`);
  const properties = values('PROPERTY');
  const isStep = (name: string): boolean =>
    operators.get(name)!.body.kind === 'bound_prefix_op' &&
    operators.get(name)!.body.roles['rhs']![0]!.kind === 'step_expr_or_stutter';
  return {
    model: { operators, constants, variables, isEnabled },
    settings: {
      invariants: values('INVARIANT'),
      steps: properties.filter(isStep),
      properties: properties.filter((name) => !isStep(name)),
      constraints: values('CONSTRAINT'),
      checksDeadlock: values('CHECK_DEADLOCK').includes('TRUE'),
    },
  };
}

/** As TLC evaluates ENABLED: by looking for a successor, without remembering what a LET stands for. */
function isEnabled(place: Place, action: Syntax): boolean {
  if (action.kind === 'parentheses') return isEnabled(place, action.parts[0]!);
  const mustChange = action.kind === 'step_expr_no_stutter';
  const body = mustChange ? action.parts.find(({ kind }) => !kind.endsWith('bracket'))! : action;
  let found = false;
  branches('next', { model: place.model, context: place.context, state: place.state }, body, new Map(), (made) => {
    found ||= !mustChange || stateKey(made) !== stateKey(place.state);
  });
  return found;
}
