import type { Statement } from './effect.ts';
import type { Action } from './system.ts';

/**
 * Whether an assignment of a step of a process is about the thread that takes the step, or times out: into its own entry of a variable
 * that has one for each thread. A step may put other threads elsewhere, too.
 */
export function isOfOwnThread(action: Action, { target }: Extract<Statement, { kind: 'assign' }>): boolean {
  if (target.root.kind !== 'variable') return false;
  return action.arguments.every(({ name }, at) => {
    const segment = target.path[at];
    return segment?.kind === 'index' && segment.index.kind === 'local' && segment.index.name === name;
  });
}
