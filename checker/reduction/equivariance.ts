import type { Span } from '../../dsl/diagnostics/span.ts';
import { partsOf } from '../../dsl/ir/fold.ts';
import { isArray, setOf } from '../../dsl/ir/index.ts';
import type { Domain, Expression, Formula, Predicate, Statement, System, Value } from '../../dsl/ir/index.ts';
import { arrayPart, setPart } from '../../dsl/ir/part.ts';
import { foldCommutes } from './commuting-fold.ts';
import { loopCommutes } from './commuting-loop.ts';
import type { IdClasses } from './id-classes.ts';
import { idSetsIn, respectDomain } from './id-sets.ts';
import { mayFail } from './may-fail.ts';

/**
 * Whether all that a system does and says is the same for ids of one class: if π exchanges such ids, then the steps from
 * π(s) are π of the steps from s, and a predicate is true of π(s) where it is of s.
 *
 * Ids can be compared, stored, and used as keys; none of that depends on which they are. What does, tells them apart: a
 * constant that names them, and the order of a set of them where it can be seen. This walks over everything, knows of
 * each construct that it is harmless, or under which conditions, and separates the ids that are concerned where it is not.
 *
 * @see Ip and Dill, "Better verification through symmetry", Formal Methods in System Design 9, 1996.
 */
export function respectSystem(classes: IdClasses, sets: IdSets, system: System): void {
  const walk = (body: (reading: Reading) => void): void => {
    if (!classes.isTrivial) body(new Reading(classes, sets));
  };
  for (const { body } of system.actions) walk((reading) => reading.statements(body));
  const lists: readonly (readonly Predicate[])[] = [
    system.invariants,
    system.steps,
    system.sometimes,
    system.terminal,
    system.within,
  ];
  for (const { predicate } of lists.flat()) walk((reading) => reading.expression(predicate));
}

/** The same of statements that run on a state of their own, such as `init`. */
export function respectStatements(classes: IdClasses, sets: IdSets, body: readonly Statement[]): void {
  new Reading(classes, sets).statements(body);
}

/** The same of a temporal formula, and of what is assumed of fairness where it is judged. */
export function respectFormula(classes: IdClasses, sets: IdSets, formula: Formula): void {
  const reading = new Reading(classes, sets);
  const respect = (part: Formula): void => {
    switch (part.kind) {
      case 'now':
        reading.expression(part.predicate);
        return;
      case 'taken':
        for (const argument of part.arguments) if (argument !== undefined) reading.exact(argument);
        return;
      case 'not':
      case 'always':
      case 'eventually':
        return respect(part.operand);
      case 'forAll':
      case 'exists':
        respectDomain(classes, sets, part.domain, part.span);
        return respect(part.body);
      default:
        respect(part.left);
        respect(part.right);
    }
  };
  respect(formula);
}

/** The same of a condition over the state and some locals. */
export function respectCondition(classes: IdClasses, sets: IdSets, condition: Expression): void {
  new Reading(classes, sets).exact(condition);
}

/** The ids of each set, by its name. */
type IdSets = ReadonlyMap<string, readonly string[]>;

/**
 * The sets of ids whose own order a value depends on. None: when ids change places, it is the same with the ids exchanged.
 * Some: it is a sequence of the same elements, which may come in another order.
 */
type Orders = ReadonlySet<string>;

const NONE: Orders = new Set();

/** Reads the body of one action or predicate, in which names of locals are unique. */
class Reading {
  readonly #classes: IdClasses;
  readonly #sets: IdSets;
  /** Locals that are sequences in some set's own order. */
  readonly #ordered = new Map<string, Orders>();

  constructor(classes: IdClasses, sets: IdSets) {
    this.#classes = classes;
    this.#sets = sets;
  }

  statements(body: readonly Statement[]): void {
    for (const statement of body) this.#statement(statement);
  }

  /** Reads an expression; what it returns is for whoever uses the value. */
  expression(expression: Expression): Orders {
    switch (expression.kind) {
      case 'literal':
      case 'parameter':
        if (this.#isListing(expression.value, expression.type)) return idSetsIn(expression.type);
        this.#classes.respect(expression.value, expression.span);
        return NONE;
      case 'domain':
        respectDomain(this.#classes, this.#sets, expression.domain, expression.span);
        return NONE;
      case 'variable':
        return NONE;
      case 'local':
        return this.#ordered.get(expression.name) ?? NONE;
      case 'conditional': {
        this.exact(expression.condition);
        return joined([this.expression(expression.whenTrue), this.expression(expression.whenFalse)]);
      }
      case 'operation':
        return this.#operation(expression);
      case 'comprehension':
        return this.#comprehension(expression);
      case 'fold':
        return this.#fold(expression);
      case 'evaluate':
        this.statements(expression.body);
        return this.expression(expression.result);
      case 'field':
      case 'index':
      case 'not':
      case 'and':
      case 'or':
      case 'implies':
      case 'object':
      case 'array':
      case 'set':
      case 'enabled':
        for (const part of partsOf(expression)) this.exact(part as Expression);
        return NONE;
    }
  }

  /** Reads what is used as it is: of a sequence, in its order. */
  exact(expression: Expression): void {
    this.#showOrder(this.expression(expression), expression.span);
  }

  #operation(operation: Extract<Expression, { kind: 'operation' }>): Orders {
    const { operator, operands } = operation;
    const [first, ...rest] = operands;
    switch (operator) {
      case 'toArray':
        return this.#ordersOf(first!);
      case 'size':
      case 'includes':
      case 'toSet':
        this.expression(first!);
        for (const operand of rest) this.exact(operand);
        return NONE;
      case 'concat':
        return joined(operands.map((operand) => this.expression(operand)));
      default:
        for (const operand of operands) this.exact(operand);
        return NONE;
    }
  }

  #comprehension(comprehension: Extract<Expression, { kind: 'comprehension' }>): Orders {
    const { operator, over, body, indexBinder, span } = comprehension;
    const orders = this.#ordersOf(over);
    this.exact(body);
    if (indexBinder !== undefined) this.#showOrder(orders, span);
    switch (operator) {
      case 'find':
      case 'findIndex':
        this.#showOrder(orders, span);
        return NONE;
      case 'all':
      case 'some':
        // They stop at the first answer: whether they come to what fails may depend on the order.
        if (mayFail(body)) this.#showOrder(orders, body.span, 'the order in which this is asked of them can show');
        return NONE;
      case 'count':
      case 'record':
        return NONE;
      case 'filter':
      case 'map':
        // Of a set it is a set.
        return arrayPart(comprehension.type) === undefined ? NONE : orders;
    }
  }

  #fold(fold: Extract<Expression, { kind: 'fold' }>): Orders {
    const { over, initial, body, span } = fold;
    const orders = this.#ordersOf(over);
    this.exact(initial);
    this.exact(body);
    if (!foldCommutes(fold)) this.#showOrder(orders, span);
    return NONE;
  }

  #statement(statement: Statement): void {
    switch (statement.kind) {
      case 'assign':
        for (const part of partsOf(statement)) this.exact(part as Expression);
        return;
      case 'let': {
        respectDomain(this.#classes, this.#sets, statement.domain, statement.span);
        const orders = this.expression(statement.value);
        // What is assigned to it later would have to be followed.
        if (statement.mutable) this.#showOrder(orders, statement.span);
        this.#ordered.set(statement.name, orders);
        return;
      }
      case 'if':
        this.exact(statement.condition);
        this.statements(statement.whenTrue);
        return this.statements(statement.whenFalse);
      case 'for': {
        const { over, body, span } = statement;
        const orders = this.#ordersOf(over);
        this.statements(body);
        if (0 < orders.size && !loopCommutes(statement)) this.#showOrder(orders, span);
        return;
      }
      case 'loop':
      case 'block':
        return this.statements(statement.body);
      case 'exit':
        return;
      case 'when':
      case 'verify':
        return this.exact(statement.condition);
      case 'choose':
        respectDomain(this.#classes, this.#sets, statement.domain, statement.span);
        // Each element is chosen once, in whatever order.
        this.expression(statement.from);
        return;
      case 'either':
        return statement.branches.forEach((branch) => this.statements(branch));
    }
  }

  /** Whether a value lists ids, such as all of a set, each once: it would be the same list in another order. */
  #isListing(value: Value, type: Domain): boolean {
    if (!isArray(value) || idSetsIn(type).size === 0) return false;
    const set = setOf(value);
    return set.elements.length === value.length && this.#classes.fixes(set) && !this.#classes.fixes(value);
  }

  /** The orders that going through a collection shows: its own, or those of the ids in a set's elements. */
  #ordersOf(over: Expression): Orders {
    const own = this.expression(over);
    const set = setPart(over.type);
    return set === undefined ? own : new Set([...own, ...idSetsIn(set.element)]);
  }

  #showOrder(orders: Orders, span: Span, message = 'the order in which they come can show'): void {
    for (const name of orders) this.#classes.separate(name, message, span);
  }
}

function joined(orders: readonly Orders[]): Orders {
  return new Set(orders.flatMap((one) => [...one]));
}
