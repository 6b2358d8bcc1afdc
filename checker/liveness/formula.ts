import type { Span } from '../../dsl/diagnostics/span.ts';
import { fold, hasNode } from '../../dsl/ir/fold.ts';
import { cardinality, valuesOf } from '../../dsl/ir/index.ts';
import type { Action, Domain, Expression, Formula, ObjectValue, System, Value } from '../../dsl/ir/index.ts';
import { chosenBy } from '../plan/branch.ts';
import { implicationsOf } from '../plan/implication.ts';
import type { Implication, Implications } from '../plan/implication.ts';
import type { PredicateRequest } from '../plan/plan.ts';
import { allOf, anyOf, mapConditions, NEVER, unconditional } from '../plan/vacuity.ts';
import type { Vacuity } from '../plan/vacuity.ts';
import { FormulaTooLarge } from './buchi.ts';
import { always, and, atom, constant, eventually, isPropositional, negate, or, until } from './ltl.ts';
import type { Ltl } from './ltl.ts';

/** One thing that a property claims: the property itself, or the property for one value of each outer quantifier. */
export interface Claim {
  /** Which conjunct of the property, in the order of the source: others of it are about other values of the quantifiers. */
  readonly part: number;
  /** The values of the outer quantifiers. */
  readonly bindings: ObjectValue;
  readonly formula: Ltl;
  readonly atoms: readonly AtomRequest[];
  /** The left sides of its `leadsTo`s and implications that are a matter of one state and the step that leaves it. */
  readonly triggers: readonly Trigger[];
  /** When it says nothing. */
  readonly vacuity: Vacuity<Condition>;
}

export interface Trigger {
  readonly kind: 'leadsTo' | 'implies';
  readonly formula: Ltl;
  /** Of the left side. */
  readonly span: Span;
  /** Whether its author would want to know that it never holds: it is a matter of states, and not of parameters. */
  readonly isWorthAWarning: boolean;
}

/** An implication within a predicate, with the values of the locals around the predicate. */
export interface RequestedImplication extends Implication {
  readonly bindings: ReadonlyMap<string, Value>;
  /** Whether its trigger holds: an index into what {@link PredicateRequests} gathered; absent when `of` is nothing. */
  readonly request?: number;
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
  private readonly implications = new Map<Expression, Implications>();
  /** All implications that were asked for, in the order of the source. */
  readonly asked: RequestedImplication[] = [];

  /** When a predicate says nothing. What has to be known for that is asked for, once for the same expression. */
  vacuityOf(expression: Expression, locals: ReadonlyMap<string, Value>): Vacuity<RequestedImplication> {
    const known = this.implications.get(expression) ?? implicationsOf(expression);
    this.implications.set(expression, known);
    const requested = new Map(known.list.map((one) => [one, this.requested(one, locals)]));
    this.asked.push(...requested.values());
    return mapConditions(known.vacuity, (condition) => requested.get(condition)!);
  }

  private requested(implication: Implication, locals: ReadonlyMap<string, Value>): RequestedImplication {
    const { trigger, of } = implication;
    if (of === 'nothing') return { ...implication, bindings: locals };
    return { ...implication, bindings: locals, request: this.numberOf(trigger, locals, of === 'step') };
  }

  numberOf(expression: Expression, locals: ReadonlyMap<string, Value>, ofStep = false): number {
    const names = localsIn(expression);
    const bindings = new Map([...locals].filter(([name]) => names.has(name)));
    const key = keyOf([...bindings].flat());
    const known = this.numbers.get(expression) ?? new Map<string, number>();
    this.numbers.set(expression, known);
    let number = known.get(key);
    if (number === undefined) {
      number = this.list.push({ expression, bindings, ofStep }) - 1;
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
  const bodies = new Map<Formula, number>();
  return splitOuter(formula, new Map()).map(({ rewrap, body, locals }) => {
    const part = bodies.get(body) ?? bodies.size;
    bodies.set(body, part);
    const writer = new Writer(system, requests);
    const inner = writer.formula(body, locals);
    const bindings = Object.fromEntries(locals);
    const { atoms, triggers } = writer;
    return { part, bindings, formula: rewrap ? always(inner.ltl) : inner.ltl, atoms, triggers, vacuity: inner.vacuity };
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

/** What has to hold somewhere for a claim to say something. */
type Condition = Trigger | RequestedImplication;

interface Written {
  readonly ltl: Ltl;
  readonly vacuity: Vacuity<Condition>;
}

/** Writes one claim, and numbers its atoms. */
class Writer {
  readonly atoms: AtomRequest[] = [];
  readonly triggers: Trigger[] = [];
  private readonly numbers = new Map<string, number>();
  private parts = 0;

  constructor(
    private readonly system: System,
    private readonly requests: PredicateRequests,
  ) {}

  formula(formula: Formula, locals: ReadonlyMap<string, Value>): Written {
    this.countPart();
    const write = (part: Formula): Written => this.formula(part, locals);
    switch (formula.kind) {
      case 'now':
        return this.predicate(formula.predicate, locals);
      case 'taken':
        return { ltl: this.taken(formula.action, formula.arguments, locals), vacuity: NEVER };
      case 'not':
        return { ltl: negate(write(formula.operand).ltl), vacuity: NEVER };
      case 'always':
      case 'eventually': {
        const { ltl, vacuity } = write(formula.operand);
        return { ltl: formula.kind === 'always' ? always(ltl) : eventually(ltl), vacuity };
      }
      case 'and': {
        const [left, right] = [write(formula.left), write(formula.right)];
        return { ltl: and(left.ltl, right.ltl), vacuity: allOf([left.vacuity, right.vacuity]) };
      }
      case 'or': {
        const { left } = formula;
        if (left.kind === 'not') return this.implication('implies', left.operand, formula.right, locals, false);
        const [first, second] = [write(left), write(formula.right)];
        return { ltl: or(first.ltl, second.ltl), vacuity: anyOf([first.vacuity, second.vacuity]) };
      }
      case 'implies':
        return this.implication('implies', formula.left, formula.right, locals);
      case 'leadsTo': {
        const { ltl, vacuity } = this.implication('leadsTo', formula.left, formula.right, locals);
        return { ltl: always(ltl), vacuity };
      }
      case 'until': {
        const [left, right] = [write(formula.left), write(formula.right)];
        return { ltl: until(left.ltl, right.ltl), vacuity: right.vacuity };
      }
      case 'forAll':
      case 'exists': {
        const bodies = valuesWithin(formula.domain).map((value) =>
          this.formula(formula.body, new Map([...locals, [formula.binder, value]])),
        );
        const parts = bodies.map(({ vacuity }) => vacuity);
        return formula.kind === 'forAll'
          ? {
              ltl: bodies.reduce((all, { ltl }) => and(all, ltl), constant(true)),
              vacuity: parts.length === 0 ? unconditional(formula.span, 'elements') : allOf(parts),
            }
          : { ltl: bodies.reduce((some, { ltl }) => or(some, ltl), constant(false)), vacuity: anyOf(parts) };
      }
    }
  }

  /** `left → right`, or `left → ◇right` for a `leadsTo`, of which the caller makes an invariant. */
  private implication(
    kind: Trigger['kind'],
    left: Formula,
    right: Formula,
    locals: ReadonlyMap<string, Value>,
    mayWarn = true,
  ): Written {
    const antecedent = this.formula(left, locals).ltl;
    const consequent = this.formula(right, locals);
    const ltl = or(negate(antecedent), kind === 'leadsTo' ? eventually(consequent.ltl) : consequent.ltl);
    if (!isPropositional(antecedent)) return { ltl, vacuity: consequent.vacuity };
    const isWorthAWarning = mayWarn && this.isOfStates(antecedent) && asksState(left);
    const trigger: Trigger = { kind, formula: antecedent, span: left.span, isWorthAWarning };
    this.triggers.push(trigger);
    return { ltl, vacuity: anyOf<Condition>([{ kind: 'unless', condition: trigger }, consequent.vacuity]) };
  }

  private predicate(expression: Expression, locals: ReadonlyMap<string, Value>): Written {
    this.countPart();
    const vacuity = this.requests.vacuityOf(expression, locals);
    if (expression.kind === 'literal' && typeof expression.value === 'boolean') {
      return { ltl: constant(expression.value), vacuity };
    }
    return { ltl: this.stateAtom(expression, locals), vacuity };
  }

  private stateAtom(expression: Expression, locals: ReadonlyMap<string, Value>): Ltl {
    const request = this.requests.numberOf(expression, locals);
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
    return literalsOf(formula).every((atom) => this.atoms[atom]!.kind !== 'taken');
  }

  private countPart(): void {
    this.parts += 1;
    if (MAX_PARTS < this.parts) throw new FormulaTooLarge();
  }
}

function literalsOf(formula: Ltl): readonly number[] {
  switch (formula.kind) {
    case 'true':
    case 'false':
      return [];
    case 'literal':
      return [formula.atom];
    default:
      return [...literalsOf(formula.left), ...literalsOf(formula.right)];
  }
}

/** Whether it depends on the state, and parameters do not rule it out, if a formula is true. */
function asksState(formula: Formula): boolean {
  const isOfState = hasNode(formula, ({ kind }) => kind === 'variable' || kind === 'enabled');
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
