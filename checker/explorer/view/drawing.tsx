import dagre from '@dagrejs/dagre';
import { layoutId } from '../../../dsl/diagram/layout-id.ts';

interface NodeToDraw {
  readonly id: string;
  readonly label: string;
  readonly tone: string;
}

interface EdgeToDraw {
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

interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

export interface LaidOut {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly (NodeToDraw & Point & { readonly width: number; readonly height: number })[];
  readonly edges: readonly (EdgeToDraw & { readonly points: readonly Point[] })[];
}

/** Places nodes and edges. Cost: grows with the square of the graph; hundreds of nodes take a second. */
export function layOut(nodes: readonly NodeToDraw[], edges: readonly EdgeToDraw[], direction: 'TB' | 'LR'): LaidOut {
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: direction, nodesep: 18, ranksep: direction === 'LR' ? 48 : 34 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, label } of nodes) graph.setNode(layoutId(id), { width: 18 + 7.4 * label.length, height: 26 });
  edges.forEach(({ from, to, isBack }, index) => {
    if (isBack !== true) graph.setEdge(layoutId(from), layoutId(to), {}, String(index));
  });
  dagre.layout(graph);
  const placed = nodes.map((node) => ({ ...node, ...(graph.node(layoutId(node.id)) as Box) }));
  const drawn = edges.map((edge, index) => {
    if (edge.isBack === true)
      return { ...edge, points: arc(graph.node(layoutId(edge.from)) as Box, graph.node(layoutId(edge.to)) as Box) };
    const { points } = graph.edge(layoutId(edge.from), layoutId(edge.to), String(index)) as {
      readonly points: readonly Point[];
    };
    return { ...edge, points };
  });
  return {
    ...boundsOf([...placed.flatMap(cornersOf), ...drawn.flatMap(({ points }) => points)]),
    nodes: placed,
    edges: drawn,
  };
}

function cornersOf({ x, y, width, height }: Box): readonly Point[] {
  return [
    { x: x - width / 2, y: y - height / 2 },
    { x: x + width / 2, y: y + height / 2 },
  ];
}

/** Around all points, with room for the width of lines. */
function boundsOf(points: readonly Point[]): Pick<LaidOut, 'left' | 'top' | 'width' | 'height'> {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const [left, top] = [Math.min(...xs) - ROOM, Math.min(...ys) - ROOM];
  return {
    left,
    top,
    width: Math.ceil(Math.max(...xs) + ROOM - left),
    height: Math.ceil(Math.max(...ys) + ROOM - top),
  };
}

const ROOM = 12;

/** A bow beside what was laid out: from a node to one that stands before it, or to itself. */
function arc(from: Box, to: Box): readonly Point[] {
  if (from === to) {
    const right = from.x + from.width / 2;
    return [
      { x: right - 4, y: from.y - 8 },
      { x: right + 24, y: from.y - 18 },
      { x: right + 24, y: from.y + 18 },
      { x: right - 4, y: from.y + 8 },
    ];
  }
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy);
  const bow = Math.min(70, 14 + length / 6);
  const [nx, ny] = [dy / length, -dx / length];
  const along = (box: Box, sign: number): Point => ({
    x: box.x + ((sign * dx) / length) * (box.width / 2) + nx * 6,
    y: box.y + ((sign * dy) / length) * (box.height / 2) + ny * 6,
  });
  const middle = { x: (from.x + to.x) / 2 + nx * bow, y: (from.y + to.y) / 2 + ny * bow };
  return [along(from, 1), middle, along(to, -1)];
}

interface DrawingProps {
  readonly drawing: LaidOut;
  /** For whoever does not see it. */
  readonly label: string;
}

/** A small drawing; wider than its place it scrolls. */
export function Drawing({ drawing, label }: DrawingProps) {
  const { left, top, width, height, nodes, edges } = drawing;
  return (
    <div class="scroll">
      <svg
        class="drawing"
        width={width}
        height={height}
        viewBox={`${left} ${top} ${width} ${height}`}
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
            <Outline node={node} radius={6} />
          </g>
        ))}
      </svg>
    </div>
  );
}

/** The box of a node, and its label. */
export function Outline({ node, radius }: { readonly node: LaidOut['nodes'][number]; readonly radius: number }) {
  const { x, y, width, height, label } = node;
  return (
    <>
      <rect x={x - width / 2} y={y - height / 2} width={width} height={height} rx={radius} />
      <text x={x} y={y} dy="0.35em" text-anchor="middle">
        {label}
      </text>
    </>
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
