import { accessOf } from '../../dsl/docgen/access.ts';
import type { DifferenceLine } from '../../dsl/docgen/document.ts';
import { initText, stepText } from '../../dsl/docgen/pseudocode.ts';
import type { CopiedText, ToldPlace, ToldRoutine } from '../../dsl/docgen/routine.ts';
import type { Part } from '../../dsl/docgen/spec-parts.ts';
import type { Action } from '../../dsl/ir/index.ts';
import type { VariantProcess, VariantProtocol } from './variants.ts';

/** What two variants of a protocol do differently; what is not in it is equal in the IR of both. */
export interface Differences {
  readonly processes: readonly ProcessDifference[];
  /** Actions that are of no process. */
  readonly actions: readonly PlaceDifference[];
  /** What variables are set to at the start; empty where that is the same. */
  readonly start: readonly DifferenceLine[];
  /** Variables, and locals of processes, that the steps of only one of them use. */
  readonly variables: OnlyIn<string>;
}

export interface OnlyIn<Item> {
  readonly first: readonly Item[];
  readonly second: readonly Item[];
}

export interface ProcessDifference {
  readonly name: string;
  /** Where only one of the variants has it. */
  readonly only?: 'first' | 'second';
  readonly routines: readonly RoutineDifference[];
}

/** What is different in a process, or in a function that it calls at several places. */
export interface RoutineDifference {
  /** Of the function; absent for the process. */
  readonly name?: string;
  readonly only?: 'first' | 'second';
  /** Steps, and what comes after calls, that only one of the variants has. */
  readonly places: OnlyIn<string>;
  /** The same with what they do. */
  readonly alone: readonly PlaceDifference[];
  readonly changed: readonly PlaceDifference[];
  /** `test → sleep`, where only one goes so. */
  readonly arrows: OnlyIn<string>;
}

/** A step that does other things in the second. */
export interface PlaceDifference {
  readonly name: string;
  readonly isCall: boolean;
  /** Where all lines are in both, what differs has no words: types, or the bounds of a domain. */
  readonly lines: readonly DifferenceLine[];
}

/** Compares two variants, step by step. */
export function differencesBetween(first: VariantProtocol, second: VariantProtocol): Differences {
  const names = unionOf(
    first.processes.map(({ part }) => part.item.name),
    second.processes.map(({ part }) => part.item.name),
  );
  const one = (protocol: VariantProtocol, name: string): VariantProcess | undefined =>
    protocol.processes.find(({ part }) => part.item.name === name);
  return {
    processes: names.flatMap((name) => processDifference(name, one(first, name), one(second, name))),
    actions: actionDifferences(first.actions, second.actions),
    start: startDifference(first, second),
    variables: onlyIn(variablesOf(first), variablesOf(second)),
  };
}

export function isEmpty({ processes, actions, start, variables }: Differences): boolean {
  return [processes, actions, start, variables.first, variables.second].every((list) => list.length === 0);
}

function processDifference(
  name: string,
  first: VariantProcess | undefined,
  second: VariantProcess | undefined,
): readonly ProcessDifference[] {
  if (first === undefined || second === undefined) {
    return [{ name, only: first === undefined ? 'second' : 'first', routines: [] }];
  }
  const names = unionOf(
    first.routines.map((routine) => routine.name),
    second.routines.map((routine) => routine.name),
  );
  const routines = names.flatMap((routine) => {
    const of = (list: readonly ToldRoutine[]): ToldRoutine | undefined => list.find((one) => one.name === routine);
    return routineDifference(routine, of(first.routines), of(second.routines));
  });
  return routines.length === 0 ? [] : [{ name, routines }];
}

function routineDifference(
  name: string | undefined,
  first: ToldRoutine | undefined,
  second: ToldRoutine | undefined,
): readonly RoutineDifference[] {
  const named = name !== undefined && { name };
  if (first === undefined || second === undefined) {
    const only = first === undefined ? 'second' : 'first';
    const nothing = { first: [], second: [] };
    const alone = [...(first?.places ?? []).map(onlyFirst), ...(second?.places ?? []).map(onlySecond)];
    return [{ ...named, only, places: nothing, alone, changed: [], arrows: nothing }];
  }
  const others = new Map(second.places.map((place) => [place.name, place]));
  const changed = first.places.flatMap((place) => {
    const other = others.get(place.name);
    return other === undefined || meaningsOf(place) === meaningsOf(other) ? [] : [placeDifference(place, other)];
  });
  const places = onlyIn(
    first.places.map((place) => place.name),
    second.places.map((place) => place.name),
  );
  // Where the steps lead that only one has is shown with these.
  const names = new Set([...places.first, ...places.second]);
  const arrows = onlyIn(arrowsOf(first, names), arrowsOf(second, names));
  const alone = [
    ...first.places.filter((place) => places.first.includes(place.name)).map(onlyFirst),
    ...second.places.filter((place) => places.second.includes(place.name)).map(onlySecond),
  ];
  const isSame = [changed, places.first, places.second, arrows.first, arrows.second].every((list) => list.length === 0);
  return isSame ? [] : [{ ...named, places, alone, changed, arrows }];
}

function arrowsOf({ drawn, places }: ToldRoutine, alone: ReadonlySet<string>): readonly string[] {
  const shown = new Set(places.map(({ name }) => name));
  return drawn(() => undefined)
    .edges.filter(({ from, to }) => !alone.has(from) && !alone.has(to))
    .map(({ from, to }) => `${from} → ${shown.has(to) ? to : 'return'}`);
}

function meaningsOf({ callee, texts, timeouts }: ToldPlace): string {
  const of = (list: readonly CopiedText[]): unknown => list.map(({ calls, meanings }) => [calls, meanings]);
  return JSON.stringify([callee, of(texts), of(timeouts)]);
}

function onlyFirst(place: ToldPlace): PlaceDifference {
  return { name: place.name, isCall: place.callee !== undefined, lines: lineDifference(linesOf(place), []) };
}

function onlySecond(place: ToldPlace): PlaceDifference {
  return { name: place.name, isCall: place.callee !== undefined, lines: lineDifference([], linesOf(place)) };
}

function placeDifference(first: ToldPlace, second: ToldPlace): PlaceDifference {
  return {
    name: first.name,
    isCall: first.callee !== undefined,
    lines: lineDifference(linesOf(first), linesOf(second)),
  };
}

function linesOf({ texts, timeouts }: ToldPlace): readonly string[] {
  return [
    ...texts.flatMap(({ calls, ...text }) => [
      ...(calls.length === 0 ? [] : [`in ${calls.join(', ')}:`]),
      ...textLines(text),
    ]),
    ...timeouts.flatMap((text) => ['or it times out:', ...textLines(text)]),
  ];
}

function textLines({ guard, effect }: Pick<CopiedText, 'guard' | 'effect'>): readonly string[] {
  return [...guard.map((condition) => `when (${condition})`), ...effect];
}

function actionDifferences(
  first: readonly Part<Action>[],
  second: readonly Part<Action>[],
): readonly PlaceDifference[] {
  const names = unionOf(
    first.map(({ item }) => item.name),
    second.map(({ item }) => item.name),
  );
  return names.flatMap((name): readonly PlaceDifference[] => {
    const [one, other] = [first, second].map((list) => list.find(({ item }) => item.name === name));
    if (one !== undefined && other !== undefined && withoutSpans(one.item.body) === withoutSpans(other.item.body)) {
      return [];
    }
    const lines = (part: Part<Action> | undefined): readonly string[] =>
      part === undefined ? [] : textLines(stepText(part.system, part.item));
    return [{ name, isCall: false, lines: lineDifference(lines(one), lines(other)) }];
  });
}

function startDifference(first: VariantProtocol, second: VariantProtocol): readonly DifferenceLine[] {
  const [one, other] = [first.parts.first, second.parts.first];
  if (withoutSpans(one.init) === withoutSpans(other.init)) return [];
  return lineDifference(initText(one), initText(other));
}

/** The IR, but for where it is written and what follows from it. */
function withoutSpans(body: unknown): string {
  return JSON.stringify(body, (key, value: unknown) => (key === 'span' || key === 'type' ? undefined : value));
}

function variablesOf({ parts }: VariantProtocol): readonly string[] {
  const counters = new Set(parts.processes.map(({ item }) => item.counter));
  const used = parts.actions.flatMap(({ item }) => {
    const { reads, writes } = accessOf(item);
    return [...reads, ...writes];
  });
  return [...new Set(used)].filter((name) => !counters.has(name));
}

function unionOf<Item>(first: readonly Item[], second: readonly Item[]): readonly Item[] {
  return [...new Set([...first, ...second])];
}

function onlyIn(first: readonly string[], second: readonly string[]): OnlyIn<string> {
  const [one, other] = [new Set(first), new Set(second)];
  return { first: [...one].filter((item) => !other.has(item)), second: [...other].filter((item) => !one.has(item)) };
}

/**
 * Two texts line by line, with as many lines in common as can be.
 *
 * @remarks Cost: the product of their lengths.
 */
export function lineDifference(first: readonly string[], second: readonly string[]): readonly DifferenceLine[] {
  // The longest common rests, by where these begin.
  const longest = Array.from({ length: first.length + 1 }, () => Array.from({ length: second.length + 1 }, () => 0));
  for (let i = first.length - 1; 0 <= i; i -= 1) {
    for (let j = second.length - 1; 0 <= j; j -= 1) {
      const isSame = first[i] === second[j];
      longest[i]![j] = isSame ? longest[i + 1]![j + 1]! + 1 : Math.max(longest[i + 1]![j]!, longest[i]![j + 1]!);
    }
  }
  const lines: DifferenceLine[] = [];
  let [i, j] = [0, 0];
  while (i < first.length || j < second.length) {
    if (i < first.length && j < second.length && first[i] === second[j]) {
      lines.push({ side: 'both', text: first[i]! });
      i += 1;
      j += 1;
    } else if (j === second.length || (i < first.length && longest[i]![j + 1]! <= longest[i + 1]![j]!)) {
      lines.push({ side: 'first', text: first[i]! });
      i += 1;
    } else {
      lines.push({ side: 'second', text: second[j]! });
      j += 1;
    }
  }
  return lines;
}
