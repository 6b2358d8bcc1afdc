/**
 * Linear temporal logic without next, in negation normal form: negations stand before atoms only.
 *
 * Build formulas with the functions below, which simplify as they go. `key` is equal exactly for equal formulas.
 */
export type Ltl = { readonly key: string } & (
  | { readonly kind: 'true' | 'false' }
  | { readonly kind: 'literal'; readonly atom: number; readonly negated: boolean }
  /** `until`: right comes true and left holds before. `release`: right holds up to and including where left does. */
  | { readonly kind: 'and' | 'or' | 'until' | 'release'; readonly left: Ltl; readonly right: Ltl }
);

export const TRUE_FORMULA: Ltl = { kind: 'true', key: 'true' };
const FALSE_FORMULA: Ltl = { kind: 'false', key: 'false' };

/** An atom, by its number. */
export function atom(number: number, negated = false): Ltl {
  return { kind: 'literal', atom: number, negated, key: `${negated ? '!' : ''}${number}` };
}

export function constant(value: boolean): Ltl {
  return value ? TRUE_FORMULA : FALSE_FORMULA;
}

/** The negation, pushed down to the atoms. Cost: linear in the formula. */
export function negate(formula: Ltl): Ltl {
  switch (formula.kind) {
    case 'true':
      return FALSE_FORMULA;
    case 'false':
      return TRUE_FORMULA;
    case 'literal':
      return atom(formula.atom, !formula.negated);
    case 'and':
      return or(negate(formula.left), negate(formula.right));
    case 'or':
      return and(negate(formula.left), negate(formula.right));
    case 'until':
      return release(negate(formula.left), negate(formula.right));
    case 'release':
      return until(negate(formula.left), negate(formula.right));
  }
}

export function and(left: Ltl, right: Ltl): Ltl {
  if (left.kind === 'false' || right.kind === 'false') return FALSE_FORMULA;
  if (left.kind === 'true' || left.key === right.key) return right;
  if (right.kind === 'true') return left;
  if (areOpposite(left, right)) return FALSE_FORMULA;
  // □a ∧ □b = □(a ∧ b), and ◇□a ∧ ◇□b = ◇□(a ∧ b): fewer obligations to keep apart.
  if (isAlways(left) && isAlways(right)) return always(and(left.right, right.right));
  if (isEventually(left) && isEventually(right) && isAlways(left.right) && isAlways(right.right)) {
    return eventually(and(left.right, right.right));
  }
  return binary('and', left, right);
}

export function or(left: Ltl, right: Ltl): Ltl {
  if (left.kind === 'true' || right.kind === 'true') return TRUE_FORMULA;
  if (left.kind === 'false' || left.key === right.key) return right;
  if (right.kind === 'false') return left;
  if (areOpposite(left, right)) return TRUE_FORMULA;
  // The duals of the two rules in `and`.
  if (isEventually(left) && isEventually(right)) return eventually(or(left.right, right.right));
  if (isAlways(left) && isAlways(right) && isEventually(left.right) && isEventually(right.right)) {
    return always(or(left.right, right.right));
  }
  return binary('or', left, right);
}

export function until(left: Ltl, right: Ltl): Ltl {
  if (right.kind === 'true' || right.kind === 'false' || left.kind === 'false' || left.key === right.key) return right;
  if (right.kind === 'until' && right.left.key === left.key) return right;
  // ◇□◇a = □◇a.
  if (left.kind === 'true' && isAlways(right) && isEventually(right.right)) return right;
  return binary('until', left, right);
}

export function release(left: Ltl, right: Ltl): Ltl {
  if (right.kind === 'true' || right.kind === 'false' || left.kind === 'true' || left.key === right.key) return right;
  if (right.kind === 'release' && right.left.key === left.key) return right;
  // □◇□a = ◇□a.
  if (left.kind === 'false' && isEventually(right) && isAlways(right.right)) return right;
  return binary('release', left, right);
}

export function eventually(formula: Ltl): Ltl {
  return until(TRUE_FORMULA, formula);
}

export function always(formula: Ltl): Ltl {
  return release(FALSE_FORMULA, formula);
}

export type Binary = Ltl & { readonly left: Ltl; readonly right: Ltl };

export function isEventually(formula: Ltl): formula is Binary {
  return formula.kind === 'until' && formula.left.kind === 'true';
}

export function isAlways(formula: Ltl): formula is Binary {
  return formula.kind === 'release' && formula.left.kind === 'false';
}

/** Whether a formula speaks of the present moment only. */
export function isPropositional(formula: Ltl): boolean {
  switch (formula.kind) {
    case 'true':
    case 'false':
    case 'literal':
      return true;
    case 'and':
    case 'or':
      return isPropositional(formula.left) && isPropositional(formula.right);
    case 'until':
    case 'release':
      return false;
  }
}

/** The conjuncts of a formula, those of its conjuncts included. */
export function conjunctsOf(formula: Ltl): readonly Ltl[] {
  return formula.kind === 'and' ? [...conjunctsOf(formula.left), ...conjunctsOf(formula.right)] : [formula];
}

function binary(kind: 'and' | 'or' | 'until' | 'release', left: Ltl, right: Ltl): Ltl {
  return { kind, left, right, key: `(${left.key} ${kind} ${right.key})` };
}

function areOpposite(left: Ltl, right: Ltl): boolean {
  return (
    left.kind === 'literal' && right.kind === 'literal' && left.atom === right.atom && left.negated !== right.negated
  );
}
