import type { Domain, Expression, Formula, Value } from '../ir/index.ts';
import { cardinality, valuesOf } from '../ir/index.ts';
import { rewriteFormula } from '../ir/fold.ts';
import { BOOLEAN } from '../ir/part.ts';
import { isRigid, rigidValue } from './rigid.ts';

/**
 * A temporal formula in negation normal form: a negation stands before a predicate, where it is part of it, or before
 * `taken`; on the left of `implies` and `leadsTo` there is a predicate. What is settled whatever happens is a boolean,
 * and no part of a formula.
 */
export type Normal = Formula | boolean;

interface NormalForm {
  readonly formula: Normal;
  /**
   * Predicates below a temporal operator that say the same of every state and could not be settled: those of quantified
   * variables that have too many values, or are of a kind that is not worked out.
   */
  readonly unsettled: readonly Expression[];
}

/**
 * A formula that means the same in negation normal form.
 *
 * Where a condition on a quantified variable alone stands below a temporal operator, the quantifiers are written out:
 * `all(Ring, (r) => leadsTo(r === first && s.busy[r], …))` is about one ring. Otherwise they are kept.
 *
 * @param settle - what a predicate is known to be in every state; undefined when it depends on the state.
 */
export function normalForm(formula: Formula, settle: (predicate: Expression) => boolean | undefined): NormalForm {
  const asWritten = new Normalizer(settle, false).positive(formula);
  const unsettled = unsettledIn(asWritten, false);
  if (typeof asWritten === 'boolean' || MOST_WRITTEN < instancesOf(formula)) return { formula: asWritten, unsettled };
  const writtenOut = new Normalizer(settle, true).positive(formula);
  // It may be settled for each value of what is quantified over, for one reason or another.
  return typeof writtenOut === 'boolean' || unsettled.length > 0
    ? { formula: writtenOut, unsettled: unsettledIn(writtenOut, false) }
    : { formula: asWritten, unsettled };
}

/** @param isBelow - whether the formula stands below a temporal operator. */
function unsettledIn(formula: Normal, isBelow: boolean): readonly Expression[] {
  if (typeof formula === 'boolean') return [];
  switch (formula.kind) {
    case 'now':
      return isBelow && isRigid(formula.predicate) ? [formula.predicate] : [];
    case 'taken':
      return [];
    case 'not':
      return unsettledIn(formula.operand, isBelow);
    case 'always':
    case 'eventually':
      return unsettledIn(formula.operand, true);
    case 'forAll':
    case 'exists':
      return unsettledIn(formula.body, isBelow);
    case 'and':
    case 'or':
    case 'implies':
      return [formula.left, formula.right].flatMap((part) => unsettledIn(part, isBelow));
    case 'until':
    case 'leadsTo':
      return [formula.left, formula.right].flatMap((part) => unsettledIn(part, true));
  }
}

/** Quantifiers are written out for no more combinations of values than this. */
const MOST_WRITTEN = 1000;

/** How many copies of its predicates a formula is once its quantifiers are written out. */
function instancesOf(formula: Formula): number {
  switch (formula.kind) {
    case 'now':
    case 'taken':
      return 1;
    case 'not':
    case 'always':
    case 'eventually':
      return instancesOf(formula.operand);
    case 'forAll':
    case 'exists':
      return cardinality(formula.domain) * instancesOf(formula.body);
    default:
      return instancesOf(formula.left) + instancesOf(formula.right);
  }
}

class Normalizer {
  readonly #settle: (predicate: Expression) => boolean | undefined;
  readonly #writesOut: boolean;

  constructor(settle: (predicate: Expression) => boolean | undefined, writesOut: boolean) {
    this.#settle = settle;
    this.#writesOut = writesOut;
  }

  positive(formula: Formula): Normal {
    const { span } = formula;
    switch (formula.kind) {
      case 'now':
        return this.#predicate(formula.predicate);
      case 'taken':
        return formula;
      case 'not':
        return this.negative(formula.operand);
      case 'always':
      case 'eventually':
        return temporal(formula.kind, this.positive(formula.operand), span);
      case 'and':
      case 'or':
        return joined(formula.kind, this.positive(formula.left), this.positive(formula.right), span);
      case 'implies': {
        const right = this.positive(formula.right);
        if (!isPredicate(formula.left)) return joined('or', this.negative(formula.left), right, span);
        const left = this.positive(formula.left);
        if (left === false || right === true) return true;
        if (left === true) return right;
        return right === false ? this.negative(formula.left) : { kind: 'implies', left, right, span };
      }
      case 'until': {
        const [left, right] = [this.positive(formula.left), this.positive(formula.right)];
        if (typeof right === 'boolean' || left === false) return right;
        if (left === true) return temporal('eventually', right, span);
        return { kind: 'until', left, right, span };
      }
      case 'leadsTo': {
        const right = this.positive(formula.right);
        if (isPredicate(formula.left)) {
          const left = this.positive(formula.left);
          if (left === false || right === true) return true;
          if (left !== true && right !== false) return { kind: 'leadsTo', left, right, span };
        }
        const eventually = temporal('eventually', right, span);
        return temporal('always', joined('or', this.negative(formula.left), eventually, span), span);
      }
      case 'forAll':
      case 'exists':
        return this.#quantified(formula, formula.kind, (body) => this.positive(body));
    }
  }

  /** The same of the negation. */
  negative(formula: Formula): Normal {
    const { span } = formula;
    switch (formula.kind) {
      case 'now':
        return this.#predicate(negated(formula.predicate));
      case 'taken':
        return { kind: 'not', operand: formula, span };
      case 'not':
        return this.positive(formula.operand);
      case 'always':
      case 'eventually': {
        const dual = formula.kind === 'always' ? 'eventually' : 'always';
        return temporal(dual, this.negative(formula.operand), span);
      }
      case 'and':
      case 'or': {
        const dual = formula.kind === 'and' ? 'or' : 'and';
        return joined(dual, this.negative(formula.left), this.negative(formula.right), span);
      }
      case 'implies':
        return joined('and', this.positive(formula.left), this.negative(formula.right), span);
      case 'until': {
        const until = this.positive(formula);
        if (typeof until === 'boolean') return !until;
        if (until.kind === 'until') return { kind: 'not', operand: until, span };
        // One side settles it: what is left has no `until` in front.
        return this.negative(until);
      }
      case 'leadsTo': {
        const never = temporal('always', this.negative(formula.right), span);
        return temporal('eventually', joined('and', this.positive(formula.left), never, span), span);
      }
      case 'forAll':
      case 'exists': {
        const dual = formula.kind === 'forAll' ? 'exists' : 'forAll';
        return this.#quantified(formula, dual, (body) => this.negative(body));
      }
    }
  }

  #predicate(predicate: Expression): Normal {
    const known = this.#settle(predicate) ?? rigidValue(predicate)?.value;
    if (typeof known === 'boolean') return known;
    return { kind: 'now', predicate, span: predicate.span };
  }

  #quantified(
    formula: Formula & { readonly kind: 'forAll' | 'exists' },
    kind: 'forAll' | 'exists',
    go: (body: Formula) => Normal,
  ): Normal {
    const { binder, domain, span } = formula;
    const [join, none] = kind === 'forAll' ? (['and', true] as const) : (['or', false] as const);
    if (this.#writesOut) {
      const each = [...valuesOf(domain)].map((value) => go(withValue(formula.body, binder, value, domain)));
      return each.reduce((so, one) => joined(join, so, one, span), none);
    }
    if (cardinality(domain) === 0) return none;
    const body = go(formula.body);
    return typeof body === 'boolean' ? body : { kind, binder, domain, body, span };
  }
}

type Place = Formula['span'];

/** A predicate, or the negation of one: what becomes a predicate again. */
function isPredicate(formula: Formula): boolean {
  return formula.kind === 'now' || (formula.kind === 'not' && isPredicate(formula.operand));
}

function temporal(kind: 'always' | 'eventually', operand: Normal, span: Place): Normal {
  return typeof operand === 'boolean' ? operand : { kind, operand, span };
}

function joined(kind: 'and' | 'or', left: Normal, right: Normal, span: Place): Normal {
  const settling = kind === 'or';
  if (left === settling || right === settling) return settling;
  if (typeof left === 'boolean') return right;
  return typeof right === 'boolean' ? left : { kind, left, right, span };
}

function negated(predicate: Expression): Expression {
  return predicate.kind === 'not'
    ? predicate.operand
    : { kind: 'not', operand: predicate, type: BOOLEAN, span: predicate.span };
}

/** A formula in which a quantified variable has one value. */
function withValue(formula: Formula, binder: string, value: Value, type: Domain): Formula {
  return rewriteFormula(formula, (part) =>
    part.kind === 'local' && part.name === binder ? { kind: 'literal', value, type, span: part.span } : part,
  );
}
