/** A directed graph to be drawn: what is in it, not where it goes. Order matters, to layouts and to readers of diffs. */
export interface Graph {
  /** Where edges lead, where they can. */
  readonly direction: 'down' | 'right';
  readonly nodes: readonly GraphNode[];
  /** Several edges may join the same two nodes; an edge may lead back to where it starts. */
  readonly edges: readonly GraphEdge[];
}

export interface GraphNode {
  /** Told apart by it; never shown. */
  readonly id: string;
  /** What stands in the node: the first line is its name. */
  readonly lines: readonly string[];
  readonly kind: NodeKind;
  /** Where a click leads, if anywhere. */
  readonly href?: string;
}

/** `start`: where it begins; `end`: where nothing goes on, as it should; `wrong`: where something is not as it should. */
export type NodeKind = 'plain' | 'start' | 'end' | 'wrong';

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** Lines beside the edge; none for an edge that needs no word. */
  readonly lines: readonly string[];
  /** Whether something is not as it should be there. */
  readonly isWrong?: boolean;
}
