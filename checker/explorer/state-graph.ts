import { initialMoves, movesFrom } from './subject.ts';
import type { Subject } from './subject.ts';

/** All states of a small model, and the steps between them. */
export interface SmallGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export interface GraphNode {
  readonly words: Int32Array;
  /** Which initial state it is reached from, and by which choices ({@link Move.index}): a shortest way. */
  readonly initial: number;
  readonly choices: readonly number[];
  readonly isInitial: boolean;
  /** Nothing can happen there. */
  readonly isStuck: boolean;
}

interface GraphEdge {
  readonly from: number;
  readonly to: number;
  /** All that lead from the one to the other. */
  readonly instances: readonly number[];
}

/** Graphs are drawn up to so many states. */
export const MAX_DRAWN = 300;

/** The whole state graph, or undefined when it has more than {@link MAX_DRAWN} states. A `within` cuts as in a check. */
export function smallGraph(subject: Subject): SmallGraph | undefined {
  const { engine, plan } = subject;
  const nodes: {
    words: Int32Array;
    initial: number;
    choices: readonly number[];
    isInitial: boolean;
    isStuck: boolean;
  }[] = [];
  const numbers = new Map<string, number>();
  const isWithin = (words: Int32Array): boolean =>
    plan.roles.within.every((predicate) => engine.holds(predicate, words, 0) === 1);
  const numberOf = (words: Int32Array, initial: number, choices: readonly number[], isInitial: boolean): number => {
    const key = words.join();
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, nodes.length);
    return nodes.push({ words, initial, choices, isInitial, isStuck: false }) - 1;
  };
  initialMoves(subject).moves.forEach(({ words }, index) => {
    if (isWithin(words)) numberOf(words, index, [], true);
  });
  const edges: GraphEdge[] = [];
  for (let from = 0; from < nodes.length; from += 1) {
    if (MAX_DRAWN < nodes.length) return undefined;
    const node = nodes[from]!;
    const { moves, failing } = movesFrom(subject, node.words);
    node.isStuck = moves.length === 0 && failing.length === 0;
    const targets = new Map<number, Set<number>>();
    for (const { index, instance, words } of moves) {
      if (!isWithin(words)) continue;
      const to = numberOf(words, node.initial, [...node.choices, index], false);
      targets.set(to, (targets.get(to) ?? new Set()).add(instance));
    }
    for (const [to, instances] of targets) edges.push({ from, to, instances: [...instances] });
  }
  return { nodes, edges };
}
