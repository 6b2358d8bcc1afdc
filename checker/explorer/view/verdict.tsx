import type { Standing } from '../../report/standing.ts';
import { counted, nameOf, wordCut } from '../../report/wording.ts';
import type { PageModel, PageVerdict } from '../page-data.ts';

const STANDINGS: Readonly<Record<Standing, readonly [mark: string, words: string, tone: string]>> = {
  asExpected: ['✓', 'as expected', 'good'],
  notAsExpected: ['✗', 'not as expected', 'bad'],
  refused: ['✗', 'cannot be checked', 'bad'],
  stopped: ['?', 'stopped before an answer', 'warn'],
};

/** How a model stands against what it expects. */
export function StandingBadge({ standing, short = false }: { readonly standing: Standing; readonly short?: boolean }) {
  const [mark, words, tone] = STANDINGS[standing];
  return (
    <span class={`badge ${tone}`} title={words}>
      <span aria-hidden="true">{mark}</span> <span class={short ? 'visually-hidden' : ''}>{words}</span>
    </span>
  );
}

/** The verdicts that tell of a behavior: what is violated first, then what is reached. */
export function tracesOf({ result, behaviors }: PageModel): readonly PageVerdict[] {
  const has = ({ outcome }: PageVerdict): boolean =>
    (outcome.kind === 'violated' || outcome.kind === 'reached') && behaviors[outcome.behavior]!.states.length > 0;
  const told = result.verdicts.filter(has);
  return [
    ...told.filter(({ outcome }) => outcome.kind === 'violated'),
    ...told.filter(({ outcome }) => outcome.kind === 'reached'),
  ];
}

/** `deadlock: violated`, `served: violated`, `crowded: reached`. */
export function nameOfVerdict(verdict: PageVerdict): string {
  const { kind, outcome } = verdict;
  if (outcome.kind === 'violated' && kind === 'deadlock') return 'deadlock';
  if (outcome.kind === 'violated' && kind === 'evaluation') return 'a step fails';
  return `${nameOf(verdict)} is ${outcome.kind}`;
}

/** What came out, in a word or two. */
export function wordsOf({ outcome }: PageVerdict): string {
  if (outcome.kind === 'bounded') return `bounded: ${wordCut(outcome.cut)}`;
  return outcome.kind === 'error' ? `error: ${outcome.message}` : outcome.kind;
}

/** `12 steps, then stuttering forever`. */
export function lengthOf({ behaviors }: PageModel, { outcome }: PageVerdict): string {
  if (outcome.kind !== 'violated' && outcome.kind !== 'reached') return '';
  const { instances, loop } = behaviors[outcome.behavior]!;
  const steps = counted(instances.length, 'step');
  if (loop === undefined) return steps;
  return loop === instances.length ? `${steps}, then stuttering` : `${steps}, ${instances.length - loop} forever`;
}
