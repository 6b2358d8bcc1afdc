import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { lineOf } from '../../../dsl/diagnostics/span.ts';
import type { Wait, WaitsFor } from '../../counterexample/behavior.ts';
import { wordCure } from '../../counterexample/cure-words.ts';
import { wordFalsity } from '../../counterexample/falsity-words.ts';
import type { Piece } from '../../counterexample/piece.ts';
import { wordHang } from '../../counterexample/hang-words.ts';
import { actorNameOf } from '../../plan/actor.ts';
import { formatActor } from '../../plan/step-name.ts';
import { wordFailing } from '../../report/wording.ts';
import { counted, wordCut } from '../../report/wording.ts';
import type { Address } from '../address.ts';
import type { Course } from '../course.ts';
import { departed, foundCourse, goOn, initialCourse, labelOf, nextPosition, stutters } from '../course.ts';
import type { PackedBehavior } from '../packed-behavior.ts';
import type { PackedWay, PageVerdict } from '../page-data.ts';
import { atomsOf, situationIn, truthsIn } from '../situation.ts';
import type { Atom, ClaimAtoms, Situation } from '../situation.ts';
import type { Move, Subject } from '../subject.ts';
import { isSameState } from '../../engine/state-vector.ts';
import { initialMoves, valuesIn } from '../subject.ts';
import { isTyping } from './keys.ts';
import { FairnessPanel } from './fairness-panel.tsx';
import { Icon } from './icon.tsx';
import { drawnLanes } from './lanes.ts';
import { MovesPanel } from './moves-panel.tsx';
import type { Navigate } from './navigation.ts';
import { Marked } from './prose.tsx';
import { StatePanel } from './state-panel.tsx';
import { letterOf, stateAfter, Timeline } from './timeline.tsx';
import type { Ending } from './timeline.tsx';
import { TruthsPanel } from './truths-panel.tsx';
import { nameOfVerdict, tracesOf } from './verdict.tsx';
import { WaitsPanel } from './waits-panel.tsx';
import { placeOf } from './words.ts';
import { Words } from './words.tsx';

interface Props {
  readonly subject: Subject;
  readonly address: Address;
  readonly navigate: Navigate;
}

/** Milliseconds for which a state is shown while playing. */
const PACE = 900;

/** Steps through a behavior, and on from any of its states by steps of the reader's own. */
export function Player({ subject, address, navigate }: Props) {
  const { model } = subject;
  const { view, departure } = address;
  const verdict = useMemo(
    () => (view.kind === 'behavior' ? verdictNamed(subject, view.property) : undefined),
    [subject, view],
  );
  const found = useMemo(() => {
    if (view.kind === 'explore') return initialCourse(subject, view.initial);
    return verdict && foundCourse(subject, verdict);
  }, [subject, view, verdict]);
  const course = useMemo(
    () => found && (departure === undefined ? found : departed(subject, found, departure.from, departure.choices)),
    [subject, found, departure],
  );
  if (course === undefined) return <Missing subject={subject} address={address} verdict={verdict} />;
  return (
    <Steps
      subject={subject}
      course={course}
      verdict={verdict}
      at={Math.min(address.at, course.states.length - 1)}
      go={(next, at) => {
        const { departure: from, choices } = next;
        const own = choices.length === 0 ? {} : { departure: { from, choices } };
        navigate({ model: model.id, view, at, ...own });
      }}
      base={found!}
      initial={view.kind === 'explore' ? view.initial : 0}
      startAt={(initial) => navigate({ model: model.id, view: { kind: 'explore', initial }, at: 0 })}
    />
  );
}

function verdictNamed({ model }: Subject, name: string): PageVerdict | undefined {
  return tracesOf(model).find((verdict) => verdict.name === name);
}

function Missing({
  subject,
  address,
  verdict,
}: Omit<Props, 'navigate'> & { readonly verdict: PageVerdict | undefined }) {
  const { view } = address;
  const failure = verdict?.outcome.kind === 'violated' ? verdict.outcome.failure : undefined;
  const words =
    view.kind === 'behavior'
      ? `There is no behavior here for ${view.property}.`
      : `This model has no initial state${failure === undefined ? '' : `: ${failure.message}`}.`;
  return (
    <p class="note">
      {words} {failure !== undefined && placeOf(subject.plan.system.files, failure.span)}
    </p>
  );
}

interface StepsProps {
  readonly subject: Subject;
  readonly course: Course;
  readonly verdict: PageVerdict | undefined;
  readonly at: number;
  readonly go: (course: Course, at: number) => void;
  /** Without the reader's own steps. */
  readonly base: Course;
  /** The initial state that is explored from, by its index, and how to choose another. */
  readonly initial: number;
  readonly startAt: (initial: number) => void;
}

function Steps({ subject, course, verdict, at, go, base, initial, startAt }: StepsProps) {
  const [playing, setPlaying] = useState(false);
  const [round, setRound] = useState(1);
  const last = course.states.length - 1;
  const state = course.states[at]!;
  const before = at === 0 ? undefined : course.states[at - 1]!;
  const situation = useMemo(() => situationIn(subject, state), [subject, state]);
  const values = situation.values;
  const beforeValues = useMemo(() => before && valuesIn(subject, before), [subject, before]);
  const truths = useMemo(() => truthsIn(subject, state, before), [subject, state, before]);
  const ending = useMemo(() => endingOf(subject, course, verdict), [subject, course, verdict]);
  const lanes = useMemo(() => drawnLanes(subject, course), [subject, course]);
  const atoms = useMemo(() => brokenClaim(subject, verdict), [subject, verdict]);
  const isOwn = course.choices.length > 0;
  const behavior = behaviorOf(subject, verdict);
  const isEnd = at === last && !isOwn;
  const crossing = useMemo(() => crossingSteps(subject, base, behavior?.waitsFor), [subject, base, behavior]);
  const failing = at === last && verdict?.outcome.kind === 'violated' && !isOwn ? verdict.outcome.failure : undefined;

  const select = (to: number): void => {
    setRound(1);
    go(course, Math.max(0, Math.min(last, to)));
  };
  const forward = (): boolean => {
    const next = nextPosition(course, at);
    if (next === at) return false;
    setRound(next < at ? round + 1 : next === (course.loop ?? 0) + 1 && at < next ? 1 : round);
    go(course, next);
    return true;
  };
  const take = (move: Move): void => {
    const next = course.states[at + 1];
    if (next !== undefined && course.instances[at] === move.instance && isSameState(next, move.words)) {
      go(course, at + 1);
      return;
    }
    const longer = goOn(subject, course, at, move.index);
    if (longer !== undefined) go(longer, at + 1);
  };
  const undo = (): void => {
    if (!isOwn) return;
    const shorter = departed(subject, base, course.departure, course.choices.slice(0, -1));
    go(shorter, course.choices.length === 1 ? course.departure : Math.min(at, shorter.states.length - 1));
  };
  const back = (): void => go(base, Math.min(course.departure, base.states.length - 1));

  // Keys and the clock outlive a render; they act on what is shown when they are heard.
  const acts = useRef({ forward, select, take, undo, back, at, last, situation });
  acts.current = { forward, select, take, undo, back, at, last, situation };
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      const act = acts.current;
      if (isTyping(event)) return;
      const inList = event.target instanceof HTMLElement && event.target.closest('.timeline') !== null;
      const onButton = event.target instanceof HTMLElement && event.target.closest('button, summary, a') !== null;
      const key = event.key;
      if (key === 'ArrowRight' || (inList && key === 'ArrowDown')) act.forward();
      else if (key === 'ArrowLeft' || (inList && key === 'ArrowUp')) act.select(act.at - 1);
      else if (inList && key === 'PageDown') act.select(act.at + 10);
      else if (inList && key === 'PageUp') act.select(act.at - 10);
      else if (key === 'Home') act.select(0);
      else if (key === 'End') act.select(act.last);
      else if (key === ' ' && !onButton) setPlaying((on) => !on);
      else if (key === 'Backspace') act.undo();
      else if (key === 'b') act.back();
      else if (/^[1-9]$/.test(key) && act.situation.moves.length >= Number(key)) {
        act.take(act.situation.moves[Number(key) - 1]!);
      } else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
  useEffect(() => {
    if (!playing) return undefined;
    const timer = window.setInterval(() => {
      if (!acts.current.forward()) setPlaying(false);
    }, PACE);
    return () => window.clearInterval(timer);
  }, [playing]);

  const waits = <WaitsPanel subject={subject} situation={situation} found={isEnd ? behavior?.waitsFor : undefined} />;
  const initials = useMemo(() => (verdict === undefined ? initialMoves(subject).moves.length : 0), [subject, verdict]);
  const step = at === 0 ? 'the initial state' : labelOf(subject, course.instances[at - 1]!);
  return (
    <div class="player" data-engine={subject.engine.engine}>
      {verdict !== undefined && <Title subject={subject} verdict={verdict} />}
      {initials > 1 && (
        <label class="about">
          Initial state{' '}
          <select value={initial} onChange={(event) => startAt(Number(event.currentTarget.value))}>
            {Array.from({ length: Math.min(initials, 500) }, (_, index) => (
              <option key={index} value={index}>
                {index + 1} of {initials}
              </option>
            ))}
          </select>
        </label>
      )}
      <p class="visually-hidden" role="status">
        {playing ? '' : `Step ${at} of ${last}: ${step}.`}
      </p>
      <div class="columns">
        <div class="left">
          <div class="controls" role="toolbar" aria-label="Stepping">
            <button
              type="button"
              title="First state (Home)"
              aria-label="First state"
              disabled={at === 0}
              onClick={() => select(0)}
            >
              <Icon name="first" />
            </button>
            <button
              type="button"
              title="Step back (←)"
              aria-label="Step back"
              disabled={at === 0}
              onClick={() => select(at - 1)}
            >
              <Icon name="back" />
            </button>
            <button
              type="button"
              class="play"
              title={playing ? 'Stop (Space)' : 'Play (Space)'}
              aria-label={playing ? 'Stop' : 'Play'}
              onClick={() => setPlaying(!playing)}
            >
              <Icon name={playing ? 'stop' : 'play'} />
            </button>
            <button
              type="button"
              title="Step on (→)"
              aria-label="Step on"
              disabled={nextPosition(course, at) === at}
              onClick={forward}
            >
              <Icon name="on" />
            </button>
            <button
              type="button"
              title="Last state (End)"
              aria-label="Last state"
              disabled={at === last}
              onClick={() => select(last)}
            >
              <Icon name="last" />
            </button>
            <span class="position">
              <span class="word">step </span>
              <b>{at}</b> of {last}
              {course.loop !== undefined && !stutters(course) && at > course.loop && (
                <span class="round"> ↻ loop{round > 1 ? `, round ${round}` : ''}</span>
              )}
            </span>
            <span class="grow" />
            <span class="own-steps" data-shown={isOwn}>
              <button
                type="button"
                onClick={undo}
                disabled={!isOwn}
                title="Take back the last of your own steps (Backspace)"
              >
                Undo
              </button>
              {verdict !== undefined && (
                <button type="button" onClick={back} disabled={!isOwn} title="Back to the behavior that was found (b)">
                  Back to the behavior
                </button>
              )}
            </span>
          </div>
          <Timeline
            subject={subject}
            course={course}
            lanes={lanes}
            at={at}
            atoms={isOwn && verdict === undefined ? undefined : atoms}
            ending={ending}
            crossing={crossing}
            onSelect={select}
          />
          {atoms !== undefined && verdict !== undefined && (
            <Legend subject={subject} verdict={verdict} atoms={atoms} course={base} />
          )}
          {verdict !== undefined && (
            <FairnessPanel
              subject={subject}
              behavior={behavior}
              course={base}
              isOpen={isEnd}
              onSelect={(to) => go(base, to)}
            />
          )}
        </div>
        <div class="right">
          {failing !== undefined && (
            <p class="note bad">
              {failing.step === undefined ? '' : `${wordFailing(failing.step)} fails here: `}
              {failing.message} <span class="path">{placeOf(subject.plan.system.files, failing.span)}</span>
            </p>
          )}
          {isEnd && behavior?.waitsFor !== undefined && waits}
          <section class="panel" aria-label="State">
            <h2>
              {at === 0 ? 'Initial state' : `State after step ${at}`} <span class="path">{at === 0 ? '' : step}</span>
            </h2>
            <StatePanel system={subject.plan.system} values={values} before={beforeValues} />
          </section>
          <MovesPanel subject={subject} situation={situation} course={course} at={at} onTake={take} />
          {!(isEnd && behavior?.waitsFor !== undefined) && waits}
          <TruthsPanel
            truths={truths}
            values={values}
            before={beforeValues}
            subject={subject}
            course={course}
            at={at}
          />
        </div>
      </div>
    </div>
  );
}

function behaviorOf({ model }: Subject, verdict: PageVerdict | undefined): PackedBehavior | undefined {
  const outcome = verdict?.outcome;
  return outcome?.kind === 'violated' || outcome?.kind === 'reached' ? model.behaviors[outcome.behavior] : undefined;
}

/**
 * The steps that missed each other, for each wait that nobody can end any more: those that ended it too early, the one
 * since which it lasts, and the last one of the waiter before, which saw nothing of it yet.
 */
function crossingSteps(subject: Subject, { instances }: Course, waitsFor: WaitsFor | undefined): ReadonlySet<number> {
  const steps = new Set<number>();
  for (const wait of waitsFor?.waits ?? []) {
    const { isHopeless, missed, since } = wait;
    const spent = wait.steps.flatMap((some) => some.flatMap(({ step }) => step ?? []));
    const early = [...missed.map(({ step }) => step), ...spent];
    if (!isHopeless || early.length === 0 || since === undefined) continue;
    const isWaiters = (index: number): boolean => {
      const instance = subject.plan.instances[instances[index]!];
      return instance !== undefined && actorNameOf(instance) === formatActor(wait.who);
    };
    const before = instances.findLastIndex((_, index) => index < Math.min(...early) && isWaiters(index));
    for (const index of [before, ...early, since]) if (0 <= index) steps.add(index + 1);
  }
  return steps;
}

/** What is the matter with the behavior, and how it hangs, in a sentence each. */
function Title({ subject, verdict }: { readonly subject: Subject; readonly verdict: PageVerdict }) {
  const { outcome, doc, asExpected } = verdict;
  const behavior = behaviorOf(subject, verdict);
  const { bindings, waitsFor } = behavior ?? {};
  const cures = behavior === undefined ? [] : wordCure(behavior);
  const { files } = subject.plan.system;
  const sourceOf = ({ span }: Wait): string => lineOf(files, span);
  const hang = waitsFor && wordHang(waitsFor, sourceOf);
  const wordsOf = (way: PackedWay): readonly Piece[] =>
    (way.falsity && wordFalsity(way.falsity, files)) ?? (way.waitsFor && wordHang(way.waitsFor, sourceOf)) ?? [];
  const ways = outcome.kind === 'violated' ? (outcome.ways ?? []) : [];
  const at = Object.entries(bindings ?? {}).map(([name, value]) => `${name} = ${String(value)}`);
  const cut = subject.model.result.statistics.cut;
  return (
    <p class="about">
      <b class={outcome.kind}>{nameOfVerdict(verdict)}</b>
      {at.length > 0 && <> for {at.join(', ')}</>}
      {asExpected && outcome.kind === 'violated' && <span class="hint"> as expected</span>}
      {cut !== undefined && <span class="hint"> ({wordCut(cut)})</span>}
      {[...(hang === undefined ? [] : [hang]), ...cures.slice(0, 1)].map((pieces, index) => (
        <span key={index} class="hang">
          <Words pieces={pieces} />
        </span>
      ))}
      {ways.length > 1 && <Ways ways={ways} wordsOf={wordsOf} />}
      {doc !== '' && (
        <span class="doc">
          <Marked text={doc} />
        </span>
      )}
    </p>
  );
}

/** The other ways in which the system hangs, or an invariant is violated, each in a sentence. */
function Ways({ ways, wordsOf }: { ways: readonly PackedWay[]; wordsOf: (way: PackedWay) => readonly Piece[] }) {
  return (
    <span class="hang">
      It {ways[0]!.falsity === undefined ? 'hangs' : 'is violated'} in {ways.length} ways; this one in{' '}
      {counted(ways[0]!.states, 'state')}.
      {ways.slice(1).map((way, index) => (
        <span key={index} class="hang">
          In {counted(way.states, 'state')}, the nearest after {counted(way.steps, 'step')}:{' '}
          <Words pieces={wordsOf(way)} />
        </span>
      ))}
    </span>
  );
}

/** The property that a behavior breaks, and what its parts, a column each, come to in it. */
function Legend({ subject, verdict, atoms, course }: LegendProps) {
  const { files, properties } = subject.plan.system;
  const property = properties.find(({ name }) => name === verdict.name);
  const fates = useMemo(() => atoms.atoms.map((atom) => fateOf(atom, course)), [atoms, course]);
  const missing = fates.flatMap((fate, index) => (fate === 'never comes' ? [letterOf(index)] : []));
  return (
    <>
      {property !== undefined && (
        <p class="formula">
          <code>{lineOf(files, property.formula.span)}</code>{' '}
          {missing.length > 0 && <b class="bad">{missing.join(', ')} never comes</b>}
        </p>
      )}
      <dl class="legend">
        {atoms.atoms.map((atom, index) => (
          <div key={atom.text} title={atom.text}>
            <dt>{letterOf(index)}</dt>
            <dd>
              <code>{atom.text}</code> <span class="hint">{fates[index]}</span>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

interface LegendProps {
  readonly subject: Subject;
  readonly verdict: PageVerdict;
  readonly atoms: ClaimAtoms;
  readonly course: Course;
}

/** Whether a part of a property is ever true in a behavior, and since when. */
function fateOf(atom: Atom, course: Course): string {
  const truths = course.states.map((state, index) => atom.truthIn(state, stateAfter(course, index)) === 'true');
  const first = truths.indexOf(true);
  if (first < 0) return 'never comes';
  if (!truths.includes(false)) return 'always';
  return first === 0 ? 'initially' : `first after step ${first}`;
}

/** The atoms of the claim that a behavior breaks, when a temporal property is what it breaks. */
function brokenClaim(subject: Subject, verdict: PageVerdict | undefined): ClaimAtoms | undefined {
  if (verdict === undefined || verdict.kind !== 'property' || verdict.outcome.kind !== 'violated') return undefined;
  const claims = atomsOf(subject, verdict.name);
  const bindings = subject.model.behaviors[verdict.outcome.behavior]?.bindings ?? {};
  const broken = claims.find(({ values }) => Object.entries(bindings).every(([name, value]) => values[name] === value));
  return broken !== undefined && broken.atoms.length <= MOST_ATOMS ? broken : undefined;
}

/** More columns than this would leave no room for the steps. */
const MOST_ATOMS = 8;

function endingOf(subject: Subject, course: Course, verdict: PageVerdict | undefined): Ending {
  if (course.choices.length === 0 && verdict?.outcome.kind === 'violated' && verdict.outcome.failure !== undefined) {
    const { message, step } = verdict.outcome.failure;
    return { kind: 'fails', message: step === undefined ? message : `${step} fails: ${message}` };
  }
  const isBroken = verdict?.kind === 'property' && verdict.outcome.kind === 'violated' && course.loop === undefined;
  if (isBroken && course.choices.length === 0) return { kind: 'broken' };
  const state = course.states.at(-1)!;
  const end: Situation = situationIn(subject, state);
  if (!end.isStuck) return { kind: 'open' };
  const isProper = truthsIn(subject, state, undefined).some(
    ({ kind, truth }) => kind === 'terminal' && truth === 'true',
  );
  return { kind: isProper ? 'terminal' : 'stuck' };
}
