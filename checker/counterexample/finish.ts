import { fold } from '../../dsl/ir/fold.ts';
import type { Expression } from '../../dsl/ir/index.ts';
import type { Plan } from '../plan/plan.ts';
import type { Wait, WaitsFor } from './behavior.ts';
import type { Waiting } from './explanation.ts';
import type { Thread } from './threads.ts';
import { sourceOf } from './wait-subject.ts';

/**
 * Whether a deadlock may be a proper end that only was not said to be one: nobody can end any wait, and no thread is in
 * the middle of anything, but stands where it begins.
 */
export function finishOf(
  plan: Plan,
  told: readonly Waiting[],
  waits: readonly Wait[],
  standsAtBeginning: (thread: Thread) => boolean,
): WaitsFor['finished'] {
  const isIdle = told.every(({ thread }, index) => {
    const { isHopeless, because } = waits[index]!;
    return isHopeless && because.length === 0 && (thread === undefined || standsAtBeginning(thread));
  });
  if (!isIdle) return undefined;
  const parts = new Set(told.map((one) => partOf(plan, one)));
  if (parts.has(undefined) || parts.size === 0 || MOST_PARTS < parts.size) return {};
  return { condition: [...parts].join(' && ') };
}

/** A condition of more parts is not proposed. */
const MOST_PARTS = 3;

/** That what somebody waits for is false, as the author would write it; undefined where it is about somebody. */
function partOf({ system }: Plan, { obstacles }: Waiting): string | undefined {
  const [obstacle] = obstacles.list;
  const condition = obstacle?.kind === 'when' && obstacles.list.length === 1 ? obstacle.condition : undefined;
  if (condition === undefined || hasLocals(condition)) return undefined;
  const source = sourceOf(system, obstacle!.span);
  if (!/\bs\./.test(source)) return undefined; // it stands in a function that calls the state something else
  const [, left, operator, right] = /^([^<>=!&|?]+) (===|!==|<=?|>=?) ([^<>=!&|?]+)$/.exec(source) ?? [];
  if (operator !== undefined) return `${left} ${OPPOSITES.get(operator)} ${right}`;
  if (/^![\w.()]+$/.test(source)) return source.slice(1);
  return /^[\w.]+$/.test(source) ? `!${source}` : `!(${source})`;
}

const OPPOSITES: ReadonlyMap<string, string> = new Map([
  ['===', '!=='],
  ['!==', '==='],
  ['<', '>='],
  ['<=', '>'],
  ['>', '<='],
  ['>=', '<'],
]);

/** Whether an expression is about an argument, a choice or a constant of its step. */
function hasLocals(expression: Expression): boolean {
  return fold<boolean>(expression, ({ kind }, parts) => kind === 'local' || parts.includes(true));
}
