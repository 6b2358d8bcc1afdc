import type { Graph, GraphEdge, GraphNode, NodeKind } from '../../dsl/diagram/graph.ts';
import { formatValue } from '../../dsl/ir/index.ts';
import type { ObjectValue } from '../../dsl/ir/index.ts';
import { Batch, TRUE } from '../engine/next-state.ts';
import type { NextState } from '../engine/next-state.ts';
import type { Plan } from '../plan/plan.ts';
import { explore } from '../search/breadth-first.ts';
import type { Exploration } from '../search/exploration.ts';

/** What of a state graph to draw. */
interface StateGraphOptions {
  /** Nodes at most. */
  readonly limit: number;
  /** Variables that tell nodes apart: states that agree on them are one node. Absent: all. */
  readonly project?: readonly string[];
}

/** A state graph, or why it is not drawn. */
type DrawnStates =
  | { readonly kind: 'graph'; readonly graph: Graph }
  /** More nodes than wanted. */
  | { readonly kind: 'tooManyNodes' }
  /** So many states that even merging them is given up. */
  | { readonly kind: 'tooManyStates'; readonly states: number };

/** So many states are explored before merging them is given up. */
export const MOST_MERGED = 2_000_000;

/**
 * Explores a model and draws its states and the steps between them: initial states with a thick line, states without a
 * next step with a dashed one, and in the colour of what is wrong those that deadlock or violate an invariant.
 *
 * Steps that leave a node as it is are not drawn.
 */
export function drawStates(plan: Plan, engine: NextState, { limit, project }: StateGraphOptions): DrawnStates {
  const most = project === undefined ? limit : MOST_MERGED;
  const exploration = explore(engine, plan.roles, {
    instances: plan.instances.length,
    deadlock: true,
    keepSteps: true,
    stopAtFirst: false,
    maxStates: most,
  });
  if (exploration.cut !== undefined) {
    return project === undefined ? { kind: 'tooManyNodes' } : { kind: 'tooManyStates', states: most };
  }
  const nodeOf = new Int32Array(exploration.states.count);
  const nodes: { readonly shown: ObjectValue; kind: NodeKind; states: number }[] = [];
  const known = new Map<string, number>();
  for (let state = 0; state < exploration.states.count; state += 1) {
    const shown = projected(plan.layout.decode(exploration.states.wordsOf(state), 0), project);
    const key = project === undefined ? String(state) : formatValue(shown);
    const node = known.get(key) ?? nodes.push({ shown, kind: 'plain', states: 0 }) - 1;
    if (limit < nodes.length) return { kind: 'tooManyNodes' };
    known.set(key, node);
    nodeOf[state] = node;
    nodes[node]!.states += 1;
    nodes[node]!.kind = worse(nodes[node]!.kind, kindOf(plan, engine, exploration, state));
  }
  const drawn = nodes.map(({ shown, kind, states }, index): GraphNode => {
    const merged = project === undefined || states === 1 ? '' : ` (${states} states)`;
    return { id: String(index), lines: [`${index}${merged}`, ...linesOf(shown)], kind };
  });
  return { kind: 'graph', graph: { direction: 'down', nodes: drawn, edges: edgesOf(plan, exploration, nodeOf) } };
}

function projected(state: ObjectValue, project: readonly string[] | undefined): ObjectValue {
  if (project === undefined) return state;
  return Object.fromEntries(project.map((name) => [name, state[name]]));
}

const ORDER: readonly NodeKind[] = ['plain', 'end', 'start', 'wrong'];

/** A node of several states looks like the most telling of them. */
function worse(left: NodeKind, right: NodeKind): NodeKind {
  return ORDER.indexOf(left) < ORDER.indexOf(right) ? right : left;
}

function kindOf(plan: Plan, engine: NextState, exploration: Exploration, state: number): NodeKind {
  const { states, initial, graph } = exploration;
  const [words, at] = [states.segmentOf(state), states.offsetOf(state)];
  const { invariants, terminal } = plan.roles;
  if (invariants.some((predicate) => engine.holds(predicate, words, at) !== TRUE)) return 'wrong';
  const isEnd = graph!.offsets[state] === graph!.offsets[state + 1] && !canStep(engine, states.wordsOf(state));
  if (isEnd && plan.system.model.deadlocks === 'ignored') return 'end';
  if (isEnd) return terminal.some((predicate) => engine.holds(predicate, words, at) === TRUE) ? 'end' : 'wrong';
  return state < initial ? 'start' : 'plain';
}

/** Whether there is a step at all, even one that changes nothing. */
function canStep(engine: NextState, words: Int32Array): boolean {
  const batch = new Batch(engine.words);
  engine.successors(words, 0, batch);
  return 0 < batch.count;
}

const MOST_LINES = 14;
const LONGEST = 46;

function linesOf(state: ObjectValue): readonly string[] {
  const lines = Object.entries(state).map(([name, value]) => shortened(`${name}: ${formatValue(value)}`));
  return lines.length <= MOST_LINES
    ? lines
    : [...lines.slice(0, MOST_LINES - 1), `… ${lines.length - MOST_LINES + 1} more`];
}

function shortened(line: string): string {
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1)}…`;
}

const MOST_LABELS = 3;

/** One edge between each two nodes, in the order of the states, with the steps that lead there. */
function edgesOf(plan: Plan, { graph, states }: Exploration, nodeOf: Int32Array): readonly GraphEdge[] {
  const found = new Map<string, { readonly from: number; readonly to: number; readonly labels: Set<string> }>();
  const { offsets, targets, instances } = graph!;
  for (let state = 0; state < states.count; state += 1) {
    for (let step = offsets[state]!; step < offsets[state + 1]!; step += 1) {
      const target = targets[step]!;
      if (target < 0) continue; // left what is explored
      const [from, to] = [nodeOf[state]!, nodeOf[target]!];
      if (from === to) continue;
      const key = `${from} ${to}`;
      const edge = found.get(key) ?? { from, to, labels: new Set<string>() };
      found.set(key, edge);
      edge.labels.add(plan.instances[instances[step]!]!.label);
    }
  }
  return [...found.values()]
    .sort((left, right) => left.from - right.from || left.to - right.to)
    .map(({ from, to, labels }): GraphEdge => {
      const all = [...labels];
      const lines =
        all.length <= MOST_LABELS ? all : [...all.slice(0, MOST_LABELS - 1), `… ${all.length - MOST_LABELS + 1} more`];
      return { from: String(from), to: String(to), lines };
    });
}
