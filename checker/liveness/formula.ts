import type { Span } from '../../dsl/diagnostics/span.ts';
import { fold } from '../../dsl/ir/fold.ts';
import { cardinality, valuesOf } from '../../dsl/ir/index.ts';
import type { Action, Domain, Expression, Formula, ObjectValue, System, Value } from '../../dsl/ir/index.ts';
import { chosenBy } from '../plan/branch.ts';
import { implicationsOf } from '../plan/implication.ts';
import type { Implication } from '../plan/implication.ts';
import type { PredicateRequest } from '../plan/plan.ts';
import { FormulaTooLarge } from './buchi.ts';
import { always, and, atom, constant, eventually, negate, or, until } from './ltl.ts';
import type { Ltl } from './ltl.ts';

/** One thing that a property claims: the property itself, or the property for one value of each outer quantifier. */
export interface Claim {
  /** The values of the outer quantifiers. */
  readonly bindings: ObjectValue;
  readonly formula: Ltl;
  readonly atoms: readonly AtomRequest[];
  /** The left sides of its `leadsTo`s and implications that are a matter of states. */
  readonly triggers: readonly Trigger[];
  /** Those of implications within its predicates. */
  readonly implications: readonly RequestedImplication[];
}

export interface Trigger {
  readonly kind: 'leadsTo' | 'implies';
  readonly formula: Ltl;
  /** Of the left side. */
  readonly span: Span;
}

/** The left side of an implication within a predicate of states. */
export interface RequestedImplication {
  readonly span: Span;
  /** Whether it comes to it and it holds: an index into what {@link PredicateRequests} gathered. */
  readonly request: number;
}

/** What an atom asks, before there is a plan. */
export type AtomRequest =
  /** An index into what {@link PredicateRequests} gathered. */
  | { readonly kind: 'predicate'; readonly request: number }
  | { readonly kind: 'taken'; readonly action: string; readonly arguments: ArgumentPattern };

/** For each argument its value, or undefined for any. */
export type ArgumentPattern = readonly ({ readonly value: Value } | undefined)[];

/** The predicates that formulas ask of states, each once. */
export class PredicateRequests {
  readonly list: PredicateRequest[] = [];
  private readonly numbers = new Map<Expression, Map<string, number>>();
  private readonly implications = new Map<Expression, readonly Implication[]>();

  /** Always the same objects for the same expression, so that they are asked for once. */
  implicationsOf(expression: Expression): readonly Implication[] {
    const known = this.implications.get(expression) ?? implicationsOf(expression);
    this.implications.set(expression, known);
    return known;
  }

  numberOf(expression: Expression, locals: ReadonlyMap<string, Value>): number {
    const names = localsIn(expression);
    const bindings = new Map([...locals].filter(([name]) => names.has(name)));
    const key = keyOf([...bindings].flat());
    const known = this.numbers.get(expression) ?? new Map<string, number>();
    this.numbers.set(expression, known);
    let number = known.get(key);
    if (number === undefined) {
      number = this.list.push({ expression, bindings, ofStep: false }) - 1;
      known.set(key, number);
    }
    return number;
  }
}

/**
 * Takes a property apart into claims that can be judged one by one, and says each in LTL over numbered atoms with all
 * quantifiers written out. Claims come in the order of the formula and of the values.
 *
 * @throws FormulaTooLarge when writing out quantifiers would give more than a hundred thousand parts.
 */
export function claimsOf(system: System, formula: Formula, requests: PredicateRequests): readonly Claim[] {
  return splitOuter(formula, new Map()).map(({ rewrap, body, locals }) => {
    const writer = new Writer(system, requests);
    const inner = writer.formula(body, locals);
    const bindings = Object.fromEntries(locals);
    const { atoms, triggers, implications } = writer;
    return { bindings, formula: rewrap ? always(inner) : inner, atoms, triggers, implications };
  });
}

interface Part {
  readonly body: Formula;
  readonly locals: ReadonlyMap<string, Value>;
  /** Whether `body` stands under an `always`. */
  readonly rewrap: boolean;
}

/** `forAll` and `and` at the outside are separate claims, also under `always`, with which they commute. */
function splitOuter(formula: Formula, locals: ReadonlyMap<string, Value>): readonly Part[] {
  switch (formula.kind) {
    case 'forAll':
      return valuesWithin(formula.domain).flatMap((value) =>
        splitOuter(formula.body, new Map([...locals, [formula.binder, value]])),
      );
    case 'and':
      return [...splitOuter(formula.left, locals), ...splitOuter(formula.right, locals)];
    case 'always':
      return splitOuter(formula.operand, locals).map((part) => ({ ...part, rewrap: true }));
    default:
      return [{ body: formula, locals, rewrap: false }];
  }
}

const MAX_PARTS = 100_000;

/** Writes one claim, and numbers its atoms. */
class Writer {
  readonly atoms: AtomRequest[] = [];
  readonly triggers: Trigger[] = [];
  readonly implications: RequestedImplication[] = [];
  private readonly numbers = new Map<string, number>();
  private parts = 0;

  constructor(
    private readonly system: System,
    private readonly requests: PredicateRequests,
  ) {}

  formula(formula: Formula, locals: ReadonlyMap<string, Value>): Ltl {
    this.countPart();
    const write = (part: Formula): Ltl => this.formula(part, locals);
    switch (formula.kind) {
      case 'now':
        return this.predicate(formula.predicate, locals);
      case 'taken':
        return this.taken(formula.action, formula.arguments, locals);
      case 'not':
        return negate(write(formula.operand));
      case 'always':
        return always(write(formula.operand));
      case 'eventually':
        return eventually(write(formula.operand));
      case 'and':
        return and(write(formula.left), write(formula.right));
      case 'or':
        return or(write(formula.left), write(formula.right));
      case 'implies': {
        const left = write(formula.left);
        if (this.isOfStates(left) && asksState(formula.left))
          this.triggers.push({ kind: 'implies', formula: left, span: formula.left.span });
        return or(negate(left), write(formula.right));
      }
      case 'until':
        return until(write(formula.left), write(formula.right));
      case 'leadsTo': {
        const left = write(formula.left);
        if (this.isOfStates(left) && asksState(formula.left))
          this.triggers.push({ kind: 'leadsTo', formula: left, span: formula.left.span });
        return always(or(negate(left), eventually(write(formula.right))));
      }
      case 'forAll':
      case 'exists': {
        const bodies = valuesWithin(formula.domain).map((value) =>
          this.formula(formula.body, new Map([...locals, [formula.binder, value]])),
        );
        return formula.kind === 'forAll' ? bodies.reduce(and, constant(true)) : bodies.reduce(or, constant(false));
      }
    }
  }

  private predicate(expression: Expression, locals: ReadonlyMap<string, Value>): Ltl {
    this.countPart();
    if (expression.kind === 'literal' && typeof expression.value === 'boolean') return constant(expression.value);
    return this.stateAtom(expression, locals);
  }

  private stateAtom(expression: Expression, locals: ReadonlyMap<string, Value>): Ltl {
    const request = this.requests.numberOf(expression, locals);
    for (const { span, trigger } of this.requests.implicationsOf(expression)) {
      this.implications.push({ span, request: this.requests.numberOf(trigger, locals) });
    }
    return this.atom(`p${request}`, { kind: 'predicate', request });
  }

  /** An argument that depends on the state is a choice: for some value of its domain, it has it and is it. */
  private taken(name: string, given: readonly (Expression | undefined)[], locals: ReadonlyMap<string, Value>): Ltl {
    let alternatives: { condition: Ltl; pattern: ArgumentPattern }[] = [{ condition: constant(true), pattern: [] }];
    given.forEach((argument, index) => {
      const fixed = argument === undefined ? undefined : knownValue(argument, locals);
      if (argument === undefined || fixed !== undefined) {
        alternatives = alternatives.map(({ condition, pattern }) => ({ condition, pattern: [...pattern, fixed] }));
        return;
      }
      const domain = actionsNamed(this.system, name)[0]?.arguments[index]?.domain ?? argument.type;
      alternatives = alternatives.flatMap(({ condition, pattern }) =>
        valuesWithin(domain).map((value) => ({
          condition: and(condition, this.stateAtom(equality(argument, value), locals)),
          pattern: [...pattern, { value }],
        })),
      );
    });
    return alternatives
      .map(({ condition, pattern }) => {
        const key = `taken ${name} ${pattern.map((one) => (one === undefined ? '*' : keyOf([one.value]))).join()}`;
        return and(condition, this.atom(key, { kind: 'taken', action: name, arguments: pattern }));
      })
      .reduce(or, constant(false));
  }

  private atom(key: string, request: AtomRequest): Ltl {
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.atoms.push(request) - 1;
      this.numbers.set(key, number);
    }
    return atom(number);
  }

  private isOfStates(formula: Ltl): boolean {
    switch (formula.kind) {
      case 'true':
      case 'false':
        return true;
      case 'literal':
        return this.atoms[formula.atom]!.kind !== 'taken';
      case 'and':
      case 'or':
        return this.isOfStates(formula.left) && this.isOfStates(formula.right);
      case 'until':
      case 'release':
        return false;
    }
  }

  private countPart(): void {
    this.parts += 1;
    if (MAX_PARTS < this.parts) throw new FormulaTooLarge();
  }
}

/** Whether it depends on the state, and parameters do not rule it out, if a formula is true. */
function asksState(formula: Formula): boolean {
  const isOfState = fold<boolean>(
    formula,
    (node, parts) => node.kind === 'variable' || node.kind === 'enabled' || parts.includes(true),
  );
  return isOfState && !isRuledOut(formula);
}

function isRuledOut(formula: Formula): boolean {
  switch (formula.kind) {
    case 'now':
      return chosenBy(formula.predicate) === false;
    case 'and':
      return isRuledOut(formula.left) || isRuledOut(formula.right);
    case 'forAll':
    case 'exists':
      return isRuledOut(formula.body);
    default:
      return false;
  }
}

/** The actions of a name: one action, or the steps of a process, or its time-outs. */
export function actionsNamed(system: System, name: string): readonly Action[] {
  return system.actions.filter((action) => action.name === name || groupName(action) === name);
}

/** What is said of the steps of a process together, or of its time-outs, is said of this name. */
export function groupName({ name, process, timeout }: Action): string {
  return process?.name ?? (timeout === undefined ? name : `${timeout.name}.timeouts`);
}

function knownValue(expression: Expression, locals: ReadonlyMap<string, Value>): { readonly value: Value } | undefined {
  if (expression.kind === 'literal' || expression.kind === 'parameter') return { value: expression.value };
  if (expression.kind === 'local' && locals.has(expression.name)) return { value: locals.get(expression.name) };
  return undefined;
}

function equality(left: Expression, value: Value): Expression {
  const { span, type } = left;
  const right: Expression = { kind: 'literal', value, span, type };
  return { kind: 'operation', operator: 'equal', operands: [left, right], span, type: { kind: 'boolean' } };
}

function valuesWithin(domain: Domain): readonly Value[] {
  if (MAX_PARTS < cardinality(domain)) throw new FormulaTooLarge();
  return [...valuesOf(domain)];
}

function localsIn(expression: Expression): ReadonlySet<string> {
  const names = new Set<string>();
  fold<void>(expression, (node) => {
    if (node.kind === 'local') names.add(node.name);
  });
  return names;
}

function keyOf(values: readonly Value[]): string {
  return JSON.stringify(values, (_, value: unknown) => (value === undefined ? { undefined: true } : value));
}
