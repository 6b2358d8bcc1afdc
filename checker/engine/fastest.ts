import type { Plan } from '../plan/plan.ts';
import { compileEngine } from './javascript/engine.ts';
import { interpret } from './interpreter.ts';
import { lowered } from './lowered.ts';
import type { NextState } from './next-state.ts';

/** The fastest engine for questions about single states that can do a plan. */
export function fastestEngine(plan: Plan): NextState {
  const compiled = compileEngine(lowered(plan));
  return 'unsupported' in compiled ? interpret(plan) : compiled;
}
