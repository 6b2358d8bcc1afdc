import { useMemo } from 'preact/hooks';
import type { WaitsFor } from '../../counterexample/behavior.ts';
import { wordWait, wordWhole } from '../../counterexample/wait-words.ts';
import { conditionOfStep } from '../situation.ts';
import type { Situation } from '../situation.ts';
import type { Subject } from '../subject.ts';
import { Drawing, layOut } from './drawing.tsx';
import { Words } from './words.tsx';
import { nameOfWait } from '../../counterexample/waits.ts';
import { formatActor, formatStep } from '../../plan/step-name.ts';

interface Props {
  readonly subject: Subject;
  readonly situation: Situation;
  /** What was found out about the end of a behavior, where that is shown: the page alone knows less. */
  readonly found: WaitsFor | undefined;
}

/** Who waits for whom: a drawing, and in words. Open by itself where nothing more happens to somebody. */
export function WaitsPanel({ subject, situation, found }: Props) {
  const { isStuck, values } = situation;
  const waitsFor = found ?? situation.waitsFor;
  const drawing = useMemo(() => waitsFor && drawingOf(waitsFor), [waitsFor]);
  if (waitsFor === undefined || drawing === undefined) return null;
  const { circle, waits } = waitsFor;
  return (
    <details class="panel waits" open={isStuck || found !== undefined}>
      <summary>Who waits for whom{circle.length > 0 && <span class="bad"> · in a circle</span>}</summary>
      <Drawing drawing={drawing} label={describe(waitsFor)} />
      <ul class="plain">
        {waits.map((wait) => (
          <li key={formatStep(wait.step)}>
            <b>{nameOfWait(wait)}</b>{' '}
            <Words pieces={wordWait(wait, conditionOfStep(subject, wait.step, values), waitsFor)} />
          </li>
        ))}
      </ul>
      {wordWhole(waitsFor).map((pieces, index) => (
        <p key={index}>
          <Words pieces={pieces} />
        </p>
      ))}
    </details>
  );
}

function describe({ waits, circle }: WaitsFor): string {
  const arrows = waits
    .map(({ who, on }) => `${formatActor(who)} waits for ${on.map(formatActor).join(', ')}`)
    .join('; ');
  return circle.length === 0
    ? arrows
    : `${arrows}. In a circle: ${[...circle, circle[0]!].map(formatActor).join(', ')}`;
}

function drawingOf(waitsFor: WaitsFor) {
  const circle = waitsFor.circle.map(formatActor);
  const waits = waitsFor.waits.map(({ who, on, isHopeless }) => ({
    who: formatActor(who),
    on: on.map(formatActor),
    isHopeless,
  }));
  const names = [...new Set(waits.flatMap(({ who, on }) => [who, ...on]))];
  const hopeless = new Set(waits.filter(({ isHopeless }) => isHopeless).map(({ who }) => who));
  const following = new Map(circle.map((who, index) => [who, circle[(index + 1) % circle.length]]));
  const pairs = new Map(waits.flatMap(({ who, on }) => on.map((other) => [`${who}\0${other}`, [who, other] as const])));
  return layOut(
    names.map((name) => ({
      id: name,
      label: name,
      tone: circle.includes(name) || hopeless.has(name) ? 'bad' : 'plain',
    })),
    Array.from(pairs.values(), ([from, to]) => ({
      from,
      to,
      label: '',
      tone: following.get(from) === to ? 'bad' : 'plain',
    })),
    'LR',
  );
}
