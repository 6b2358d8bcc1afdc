import { formatPlace } from '../../dsl/ir/index.ts';
import type { Failure, IdleWrite } from '../counterexample/behavior.ts';
import { formatStep } from '../plan/step-name.ts';
import type { StepName } from '../plan/step-name.ts';
import type { Because } from '../plan/vacuity.ts';
import type { Cut, Reduction, Verdict } from '../verdict/verdict.ts';

/** `1,234,567`. */
export function formatCount(count: number): string {
  // Not with the locale's own formatter, whose first use costs as much as checking a small model.
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `3 states`, `1 state`. */
export function counted(count: number, what: string, many = `${what}s`): string {
  return `${formatCount(count)} ${count === 1 ? what : many}`;
}

/** How a behavior takes an assumption's step: `taken by step 3`, also when it is reported as a step of another instance. */
export function wordTaken({ step, by }: { readonly step: number; readonly by?: StepName }): string {
  if (by === undefined) return `taken by step ${step + 1}`;
  return `taken at step ${step + 1}, by ${formatStep(by)}, which does the same`;
}

/** What fails: a step, `init`, or what a process does before its first label. */
export function wordFailing(step: NonNullable<Failure['step']>): string {
  if ('action' in step) return formatStep(step);
  return step.process === undefined ? 'init' : `${step.process}, before its first label,`;
}

/** `ring[r0].cv: woke nobody`, `expired[r0]: unchanged`. */
export function wordIdle({ place, kind }: IdleWrite): string {
  return `${formatPlace(place)}: ${IDLE[kind]}`;
}

/** What is to be said of a write that changes nothing. */
export const IDLE: Readonly<Record<IdleWrite['kind'], string>> = { wokeNobody: 'woke nobody', unchanged: 'unchanged' };

/** `12 ms`, `1.2 s`, `3 min 20 s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1) return '<1 ms';
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 99.95) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** `1 in 3.6 × 10⁶`. */
function formatOdds(odds: number): string {
  const [digits, exponent] = (1 / odds).toExponential(1).split('e+') as [string, string];
  return `1 in ${digits} × 10${exponent.replace(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]!)}`;
}

/** `512 MiB`, `1.5 GiB`. */
function formatBytes(bytes: number): string {
  const gibibytes = bytes / 2 ** 30;
  return gibibytes < 1 ? `${Math.round(bytes / 2 ** 20)} MiB` : `${Number(gibibytes.toFixed(1))} GiB`;
}

/** What was cut, as the end of a sentence: `stopped at 1,000 states`. */
export function wordCut(cut: Cut): string {
  switch (cut.kind) {
    case 'within':
      return `only states within ${cut.names.join(', ')} were explored`;
    case 'states':
      return `stopped at ${counted(cut.limit, 'state')}`;
    case 'time':
      return `stopped after ${cut.limit} s`;
    case 'memory':
      if (cut.isFull === true) return 'stopped: the system has no addresses for more states';
      if (cut.limit === undefined) return 'stopped for lack of memory';
      return cut.needed === undefined
        ? `stopped at ${formatBytes(cut.limit)} of memory`
        : `not begun: it takes at least ${formatBytes(cut.needed)} of memory, more than ${formatBytes(cut.limit)}`;
    case 'interrupted':
      return 'interrupted';
    case 'fingerprints':
      return `fingerprints stood for states; that one was missed has odds of about ${formatOdds(cut.odds)}`;
    case 'violation':
      return 'stopped at the first violation';
    case 'simulation':
      return `${counted(cut.runs, 'random run')} of at most ${counted(cut.depth, 'step')}, scheduler ${cut.scheduler}, seed ${cut.seed}`;
  }
}

/** Why steps were not put off. */
const WHY_NO_ORDER: Record<NonNullable<Reduction['because']>, string> = {
  temporal: 'temporal properties are judged on all states',
  everything: 'something is asked that only all states tell',
  steps: 'every step is judged by a step property',
  within: 'states outside of a `within` are left out',
  compact: 'states are told apart by fingerprints',
  disturbing: 'no two steps can change places, or there are too many',
  size: 'there are too many instances',
  engine: 'the engine does not do it',
};

/** `symmetry: t0, t1 are interchangeable`: why fewer states were kept than there are; undefined where all were. */
export function wordReduction(reduction: Reduction | undefined): string | undefined {
  if (reduction?.kind === 'order') {
    return 'order: steps that can come later were put off; numbers are of what was explored, traces may be longer than need be';
  }
  if (reduction?.because !== undefined && reduction.interchangeable.length === 0) {
    return `no reduction by order: ${WHY_NO_ORDER[reduction.because]}`;
  }
  if (reduction?.kind !== 'symmetry') return undefined;
  const [first, ...others] = reduction.interchangeable.map(({ ids }) => ids.join(', '));
  return `symmetry: ${[`${first} are interchangeable`, ...others].join(', and so are ')}`;
}

/** A verdict's name as a person would say it: the two built-in ones are no names of the spec. */
export function nameOf(verdict: Pick<Verdict, 'kind' | 'name'>): string {
  switch (verdict.kind) {
    case 'deadlock':
      return 'no deadlock';
    case 'evaluation':
      return 'no failing step';
    case 'invariant':
    case 'step':
    case 'sometimes':
    case 'property':
      return verdict.name;
  }
}

/**
 * Why something that holds says nothing: `s.gone` never holds.
 *
 * @param source - what stands at the span, on one line.
 */
export function wordVacuity({ kind }: Because, source: string): string {
  switch (kind) {
    case 'antecedent':
      return `\`${source}\` never holds`;
    case 'elements':
      return `there is nothing that \`${source}\` goes over`;
    case 'constant':
      return `\`${source}\` is true whatever the state is`;
  }
}
