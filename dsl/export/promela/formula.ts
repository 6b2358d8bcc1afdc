import type { Domain, Expression, Formula, Value } from '../../ir/index.ts';
import { equalValues, valuesOf } from '../../ir/index.ts';
import { conditionText, expressionValue } from './expression.ts';
import type { PromelaInstance } from './instance.ts';
import { indented } from './layout.ts';
import type { Model } from './model.ts';
import { constantText, functionScope } from './model.ts';
import type { FunctionScope } from './scope.ts';
import { grouped } from './statement.ts';

/** Writes formulas, and gathers the functions that their atoms call. */
export class FormulaWriter {
  readonly atoms: string[] = [];
  /** Which steps each element of `took` is about. */
  readonly taken: { readonly isAsked: string; readonly members: readonly PromelaInstance[] }[] = [];
  /** The atoms whose values before the last step are kept. */
  readonly before: { readonly isAsked: string; readonly name: string }[] = [];
  /** The directive under which the property at hand is. */
  isAsked = '';
  /** Whether any formula so far is about the past. */
  isEverLate = false;
  #isLate = false;

  constructor(readonly model: Model) {}

  /**
   * A formula. SPIN sees states, not steps: a state knows which step led to it. So where it matters when exactly a step is
   * taken, the formula is about the past: its atoms say what was true before the last step.
   *
   * @param isLateStart - the first state of SPIN is none of the system: it comes before the choice of one.
   */
  claim(formula: Formula, bindings: Bindings, isLateStart: boolean): string {
    this.#isLate = asksWhen(formula);
    this.isEverLate ||= this.#isLate;
    const begins = this.#isLate ? 'began' : isLateStart ? 'started' : undefined;
    return begins === undefined ? this.write(formula, bindings) : this.#begun(formula, bindings, begins);
  }

  /**
   * A formula about the states from the first on in which `begins` is true, and then it stays so. Each outermost operator
   * passes over the states before: leaving that to one `U` around the whole makes automata a hundred times as large.
   */
  #begun(formula: Formula, bindings: Bindings, begins: string): string {
    const go = (part: Formula): string => this.#begun(part, bindings, begins);
    const inside = (part: Formula): string => this.write(part, bindings);
    switch (formula.kind) {
      case 'now':
      case 'taken':
        return `((${begins} == 0) U (${begins} == 1 && ${inside(formula)}))`;
      case 'not':
        return `(!${go(formula.operand)})`;
      case 'always': {
        const { operand } = formula;
        if (operand.kind !== 'implies') return `([] (${begins} == 0 || ${inside(operand)}))`;
        return `([] ((${begins} == 1 && ${inside(operand.left)}) -> ${inside(operand.right)}))`;
      }
      case 'eventually':
        return `(<> (${begins} == 1 && ${inside(formula.operand)}))`;
      case 'and':
        return `(${go(formula.left)} && ${go(formula.right)})`;
      case 'or':
        return `(${go(formula.left)} || ${go(formula.right)})`;
      case 'implies':
        return `(${go(formula.left)} -> ${go(formula.right)})`;
      case 'until':
        return `((${begins} == 0 || ${inside(formula.left)}) U (${begins} == 1 && ${inside(formula.right)}))`;
      case 'leadsTo':
        return `([] ((${begins} == 1 && ${inside(formula.left)}) -> (<> ${inside(formula.right)})))`;
      case 'forAll':
      case 'exists':
        return this.#quantified(formula, bindings, (body, inner) => this.#begun(body, inner, begins));
    }
  }

  write(formula: Formula, bindings: Bindings): string {
    const go = (part: Formula): string => this.write(part, bindings);
    switch (formula.kind) {
      case 'now':
        return this.#atom(formula.predicate, bindings);
      case 'taken':
        return this.#taken(formula, bindings);
      case 'not':
        return `(!${go(formula.operand)})`;
      case 'always':
        return `([] ${go(formula.operand)})`;
      case 'eventually':
        return `(<> ${go(formula.operand)})`;
      case 'and':
        return `(${go(formula.left)} && ${go(formula.right)})`;
      case 'or':
        return `(${go(formula.left)} || ${go(formula.right)})`;
      case 'implies':
        return `(${go(formula.left)} -> ${go(formula.right)})`;
      case 'until':
        return `(${go(formula.left)} U ${go(formula.right)})`;
      case 'leadsTo':
        return `([] (${go(formula.left)} -> (<> ${go(formula.right)})))`;
      case 'forAll':
      case 'exists':
        return this.#quantified(formula, bindings, (body, inner) => this.write(body, inner));
    }
  }

  #quantified(
    formula: Formula & { kind: 'forAll' | 'exists' },
    bindings: Bindings,
    write: (body: Formula, inner: Bindings) => string,
  ): string {
    const parts = [...valuesOf(formula.domain)].map((value) =>
      write(formula.body, new Map([...bindings, [formula.binder, { value, domain: formula.domain }]])),
    );
    if (parts.length === 0) return formula.kind === 'forAll' ? 'true' : 'false';
    return `(${parts.join(formula.kind === 'forAll' ? ' && ' : ' || ')})`;
  }

  #atom(predicate: Expression, bindings: Bindings): string {
    const scope = this.#scope(bindings);
    const name = `atom_${this.atoms.length}`;
    const condition = conditionText(scope, predicate);
    this.atoms.push(indented(`static int ${name}(struct Variables *s) { TEST(${grouped(condition)}, 0); }`));
    if (!this.#isLate) return `(c_expr { ${name} (&now.s) })`;
    this.before.push({ isAsked: this.isAsked, name });
    return `(was[${this.before.length - 1}] == 1)`;
  }

  #taken(formula: Formula & { kind: 'taken' }, bindings: Bindings): string {
    const { model } = this;
    const scope = this.#scope(bindings);
    const members = model.instances.filter((instance) => {
      if (instance.action.name !== formula.action) return false;
      return formula.arguments.every((argument, index) => {
        if (argument === undefined) return true;
        // Arguments of `taken` are constants or values that the formula is quantified over.
        const given = constantOf(argument, bindings);
        if (given === undefined) {
          expressionValue(scope, argument);
          model.writer.refusals.add('taken', 'an argument of it that depends on the state', argument.span);
        }
        return given !== undefined && equalValues(given.value, instance.values[index]);
      });
    });
    this.taken.push({ isAsked: this.isAsked, members });
    return `(took[${this.taken.length - 1}] == 1)`;
  }

  #scope(bindings: Bindings): FunctionScope {
    const { scope } = functionScope(this.model, []);
    for (const [name, { value, domain }] of bindings) {
      scope.locals.set(name, { text: constantText(this.model.writer.conversions, domain, value), domain });
    }
    return scope;
  }
}

/** Whether a formula speaks of steps otherwise than as happening infinitely often. */
export function asksWhen(formula: Formula): boolean {
  switch (formula.kind) {
    case 'now':
      return false;
    case 'taken':
      return true;
    case 'always':
    case 'eventually': {
      const { operand } = formula;
      const other = formula.kind === 'always' ? 'eventually' : 'always';
      if (operand.kind === other && isOfSteps(operand.operand, other === 'always')) return false;
      return asksWhen(operand);
    }
    case 'not':
      return asksWhen(formula.operand);
    case 'and':
    case 'or':
    case 'implies':
    case 'until':
    case 'leadsTo':
      return asksWhen(formula.left) || asksWhen(formula.right);
    case 'forAll':
    case 'exists':
      return asksWhen(formula.body);
  }
}

/** A disjunction of steps (`negative`: that none of them is taken). */
function isOfSteps(formula: Formula, negative: boolean): boolean {
  switch (formula.kind) {
    case 'taken':
      return !negative;
    case 'not':
      return negative && isOfSteps(formula.operand, false);
    case 'or':
      return !negative && isOfSteps(formula.left, false) && isOfSteps(formula.right, false);
    case 'and':
      return negative && isOfSteps(formula.left, true) && isOfSteps(formula.right, true);
    case 'forAll':
      return negative && isOfSteps(formula.body, true);
    case 'exists':
      return !negative && isOfSteps(formula.body, false);
    default:
      return false;
  }
}

function constantOf(expression: Expression, bindings: Bindings): { readonly value: Value } | undefined {
  if (expression.kind === 'literal' || expression.kind === 'parameter') return expression;
  return expression.kind === 'local' ? bindings.get(expression.name) : undefined;
}

interface Binding {
  readonly value: Value;
  readonly domain: Domain;
}

export type Bindings = ReadonlyMap<string, Binding>;
