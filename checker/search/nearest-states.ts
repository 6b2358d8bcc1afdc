import type { NextState } from '../engine/next-state.ts';
import type { Plan } from '../plan/plan.ts';
import { explore } from './breadth-first.ts';
import type { Exploration } from './exploration.ts';

/** Explores the nearest states, every one of them, and keeps their steps: for what is explained by what could have come. */
export function nearestStates(plan: Plan, engine: NextState, maxStates: number, deadlock: boolean): Exploration {
  return explore(engine, plan.roles, {
    instances: plan.instances.length,
    branches: plan.branches.list.length,
    deadlock,
    keepSteps: true,
    stopAtFirst: false,
    maxStates,
  });
}
