import { anchor, code, joined, link, paragraph, text } from '../../dsl/docgen/document.ts';
import type { Block, Inline, Inlines } from '../../dsl/docgen/document.ts';
import type { Trace } from '../counterexample/behavior.ts';
import { formatStep } from '../plan/step-name.ts';
import type { StepName } from '../plan/step-name.ts';
import { counted } from '../report/wording.ts';
import type { PropertyAdvice } from '../verdict/verdict.ts';
import type { DocumentedModel } from './documented-model.ts';

/** A run that is shown once, whatever it is shown for. */
interface ShownRun {
  readonly place: Inline & { readonly kind: 'anchor' };
  readonly model: DocumentedModel;
  readonly trace: Trace;
}

/** What can happen for ever where fairness is missing: each run once. Mutable on purpose: it gathers them. */
export class Runs {
  readonly #shown = new Map<string, ShownRun>();

  get isEmpty(): boolean {
    return this.#shown.size === 0;
  }

  /**
   * `all may stop before a(x), b(y)`, each with a link to the run; or `a loop of b(y), c(y), never a(x)`.
   *
   * @param assumptions - one, or several without each of which all may stop.
   */
  words(model: DocumentedModel, assumptions: readonly PropertyAdvice['assumptions'][number][]): Inlines {
    const told = assumptions.flatMap(({ strength, otherwise }) =>
      otherwise === undefined
        ? []
        : [{ strength, ...otherwise, href: `#${this.#show(model, otherwise.trace).place.id}` }],
    );
    const [first] = told;
    if (first === undefined) return [];
    const namesIn = (untaken: readonly StepName[]): Inlines =>
      joined(
        untaken.slice(0, MOST_UNTAKEN).map((step): Inlines => [code(formatStep(step))]),
        ' or ',
      );
    if (isStandstill(first.trace)) {
      const stops = told.map(({ untaken, href }): Inlines => [link(href, ...namesIn(untaken))]);
      return [text('all may stop before '), ...joined(stops, ', ')];
    }
    const labels = [...new Set(first.trace.steps.slice(first.trace.loop).map(formatStep))];
    const more = labels.length - MOST_STEPS;
    return [
      link(first.href, text('a loop')),
      text(' of '),
      ...joined(
        labels.slice(0, MOST_STEPS).map((label): Inlines => [code(label)]),
        ', ',
      ),
      text(more <= 0 ? ', never ' : ` and ${counted(more, 'more step')}, never `),
      ...namesIn(first.untaken),
      ...(first.strength === 'strong' ? [text(', possible again and again')] : []),
    ];
  }

  #show(model: DocumentedModel, trace: Trace): ShownRun {
    const key = JSON.stringify([model.label, trace.loop, trace.steps.map(formatStep)]);
    const known = this.#shown.get(key) ?? { place: anchor('run', String(this.#shown.size + 1)), model, trace };
    this.#shown.set(key, known);
    return known;
  }

  /** All of them, folded away. */
  blocks(): readonly Block[] {
    if (this.isEmpty) return [];
    const items = [...this.#shown.values()].map((run): readonly Block[] => [paragraph(...wordRun(run))]);
    return [
      {
        kind: 'details',
        summary: [text('The runs that can happen without an assumption, step by step')],
        blocks: [{ kind: 'list', ordered: true, items }],
      },
    ];
  }
}

/** More steps of a loop than this are counted. */
const MOST_STEPS = 3;

/** One step that never comes says enough, two where either would do. */
const MOST_UNTAKEN = 2;

/** Whether nothing more happens at its end. */
export function isStandstill({ loop, steps }: Trace): boolean {
  return loop === steps.length;
}

function wordRun({ place, model, trace }: ShownRun): Inlines {
  const { steps, loop = steps.length } = trace;
  const names = (list: Trace['steps']): Inlines =>
    joined(
      list.map((step): Inlines => [code(formatStep(step))]),
      ', ',
    );
  const stem = names(steps.slice(0, loop));
  const round: Inlines = isStandstill(trace)
    ? [text(stem.length === 0 ? 'nothing happens at all' : '; then nothing more happens')]
    : [text(stem.length === 0 ? 'for ever ' : '; then for ever '), ...names(steps.slice(loop))];
  return [place, text('In '), code(model.label), text(': '), ...stem, ...round, text('.')];
}
