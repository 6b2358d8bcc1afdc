import type { Span } from '../../dsl/diagnostics/span.ts';

/**
 * When a claim is true without saying anything, as a formula over conditions that never come true: antecedent failure,
 * as in Beer, Ben-David, Eisner and Rodeh, "Efficient detection of vacuity in ACTL formulas", 1997.
 *
 * It never says so of a claim that says something: where it cannot tell, it is not vacuous.
 */
export type Vacuity<Condition> =
  /** Unless the condition holds somewhere. */
  | { readonly kind: 'unless'; readonly condition: Condition }
  | { readonly kind: 'all' | 'any'; readonly parts: readonly Vacuity<Condition>[] }
  /** Whatever happens. */
  | { readonly kind: 'always'; readonly because: Because };

/** Why a claim says nothing about a model. */
export interface Because {
  /**
   * `antecedent`: what stands there, the left side of an implication or of a `leadsTo`, never holds. `elements`: what
   * stands there has no element, ever. `constant`: what stands there is true whatever the state is.
   */
  readonly kind: 'antecedent' | 'elements' | 'constant';
  readonly span: Span;
}

export const NEVER = { kind: 'any', parts: [] } as const;

export function unconditional(span: Span, kind: Because['kind'] = 'constant'): Vacuity<never> {
  return { kind: 'always', because: { kind, span } };
}

/** Vacuous when each of the parts is; without parts it is not known why it would be. */
export function allOf<Condition>(parts: readonly Vacuity<Condition>[]): Vacuity<Condition> {
  if (parts.length === 0 || parts.some(isNever)) return NEVER;
  return parts.length === 1 ? parts[0]! : { kind: 'all', parts };
}

/** Vacuous when one of the parts is. */
export function anyOf<Condition>(parts: readonly Vacuity<Condition>[]): Vacuity<Condition> {
  const possible = parts.filter((part) => !isNever(part));
  return possible.length === 1 ? possible[0]! : { kind: 'any', parts: possible };
}

function isNever(vacuity: Vacuity<unknown>): boolean {
  return vacuity.kind === 'any' && vacuity.parts.length === 0;
}

/**
 * Why a claim is vacuous, or undefined when it is not.
 *
 * @param failed - why, of a condition that holds nowhere; undefined for one that does somewhere.
 */
export function whyVacuous<Condition>(
  vacuity: Vacuity<Condition>,
  failed: (condition: Condition) => Because | undefined,
): Because | undefined {
  switch (vacuity.kind) {
    case 'always':
      return vacuity.because;
    case 'unless':
      return failed(vacuity.condition);
    case 'any':
      for (const part of vacuity.parts) {
        const because = whyVacuous(part, failed);
        if (because !== undefined) return because;
      }
      return undefined;
    case 'all': {
      let first: Because | undefined;
      for (const part of vacuity.parts) {
        const because = whyVacuous(part, failed);
        if (because === undefined) return undefined;
        first ??= because;
      }
      return first;
    }
  }
}

/** The same with other conditions. */
export function mapConditions<From, To>(vacuity: Vacuity<From>, map: (condition: From) => To): Vacuity<To> {
  switch (vacuity.kind) {
    case 'always':
      return vacuity;
    case 'unless':
      return { kind: 'unless', condition: map(vacuity.condition) };
    default:
      return { kind: vacuity.kind, parts: vacuity.parts.map((part) => mapConditions(part, map)) };
  }
}
