import { code, joined, paragraph, strong, text } from '../../dsl/docgen/document.ts';
import type { Block, Inlines } from '../../dsl/docgen/document.ts';
import { sourceLink } from '../../dsl/docgen/spec-parts.ts';
import type { SourceLinks } from '../../dsl/docgen/spec-parts.ts';
import { lineOf } from '../../dsl/diagnostics/span.ts';
import { formatValue } from '../../dsl/ir/index.ts';
import type { ObjectValue, System } from '../../dsl/ir/index.ts';
import type { Failure, FairnessEvidence, Trace } from '../counterexample/behavior.ts';
import { valuesOfPart, wordBroken, wordElements, wordTruth } from '../counterexample/falsity-words.ts';
import { wordWait, wordWhole } from '../counterexample/wait-words.ts';
import { starvedIn } from '../counterexample/starved.ts';
import { wordHang } from '../counterexample/hang-words.ts';
import { wordCure } from '../counterexample/cure-words.ts';
import type { Plan } from '../plan/plan.ts';
import { counted, wordTaken } from '../report/wording.ts';
import { laneDiagram, lanesToMermaid, lanesToSvg } from './lanes.ts';
import { inlineOf, stepTable } from './step-table.ts';
import type { StepNotes } from './step-table.ts';
import { nameOfWait } from '../counterexample/waits.ts';
import { wordFailing } from '../report/wording.ts';
import { formatActor, formatAssumption, formatStep } from '../plan/step-name.ts';

/** What a story is about, beside its trace. */
interface Told {
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
export function storyBlocks(
  plan: Plan,
  { links, ...notes }: StepNotes & { readonly links: SourceLinks },
  told: Told,
): readonly Block[] {
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
          stepTable(plan, trace, notes),
        ] as const)),
    ...endBlocks(told),
    ...failureBlocks(system, links, told.failure),
    ...falsityBlocks(system, trace),
    ...waitBlocks(plan, trace),
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
    failure.step === undefined ? [text('There ')] : [text('There '), code(wordFailing(failure.step)), text(' fails: ')];
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

function waitBlocks(plan: Plan, trace: Trace): readonly Block[] {
  const { waitsFor } = trace;
  const waiting = (waitsFor?.waits ?? []).map((wait): readonly Block[] => {
    const source = lineOf(plan.system.files, wait.span);
    return [
      paragraph(
        strong(code(nameOfWait(wait))),
        text(' '),
        ...wordWait(wait, source, waitsFor!).map(inlineOf),
        text('.'),
      ),
    ];
  });
  const items = [...starvedItems(plan, trace), ...waiting];
  return [
    ...(items.length === 0 ? [] : [paragraph(text('Who waits:')), { kind: 'list', ordered: false, items } as const]),
    ...(waitsFor === undefined ? [] : wordWhole(waitsFor)).map((pieces) =>
      paragraph(...pieces.map(inlineOf), ...(pieces.at(-1)!.isCode ? [text('.')] : [])),
    ),
  ];
}

/** Who could go on now and then, and never does: others come first each time. */
function starvedItems(plan: Plan, trace: Trace): readonly (readonly Block[])[] {
  return starvedIn(plan, trace).map(({ who, able, states }) => {
    const after = states.map((state) => (state === 0 ? 'at the start' : `after step ${state}`));
    const steps = joined(
      able.map((step): Inlines => [code(formatStep(step))]),
      ' or ',
    );
    return [
      paragraph(
        strong(code(formatActor(who))),
        text(' starves: it could take '),
        ...steps,
        text(
          ` ${after.slice(0, MOST_AFTER).join(', ')}${MOST_AFTER < after.length ? ' and so on' : ''}, and never does.`,
        ),
      ),
    ];
  });
}

const MOST_AFTER = 3;

/** Why the scheduler may do that, and what would forbid it. */
export function fairnessBlocks(trace: Trace): readonly Block[] {
  if (trace.loop === undefined) return [];
  const evidence = trace.fairness ?? [];
  const byReason = new Map<string, Inlines[]>();
  for (const { strength, about, evidence: found } of evidence) {
    const reason = wordEvidence(found, trace);
    byReason.set(reason, [...(byReason.get(reason) ?? []), [text(`${strength} `), code(formatAssumption(about))]]);
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
