import type { Graph, GraphEdge, GraphNode } from '../diagram/graph.ts';
import { bodyWithAuthorsNames } from '../ir/authors-names.ts';
import type { Action, Process, Statement, System } from '../ir/index.ts';
import { dividedStep, functionAround, routinesOf } from './calls.ts';
import type { Call, Place, Position, Routine, Routines } from './calls.ts';
import { exitsOf, shortened, startsOf, waysText } from './control-flow.ts';
import { stepText } from './pseudocode.ts';
import type { StepText } from './pseudocode.ts';

/** A process, or a function that it calls at several places, as readers are told it. */
export interface ToldRoutine {
  /** Of the function; absent for the process. */
  readonly name?: string;
  /** The calls of the function, by their names in the routines around them. */
  readonly calls: readonly string[];
  readonly places: readonly ToldPlace[];
  /** @param hrefOf - where a place is shown. */
  readonly drawn: (hrefOf: (place: string) => string | undefined) => Graph;
}

/** A step of a routine, or what comes after a call in it. */
export interface ToldPlace {
  readonly name: string;
  /** The function that is called; absent for a step. */
  readonly callee?: string;
  /** Of the first copy; absent after calls and where no step begins. */
  readonly action?: Action;
  /** All steps that are shown here, time-outs too. */
  readonly copies: readonly Action[];
  /** The function that it is written in; empty for the process itself. */
  readonly within: string;
  /** What is done, once for all copies that do the same; none where no step begins, or no call returns. */
  readonly texts: readonly CopiedText[];
  /** What is done where a thread that waits there times out, in the same way. */
  readonly timeouts: readonly CopiedText[];
}

export interface CopiedText extends StepText {
  /** Texts of the IR without places in the source: what is equal in these does the same. */
  readonly meanings: readonly string[];
  /** The calls whose copies do that; empty where all do. */
  readonly calls: readonly string[];
}

/**
 * A process with the functions apart that it calls at several places.
 *
 * @param whole - the process before labels were left out.
 */
export function toldRoutines(system: System, process: Process, whole: Process = process): readonly ToldRoutine[] {
  const routines = routinesOf(system, process, whole);
  const steps = new Map(
    system.actions.flatMap((one) => (one.process?.name === process.name ? [[one.process.label, one]] : [])),
  );
  const texts = textsOf(system, process, routines);
  const sites = new Map(
    [...routines.positionOf.values()].flatMap(({ calls }) =>
      calls.map((call, depth) => [`${calls[depth - 1]?.callee ?? ''} ${call.place}`, call.sites.at(-1)!] as const),
    ),
  );
  return routines.routines.map((routine): ToldRoutine => {
    const { name } = routine;
    const calls = routines.routines.flatMap(({ places }) =>
      places.flatMap((place) => (name !== undefined && place.callee === name ? [place.name] : [])),
    );
    return {
      ...(name !== undefined && { name }),
      calls,
      places: routine.places.map(({ name: place, callee, copies }): ToldPlace => {
        const action = copies[0] && steps.get(copies[0].label);
        const site = sites.get(`${name ?? ''} ${place}`) ?? action?.span;
        return {
          name: place,
          ...(callee !== undefined && { callee }),
          ...(action !== undefined && { action }),
          copies: system.actions.filter((one) => {
            const at = one.process ?? one.timeout;
            return at?.name === process.name && copies.some(({ label }) => label === at.label);
          }),
          within: site === undefined ? '' : functionAround(system, site),
          texts: texts(name, place, false),
          timeouts: texts(name, place, true),
        };
      }),
      drawn: (hrefOf) => graphOf(system, process, routines, routine, hrefOf),
    };
  });
}

/** What is shown at each place of each routine. */
function textsOf(
  system: System,
  process: Process,
  routines: Routines,
): (routine: string | undefined, place: string, isTimeout: boolean) => readonly CopiedText[] {
  interface Copied {
    readonly text: StepText;
    readonly calls: Set<string>;
    readonly meanings: Set<string>;
  }
  const found = new Map<string, Map<string, Copied>>();
  const keyOf = (routine: string | undefined, place: string, isTimeout: boolean): string =>
    `${routine ?? ''} ${place} ${isTimeout}`;
  const add = (
    action: Action,
    body: readonly Statement[],
    calls: readonly Call[],
    place: string,
    isTimeout: boolean,
  ): void => {
    const text = toldText(system, { ...action, body }, routines, calls);
    const key = keyOf(calls.at(-1)?.callee, place, isTimeout);
    const own = found.get(key) ?? new Map<string, Copied>();
    found.set(key, own);
    const copied = own.get(JSON.stringify(text)) ?? { text, calls: new Set(), meanings: new Set() };
    own.set(JSON.stringify(text), copied);
    // All begin with the condition that the thread stands there.
    copied.meanings.add(meaningOf(body.slice(1), process, routines, calls));
    copied.calls.add(calls.map((call) => call.place).join(' in '));
  };
  for (const action of system.actions) {
    const at = action.process ?? action.timeout;
    if (at?.name !== process.name) continue;
    const { calls, place } = routines.positionOf.get(at.label)!;
    const { own, after } = dividedStep(system, process, action, routines);
    add(action, own, calls, place, action.timeout !== undefined);
    for (const { depth, statements } of after) {
      // Behind the condition that the thread stands there, which is never told.
      add(action, [...action.body.slice(0, 1), ...statements], calls.slice(0, depth), calls[depth]!.place, false);
    }
  }
  return (routine, place, isTimeout) => {
    const own = [...(found.get(keyOf(routine, place, isTimeout))?.values() ?? [])];
    return own.map(({ text, calls, meanings }) => ({
      ...text,
      calls: own.length === 1 ? [] : [...calls],
      meanings: [...meanings].sort(),
    }));
  };
}

/** The IR of a step, or of a part of one, with labels as they are seen from a routine, and without what is of a place alone. */
function meaningOf(
  body: readonly Statement[],
  { counter }: Process,
  { positionOf }: Routines,
  calls: readonly Call[],
): string {
  return JSON.stringify(body, (key, value: unknown) => {
    if (key === 'span' || key === 'type') return undefined;
    const node = value as Statement | undefined;
    if (typeof node !== 'object' || node?.kind !== 'assign' || node.target.root.name !== counter) return value;
    const position = node.value.kind === 'literal' ? positionOf.get(String(node.value.value)) : undefined;
    // Which labels there are is no part of what a step does.
    const { domain: _, ...target } = node.target;
    return { ...node, target, value: position === undefined ? node.value : wayTo(position, calls) };
  });
}

/** A step, or a part of one, with labels called as they are within a routine. */
function toldText(system: System, action: Action, { positionOf }: Routines, calls: readonly Call[]): StepText {
  const { guard, effect } = stepText(system, action);
  const told = (line: string): string =>
    line.replace(/\bgoto (\S+)$/, (whole, label: string) => {
      const position = positionOf.get(label);
      return position === undefined ? whole : `goto ${wayTo(position, calls)}`;
    });
  return { guard, effect: effect.map(told) };
}

/** `sign`, or `sign in renewLease@46`; what is not in these calls, as it is seen from the process. */
function wayTo({ calls, place }: Position, from: readonly Call[]): string {
  const isInside = from.every(({ key }, depth) => calls[depth]?.key === key);
  const inner = calls.slice(isInside ? from.length : 0).map((call) => call.place);
  return [place, ...inner.reverse(), ...(isInside || from.length === 0 ? [] : ['the process'])].join(' in ');
}

/** The places of one routine: what happens in the functions that it calls is in theirs. */
function graphOf(
  system: System,
  process: Process,
  { positionOf }: Routines,
  routine: Routine,
  hrefOf: (place: string) => string | undefined,
): Graph {
  const depthIn = ({ calls }: Position): number =>
    routine.name === undefined ? 0 : calls.findIndex(({ callee }) => callee === routine.name) + 1;
  const isIn = (position: Position): boolean => routine.name === undefined || 0 < depthIn(position);
  const placeAt = ({ calls, place }: Position, depth: number): string => calls[depth]?.place ?? place;
  const edges = new Map<string, GraphEdge>();
  const entries = new Set<string>(
    routine.name === undefined ? [...startsOf(system, process)].map((label) => placeAt(positionOf.get(label)!, 0)) : [],
  );
  const add = (edge: GraphEdge): void => {
    const key = `${edge.from}\n${edge.to}`;
    const before = edges.get(key);
    const isSame = before === undefined || before.lines.join('\n') === edge.lines.join('\n');
    edges.set(key, isSame ? edge : { ...edge, lines: [] });
  };
  for (const action of system.actions) {
    const at = action.process ?? action.timeout;
    if (at?.name !== process.name) continue;
    const from = positionOf.get(at.label)!;
    for (const { to, lines } of exitsWithWords(system, process, action)) {
      const target = positionOf.get(to)!;
      const common = commonCalls(from, target);
      if (isIn(from)) {
        const depth = depthIn(from);
        const isOwn = depth <= common;
        const isFromCall = depth < from.calls.length;
        add({
          from: placeAt(from, depth),
          to: isOwn ? placeAt(target, depth) : RETURNED,
          lines: isFromCall || !isOwn ? [] : lines,
        });
      }
      if (isIn(target) && routine.name !== undefined && common < depthIn(target)) {
        entries.add(placeAt(target, depthIn(target)));
      }
    }
  }
  const own = [...edges.values()].filter(
    ({ from, to }) => from !== to || routine.places.some((one) => one.name === from && one.callee === undefined),
  );
  const nodes = routine.places.map((place): GraphNode =>
    nodeOf(system, process, place, entries.has(place.name), hrefOf(place.name)),
  );
  const returns = own.some(({ to }) => to === RETURNED);
  return {
    direction: 'down',
    nodes: [...nodes, ...(returns ? [{ id: RETURNED, lines: ['return'], kind: 'end' } as const] : [])],
    edges: own,
  };
}

/** No label has a space in it. */
const RETURNED = 'to the caller';

/** How many calls two labels are in together. */
function commonCalls(from: Position, to: Position): number {
  const at = from.calls.findIndex(({ key }, index) => to.calls[index]?.key !== key);
  return at < 0 ? from.calls.length : at;
}

function exitsWithWords(
  system: System,
  process: Process,
  { body, ...rest }: Action,
): readonly { readonly to: string; readonly lines: readonly string[] }[] {
  const action = { ...rest, body: bodyWithAuthorsNames(body) };
  const exits = exitsOf(action, process.counter);
  return exits.map(({ to, ways }) => {
    if (action.timeout !== undefined) return { to, lines: ['time-out'] };
    return { to, lines: exits.length === 1 ? [] : waysText(system, action, ways) };
  });
}

function nodeOf(
  system: System,
  process: Process,
  { name, callee, copies }: Place,
  isEntry: boolean,
  href: string | undefined,
): GraphNode {
  const kind = isEntry ? 'start' : 'plain';
  const linked = href !== undefined && { href };
  if (callee !== undefined) return { id: name, lines: [`call ${name}`], kind, ...linked };
  const action = system.actions.find(
    (one) => one.process?.name === process.name && one.process.label === copies[0]?.label,
  );
  if (action === undefined) return { id: name, lines: [name], kind: 'end' };
  const waits = stepText(system, action).guard.map((condition) => `when ${shortened(condition)}`);
  return { id: name, lines: [name, ...waits.slice(0, 2)], kind, ...linked };
}
