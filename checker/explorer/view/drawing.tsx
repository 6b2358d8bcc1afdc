import dagre from '@dagrejs/dagre';

export interface NodeToDraw {
  readonly id: string;
  readonly label: string;
  readonly tone: string;
}

export interface EdgeToDraw {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly tone: string;
  /** Leads back to where the drawing starts: then it does not say what is above what. */
  readonly isBack?: boolean;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

export interface LaidOut {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly (NodeToDraw & Point & { readonly width: number; readonly height: number })[];
  readonly edges: readonly (EdgeToDraw & { readonly points: readonly Point[] })[];
}

/** Places nodes and edges. Cost: grows with the square of the graph; hundreds of nodes take a second. */
export function layOut(nodes: readonly NodeToDraw[], edges: readonly EdgeToDraw[], direction: 'TB' | 'LR'): LaidOut {
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: direction, nodesep: 18, ranksep: direction === 'LR' ? 48 : 34, marginx: 12, marginy: 12 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, label } of nodes) graph.setNode(id, { width: 18 + 7.4 * label.length, height: 26 });
  edges.forEach(({ from, to, isBack }, index) => {
    if (isBack === true) graph.setEdge(to, from, { weight: 0 }, String(index));
    else graph.setEdge(from, to, { weight: 1 }, String(index));
  });
  dagre.layout(graph);
  const size = graph.graph() as { readonly width?: number; readonly height?: number };
  return {
    width: Math.ceil(size.width ?? 0),
    height: Math.ceil(size.height ?? 0),
    nodes: nodes.map((node) => {
      const { x, y, width, height } = graph.node(node.id) as Point & { width: number; height: number };
      return { ...node, x, y, width, height };
    }),
    edges: edges.map((edge, index) => {
      const [start, end] = edge.isBack === true ? [edge.to, edge.from] : [edge.from, edge.to];
      const { points } = graph.edge(start, end, String(index)) as { readonly points: readonly Point[] };
      return { ...edge, points: edge.isBack === true ? points.toReversed() : points };
    }),
  };
}

interface DrawingProps {
  readonly drawing: LaidOut;
  /** For whoever does not see it. */
  readonly label: string;
}

/** A small drawing; wider than its place it scrolls. */
export function Drawing({ drawing, label }: DrawingProps) {
  const { width, height, nodes, edges } = drawing;
  return (
    <div class="scroll">
      <svg
        class="drawing"
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={label}
      >
        <Arrowheads />
        {edges.map((edge) => (
          <path
            key={`${edge.from} ${edge.to}`}
            class={`edge ${edge.tone}`}
            d={pathOf(edge.points)}
            marker-end={`url(#arrow-${edge.tone})`}
          />
        ))}
        {nodes.map((node) => (
          <g key={node.id} class={`node ${node.tone}`}>
            <rect
              x={node.x - node.width / 2}
              y={node.y - node.height / 2}
              width={node.width}
              height={node.height}
              rx={6}
            />
            <text x={node.x} y={node.y} dy="0.35em" text-anchor="middle">
              {node.label}
            </text>
          </g>
        ))}
      </svg>
    </div>
  );
}

/** One for each tone: the head of an arrow has the color of its line. */
export function Arrowheads() {
  return (
    <defs>
      {['plain', 'bad', 'chosen'].map((tone) => (
        <marker
          key={tone}
          id={`arrow-${tone}`}
          viewBox="0 0 8 8"
          refX={7}
          refY={4}
          markerWidth={7}
          markerHeight={7}
          orient="auto-start-reverse"
        >
          <path class={`head ${tone}`} d="M0 0.5 L8 4 L0 7.5 z" />
        </marker>
      ))}
    </defs>
  );
}

/** A smooth line through the points: straight at its ends, rounded at each point between. */
export function pathOf(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const parts = [`M${round(first.x)} ${round(first.y)}`];
  rest.forEach((point, index) => {
    const after = rest[index + 1];
    if (after === undefined) parts.push(`L${round(point.x)} ${round(point.y)}`);
    else
      parts.push(
        `Q${round(point.x)} ${round(point.y)} ${round((point.x + after.x) / 2)} ${round((point.y + after.y) / 2)}`,
      );
  });
  return parts.join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
