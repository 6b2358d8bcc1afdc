import { formatPlace, formatValue } from '../../dsl/ir/index.ts';
import { visible } from '../../dsl/diagnostics/visible.ts';
import type { Trace, TraceStep } from '../counterexample/behavior.ts';
import { formatActor, formatStep } from '../plan/step-name.ts';

/** More steps than this make a chart that nobody reads. */
const MOST_STEPS = 60;
/** A note of a step names so many changes, and cuts what is longer than so many characters. */
const MOST_CHANGES = 3;
const LONGEST = 60;

/**
 * A trace as a sequence diagram of Mermaid: a lifeline for each thread, a note for each step with what it changes, and a
 * box around what goes on for ever. The empty string for a trace without steps, or with too many.
 */
export function sequenceDiagram({ steps, loop }: Trace): string {
  if (steps.length === 0 || MOST_STEPS < steps.length) return '';
  const actors = [...new Set(steps.map(nameOfActor))];
  const lines = actors.map((name, index) => `  participant a${index} as ${inLabel(name)}`);
  steps.forEach((step, index) => {
    if (index === loop) lines.push('  loop for ever');
    const lifeline = `a${actors.indexOf(nameOfActor(step))}`;
    lines.push(
      `  Note over ${lifeline}: ${[`${index + 1} ${formatStep(step)}`, ...changesOf(step)].map(inLabel).join('<br>')}`,
    );
  });
  if (loop !== undefined && loop < steps.length) lines.push('  end');
  if (loop === steps.length)
    lines.push(`  Note over a0${actors.length === 1 ? '' : `,a${actors.length - 1}`}: nothing more happens`);
  return ['sequenceDiagram', ...lines].join('\n');
}

function nameOfActor(step: TraceStep): string {
  return step.actor === undefined ? 'nobody' : formatActor(step.actor);
}

function changesOf({ changes }: TraceStep): readonly string[] {
  const told = changes
    .slice(0, MOST_CHANGES)
    .map(({ place, from, to }) => `${formatPlace(place)}: ${formatValue(from)} → ${formatValue(to)}`);
  const more = changes.length - told.length;
  return more === 0 ? told : [...told, `and ${more} more`];
}

/** A text within a label: what Mermaid or HTML would read is written by its number. */
function inLabel(text: string): string {
  const cut = text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
  return visible(cut).replaceAll(/[#;<>&"`%:{}\\\n]/g, (character) => `#${character.charCodeAt(0)};`);
}
