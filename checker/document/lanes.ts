import { escapeMermaid } from '../../dsl/diagram/mermaid.ts';
import { drawText, number, svgElement, TEXT, widest } from '../../dsl/diagram/svg.ts';
import type { System } from '../../dsl/ir/index.ts';
import { lanesOf } from '../plan/actor.ts';
import type { Change, Trace, TraceStep } from '../counterexample/behavior.ts';
import { formatChange, isGoto } from '../counterexample/change.ts';
import { othersOf } from '../counterexample/waits.ts';
import type { Plan } from '../plan/plan.ts';
import { formatActor, formatStep, instanceFinder } from '../plan/step-name.ts';

/** A trace as a diagram: one lane for each process, one row for each step. */
interface LaneDiagram {
  readonly lanes: readonly string[];
  readonly rows: readonly LaneRow[];
}

type LaneRow =
  | {
      readonly kind: 'step';
      /** Counting from 1. */
      readonly number: number;
      /** An index into `lanes`. */
      readonly lane: number;
      /** The label of a step of a process, or the action with its arguments. */
      readonly name: string;
      readonly changes: readonly string[];
      /** Whether the step is one of the loop. */
      readonly looping: boolean;
    }
  /** Steps that are left out. */
  | { readonly kind: 'gap'; readonly count: number; readonly looping: boolean }
  /** Someone who waits where nothing more happens to them. */
  | { readonly kind: 'waits'; readonly lane: number; readonly on: readonly string[]; readonly isHopeless: boolean }
  | { readonly kind: 'stutters' };

/** A longer trace is cut in its middle: so many steps of its start and of its end are shown. */
const TOLD = { head: 40, tail: 24 };

/** The steps of a trace that are shown, by index; `undefined` stands for those between. */
export function toldSteps(trace: Trace): readonly (number | undefined)[] {
  const count = trace.steps.length;
  const all = Array.from({ length: count }, (_, index) => index);
  if (count <= TOLD.head + TOLD.tail + 1) return all;
  return [...all.slice(0, TOLD.head), undefined, ...all.slice(count - TOLD.tail)];
}

/** Lays a trace out in the lanes of those who take a step or wait at its end. */
export function laneDiagram(plan: Plan, trace: Trace): LaneDiagram {
  const waits = trace.waitsFor?.waits ?? [];
  const instanceOf = instanceFinder(plan.instances);
  const taken = new Set(trace.steps.map(instanceOf));
  const waiting = new Set(waits.map(({ who }) => formatActor(who)));
  const all = lanesOf(plan).filter(
    ({ name, instances }) => waiting.has(name) || instances.some((instance) => taken.has(instance)),
  );
  const lanes = all.map(({ name }) => name);
  const laneOf = (step: TraceStep): number => {
    const taking = instanceOf(step);
    return taking === undefined ? -1 : all.findIndex(({ instances }) => instances.includes(taking));
  };
  const { system } = plan;
  const isLooping = (index: number): boolean => trace.loop !== undefined && trace.loop <= index;
  const steps = toldSteps(trace).flatMap((index): readonly LaneRow[] => {
    if (index === undefined) {
      const count = trace.steps.length - TOLD.head - TOLD.tail;
      return [{ kind: 'gap', count, looping: isLooping(TOLD.head) }];
    }
    const step = trace.steps[index]!;
    const lane = laneOf(step);
    if (lane < 0) return []; // stuttering is nobody's
    const changes = changesApartFrom(step).map((change) => formatChange(change));
    const name = labelOf(system, step);
    return [{ kind: 'step', number: index + 1, lane, name, changes, looping: isLooping(index) }];
  });
  const standing = waits
    .filter(({ who }) => lanes.includes(formatActor(who)))
    .map((wait): LaneRow => ({
      kind: 'waits',
      lane: lanes.indexOf(formatActor(wait.who)),
      on: othersOf(wait).map(({ name }) => name),
      isHopeless: wait.isHopeless,
    }));
  const stutters: readonly LaneRow[] = trace.loop === trace.steps.length ? [{ kind: 'stutters' }] : [];
  return { lanes, rows: [...steps, ...standing, ...stutters] };
}

/** What a step changes beside where its own process stands, which the next step of the lane says. */
function changesApartFrom(step: TraceStep): readonly Change[] {
  return step.changes.filter((change) => !isGoto(step, change));
}

function labelOf(system: System, step: TraceStep): string {
  const declared = system.actions.find(({ name }) => name === step.action);
  if (declared?.timeout !== undefined) return `${declared.timeout.label} times out`;
  return declared?.process === undefined ? formatStep(step) : declared.process.label;
}

const ROW = { height: 24, gap: 6 };
const LEFT = 46;
const HEAD = 34;
const LONGEST_CHANGE = 64;
const MOST_CHANGES = 4;

/** Lanes as an SVG element: steps in boxes on the line of who takes them, what they change beside them, the loop as a bracket. */
export function lanesToSvg({ lanes, rows }: LaneDiagram, title: string): string {
  const widths = lanes.map((name, lane) => {
    const names = rows.flatMap((row) => (row.kind === 'step' && row.lane === lane ? [row.name] : []));
    return widest([name, ...names, 'waits']) * TEXT.width + 30;
  });
  const lefts = widths.map((_, lane) => LEFT + widths.slice(0, lane).reduce((sum, width) => sum + width, 0));
  const centers = widths.map((width, lane) => Math.round(lefts[lane]! + width / 2));
  const notesAt = LEFT + widths.reduce((sum, width) => sum + width, 0) + 10;
  const notes = rows.map(notesOf);
  const tops: number[] = [];
  let y = HEAD + ROW.gap;
  rows.forEach((_, index) => {
    tops.push(y);
    y += Math.max(ROW.height, notes[index]!.length * TEXT.line + 4) + ROW.gap;
  });
  const height = y + 8;
  const width = notesAt + widest(notes.flat()) * TEXT.width + 12;
  const lines = centers.map((x) => `<path class="edge" d="M${number(x)} ${HEAD}V${number(height - 6)}"/>`);
  const heads = lanes.map((name, lane) => drawText(name, centers[lane]!, 20, 'name', 'middle'));
  // What looks alike is drawn together: a page has thousands of steps, and a class for each would be half of it.
  const drawn = rows.map((row, index) => drawRow(row, tops[index]!, centers));
  const numbers = rows.map((row, index) =>
    row.kind === 'step' ? drawText(String(row.number), 30, tops[index]! + BASELINE, '', 'middle') : '',
  );
  const remarks = notes.flatMap((own, index) =>
    own.map((note, at) => drawText(note, Math.round(notesAt), tops[index]! + BASELINE + at * TEXT.line, '', 'middle')),
  );
  return svgElement({ width, height }, { title, standalone: false }, [
    ...lines,
    ...heads,
    ...drawBoxes(rows, tops, centers),
    ...drawn,
    `<g class="small">${numbers.join('')}</g>`,
    `<g class="small from">${remarks.join('')}</g>`,
    ...bracket(rows, tops),
  ]);
}

/** From the top of a row to what its text stands on. */
const BASELINE = 16;

/** The boxes of steps, and of those who wait, each kind as one path. */
function drawBoxes(rows: readonly LaneRow[], tops: readonly number[], centers: readonly number[]): readonly string[] {
  return (['step', 'waits'] as const).flatMap((kind) => {
    const boxes = rows.flatMap((row, index) => {
      if (row.kind !== kind) return [];
      const width = Math.round(widest([nameOf(row)]) * TEXT.width) + 16;
      const left = Math.round(centers[row.lane]! - width / 2);
      return [`M${left} ${number(tops[index]!)}h${width}v${ROW.height}h-${width}z`];
    });
    return boxes.length === 0 ? [] : [`<path class="box${kind === 'waits' ? ' wrong' : ''}" d="${boxes.join('')}"/>`];
  });
}

function nameOf(row: LaneRow & { readonly kind: 'step' | 'waits' }): string {
  return row.kind === 'step' ? row.name : 'waits';
}

function notesOf(row: LaneRow): readonly string[] {
  switch (row.kind) {
    case 'step': {
      const shown = row.changes.length > MOST_CHANGES ? row.changes.slice(0, MOST_CHANGES - 1) : row.changes;
      const more = row.changes.length - shown.length;
      return [...shown.map(shortened), ...(more > 0 ? [`and ${more} more`] : [])];
    }
    case 'gap':
      return [];
    case 'waits':
      if (row.isHopeless) return ['for ever: nobody can end that'];
      return row.on.length === 0 ? [] : [shortened(`for ${row.on.join(', ')}`)];
    case 'stutters':
      return ['and nothing has to happen any more'];
  }
}

function shortened(line: string): string {
  return line.length <= LONGEST_CHANGE ? line : `${line.slice(0, LONGEST_CHANGE - 1)}…`;
}

/** The text of a row in its lane. */
function drawRow(row: LaneRow, top: number, centers: readonly number[]): string {
  const baseline = top + BASELINE;
  switch (row.kind) {
    case 'step':
    case 'waits':
      return drawText(nameOf(row), centers[row.lane]!, baseline, '', 'middle');
    case 'gap':
      return drawText(`… ${row.count} steps …`, centers[0] ?? LEFT, baseline, 'small', 'middle');
    case 'stutters':
      return drawText('↻', 30, baseline, 'name', 'middle');
  }
}

/** A line beside the steps of the loop, with an arrow from the last back to the first. */
function bracket(rows: readonly LaneRow[], tops: readonly number[]): readonly string[] {
  const looping = rows.flatMap((row, index) => ('looping' in row && row.looping ? [index] : []));
  const [first, last] = [looping[0], looping.at(-1)];
  if (first === undefined || last === undefined) return [];
  const [start, end] = [tops[first]! + 4, tops[last]! + ROW.height - 4];
  return [
    `<path class="edge loop" d="M18 ${number(end)}H8V${number(start)}H16"/>`,
    `<path class="head" d="M20 ${number(start)}l-7 -3.5v7Z"/>`,
  ];
}

/** Lanes as a Mermaid sequence diagram. */
export function lanesToMermaid({ lanes, rows }: LaneDiagram): string {
  const lines: string[] = [
    'sequenceDiagram',
    ...lanes.map((name, lane) => `  participant p${lane} as ${escapeMermaid(name)}`),
  ];
  let inLoop = false;
  const over = lanes.length <= 1 ? 'p0' : `p0,p${lanes.length - 1}`;
  for (const row of rows) {
    const looping = 'looping' in row && row.looping;
    if (looping && !inLoop) lines.push('  loop forever');
    inLoop ||= looping;
    const indent = looping ? '    ' : '  ';
    switch (row.kind) {
      case 'step':
        lines.push(`${indent}Note over p${row.lane}: ${row.number}. ${escapeMermaid(row.name)}`);
        break;
      case 'gap':
        lines.push(`${indent}Note over ${over}: … ${row.count} steps …`);
        break;
      case 'waits':
      case 'stutters':
        if (inLoop) lines.push('  end');
        inLoop = false;
        lines.push(
          row.kind === 'waits'
            ? `  Note over p${row.lane}: waits`
            : `  Note over ${over}: nothing has to happen any more`,
        );
    }
  }
  if (inLoop) lines.push('  end');
  return `${lines.join('\n')}\n`;
}
