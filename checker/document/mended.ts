import { code, joined, paragraph, text } from '../../dsl/docgen/document.ts';
import type { Block, Inlines } from '../../dsl/docgen/document.ts';
import { listedIn, slotsOf } from '../../dsl/ir/slots.ts';
import { equalValues, formatPlace, formatValue, isWithin, valueAt, valuesOf } from '../../dsl/ir/index.ts';
import type { System } from '../../dsl/ir/index.ts';
import type { Trace } from '../counterexample/behavior.ts';
import { sourceOf } from '../counterexample/wait-subject.ts';
import { departureFrom, differences, turnOf } from '../counterexample/departure.ts';
import type { Departure } from '../counterexample/departure.ts';
import { wordDecisions, wordNextWait } from '../counterexample/step-words.ts';
import { stepsOf } from '../engine/interpreter/steps.ts';
import { isRefused, planOf } from '../plan/plan.ts';
import type { Plan } from '../plan/plan.ts';
import { formatStep } from '../plan/step-name.ts';
import { counted } from '../report/wording.ts';
import type { Verdict } from '../verdict/verdict.ts';
import type { DocumentedModel } from './documented-model.ts';
import { propertyKey } from './property-table.ts';
import { inlineOf } from './step-table.ts';

/** Where a violation does not happen, although the model is the same but for one parameter. */
interface Mended {
  readonly model: DocumentedModel;
  /** The parameter whose value differs. */
  readonly parameter: string;
}

/**
 * The model in which what is violated in another holds, all the values of parameters being the same but one.
 *
 * That one is the parameter that tells variants apart: then it is that of the next variant, in the order in which they are
 * declared, for which it holds; or one that leaves a part of the protocol out: then it is that which leaves out nothing.
 * Where the author has named neither, any whose values are names. Vacuous is not what holds.
 */
export function mendedOf(
  models: readonly DocumentedModel[],
  model: DocumentedModel,
  verdict: Verdict,
): Mended | undefined {
  const key = propertyKey(model, verdict);
  const candidates = models.flatMap((other) => {
    const parameter = onlyDifference(model, other);
    if (parameter === undefined) return [];
    const rank = rankOf(model, other, parameter);
    const holds = other.result.verdicts.some(
      (one) => propertyKey(other, one) === key && one.outcome.kind === 'holds' && one.vacuous === undefined,
    );
    return rank === undefined || !holds ? [] : [{ model: other, parameter, rank }];
  });
  const isFar = (one: DocumentedModel): number => (one.file === model.file ? 0 : 1);
  return candidates.toSorted((left, right) => left.rank - right.rank || isFar(left.model) - isFar(right.model))[0];
}

/** The parameter in which two models differ, if there is one. */
export function onlyDifference(left: DocumentedModel, right: DocumentedModel): string | undefined {
  const [before, after] = [left.result.parameters, right.result.parameters];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const differing = names.filter((name) => !equalValues(before[name], after[name]));
  return differing.length === 1 ? differing[0] : undefined;
}

/** How far a model is from another by a parameter that mends it; undefined for one that does not. */
function rankOf({ system, result }: DocumentedModel, other: DocumentedModel, name: string): number | undefined {
  const domain = system.parameters.find((one) => one.name === name)?.domain;
  const value = other.result.parameters[name];
  if (domain === undefined) return undefined;
  const slots = slotsOf(system.doc);
  const variants = listedIn(slots.of('variants'));
  const mutations = listedIn(slots.of('mutations'));
  if (mutations.includes(name)) return equalValues(value, valueAt(domain, 0)) ? 0 : undefined;
  const isNamed = 0 < variants.length + mutations.length;
  if (isNamed ? !variants.includes(name) : typeof value !== 'string') return undefined;
  const order = [...valuesOf(domain)].map(formatValue);
  const distance = order.indexOf(formatValue(value)) - order.indexOf(formatValue(result.parameters[name]));
  return 0 < distance ? distance : order.length - distance;
}

/**
 * How far the schedule of a violation goes along in the model that mends it, and what it departs by.
 *
 * @param home - the file whose models need not be shown with it.
 */
export function mendedBlocks(
  plan: Plan,
  trace: Trace,
  mended: Mended | undefined,
  home: string | undefined,
): readonly Block[] {
  const other = mended && planOf(mended.model.system);
  if (mended === undefined || isRefused(other!)) return [];
  const last = trace.states.at(-1)!;
  const enabled = plan.instances.filter((one) => 0 < stepsOf(plan, last, one).successors.length);
  const departure = departureFrom(other!, trace, enabled);
  const words = departure && wordDeparture(other!, trace, departure);
  if (words === undefined) return [];
  const { parameter, model } = mended;
  const value = formatValue(model.result.parameters[parameter]);
  return [
    paragraph(
      text('The same steps with '),
      code(`${parameter} = ${value}`),
      text(', where it holds ('),
      code(model.file === home ? model.label : `${model.file}/${model.label}`),
      text('): '),
      ...words,
      text('.'),
    ),
  ];
}

function wordDeparture({ system }: Plan, schedule: Trace, departure: Departure): Inlines | undefined {
  const { end, taken } = departure;
  const before: Inlines = [text(wordTaken(schedule, taken))];
  switch (end.kind) {
    case 'impossible': {
      const readsNothing = end.wait.reads.length === 0;
      const wait = readsNothing
        ? [code(sourceOf(system, end.wait.span)), text(' is false')]
        : [text('it '), ...wordNextWait(end.wait, system.files).map(inlineOf)];
      const [name, waiting] = [formatStep(end.step), formatStep(end.wait.step)];
      const step: Inlines =
        name === waiting
          ? [code(name), text(' is not possible: ')]
          : [code(name), text(' does not come, as '), code(waiting), text(' is not possible: ')];
      return [...before, ...step, ...wait];
    }
    case 'elsewhere': {
      const turn = turnOf(departure);
      const thread: Inlines = [code(formatStep(end.step)), text(` does not come: its thread is at ${end.at}`)];
      if (turn === undefined) return [...before, ...thread];
      const because = joined(
        wordDecisions(turn, system.files).map((clause): Inlines => clause.map(inlineOf)),
        ' and ',
      );
      const reason: Inlines = because.length === 0 ? [] : [text(' because '), ...because];
      return [...before, ...thread, text(', where '), code(formatStep(turn)), text(' has led'), ...reason];
    }
    case 'missing':
      return [...before, text('there is no '), code(formatStep(end.step))];
    case 'fails':
      return undefined;
    case 'along':
      return wordAlong(system, schedule, departure);
  }
}

/** What comes before the departure. */
function wordTaken({ steps }: Trace, taken: number): string {
  if (taken === 0) return 'at once, ';
  if (steps.length <= taken) return 'in another round of the loop, ';
  return `after ${counted(taken, 'step')} `;
}

/** What is otherwise where all steps have been taken: since which step, and what can follow. */
function wordAlong(system: System, schedule: Trace, departure: Departure): Inlines | undefined {
  const further = departure.end.kind === 'along' ? departure.end.further : [];
  const since = wordDifferences(system, schedule, departure);
  const isEndless = schedule.loop !== undefined && schedule.loop < schedule.steps.length;
  const isNew = schedule.falsity === undefined && !isEndless && 0 < further.length;
  if (since === undefined && !isNew) return undefined;
  const labels = further.slice(0, MOST_TOLD).map((one): Inlines => [code(formatStep(one))]);
  const more = further.length - labels.length;
  const following: Inlines = [...joined(labels, ', '), text(`${more <= 0 ? '' : ` and ${more} more`} can follow`)];
  const all = text('all of them are possible, ');
  if (since === undefined) return [all, text('and then '), ...following];
  return [all, text('but '), ...since, ...(isNew ? [text('; so '), ...following] : [])];
}

/** `from step 10 on (a(x)) lock.owner is null, not t1`: of what is waited for, or makes a condition false, in the end. */
function wordDifferences(system: System, schedule: Trace, departure: Departure): Inlines | undefined {
  const { falsity, waitsFor, steps } = schedule;
  const reads = [...(falsity?.parts ?? []), ...(waitsFor?.waits ?? [])].flatMap((one) => one.reads);
  const changes = differences(system, schedule, departure).filter(({ place }) =>
    reads.some((read) => isWithin(place, read.place) || isWithin(read.place, place)),
  );
  const first = Math.min(...changes.map(({ since = -1 }) => since));
  const values = changes
    .filter(({ since = -1 }) => since === first)
    .slice(0, MOST_TOLD)
    .map(({ place, from, to }): Inlines => [
      code(formatPlace(place)),
      text(` is ${formatValue(to)}, not ${formatValue(from)}`),
    ]);
  if (values.length === 0) return undefined;
  const step = steps[first];
  const since: Inlines =
    step === undefined
      ? [text('from the start ')]
      : [text(`from step ${first + 1} on (`), code(formatStep(step)), text(') ')];
  return [...since, ...joined(values, ', ')];
}

const MOST_TOLD = 3;
