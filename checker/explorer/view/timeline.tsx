import type { CSSProperties } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { formatCall, formatValue } from '../../../dsl/ir/index.ts';
import { formatChange, isGoto } from '../../counterexample/change.ts';
import { changesBetween } from '../../counterexample/difference.ts';
import { idleWrites } from '../../counterexample/idle-writes.ts';
import { gotoOf } from '../../counterexample/trace.ts';
import { withLocalsLeft } from '../../counterexample/unused-locals.ts';
import { wordIdle } from '../../report/wording.ts';
import type { Actor } from '../../plan/actor.ts';
import { STUTTER } from '../../search/path.ts';
import type { Course } from '../course.ts';
import { labelOf, stutters } from '../course.ts';
import type { ClaimAtoms } from '../situation.ts';
import { valuesIn } from '../subject.ts';
import type { Subject } from '../subject.ts';
import { laneStyle } from './lanes.ts';

interface Props {
  readonly subject: Subject;
  readonly course: Course;
  /** Indices of the lanes that are drawn, in order. */
  readonly lanes: readonly number[];
  readonly at: number;
  /** Of the temporal property that the behavior breaks: shown as a column each, true or not. */
  readonly atoms: ClaimAtoms | undefined;
  /** What comes after the last state. */
  readonly ending: Ending;
  /** The steps that missed each other, by the index of the state they lead to. */
  readonly crossing: ReadonlySet<number>;
  readonly onSelect: (at: number) => void;
}

export type Ending =
  | { readonly kind: 'open' }
  /** `broken`: a temporal property is violated by then, whatever follows. */
  | { readonly kind: 'stuck' | 'terminal' | 'broken' }
  | { readonly kind: 'fails'; readonly message: string };

/** The height of a row; the list shows only those in sight, so that any length scrolls alike. */
const ROW = 30;
const SPARE = 8;

/** A behavior from above to below, a row for each step, in the lane of whoever takes it. */
export function Timeline({ subject, course, lanes, at, atoms, ending, crossing, onSelect }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });
  const count = course.states.length;
  const tail = tailOf(course, ending, subject.plan.system.model.deadlocks === 'ignored');
  const rows = count + (tail === undefined ? 0 : 1);

  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const measure = (): void => setView({ top: element.scrollTop, height: element.clientHeight });
    const resized = new ResizeObserver(measure);
    resized.observe(element);
    return () => resized.disconnect();
  }, []);

  // Keeps the chosen row in sight with a few around it, without moving more than it has to.
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const margin = Math.min(3 * ROW, element.clientHeight / 4);
    const [from, to] = [at * ROW, (at + 1) * ROW];
    const isEnd = at === count - 1;
    const head = element.clientHeight - (box.current?.querySelector('.lane-names')?.clientHeight ?? 0);
    if (from - margin < element.scrollTop) element.scrollTop = Math.max(0, from - margin);
    else if (element.scrollTop + head < to + margin) {
      element.scrollTop = (isEnd ? rows * ROW : to + margin) - head;
    }
  }, [at, count, rows]);

  const first = Math.max(0, Math.floor(view.top / ROW) - SPARE);
  const last = Math.min(rows, Math.ceil((view.top + view.height) / ROW) + SPARE);
  const shown = Array.from({ length: Math.max(0, last - first) }, (_, index) => first + index);
  const style = {
    '--lanes': lanes.length,
    '--atoms': atoms?.atoms.length ?? 0,
    '--digits': String(count - 1).length,
    '--rows': `${rows * ROW}px`,
  } as CSSProperties;
  return (
    <div
      ref={box}
      class="timeline"
      style={style}
      role="listbox"
      tabIndex={0}
      aria-label="Steps"
      aria-activedescendant={`row-${at}`}
      onScroll={(event) => {
        const { scrollTop, clientHeight } = event.currentTarget;
        setView({ top: scrollTop, height: clientHeight });
      }}
    >
      <div class="lane-names" aria-hidden="true">
        <span />
        <span />
        {atoms !== undefined && (
          <span class="atoms">
            {atoms.atoms.map(({ text }, index) => (
              <span key={text} class="atom-name" title={text}>
                {letterOf(index)}
              </span>
            ))}
          </span>
        )}
        <span class="tracks">
          {lanes.map((lane, position) => (
            <span key={lane} class="lane-name" style={laneStyle(lane, position)} title={subject.lanes[lane]!.name}>
              <LaneName lane={subject.lanes[lane]!} />
            </span>
          ))}
        </span>
        <span class="what">what changes</span>
      </div>
      <div class="rows" style={{ height: rows * ROW }}>
        {course.loop !== undefined && !stutters(course) && (
          <div
            class="loop"
            style={{ top: (course.loop + 1) * ROW, height: (count - 1 - course.loop) * ROW }}
            aria-hidden="true"
          />
        )}
        {shown.map((row) =>
          row < count ? (
            <Row
              key={row}
              subject={subject}
              course={course}
              lanes={lanes}
              index={row}
              selected={row === at}
              isCrossing={crossing.has(row)}
              atoms={atoms}
              count={count}
              onSelect={onSelect}
            />
          ) : (
            <div key="tail" class={`row tail ${tail!.tone}`} style={{ top: row * ROW }}>
              {tail!.to === undefined ? (
                <span>{tail!.words}</span>
              ) : (
                <button type="button" class="link" tabIndex={-1} onClick={() => onSelect(tail!.to!)}>
                  {tail!.words}
                </button>
              )}
            </div>
          ),
        )}
      </div>
    </div>
  );
}

/** `worker(r0)` on two lines: the argument is what tells threads apart. What is no thread is said to be actions. */
function LaneName({ lane: { name, instances } }: { readonly lane: Actor }) {
  const [, process, given] = /^([^(]+)\((.*)\)$/s.exec(name) ?? [];
  const isThread = instances[0]!.action.process !== undefined;
  return (
    <>
      <span>{isThread ? (process ?? '') : 'actions'}</span>
      <b>{isThread ? (given ?? name) : name}</b>
    </>
  );
}

interface RowProps {
  readonly subject: Subject;
  readonly course: Course;
  readonly lanes: readonly number[];
  readonly index: number;
  readonly count: number;
  readonly selected: boolean;
  readonly isCrossing: boolean;
  readonly atoms: ClaimAtoms | undefined;
  readonly onSelect: (at: number) => void;
}

function Row({ subject, course, lanes, index, count, selected, isCrossing, atoms, onSelect }: RowProps) {
  const instance = index === 0 ? undefined : course.instances[index - 1]!;
  const lane = instance === undefined || instance === STUTTER ? undefined : subject.laneOf[instance]!;
  const position = lane === undefined ? 0 : lanes.indexOf(lane);
  const label = instance === undefined ? 'initially' : labelOf(subject, instance);
  const changes = index === 0 ? '' : changesAt(subject, course, index);
  const isOwn = index > course.departure;
  const inLoop = course.loop !== undefined && index > course.loop;
  return (
    <div
      id={`row-${index}`}
      class={`row ${selected ? 'selected' : ''} ${isCrossing ? 'crossing' : ''} ${isOwn ? 'own' : ''} ${inLoop ? 'in-loop' : ''}`}
      style={{ top: index * ROW }}
      role="option"
      aria-selected={selected}
      aria-posinset={index + 1}
      aria-setsize={count}
      aria-label={`${index}: ${label}${changes === '' ? '' : `, ${changes}`}`}
      onClick={() => onSelect(index)}
    >
      <span class="number">{index}</span>
      <span class="gutter" />
      {atoms !== undefined && (
        <span class="atoms">
          {atoms.atoms.map((atom, number) => {
            const truth = atom.truthIn(course.states[index]!, stateAfter(course, index));
            return (
              <span key={number} class={`atom ${truth}`} title={`${letterOf(number)}: ${atom.text} is ${truth}`} />
            );
          })}
        </span>
      )}
      <span class="tracks">
        {lane !== undefined && (
          <>
            <span class="dot" style={laneStyle(lane, position)} />
            <span class="step" style={laneStyle(lane, position)}>
              <span class="short">{shortLabel(subject, instance!)}</span>
              <span class="full">{label}</span>
            </span>
          </>
        )}
        {lane === undefined && <span class="step nobody">{label}</span>}
      </span>
      <span class="what">
        {isCrossing && <b title="One of the steps that missed each other">⤫ </b>}
        {changes}
      </span>
    </div>
  );
}

/** The step from a state, when it changes something: what `taken` asks about. */
export function stateAfter(course: Course, index: number): Int32Array | undefined {
  const { states, instances, loop } = course;
  const isLast = index === instances.length;
  return states[(isLast && loop !== undefined && loop < index ? loop : index) + 1];
}

function changesAt(subject: Subject, course: Course, index: number): string {
  const before = valuesIn(subject, course.states[index - 1]!);
  const after = valuesIn(subject, course.states[index]!);
  const { plan } = subject;
  const changes = changesBetween(plan.system.variables, before, withLocalsLeft(plan.system, before, after));
  const instance = plan.instances[course.instances[index - 1]!];
  const idle = instance === undefined ? [] : idleWrites(plan, instance, [before, after], changes).map(wordIdle);
  if (changes.length === 0 && idle.length === 0) return 'nothing';
  // Where the thread that takes the step goes on is what its lane shows.
  const goto = instance && gotoOf(plan, instance);
  const others = changes.filter((change) => !isGoto({ ...(goto && { goto }) }, change));
  const shown = others.length + idle.length === 0 ? changes : others;
  return [...shown.map(formatChange), ...idle].join(', ');
}

/** What to call a step where the lane says who takes it: its label, or its action with the other arguments. */
function shortLabel({ plan, lanes, laneOf }: Subject, instance: number): string {
  const { action, values, label } = plan.instances[instance]!;
  if (action.process !== undefined) return action.process.label;
  if (values.length === 0 || lanes[laneOf[instance]!]!.name !== formatValue(values[0])) return label;
  return formatCall(action.name, values.slice(1));
}

interface Tail {
  readonly words: string;
  readonly tone: string;
  /** The state that a click leads to. */
  readonly to?: number;
}

function tailOf(course: Course, ending: Ending, areIgnored: boolean): Tail | undefined {
  if (stutters(course)) return { words: '↻ nothing more happens, forever', tone: 'forever' };
  if (course.loop !== undefined) {
    const words = course.loop === 0 ? 'the initial state' : `the state after step ${course.loop}`;
    return { words: `↻ back to ${words}, and so on forever`, tone: 'forever', to: course.loop };
  }
  switch (ending.kind) {
    case 'stuck':
      return areIgnored
        ? { words: '■ nothing more can happen', tone: 'forever' }
        : { words: '■ nothing can happen: a deadlock', tone: 'bad' };
    case 'terminal':
      return { words: '■ nothing can happen: a proper end', tone: 'good' };
    case 'broken':
      return { words: '✗ already violated here, whatever follows', tone: 'bad' };
    case 'fails':
      return { words: `✗ ${ending.message}`, tone: 'bad' };
    case 'open':
      return undefined;
  }
}

/** A, B, …; what an atom is called where there is no room for it. */
export function letterOf(index: number): string {
  return index < 26 ? String.fromCharCode(65 + index) : `A${index - 25}`;
}
