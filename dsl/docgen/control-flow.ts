import { bodyWithAuthorsNames } from '../ir/authors-names.ts';
import type { Graph, GraphEdge, GraphNode } from '../diagram/graph.ts';
import { partsOf } from '../ir/fold.ts';
import type { Node } from '../ir/fold.ts';
import type { Action, Expression, Process, Statement, System } from '../ir/index.ts';
import { isOfOwnThread } from '../ir/own-entry.ts';
import { negated } from './negation.ts';
import { Notation } from './notation.ts';
import { stepText } from './pseudocode.ts';

/** Where a step of a process can go on, and when it goes there. */
interface Exit {
  /** A label; the built-in end is the last one of its process, if it has one. */
  readonly to: string;
  /** Each way there, as conditions that all hold on it; a way without conditions may be taken whenever the step is. */
  readonly ways: readonly (readonly Expression[])[];
}

/**
 * A process as a graph of its labels: an edge is the step of the label that it starts at.
 *
 * @param hrefOf - where the node of a step leads.
 */
export function controlFlowOf(system: System, process: Process, hrefOf: (action: Action) => string | undefined): Graph {
  const steps = stepsOf(system, process);
  const timeouts = system.actions.filter(({ timeout }) => timeout?.name === process.name);
  const labelled = new Map(steps.map((action) => [action.process!.label, action]));
  const starts = startsOf(system, process);
  const nodes = process.labels.map((label): GraphNode => {
    const action = labelled.get(label);
    const kind = action === undefined ? 'end' : starts.has(label) ? 'start' : 'plain';
    const href = action && hrefOf(action);
    const waits =
      action === undefined ? [] : stepText(system, action).guard.map((condition) => `when ${shortened(condition)}`);
    return { id: label, lines: [label, ...waits.slice(0, 2)], kind, ...(href !== undefined && { href }) };
  });
  const edges = steps.flatMap(({ body, ...rest }) => {
    const action = { ...rest, body: bodyWithAuthorsNames(body) };
    const exits = exitsOf(action, process.counter);
    return exits.map(({ to, ways }): GraphEdge => {
      const lines = exits.length === 1 ? [] : waysText(system, action, ways);
      return { from: action.process!.label, to, lines };
    });
  });
  const late = timeouts.flatMap((action) =>
    exitsOf(action, process.counter).map(({ to }): GraphEdge => ({
      from: action.timeout!.label,
      to,
      lines: ['time-out'],
    })),
  );
  return { direction: 'down', nodes, edges: [...edges, ...late] };
}

/** The steps of a process in the order of its labels. */
function stepsOf(system: System, process: Process): readonly Action[] {
  return system.actions.filter((action) => action.process?.name === process.name);
}

/** Labels that a process can stand at before its first step. */
export function startsOf(system: System, process: Process): ReadonlySet<string> {
  return new Set(targetsIn(system.init, process.counter));
}

function targetsIn(nodes: readonly Node[], counter: string): readonly string[] {
  return nodes.flatMap((node) => {
    const target = 'target' in node ? targetOf(node, counter) : undefined;
    return target === undefined ? targetsIn(partsOf(node), counter) : [target];
  });
}

function targetOf(statement: Statement, counter: string): string | undefined {
  if (statement.kind !== 'assign' || statement.target.root.name !== counter) return undefined;
  return statement.value.kind === 'literal' ? String(statement.value.value) : undefined;
}

/** Where a step can go on, in the order of its statements. */
export function exitsOf(action: Action, counter: string): readonly Exit[] {
  const exits = new Map<string, (readonly Expression[])[]>();
  const found = (to: string, way: readonly Expression[]): void => {
    const ways = exits.get(to) ?? [];
    exits.set(to, ways);
    ways.push(way);
  };
  const toOf = (statement: Assignment): string | undefined =>
    isOfOwnThread(action, statement) ? targetOf(statement, counter) : undefined;
  follow(action.body, [], toOf, found, new Map());
  return Array.from(exits, ([to, ways]) => ({ to, ways }));
}

type Assignment = Extract<Statement, { kind: 'assign' }>;

type Way = readonly Expression[];

/**
 * Follows statements under conditions, and returns those that hold behind them; undefined when nothing gets there. Where
 * ways meet again their conditions are forgotten: what is shown must be true, and need not be all.
 */
function follow(
  statements: readonly Statement[],
  before: Way,
  toOf: (statement: Assignment) => string | undefined,
  found: (to: string, way: Way) => void,
  left: Map<string, Way[]>,
): Way | undefined {
  let way: Way = before;
  for (const statement of statements) {
    const go = (inner: readonly Statement[], under: Way): Way | undefined => follow(inner, under, toOf, found, left);
    switch (statement.kind) {
      case 'assign': {
        const to = toOf(statement);
        if (to !== undefined) found(to, way);
        break;
      }
      case 'if': {
        const yes = go(statement.whenTrue, [...way, statement.condition]);
        const no = go(statement.whenFalse, [...way, negated(statement.condition)]);
        if (yes === undefined && no === undefined) return undefined;
        if (yes === undefined || no === undefined) way = (yes ?? no)!;
        break;
      }
      case 'either': {
        const ends = statement.branches.map((branch) => go(branch, way)).filter((end) => end !== undefined);
        if (ends.length === 0) return undefined;
        break;
      }
      case 'for':
        go(statement.body, way);
        break;
      case 'loop':
        go(statement.body, way);
        return undefined;
      case 'exit': {
        const ways = left.get(statement.label) ?? [];
        left.set(statement.label, ways);
        ways.push(way);
        return undefined;
      }
      case 'block': {
        const end = go(statement.body, way);
        const ends = [...(end === undefined ? [] : [end]), ...(left.get(statement.label) ?? [])];
        left.delete(statement.label);
        if (ends.length === 0) return undefined;
        if (ends.length === 1) way = ends[0]!;
        break;
      }
      case 'let':
      case 'when':
      case 'verify':
      case 'choose':
        break;
    }
  }
  return way;
}

export function waysText(system: System, action: Action, ways: readonly Way[]): readonly string[] {
  if (ways.some((way) => way.length === 0)) return [];
  const notation = new Notation(system, action.body);
  const lines = ways.map((way) => way.map((condition) => notation.expression(condition)).join(' && '));
  const distinct = [...new Set(lines)];
  if (distinct.length > MOST_WAYS) return [];
  return distinct.map((line, index) => `${index === 0 ? '' : 'or '}${shortened(line)}`);
}

const MOST_WAYS = 2;
const LONGEST = 44;

export function shortened(line: string): string {
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1)}…`;
}
