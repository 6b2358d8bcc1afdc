import { commentInlines, firstSentence } from '../../dsl/docgen/comment.ts';
import { code, joined, linkTo, strong, table, text } from '../../dsl/docgen/document.ts';
import type { Block, Column, Inline, Inlines } from '../../dsl/docgen/document.ts';
import { glossaryOf, slotsOf } from '../../dsl/ir/slots.ts';
import { formatPlace, formatValue } from '../../dsl/ir/index.ts';
import type { Action, System } from '../../dsl/ir/index.ts';
import type { Trace, TraceStep } from '../counterexample/behavior.ts';
import { formatChange, isGoto } from '../counterexample/change.ts';
import type { Piece } from '../counterexample/piece.ts';
import { wordDecisions, wordNextWait, wordRefused } from '../counterexample/step-words.ts';
import { heldBy } from '../locks/held.ts';
import type { Plan } from '../plan/plan.ts';
import { formatActor, formatStep, instanceFinder } from '../plan/step-name.ts';
import { counted, IDLE } from '../report/wording.ts';
import { toldSteps } from './lanes.ts';

/** Where a step is shown on the pages of its spec; undefined where it is not. */
export type StepHref = (system: System, action: Action) => string | undefined;

/** What the tables of a page share. */
export interface StepNotes {
  readonly stepHref: StepHref;
  /** What has been said of steps on the page, which is not said again; learns of more. */
  readonly said: Set<string>;
}

/** The steps of a trace by number: what the author says of each, what it does and why, and which locks its thread has then. */
export function stepTable(plan: Plan, trace: Trace, notes: StepNotes): Block {
  const { system } = plan;
  const holds = holdsIn(plan, trace);
  const told = toldRows(trace, describeSteps(system, trace, notes));
  const columns: readonly (string | Column)[] = [{ head: [text('#')], align: 'right' }, 'Step', 'What it does'];
  if (holds === undefined)
    return table(
      columns,
      told.map(({ number, name, effects }) => [number, name, effects]),
    );
  return table(
    [...columns, 'Then holds'],
    told.map(({ number, name, effects, last }) => [number, name, effects, last === undefined ? [] : holds[last]!]),
  );
}

interface Row {
  readonly number: Inlines;
  readonly name: Inlines;
  readonly effects: Inlines;
  /** The index of its step, or of the last of those that it is about, if they are all of one thread. */
  readonly last?: number;
}

/** A step as it is shown. */
interface Described {
  readonly label: Inline;
  readonly remarks: readonly Inlines[];
  readonly effects: readonly Inlines[];
  /** Whether there is nothing to be said but where its thread goes on. */
  readonly isQuiet: boolean;
}

function describeSteps(system: System, trace: Trace, { stepHref, said }: StepNotes): (index: number) => Described {
  const firsts = new Map<string, number>();
  trace.steps.forEach(({ action }, index) => {
    if (!firsts.has(action)) firsts.set(action, index);
  });
  const actors = trace.steps.map(({ actor }) => actor && formatActor(actor));
  const lasts = new Map(actors.map((actor, index) => [actor, index]));
  return (index) => {
    const step = trace.steps[index]!;
    const action = system.actions.find(({ name }) => name === step.action);
    const isFirst = firsts.get(step.action) === index;
    const href = action && isFirst ? stepHref(system, action) : undefined;
    const remarks = action !== undefined && isFirst ? remarksOn(system, action, said) : [];
    const lines = effectsOf(step, system, lasts.get(actors[index]) === index);
    const isQuiet = remarks.length === 0 && !isOfInterest(step);
    return { label: linkTo(href, strong(code(formatStep(step)))), remarks, effects: lines, isQuiet };
  };
}

/** Whether a step does more than take its thread to its next label, whatever the state is. */
function isOfInterest(step: TraceStep): boolean {
  const { changes, idle = [], decidedBy = [], refused = [], waitsNext } = step;
  if (idle.length + decidedBy.length + refused.length > 0 || waitsNext !== undefined) return true;
  return changes.length === 0 || changes.some((change) => !isGoto(step, change));
}

/** A row for each step, for several quiet ones in a row, and for what is left out. */
function toldRows(trace: Trace, describe: (index: number) => Described): readonly Row[] {
  const rows: Row[] = [];
  let quiet: number[] = [];
  const flush = (): void => {
    if (quiet.length === 1) rows.push(rowOf(trace, quiet[0]!, describe(quiet[0]!)));
    if (quiet.length > 1) rows.push(quietRow(trace, quiet, describe));
    quiet = [];
  };
  for (const index of toldSteps(trace)) {
    if (index === undefined) {
      flush();
      rows.push({ number: [], name: [text('… the steps between are left out …')], effects: [] });
      continue;
    }
    const described = describe(index);
    const isEdge = index === trace.loop || index === trace.steps.length - 1;
    if (isEdge || !described.isQuiet) flush();
    if (described.isQuiet && !isEdge) quiet.push(index);
    else rows.push(rowOf(trace, index, described));
  }
  flush();
  return rows;
}

function rowOf(trace: Trace, index: number, { label, remarks, effects }: Described): Row {
  return {
    number: [text(numberOf(trace, index))],
    name: lines([[label], ...remarks]),
    effects: lines(effects.length === 0 ? [[text('nothing')]] : effects),
    last: index,
  };
}

function quietRow(trace: Trace, quiet: readonly number[], describe: (index: number) => Described): Row {
  const [first, last] = [quiet[0]!, quiet.at(-1)!];
  const names = joined(
    quiet.map((index): Inlines => [describe(index).label]),
    ', ',
  );
  const actors = new Set(quiet.map((index) => trace.steps[index]!.actor).map((actor) => actor && formatActor(actor)));
  return {
    number: [text(`${numberOf(trace, first)}–${last + 1}`)],
    name: names,
    effects: [text(`${counted(quiet.length, 'step')} that only go on`)],
    ...(actors.size === 1 && { last }),
  };
}

function numberOf({ loop }: Trace, index: number): string {
  return loop !== undefined && loop <= index ? `↻ ${index + 1}` : String(index + 1);
}

function lines(parts: readonly Inlines[]): Inlines {
  return parts.flatMap((part, at) => (at === 0 ? part : [BREAK, ...part]));
}

const BREAK: Inline = { kind: 'break' };

/**
 * What a step does, a line for each: what it changes, what it does not get, and where it goes on and why. Where it goes on
 * for no reason in the state is what the next step of its thread says.
 */
function effectsOf(step: TraceStep, { files }: System, isLast: boolean): readonly Inlines[] {
  const { changes, idle = [], refused = [], waitsNext } = step;
  const others = changes.filter((change) => !isGoto(step, change));
  const next = changes.find((change) => isGoto(step, change));
  const because = joined(
    wordDecisions(step, files).map((clause): Inlines => clause.map(inlineOf)),
    ' and ',
  );
  const done: readonly Inlines[] = [
    ...others.map((change): Inlines => [code(formatChange(change))]),
    ...idle.map(({ place, kind }): Inlines => [code(formatPlace(place)), text(`: ${IDLE[kind]}`)]),
    ...refused.map((subject) => wordRefused(subject).map(inlineOf)),
  ];
  const isSaid = next !== undefined && (isLast || because.length > 0 || waitsNext !== undefined || done.length === 0);
  const goes: Inlines = isSaid ? [text(`goes on at ${formatValue(next.to)}`)] : [];
  const reason: Inlines =
    because.length === 0
      ? []
      : [
          text(next === undefined ? `${step.goto === undefined ? '' : 'stays there '}because ` : ' because '),
          ...because,
        ];
  const wait: Inlines =
    waitsNext === undefined ? [] : [text('there it '), ...wordNextWait(waitsNext, files).map(inlineOf)];
  return [...done, [...goes, ...reason], wait].filter((line) => 0 < line.length);
}

export function inlineOf({ text: words, isCode }: Piece): Inline {
  return isCode ? code(words) : text(words);
}

/** What the author says of a step, in a sentence, and the function of the code that it stands for; once on a page. */
function remarksOn(system: System, { name, doc }: Action, said: Set<string>): readonly Inlines[] {
  const key = `${name} ${doc}`;
  if (said.has(key)) return [];
  said.add(key);
  const remark = remarkIn(system, doc);
  const sources = slotsOf(doc).of('source');
  return [
    ...(remark === '' ? [] : [commentInlines(remark)]),
    ...(sources.length === 0
      ? []
      : [
          [
            text('in '),
            ...joined(
              sources.map((one): Inlines => [code(one)]),
              ', ',
            ),
          ],
        ]),
  ];
}

/** The first sentence of a comment; a short name alone says what it means. */
function remarkIn(system: System, doc: string): string {
  const remark = firstSentence(doc);
  const terms = remark.split(/,\s*/);
  const glossary = glossaryOf(slotsOf(system.doc));
  const meanings = terms.map((term) => glossary.get(term));
  if (remark === '' || meanings.includes(undefined)) return remark;
  return terms.map((term, index) => `${term}: ${meanings[index]}`).join('; ');
}

/** The locks that the thread of each step has after it; undefined when no thread has any after a step of its own. */
function holdsIn(plan: Plan, { states, steps }: Trace): readonly Inlines[] | undefined {
  const instanceOf = instanceFinder(plan.instances);
  const held = steps.map((step, index) => {
    const instance = instanceOf(step);
    return instance === undefined ? [] : heldBy(plan, states[index + 1]!, instance);
  });
  if (held.every((paths) => paths.length === 0)) return undefined;
  return held.map((paths) =>
    joined(
      paths.map((path): Inlines => [code(path)]),
      ', ',
    ),
  );
}
