import { Ansis } from 'ansis';
import { renderFrame } from '../../dsl/diagnostics/frame.ts';
import type { SourceFile } from '../../dsl/diagnostics/span.ts';
import { lineOf } from '../../dsl/diagnostics/span.ts';
import { authorsName } from '../../dsl/ir/authors-names.ts';
import type { ObjectValue } from '../../dsl/ir/index.ts';
import { formatValue } from '../../dsl/ir/index.ts';
import { slotsOf } from '../../dsl/ir/slots.ts';
import type { Failure, Trace } from '../counterexample/behavior.ts';
import { wordFalsity } from '../counterexample/falsity-words.ts';
import { MOST_EXPLORED } from '../counterexample/explored.ts';
import { wordHang } from '../counterexample/hang-words.ts';
import { nameOfWait } from '../counterexample/waits.ts';
import { wordWait, wordWhole } from '../counterexample/wait-words.ts';
import { MOST_VIOLATING } from '../counterexample/ways-to-violate.ts';
import type { TooMany } from '../counterexample/ways-to-violate.ts';
import { formatStep } from '../plan/step-name.ts';
import type { Outcome, Verdict, Way } from '../verdict/verdict.ts';
import { stateLines, stepLines, STUTTERING } from './trace-steps.ts';
import type { StepsOptions } from './trace-steps.ts';
import { counted, formatCount, nameOf, wordFailing } from './wording.ts';
import { fairnessLines } from './fairness-text.ts';
import { falsityLines } from './falsity-text.ts';
import { wordsIn } from './words.ts';
import { wrap } from './wrap.ts';

interface TraceOptions {
  readonly color: boolean;
  readonly width: number;
  /** Leave nothing of a trace out. */
  readonly full?: boolean | undefined;
  /** Another property, whose trace has just been shown and has the same steps: they are not shown again. */
  readonly sameAs?: string | undefined;
}

type Shown = Extract<Outcome, { kind: 'violated' | 'reached' }>;

/** A counterexample or witness, step by step: each with its action and only what it changed. */
export function renderTrace(
  verdict: Verdict,
  outcome: Shown,
  files: readonly SourceFile[],
  options: TraceOptions,
): string[] {
  const paint = new Ansis(options.color ? 1 : 0);
  const { trace } = outcome;
  const lines = wrap('', titleOf(verdict, outcome).split(' '), ' ', options.width).map((line) => paint.bold(line));
  const about = slotsOf(verdict.doc).text;
  if (about !== '') {
    lines.push(...reflowed(about, options.width).map((line) => paint.dim(line)));
  }
  if (options.sameAs !== undefined) {
    lines.push('', `     The steps are those of ${options.sameAs} above.`);
    if (trace.loop !== undefined) lines.push(paint.cyan(STUTTERING));
  } else lines.push('', ...stepLines(trace, { ...options, files }, paint));
  if (outcome.kind === 'violated' && outcome.failure !== undefined) {
    lines.push(...failureLines(outcome.failure, trace.falsity === undefined ? files : [], options, paint));
  } else if (verdict.kind === 'property' && outcome.kind === 'violated' && trace.loop === undefined) {
    lines.push(paint.red('     ✗ already violated here, whatever follows'));
  } else if (verdict.kind === 'deadlock' && options.sameAs === undefined) {
    lines.push(paint.red('     no action is enabled here:'));
    lines.push(...stateLines(trace, trace.states.length - 1, options, paint));
  }
  lines.push(...falsityLines(trace, files, options, paint));
  lines.push(...waitLines(trace, files, options, paint));
  if (outcome.kind === 'violated') {
    lines.push(...waysLines(outcome.ways ?? [], trace, files, options));
    if (outcome.waysUntold !== undefined) lines.push(`     ${WAYS_UNTOLD[outcome.waysUntold]}`);
  }
  if (trace.loop !== undefined) lines.push(...fairnessLines(trace, files, options, paint));
  return lines;
}

/** A comment in lines of another width: its paragraphs and the items of its lists begin anew. */
function reflowed(doc: string, width: number): readonly string[] {
  const parts = doc.split(/\n(?=\s*(?:[-*] |\d+\. |\n|$))/);
  return parts.flatMap((part) => wrap('', part.trim().split(/\s+/), ' ', width));
}

/** The steps of a trace in pieces to be set one after the other: `request → expire(r0) → ↻ sleep(r0) → test(r0)`. */
export function renderStory(trace: Trace): string[] {
  if (trace.steps.length === 0) return [trace.loop === 0 ? 'stuttering in an initial state' : 'an initial state'];
  const pieces = trace.steps.map((step, index) => `${index === trace.loop ? '↻ ' : ''}${formatStep(step)}`);
  if (trace.loop === trace.steps.length) pieces.push('stuttering');
  const story = pieces.map((piece, index) => (index === pieces.length - 1 ? piece : `${piece} → `));
  const cut = story.length - STORY_PIECES;
  if (cut <= 1) return story;
  const head = Math.ceil(STORY_PIECES / 2);
  return [...story.slice(0, head), `… ${cut} steps … → `, ...story.slice(head + cut)];
}

const STORY_PIECES = 24;

/** `served is violated for t = t0: 4 steps, the last 3 of them forever`. */
export function titleOf(verdict: Verdict, outcome: Shown): string {
  const { trace } = outcome;
  const bindings = formatBindings(trace.bindings ?? {});
  const at = bindings === '' ? '' : ` for ${bindings}`;
  const expected = verdict.asExpected && outcome.kind === 'violated' ? ', as expected' : '';
  const steps = counted(trace.steps.length, 'step');
  if (outcome.kind === 'reached') return `${nameOf(verdict)} is reached${at} after ${steps}`;
  switch (verdict.kind) {
    case 'deadlock':
      return `deadlock${expected}: after ${steps} nothing can happen`;
    case 'evaluation':
      return `a step fails${expected}: after ${steps}`;
    case 'invariant':
    case 'step':
    case 'sometimes':
    case 'property':
      return `${verdict.name} is violated${at}${expected}: ${steps}${shapeOf(trace)}`;
  }
}

function shapeOf(trace: Trace): string {
  if (trace.loop === undefined) return '';
  const loop = trace.steps.length - trace.loop;
  return loop === 0 ? ', then stuttering forever' : `, the last ${loop === 1 ? 'one' : loop} of them forever`;
}

function formatBindings(bindings: ObjectValue): string {
  return Object.entries(bindings)
    .map(([name, value]) => `${authorsName(name)} = ${formatValue(value)}`)
    .join(', ');
}

/** Only the steps of a trace, from its first state on. */
export function renderSteps(trace: Trace, options: { readonly color: boolean } & StepsOptions): string[] {
  return stepLines(trace, options, new Ansis(options.color ? 1 : 0));
}

function failureLines(failure: Failure, files: readonly SourceFile[], options: TraceOptions, paint: Ansis): string[] {
  const who = failure.step === undefined ? '' : `${wordFailing(failure.step)} fails here: `;
  return [
    paint.red(`     ${who}${failure.message}`),
    ...renderFrame([{ span: failure.span, text: '', mark: '^' }], files, options).map((line) => `     ${line}`),
  ];
}

/** Who waits for what where nothing more happens to them, and whether they wait for each other. */
function waitLines(trace: Trace, files: readonly SourceFile[], options: TraceOptions, paint: Ansis): string[] {
  const { waitsFor } = trace;
  if (waitsFor === undefined) return [];
  const { waits } = waitsFor;
  const column = Math.max(0, ...waits.map((wait) => nameOfWait(wait).length));
  const lines = waits.flatMap((wait) => {
    const source = lineOf(files, wait.span);
    const shown = source.length > LONGEST_GUARD ? `${source.slice(0, LONGEST_GUARD - 1)}…` : source;
    const name = nameOfWait(wait);
    const start = `       ${paint.bold(name)}${' '.repeat(column - name.length)}  `;
    return wrap(start, wordsIn(wordWait(wait, shown, waitsFor)), ' ', options.width);
  });
  const whole = wordWhole(waitsFor).flatMap((pieces) => wrap('     ', wordsIn(pieces), ' ', options.width));
  return ['', ...(lines.length === 0 ? [] : ['     Who waits:', ...lines]), ...whole];
}

const WAYS_UNTOLD: Readonly<Record<TooMany, string>> = {
  notAllExplored: 'In how many ways it is violated is not said: not all states were explored.',
  manyStates: `In how many ways it is violated is not said: there are more than ${formatCount(MOST_EXPLORED)} states.`,
  manyViolating: `In how many ways it is violated is not said: it is in more than ${formatCount(MOST_VIOLATING)} states.`,
};

/** In how many ways the system hangs, or an invariant is violated, and how often; of the others than the one that is shown how, and how it gets there. */
function waysLines(
  ways: readonly Way[],
  shown: Trace,
  files: readonly SourceFile[],
  { width }: TraceOptions,
): string[] {
  const [first, ...others] = ways;
  if (first === undefined || (others.length === 0 && first.states === 1)) return [];
  const isHang = shown.falsity === undefined;
  if (others.length === 0)
    return [
      `     ${isHang ? `${counted(first.states, 'state')} hang so.` : `It is so in ${counted(first.states, 'state')}.`}`,
    ];
  const rows = ways.flatMap(({ states, trace }) => {
    const start = `       ${counted(states, 'state').padEnd(12)}`;
    if (trace.steps === shown.steps) return [`${start}as shown above`];
    const { waitsFor, falsity } = trace;
    const hang =
      (falsity && wordFalsity(falsity, files)) ?? (waitsFor && wordHang(waitsFor, ({ span }) => lineOf(files, span)));
    const how = hang === undefined ? [] : wrap(start, wordsIn(hang), ' ', width);
    const by = wrap(
      ' '.repeat(start.length),
      [`after ${counted(trace.steps.length, 'step')}: `, ...renderStory(trace)],
      '',
      width,
    );
    return how.length === 0 ? [start + by[0]!.trimStart(), ...by.slice(1)] : [...how, ...by];
  });
  return [`     It ${isHang ? 'hangs' : 'is violated'} in ${others.length + 1} ways:`, ...rows];
}

const LONGEST_GUARD = 60;
