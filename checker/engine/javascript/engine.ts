import { scratchSize } from './memory.ts';
import { RUNTIME_SOURCE } from './runtime.ts';
import { emitJavaScript } from './system.ts';
import type { Unsupported } from '../flat-system.ts';
import { runGenerated } from '../generated.ts';
import type { GeneratedCode } from '../generated.ts';
import type { Lowered } from '../lowered.ts';
import type { NextState } from '../next-state.ts';

/**
 * The fast engine: code generated for one plan, one function for each action instance.
 *
 * @returns the engine, or what keeps the plan from being compiled; then the interpreter has to do.
 * @remarks Start-up cost: linear in the size of the unrolled bodies, about a microsecond a node.
 */
export function compileEngine(lowered: Lowered): NextState | Unsupported {
  const code = generateCode(lowered);
  return 'unsupported' in code ? code : runGenerated(lowered.plan, code);
}

/** The code of {@link compileEngine}, not yet run. */
export function generateCode({ plan, flat }: Lowered): GeneratedCode | Unsupported {
  if ('unsupported' in flat) return flat;
  return {
    source: `"use strict";${RUNTIME_SOURCE}${emitJavaScript(flat, plan.layout)}`,
    constants: [...flat.constants],
    scratch: { steps: scratchSize([flat.init, ...flat.instances]), predicates: scratchSize(flat.predicates) },
  };
}
