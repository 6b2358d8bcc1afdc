import { formatPlace, formatValue, isSamePlace } from '../../dsl/ir/index.ts';
import type { StatePlace } from '../../dsl/ir/index.ts';
import type { Change, TraceStep } from './behavior.ts';

/** `lease[r0].owner: r0 → none`. */
export function formatChange({ place, from, to }: Change): string {
  return `${formatPlace(place)}: ${formatValue(from)} → ${formatValue(to)}`;
}

/** Whether a change is that the thread that takes the step goes on to another label. */
export function isGoto({ goto }: Pick<TraceStep, 'goto'>, { place }: { readonly place: StatePlace }): boolean {
  return goto !== undefined && isSamePlace(place, goto);
}
