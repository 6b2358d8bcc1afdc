import type { Plan } from '../plan/plan.ts';
import { flatten } from './flatten.ts';
import type { FlatSystem, Unsupported } from './flat-system.ts';

/** A plan with its programs: what code is generated from. */
export interface Lowered {
  readonly plan: Plan;
  /** Or what keeps the plan from being compiled. */
  readonly flat: FlatSystem | Unsupported;
}

/** Lowers every step and predicate of a plan. */
export function lowered(plan: Plan): Lowered {
  return { plan, flat: flatten(plan) };
}
