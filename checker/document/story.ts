import { commentInlines, firstSentence } from '../../dsl/docgen/comment.ts';
import { code, joined, paragraph, strong, table, text } from '../../dsl/docgen/document.ts';
import type { Block, Inline, Inlines } from '../../dsl/docgen/document.ts';
import { glossaryOf, slotsOf } from '../../dsl/ir/slots.ts';
import { sourceLink } from '../../dsl/docgen/spec-parts.ts';
import type { SourceLinks } from '../../dsl/docgen/spec-parts.ts';
import { lineOf } from '../../dsl/diagnostics/span.ts';
import { formatValue } from '../../dsl/ir/index.ts';
import type { ObjectValue, System } from '../../dsl/ir/index.ts';
import { wordDecisions, wordNextWait, wordRefused } from '../counterexample/step-words.ts';
import type { Failure, FairnessEvidence, Trace, TraceStep } from '../counterexample/behavior.ts';
import { valuesOfPart, wordBroken, wordElements, wordTruth } from '../counterexample/falsity-words.ts';
import { wordWait, wordWhole } from '../counterexample/wait-words.ts';
import { wordHang } from '../counterexample/hang-words.ts';
import { wordCure } from '../counterexample/cure-words.ts';
import type { Piece } from '../counterexample/piece.ts';
import type { Plan } from '../plan/plan.ts';
import { counted, IDLE, wordTaken } from '../report/wording.ts';
import { formatChange, isGoto, laneDiagram, lanesToMermaid, lanesToSvg, toldSteps } from './lanes.ts';

/** What a story is about, beside its trace. */
export interface Told {
  readonly title: string;
  readonly trace: Trace;
  readonly failure?: Failure;
  /** Whether the state it begins in is shown; not where that stands above. */
  readonly showsStart: boolean;
  /** Whether it ends where no action is enabled. */
  readonly deadlock: boolean;
  /** Whether a temporal property is violated at its end, whatever follows. */
  readonly broken?: boolean;
}

/** A counterexample or witness: the initial state, a diagram of its lanes, its steps by number, and why it ends as it does. */
export function storyBlocks(plan: Plan, links: SourceLinks, told: Told): readonly Block[] {
  const { trace } = told;
  const { system } = plan;
  const [initial] = trace.states;
  if (initial === undefined) return failureBlocks(system, links, told.failure);
  const lanes = laneDiagram(plan, trace);
  const { waitsFor } = trace;
  const hang = waitsFor && wordHang(waitsFor, ({ span }) => lineOf(system.files, span));
  return [
    ...(hang === undefined ? [] : [paragraph(...hang.map(inlineOf))]),
    ...(trace.steps.length === 0
      ? []
      : ([
          { kind: 'drawing', mermaid: lanesToMermaid(lanes), svg: lanesToSvg(lanes, told.title) },
          stepTable(system, trace),
        ] as const)),
    ...endBlocks(told),
    ...failureBlocks(system, links, told.failure),
    ...falsityBlocks(system, trace),
    ...waitBlocks(system, trace),
    ...fairnessBlocks(trace),
    ...(told.showsStart ? [startBlock(initial)] : []),
  ];
}

/** An initial state, folded away. */
export function startBlock(state: ObjectValue): Block {
  return {
    kind: 'details',
    summary: [text('The initial state')],
    blocks: [{ kind: 'code', language: '', text: stateLines(state).join('\n') }],
  };
}

function stepTable(system: System, trace: Trace): Block {
  const remarked = new Set<string>();
  const rows = toldSteps(trace).map((index): readonly Inlines[] => {
    if (index === undefined) return [[], [text('… the steps between are left out …')], []];
    const step = trace.steps[index]!;
    const isNew = !remarked.has(step.action) && remarked.add(step.action);
    const remark = isNew ? remarkOn(system, step.action) : '';
    const changes = effectsOf(step, system);
    return [
      [text(trace.loop !== undefined && trace.loop <= index ? `↻ ${index + 1}` : String(index + 1))],
      [strong(code(step.label)), ...(remark === '' ? [] : [BREAK, ...commentInlines(remark)])],
      changes.length === 0
        ? [text('nothing')]
        : changes.flatMap((change, at) => (at === 0 ? change : [BREAK, ...change])),
    ];
  });
  return table([{ head: [text('#')], align: 'right' }, 'Step', 'What it changes'], rows);
}

/** What a step does, a line for each: what it changes, what it does not get, and where it goes on and why. */
function effectsOf(step: TraceStep, { files }: System): readonly Inlines[] {
  const { changes, idle = [], refused = [], waitsNext } = step;
  const others = changes.filter((change) => !isGoto(step, change));
  const next = changes.find((change) => isGoto(step, change));
  const because = joined(
    wordDecisions(step, files).map((clause): Inlines => clause.map(inlineOf)),
    ' and ',
  );
  const goes: Inlines = next === undefined ? [] : [text(`goes on at ${formatValue(next.to)}`)];
  const reason: Inlines =
    because.length === 0 ? [] : [text(next === undefined ? 'possible because ' : ' because '), ...because];
  return [
    ...others.map((change): Inlines => [code(formatChange(change))]),
    ...idle.map(({ path, kind }): Inlines => [code(path), text(`: ${IDLE[kind]}`)]),
    ...refused.map((subject) => wordRefused(subject).map(inlineOf)),
    [...goes, ...reason],
    waitsNext === undefined ? [] : [text('there it '), ...wordNextWait(waitsNext, files).map(inlineOf)],
  ].filter((line) => 0 < line.length);
}

const BREAK: Inline = { kind: 'break' };

/** What the author says of a step, in a sentence; a short name alone says what it means. */
function remarkOn(system: System, name: string): string {
  const remark = firstSentence(system.actions.find((action) => action.name === name)?.doc ?? '');
  const terms = remark.split(/,\s*/);
  const glossary = glossaryOf(slotsOf(system.doc));
  const meanings = terms.map((term) => glossary.get(term));
  if (remark === '' || meanings.includes(undefined)) return remark;
  return terms.map((term, index) => `${term}: ${meanings[index]}`).join('; ');
}

/** How the behavior goes on after the last step. */
function endBlocks({ trace, deadlock, failure, broken }: Told): readonly Block[] {
  const { loop, steps } = trace;
  if (loop !== undefined && loop < steps.length) {
    const back = loop === 0 ? 'the initial state' : `the state after step ${loop}`;
    return [paragraph(text(`↻ Step ${steps.length} leads back to ${back}, and so it goes on for ever.`))];
  }
  if (loop !== undefined)
    return [paragraph(text('↻ Then nothing has to happen any more: the system may stay as it is for ever.'))];
  if (deadlock && failure === undefined) return [paragraph(text('Then no step of anybody is possible.'))];
  if (broken === true && failure === undefined)
    return [paragraph(text('Then it is violated already, whatever follows.'))];
  return [];
}

function failureBlocks(system: System, links: SourceLinks, failure: Failure | undefined): readonly Block[] {
  if (failure === undefined) return [];
  const where = sourceLink(links, system, failure.span);
  const who: Inlines =
    failure.step === undefined ? [text('There ')] : [text('There '), code(failure.step), text(' fails: ')];
  return [
    paragraph(...who, text(failure.message), ...(where === undefined ? [] : [text(' ('), where, text(')')]), text('.')),
  ];
}

/** The step by which a predicate became false, and the parts of it that make it so. */
export function falsityBlocks(system: System, { falsity, steps }: Trace): readonly Block[] {
  if (falsity === undefined) return [];
  const broken = wordBroken(falsity, steps);
  const items = falsity.parts.map((part): readonly Block[] => {
    const elements = wordElements(part.bound);
    const values = valuesOfPart(part, system.files);
    return [
      paragraph(
        ...(elements === '' ? [] : [text('For '), code(elements), text(': ')]),
        code(lineOf(system.files, part.span)),
        text(` ${wordTruth(part)}${values.length === 0 ? '' : ': '}`),
        ...values.flatMap((value, index): Inlines => [...(index === 0 ? [] : [text(', ')]), code(value)]),
        text('.'),
      ),
    ];
  });
  return [
    ...(broken.length === 0 ? [] : [paragraph(...broken.map(inlineOf))]),
    { kind: 'list', ordered: false, items },
  ];
}

function waitBlocks(system: System, { waitsFor }: Trace): readonly Block[] {
  if (waitsFor === undefined) return [];
  const items = waitsFor.waits.map((wait): readonly Block[] => {
    const source = lineOf(system.files, wait.span);
    return [
      paragraph(strong(code(wait.name)), text(' '), ...wordWait(wait, source, waitsFor).map(inlineOf), text('.')),
    ];
  });
  return [
    ...(items.length === 0 ? [] : [paragraph(text('Who waits:')), { kind: 'list', ordered: false, items } as const]),
    ...wordWhole(waitsFor).map((pieces) =>
      paragraph(...pieces.map(inlineOf), ...(pieces.at(-1)!.isCode ? [text('.')] : [])),
    ),
  ];
}

function inlineOf({ text: words, isCode }: Piece): Inline {
  return isCode ? code(words) : text(words);
}

/** Why the scheduler may do that, and what would forbid it. */
export function fairnessBlocks(trace: Trace): readonly Block[] {
  if (trace.loop === undefined) return [];
  const evidence = trace.fairness ?? [];
  const byReason = new Map<string, Inlines[]>();
  for (const { strength, name, evidence: found } of evidence) {
    const reason = wordEvidence(found, trace);
    byReason.set(reason, [...(byReason.get(reason) ?? []), [text(`${strength} `), code(name)]]);
  }
  const items = Array.from(byReason, ([reason, names]): readonly Block[] => [
    paragraph(text(`${reason}: `), ...joined(names, ', ')),
  ]);
  const met: readonly Block[] =
    evidence.length === 0
      ? [paragraph(text('No fairness is assumed, so nothing has to go on.'))]
      : [
          {
            kind: 'details',
            summary: [text(`Every fairness assumption is met (${counted(evidence.length, 'assumption')})`)],
            blocks: [{ kind: 'list', ordered: false, items }],
          },
        ];
  return [...met, ...wordCure(trace).map((pieces): Block => paragraph(...pieces.map(inlineOf)))];
}

function wordEvidence(evidence: FairnessEvidence['evidence'], { loop, steps }: Trace): string {
  const stutters = loop === steps.length;
  switch (evidence.kind) {
    case 'taken':
      return wordTaken(evidence);
    case 'disabled':
      if (stutters) return 'not enabled';
      return evidence.state === 0 ? 'disabled initially' : `disabled after step ${evidence.state}`;
    case 'neverEnabled':
      return stutters ? 'not enabled' : 'never enabled in the loop';
  }
}

function stateLines(state: ObjectValue): readonly string[] {
  return Object.entries(state).map(([name, value]) => `${name}: ${formatValue(value)}`);
}
