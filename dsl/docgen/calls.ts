// A function that a process calls at several places is written out at each of them in the IR. Readers are told it once, with
// what comes after each of the calls beside the call.
import { positionAt, textOf } from '../diagnostics/span.ts';
import type { Span } from '../diagnostics/span.ts';
import { hasNode } from '../ir/fold.ts';
import type { Action, Process, Site, Statement, System } from '../ir/index.ts';
import { isOfOwnThread } from '../ir/own-entry.ts';
import { RETURN } from './pseudocode.ts';

/** A process, or a function that it calls at several places. */
export interface Routine {
  /** Of the function; absent for the process. */
  readonly name?: string;
  /** Labels and calls, in the order of the labels; each stands once, however often its routine is called. */
  readonly places: readonly Place[];
}

/** A label of a routine, or a call in it. */
export interface Place {
  readonly name: string;
  /** The function that is called; absent for a label. */
  readonly callee?: string;
  /** A label: its copies. A call: none. */
  readonly copies: readonly Copy[];
}

/** A label as the IR has it. */
interface Copy {
  readonly label: string;
  /** The call that it is a copy for: `@46`; the empty text in the process itself. */
  readonly call: string;
}

/** Where a label is: in which call of which call, and then which place. */
export interface Position {
  /** Names of the calls on the way, each with the routine that it calls; outermost first. */
  readonly calls: readonly Call[];
  /** The name of its place in the innermost routine. */
  readonly place: string;
}

export interface Call {
  /** What tells it from all other calls in the process. */
  readonly key: string;
  /** Of its place in the routine around it. */
  readonly place: string;
  readonly callee: string;
  /** Of the call, and of those around it that are in no routine of their own, up to the routine around. */
  readonly sites: readonly Span[];
}

/** The routines of a process, the process itself first, and where in them each of its labels is. */
export interface Routines {
  readonly routines: readonly Routine[];
  readonly positionOf: ReadonlyMap<string, Position>;
}

/**
 * Takes the functions out of a process that it calls at several places.
 *
 * @param whole - the process before labels were left out: its functions are shown as such where one call is left.
 */
export function routinesOf(system: System, process: Process, whole: Process = process): Routines {
  const ways = new Map(process.labels.map((label, index) => [label, process.written?.[index] ?? undefined]));
  const repeated = repeatedFunctions(
    system,
    (whole.written ?? []).flatMap((written) => (written === null ? [] : [written.way])),
  );
  const positionOf = new Map<string, Position>();
  const places = new Map<string, Map<string, { callee?: string; copies: Copy[] }>>([['', new Map()]]);
  for (const [label, written] of ways) {
    const { calls, rest } = callsOn(system, process, written?.way ?? [], repeated);
    const name = calls.length === 0 || written === undefined ? label : placeName(system, process, written.name, rest);
    positionOf.set(label, { calls, place: name });
    let routine = '';
    for (const { place, callee } of calls) {
      const around = places.get(routine)!;
      if (!around.has(place)) around.set(place, { callee, copies: [] });
      if (!places.has(callee)) places.set(callee, new Map());
      routine = callee;
    }
    const own = places.get(routine)!;
    if (!own.has(name)) own.set(name, { copies: [] });
    own.get(name)!.copies.push({ label, call: calls.map(({ place }) => `@${place.split('@').at(-1)!}`).join('') });
  }
  const routines = Array.from(places, ([name, own]): Routine => ({
    ...(name !== '' && { name }),
    places: Array.from(own, ([place, one]) => ({ name: place, ...one })),
  }));
  return { routines, positionOf };
}

/** The calls of a function, as `name` and where it is. */
function calleeOf({ files }: System, way: readonly Site[], at: number): string | undefined {
  const site = way[at]!;
  const next = way[at + 1];
  if (next === undefined || site.round !== undefined) return undefined;
  return /^([\w$.]+)\s*\(/.exec(textOf(files, site.span))?.[1];
}

/** The functions that are called at more than one place, however often control comes by. */
function repeatedFunctions(system: System, ways: readonly (readonly Site[])[]): ReadonlySet<string> {
  const sites = new Map<string, Set<string>>();
  const files = new Map<string, Set<number>>();
  for (const way of ways) {
    for (const [at, { span }] of way.entries()) {
      const callee = calleeOf(system, way, at);
      if (callee === undefined) continue;
      sites.set(callee, (sites.get(callee) ?? new Set()).add(`${span.file}:${span.start}`));
      files.set(callee, (files.get(callee) ?? new Set()).add(way[at + 1]!.span.file));
    }
  }
  // Two functions of one name, in two files, stay written out.
  return new Set([...sites.keys()].filter((callee) => 1 < sites.get(callee)!.size && files.get(callee)!.size === 1));
}

/** The calls of such functions on the way to a label, and what is left of the way behind the last of them. */
function callsOn(
  system: System,
  process: Process,
  way: readonly Site[],
  repeated: ReadonlySet<string>,
): { readonly calls: readonly Call[]; readonly rest: readonly Site[] } {
  const calls: Call[] = [];
  let key = '';
  let start = 0;
  for (const [at, { span, round }] of way.entries()) {
    key += ` ${span.file}:${span.start}${round === undefined ? '' : `#${round}`}`;
    const callee = calleeOf(system, way, at);
    if (callee === undefined || !repeated.has(callee)) continue;
    const sites = way.slice(start, at + 1).map((site) => site.span);
    calls.push({ key, callee, place: `${callee}${whereOf(system, process, span)}`, sites });
    start = at + 1;
  }
  return { calls, rest: way.slice(start) };
}

/** A label in a function; rounds of a loop are one. */
function placeName(system: System, process: Process, name: string, rest: readonly Site[]): string {
  const loops = rest.some(({ round }) => round !== undefined);
  return loops ? `${name}${whereOf(system, process, rest.at(-1)!.span)}` : name;
}

/** `@46`, `@lease.ts:19`. */
function whereOf({ files }: System, { span: home }: Process, { file, start }: Span): string {
  const source = files[file];
  if (source === undefined) return '';
  const { line } = positionAt(source.text, start);
  return file === home.file ? `@${line}` : `@${source.path.split('/').at(-1)!}:${line}`;
}

/** What a step does in the routine that its label is in, and then in each of those around it that it gets back to. */
interface Divided {
  /** Where it returns, statements say so. */
  readonly own: readonly Statement[];
  /** By what follows the call at which depth, innermost first; absent where the step never returns so far. */
  readonly after: readonly { readonly depth: number; readonly statements: readonly Statement[] }[];
}

/**
 * Divides a step by the functions that it returns from. Where what follows a call is not the same on all ways of the step
 * it is not divided: then the step is shown as it is written out.
 */
export function dividedStep(system: System, { counter }: Process, action: Action, { positionOf }: Routines): Divided {
  const { calls } = positionOf.get((action.process ?? action.timeout)!.label)!;
  const regions = calls.map(({ sites }) => sites.map((site) => regionAround(system, site)));
  const hasReturned = (depth: number, statement: Statement): boolean => {
    if (statement.kind === 'assign' && statement.target.root.name === counter && isOfOwnThread(action, statement)) {
      const { value } = statement;
      const target = value.kind === 'literal' ? positionOf.get(String(value.value)) : undefined;
      return target?.calls[depth]?.key !== calls[depth]!.key;
    }
    return regions
      .slice(0, depth + 1)
      .flat()
      .some((region) => isWithin(statement.span, region));
  };
  let own: readonly Statement[] | undefined;
  let left: readonly Statement[] = action.body;
  const after: { depth: number; statements: readonly Statement[] }[] = [];
  for (let depth = calls.length - 1; 0 <= depth; depth -= 1) {
    const test = (statement: Statement): boolean => hasReturned(depth, statement);
    const { statements } = ownPart(left, test);
    const rest = callersPart(left, test);
    if (rest === undefined) return { own: action.body, after: [] };
    if (own === undefined) own = statements;
    else after.push({ depth: depth + 1, statements });
    left = rest;
    if (rest.length === 0) return { own, after };
  }
  if (own === undefined) return { own: action.body, after };
  return { own, after: [...after, { depth: 0, statements: left }] };
}

/** The name of the generator function that is written around a place; empty where it has none, or where none is. */
export function functionAround(system: System, span: Span): string {
  const region = regionAround(system, span);
  return /^function\*\s*([\w$]+)/.exec(textOf(system.files, region))?.[1] ?? '';
}

/** The generator function that is written around a place: from its beginning to the brace in the first column that ends it. */
function regionAround({ files }: System, { file, start }: Span): Span {
  const { text = '' } = files[file] ?? {};
  const begin = Math.max(0, text.lastIndexOf('function*', start));
  const end = text.indexOf('\n}', start);
  return { file, start: begin, end: end < 0 ? text.length : end + 2 };
}

function isWithin({ file, start, end }: Span, region: Span): boolean {
  return file === region.file && region.start <= start && end <= region.end;
}

type Test = (statement: Statement) => boolean;

interface Part {
  readonly statements: readonly Statement[];
  /** Whether its end is never reached. */
  readonly isOver: boolean;
}

/** Statements up to where control has returned. */
function ownPart(statements: readonly Statement[], hasReturned: Test): Part {
  const own: Statement[] = [];
  for (const statement of statements) {
    const one = ownPartOf(statement, hasReturned);
    own.push(...one.statements);
    if (one.isOver) return { statements: own, isOver: true };
  }
  return { statements: own, isOver: false };
}

function ownPartOf(statement: Statement, hasReturned: Test): Part {
  if (statement.kind === 'block') {
    // Around what comes after the call as well as before it: it is whose its parts are.
    const { statements, isOver } = ownPart(statement.body, hasReturned);
    if (leaves(statements, statement.label)) return { statements: [{ ...statement, body: statements }], isOver: false };
    return { statements, isOver };
  }
  if (hasReturned(statement)) {
    return { statements: [{ kind: 'exit', label: RETURN, span: statement.span }], isOver: true };
  }
  switch (statement.kind) {
    case 'if': {
      const yes = ownPart(statement.whenTrue, hasReturned);
      const no = ownPart(statement.whenFalse, hasReturned);
      const made = { ...statement, whenTrue: yes.statements, whenFalse: no.statements };
      return { statements: [made], isOver: yes.isOver && no.isOver };
    }
    case 'either': {
      const branches = statement.branches.map((branch) => ownPart(branch, hasReturned));
      const made = { ...statement, branches: branches.map((branch) => branch.statements) };
      return { statements: [made], isOver: branches.every(({ isOver }) => isOver) };
    }
    case 'for':
    case 'loop': {
      const { statements } = ownPart(statement.body, hasReturned);
      return { statements: [{ ...statement, body: statements }], isOver: statement.kind === 'loop' };
    }
    default:
      return { statements: [statement], isOver: statement.kind === 'exit' };
  }
}

function leaves(statements: readonly Statement[], label: string): boolean {
  return statements.some((one) => hasNode(one, (node) => node.kind === 'exit' && node.label === label));
}

/** What is left of statements once control has returned; undefined when that depends on the way. */
function callersPart(statements: readonly Statement[], hasReturned: Test): readonly Statement[] | undefined {
  const after: Statement[] = [];
  for (const [index, statement] of statements.entries()) {
    if (statement.kind !== 'block' && hasReturned(statement)) return [...after, ...statements.slice(index)];
    const part = callersPartOf(statement, hasReturned);
    if (part === undefined) return undefined;
    after.push(...part);
  }
  return after;
}

function callersPartOf(statement: Statement, hasReturned: Test): readonly Statement[] | undefined {
  const one = (...ways: (readonly Statement[])[]): readonly Statement[] | undefined => {
    const parts = ways.map((way) => callersPart(way, hasReturned));
    if (parts.includes(undefined)) return undefined;
    const different = new Map(parts.flatMap((part) => (part!.length === 0 ? [] : [[JSON.stringify(part), part!]])));
    return different.size < 2 ? ([...different.values()][0] ?? []) : undefined;
  };
  switch (statement.kind) {
    case 'block': {
      const body = one(statement.body);
      return body !== undefined && leaves(body, statement.label) ? [{ ...statement, body }] : body;
    }
    case 'if':
      return one(statement.whenTrue, statement.whenFalse);
    case 'either':
      return one(...statement.branches);
    case 'for':
    case 'loop':
      return one(statement.body);
    default:
      return [];
  }
}
