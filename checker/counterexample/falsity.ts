import { authorsName } from '../../dsl/ir/authors-names.ts';
import { rewriteExpression } from '../../dsl/ir/fold.ts';
import type { Comprehension, Domain, Expression, ObjectValue, Value } from '../../dsl/ir/index.ts';
import { formatValue, isArray, SetValue, valuesOf } from '../../dsl/ir/index.ts';
import { collectionOf, NEVER } from '../../dsl/ir/part.ts';
import { printExpression } from '../../dsl/ir/print.ts';
import { evaluateIn } from '../engine/interpreter.ts';
import type { Plan } from '../plan/plan.ts';
import type { Bound, FalsePart } from './behavior.ts';
import type { Typed } from './identities.ts';
import { isPlace, readingsOf } from './places.ts';
import type { Reading } from './places.ts';
import { settled } from './settled.ts';

/** A state, and for a step property the one after it. */
export interface Moment {
  readonly state: ObjectValue;
  readonly next?: ObjectValue | undefined;
}

/**
 * The parts of a predicate that make it false: of a conjunction the first false conjunct, of a disjunction all of them, of
 * a quantifier over all the first element that is none of them, and so on down to comparisons and places. Whatever else a
 * state may be, the predicate is false in it while these parts read what they read here.
 *
 * @param bindings - of locals that the predicate takes from what is around it.
 */
export function falsityOf(
  plan: Plan,
  predicate: Expression,
  bindings: ReadonlyMap<string, Value>,
  moment: Moment,
): readonly FalsePart[] {
  return causesOf(plan, predicate, bindings, moment).map(({ part }) => part);
}

/** A part, as an expression without locals, and what it reads. */
export interface Cause {
  readonly part: FalsePart;
  /** Those of `part.bound`, with their domains. */
  readonly elements: readonly Typed[];
  readonly expression: Expression;
  /** Of the part and of the elements that it is about. */
  readonly readings: readonly Reading[];
}

/** {@link falsityOf}, with what can be asked of other states. */
export function causesOf(
  plan: Plan,
  predicate: Expression,
  bindings: ReadonlyMap<string, Value>,
  moment: Moment,
): readonly Cause[] {
  const search = new Search(plan, moment);
  search.explain(withValues(predicate, bindings), false, NOTHING_BOUND);
  const causes = [...search.causes.values()];
  // What is true or false in every state explains nothing, unless there is nothing else.
  const told = causes.filter(({ part, readings }) => 0 < readings.length + part.sides.length);
  return 0 < told.length ? told : causes;
}

/**
 * Why a condition without locals has the truth that it has, as {@link causesOf} says why one is false; nothing of what is
 * the same in every state.
 */
export function reasonsFor(plan: Plan, condition: Expression, truth: boolean, state: ObjectValue): readonly Cause[] {
  const search = new Search(plan, { state });
  search.explain(condition, truth, NOTHING_BOUND);
  return [...search.causes.values()].filter(({ readings }) => 0 < readings.length);
}

/** Locals as what they stand for, under their names. */
function withValues(expression: Expression, bindings: ReadonlyMap<string, Value>): Expression {
  return rewriteExpression(expression, (part) =>
    part.kind === 'local' && bindings.has(part.name)
      ? { kind: 'parameter', name: part.name, value: bindings.get(part.name), type: part.type, span: part.span }
      : part,
  );
}

/** The elements at which quantifiers were decided, with what makes them elements. */
interface Around {
  readonly bound: readonly Bound[];
  /** The same elements with their domains. */
  readonly elements: readonly Typed[];
  readonly readings: readonly Reading[];
}

const NOTHING_BOUND: Around = { bound: [], elements: [], readings: [] };

class Search {
  readonly causes = new Map<string, Cause>();

  constructor(
    private readonly plan: Plan,
    private readonly moment: Moment,
  ) {}

  /**
   * Why an expression without locals has this truth.
   *
   * @param around - the elements at which quantifiers around it were decided, outermost first.
   */
  explain(expression: Expression, truth: boolean, around: Around): void {
    switch (expression.kind) {
      case 'not':
        if (isTakenApart(expression.operand)) return this.explain(expression.operand, !truth, around);
        break;
      case 'and':
      case 'or':
        // All of them together are true, or false; one is enough to be the other.
        if (truth === (expression.kind === 'and')) {
          this.explain(expression.left, truth, around);
          return this.explain(expression.right, truth, around);
        }
        return this.explain(this.is(expression.left, truth) ? expression.left : expression.right, truth, around);
      case 'implies':
        if (!truth) {
          this.explain(expression.left, true, around);
          return this.explain(expression.right, false, around);
        }
        return this.is(expression.left, false)
          ? this.explain(expression.left, false, around)
          : this.explain(expression.right, true, around);
      case 'conditional': {
        const isChosen = this.is(expression.condition, true);
        this.explain(expression.condition, isChosen, around);
        return this.explain(isChosen ? expression.whenTrue : expression.whenFalse, truth, around);
      }
      case 'comprehension':
        if (this.explainElement(expression, truth, around)) return;
        break;
      case 'evaluate': {
        const found = settled(expression, (one) => this.is(one, true));
        if (found === undefined) break;
        for (const { expression: condition, truth: asked, rounds } of found.conditions) {
          const own = rounds.map(({ binder, value }): Bound => ({ name: authorsName(binder), value, reads: [] }));
          this.explain(condition, asked, {
            ...around,
            bound: [...around.bound, ...own],
            elements: [...around.elements, ...rounds],
          });
        }
        return this.explain(found.value, truth, around);
      }
      default:
    }
    this.tell(expression, truth, around);
  }

  /** A quantifier that one element decides; false when none does. */
  private explainElement(expression: Expression & Comprehension, truth: boolean, around: Around): boolean {
    const { operator, over, binder, indexBinder, body } = expression;
    if (operator !== (truth ? 'some' : 'all')) return false;
    const elements = this.elementsOf(over);
    for (const [index, element] of elements?.entries() ?? []) {
      const at: Expression = { kind: 'literal', value: index, type: INDEX, span: over.span };
      const isSequence = over.kind !== 'domain' && isArray(this.valueOf(over)?.value);
      const inner = rewriteExpression(body, (part) => {
        if (part.kind !== 'local' || (part.name !== binder && part.name !== indexBinder)) return part;
        if (part.name === indexBinder) return { ...at, span: part.span };
        if (isSequence && isPlace(over)) {
          return { kind: 'index', object: over, index: at, type: part.type, span: part.span };
        }
        return { kind: 'literal', value: element, type: part.type, span: part.span };
      });
      if (!this.is(inner, truth)) continue;
      const reads = over.kind === 'domain' ? [] : this.readings(isSequence ? entry(over, at) : member(over, element));
      const here: Bound[] = [{ name: authorsName(binder), value: element, reads: reads.map(readOf) }];
      const typed: Typed[] = [{ domain: elementDomain(over), value: element }];
      if (indexBinder !== undefined) {
        here.push({ name: authorsName(indexBinder), value: index, reads: [] });
        typed.push({ domain: INDEX, value: index });
      }
      this.explain(inner, truth, {
        bound: [...around.bound, ...here],
        elements: [...around.elements, ...typed],
        readings: [...around.readings, ...reads],
      });
      return true;
    }
    return false;
  }

  private elementsOf(over: Expression): readonly Value[] | undefined {
    if (over.kind === 'domain') return [...valuesOf(over.domain)];
    const value = this.valueOf(over)?.value;
    if (value instanceof SetValue) return value.elements;
    return value !== undefined && isArray(value) ? value : undefined;
  }

  private tell(expression: Expression, isTrue: boolean, { bound, elements, readings }: Around): void {
    const own = this.readings(expression);
    const { span } = expression;
    const part = { span, isTrue, bound, reads: own.map(readOf), sides: this.sidesOf(expression) };
    // Statements may ask for one thing several times.
    const key = [printExpression(expression), ...bound.map(({ name, value }) => `${name} ${formatValue(value)}`)];
    const cause = { part, elements, expression, readings: [...readings, ...own] };
    if (!this.causes.has(key.join('\0'))) this.causes.set(key.join('\0'), cause);
  }

  /** What is compared, where that is more than a place or a value that is written out. */
  private sidesOf(expression: Expression): FalsePart['sides'] {
    if (expression.kind !== 'operation' || !COMPARISONS.has(expression.operator)) return [];
    return expression.operands.flatMap((operand) => {
      if (operand.kind === 'literal' || isPlace(operand)) return [];
      const value = this.valueOf(operand);
      if (value === undefined) return [];
      const counted = this.countedBy(operand);
      return [{ span: operand.span, value: value.value, ...(counted !== undefined && { counted }) }];
    });
  }

  /** The elements that an expression counts: `count(…)`, or the size of what a filter lets through. */
  private countedBy(expression: Expression): readonly Value[] | undefined {
    if (expression.kind === 'operation' && expression.operator === 'size') {
      const [counted] = expression.operands;
      return counted?.kind === 'comprehension' && counted.operator === 'filter' ? this.elementsOf(counted) : undefined;
    }
    if (expression.kind !== 'comprehension' || expression.operator !== 'count') return undefined;
    // Elements that are counted are filtered: the type is that of what they come from.
    return this.elementsOf({ ...expression, operator: 'filter', type: expression.over.type });
  }

  private readings(expression: Expression): readonly Reading[] {
    return readingsOf(this.plan, expression, this.moment.state, this.moment.next);
  }

  private is(expression: Expression, truth: boolean): boolean {
    return this.valueOf(expression)?.value === truth;
  }

  private valueOf(expression: Expression): { readonly value: Value } | undefined {
    const answer = evaluateIn(this.plan, expression, NO_LOCALS, this.moment.state, this.moment.next);
    return 'value' in answer ? answer : undefined;
  }
}

const NO_LOCALS: ReadonlyMap<string, Value> = new Map();

const INDEX = { kind: 'int', min: 0, max: 2 ** 31 - 1 } as const;

const COMPARISONS: ReadonlySet<string> = new Set([
  'equal',
  'notEqual',
  'less',
  'lessOrEqual',
  'greater',
  'greaterOrEqual',
  'includes',
  'subset',
]);

/** Whether the parts of an expression say more about its truth than the whole. */
function isTakenApart(expression: Expression): boolean {
  if (expression.kind === 'comprehension') return expression.operator === 'all' || expression.operator === 'some';
  return ['not', 'and', 'or', 'implies', 'conditional', 'evaluate'].includes(expression.kind);
}

function elementDomain(over: Expression): Domain {
  return over.kind === 'domain' ? over.domain : (collectionOf(over.type)?.element ?? NEVER);
}

function entry(over: Expression, at: Expression): Expression {
  return { kind: 'index', object: over, index: at, type: { kind: 'never' }, span: over.span };
}

function member(over: Expression, element: Value): Expression {
  const literal: Expression = { kind: 'literal', value: element, type: { kind: 'never' }, span: over.span };
  const type = { kind: 'boolean' } as const;
  return { kind: 'operation', operator: 'includes', operands: [over, literal], type, span: over.span };
}

function readOf({ place, value, isNext, member: given }: Reading): FalsePart['reads'][number] {
  return { place, value, ...(isNext && { isNext: true }), ...(given !== undefined && { element: given.element }) };
}
