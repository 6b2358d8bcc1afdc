import { formatPlace, formatValue } from '../../dsl/ir/index.ts';
import { formatActor, formatStep, isSameActor } from '../plan/step-name.ts';
import type { Comparison, Inaction, Wait, WaitsFor, WaitSubject } from './behavior.ts';
import { code, plain } from './piece.ts';
import type { Piece } from './piece.ts';
import { circleNames, nameOfWait, othersOf } from './waits.ts';
import type { Other } from './waits.ts';

/**
 * What somebody waits for, since when, and who could end that: a sentence without its subject, `waits for `a`, …`.
 *
 * @param source - the condition as the author wrote it.
 */
export function wordWait(wait: Wait, source: string, { isComplete }: Pick<WaitsFor, 'isComplete'>): readonly Piece[] {
  return [...wordSubject(wait, source), ...wordEnd(wait, isComplete)];
}

/** What somebody waits for and since when: `waits for `a`, held by t1 since step 3`. */
export function wordSubject(
  wait: Pick<Wait, 'subject' | 'reads'> & Partial<Pick<Wait, 'since' | 'on' | 'who'>>,
  source: string,
): readonly Piece[] {
  const { subject, reads } = wait;
  const since = wait.since === undefined ? '' : ` since step ${wait.since + 1}`;
  if (subject === undefined) {
    const values = reads.flatMap(({ place, value }, index) => [
      ...(index === 0 ? [] : [plain(', ')]),
      code(`${formatPlace(place)}: ${formatValue(value)}`),
    ]);
    const where = values.length === 0 ? [] : [plain(' ('), ...values, plain(`${since})`)];
    return [plain('waits for '), code(source), ...where];
  }
  switch (subject.kind) {
    case 'mutex': {
      const holder = formatValue(subject.holder);
      const isOwn = wait.who !== undefined && wait.on?.length === 1 && isSameActor(wait.on[0]!, wait.who);
      const held = isOwn
        ? [plain(`, which it holds itself${since}`)]
        : [plain(', held by '), code(holder), plain(since)];
      return [plain('waits for '), code(formatPlace(subject.object)), ...held];
    }
    case 'condvar':
      return [plain('is asleep on '), code(formatPlace(subject.object)), plain(since)];
    case 'semaphore':
      return [plain('waits at the semaphore '), code(formatPlace(subject.object)), plain(`, which is 0${since}`)];
    case 'barrier':
      return [plain('waits at the barrier '), code(formatPlace(subject.object)), plain(since)];
    case 'reading':
      return [plain('waits to enter '), code(formatPlace(subject.object)), plain(` as a reader${since}`)];
    case 'writing':
      return [plain('waits to enter '), code(formatPlace(subject.object)), plain(` as a writer${since}`)];
    case 'comparison':
    case 'member':
      return wordCondition(subject, since);
  }
}

function wordCondition(
  subject: Extract<WaitSubject, { kind: 'comparison' | 'member' }>,
  since: string,
): readonly Piece[] {
  if (subject.kind === 'member') {
    const { place, element, isWanted } = subject;
    const verb = isWanted ? ' has ' : ' no longer has ';
    return [
      plain('waits until '),
      code(formatPlace(place)),
      plain(verb),
      code(formatValue(element)),
      plain(since === '' ? '' : ` (as it is${since})`),
    ];
  }
  const { place, operator, value, now } = subject;
  return [
    plain('waits until '),
    code(formatPlace(place)),
    plain(` is ${COMPARED[operator]}`),
    code(formatValue(value)),
    ...(operator === 'notEqual'
      ? [plain(since === '' ? '' : ` (as it is${since})`)]
      : [plain(' (it is '), code(formatValue(now)), plain(`${since})`)]),
  ];
}

const COMPARED: Readonly<Record<Comparison, string>> = {
  equal: '',
  notEqual: 'not ',
  less: 'less than ',
  lessOrEqual: 'at most ',
  greater: 'more than ',
  greaterOrEqual: 'at least ',
};

function wordEnd(wait: Wait, isComplete: boolean): readonly Piece[] {
  const { on, who, isHopeless } = wait;
  if (isHopeless) return wordHopeless(wait);
  if (on.length === 0) return [];
  if (on.length === 1 && isSameActor(on[0]!, who) && nameOfWait(wait) === formatActor(who))
    return [plain('; nobody else can end that')];
  const others = othersOf(wait)
    .filter(({ because }) => because !== 'spent')
    .flatMap((other, index) => [...(index === 0 ? [] : [plain(', ')]), ...wordOther(other)]);
  const gone = wordGone(wait);
  const ends = [
    plain(isComplete ? '; only ' : '; as far as was explored, only '),
    ...others,
    plain(' can end that'),
    ...(gone.length === 0 ? [] : [plain('; '), ...gone]),
  ];
  const way = wait.wayOut ?? [];
  if (way.length < 2) return ends;
  return [
    ...ends,
    plain(', by way of '),
    code(way.slice(0, LONGEST_WAY).map(formatStep).join(' → ') + (LONGEST_WAY < way.length ? ' → …' : '')),
  ];
}

/** Of a way out so many steps are reported. */
const LONGEST_WAY = 4;

function wordHopeless(wait: Wait): readonly Piece[] {
  const gone = wordGone(wait);
  if (0 < gone.length) return [plain('; nobody can end that any more: '), ...gone];
  return [plain(wait.isEverEnded === false ? '; nothing ever ends that' : '; nobody can end that any more')];
}

/** The steps that could have ended it, had they come later. */
function wordGone(wait: Wait): readonly Piece[] {
  const spent = wait.steps.flatMap((steps) =>
    steps.flatMap((one) => (one.step === undefined ? [] : [{ label: formatStep(one), step: one.step }])),
  );
  const missed = wait.missed.map((one) => ({ label: formatStep(one), step: one.step }));
  const gone = [...new Map([...spent, ...missed].map((one) => [one.label, one])).values()].sort(
    (a, b) => b.step - a.step,
  );
  return gone
    .slice(0, MOST_MISSED)
    .flatMap(({ label, step }, index) => [
      plain(index === 0 ? '' : ', '),
      code(label),
      plain(` has already run, at step ${step + 1}`),
    ]);
}

/** So many steps that have come too early are reported. */
const MOST_MISSED = 2;

function wordOther({ kind, name, because }: Other): readonly Piece[] {
  if (kind === 'thread') return [code(name), plain(INACTION[because])];
  return [...(kind === 'anyStepOf' ? [plain('steps of ')] : []), code(name), plain(NO_STEP[because])];
}

/** Why a thread does not do what would help … */
const INACTION: Readonly<Record<Inaction, string>> = {
  waits: '',
  runs: ' (which goes on without doing so)',
  ended: ' (which is at an end)',
  spent: '',
  unforced: ' (which nothing forces to go on)',
};

/** … and why a step does not. */
const NO_STEP: Readonly<Record<Inaction, string>> = {
  waits: '',
  runs: ' (taken in the loop)',
  ended: ' (not possible)',
  spent: '',
  unforced: ' (possible, but not forced)',
};

/** What is to be said of all of them: that they wait in a circle, or that this may be a proper end. */
export function wordWhole(waitsFor: WaitsFor): readonly (readonly Piece[])[] {
  const names = circleNames(waitsFor);
  const [first] = names;
  const circle =
    names.length === 1
      ? [[code(first!), plain(' waits for itself.')]]
      : names.length === 0
        ? []
        : [[plain('They wait in a circle: '), code([...names, first].join(' → '))]];
  return [...circle, ...wordFinish(waitsFor)];
}

function wordFinish({ finished }: WaitsFor): readonly (readonly Piece[])[] {
  if (finished === undefined) return [];
  const { condition } = finished;
  const start = plain('Nothing is left to do: the system has finished. If that is a proper end, say so: ');
  if (condition === undefined) return [[start, code('terminal((s) => …)')]];
  const parameters = /\bp\./.test(condition) ? '(s, p)' : '(s)';
  return [[start, code(`terminal(${parameters} => ${condition})`)]];
}
