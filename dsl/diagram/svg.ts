import { Graph as Layout, layout } from '@dagrejs/dagre';
import type { GraphLabel } from '@dagrejs/dagre';
import { visible } from '../diagnostics/visible.ts';
import type { Graph, GraphEdge, GraphNode } from './graph.ts';
import { layoutId } from './layout-id.ts';

/** Sizes of the monospaced text in drawings, in pixels. Its width is known without measuring, so drawings are the same everywhere. */
export const TEXT = {
  size: 12,
  width: 7.25,
  line: 16,
  family: 'ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace',
};

/**
 * Colours and strokes of drawings, as rules for elements inside `.drawing`. They follow the reader's light or dark
 * scheme; a page that brings its own `--ink` and so on is followed instead.
 */
export const DRAWING_STYLE = `.drawing { --line: var(--muted, #6b7280); --text: var(--ink, #1f2328); --fill: var(--raised, #f6f8fa); --wrong: var(--bad, #cf222e); --back: var(--paper, #ffffff); --mark: var(--link, #0969da); }
@media (prefers-color-scheme: dark) { .drawing { --line: var(--muted, #8b949e); --text: var(--ink, #e6edf3); --fill: var(--raised, #161b22); --wrong: var(--bad, #ff7b72); --back: var(--paper, #0d1117); --mark: var(--link, #58a6ff); } }
.drawing text { font: ${TEXT.size}px ${TEXT.family}; fill: var(--text); white-space: pre; text-anchor: middle; }
.drawing .from, .drawing .from text { text-anchor: start; }
.drawing .small, .drawing .small text { fill: var(--line); }
.drawing .name { font-weight: 600; }
.drawing .box { fill: var(--fill); stroke: var(--line); stroke-linejoin: round; }
.drawing .start { stroke-width: 2.5; stroke: var(--text); }
.drawing .end { stroke-dasharray: 4 3; }
.drawing .wrong { stroke: var(--wrong); stroke-width: 2; }
.drawing .edge { fill: none; stroke: var(--line); }
.drawing .head { fill: var(--line); }
.drawing .edge.bad { stroke: var(--wrong); stroke-width: 2; }
.drawing .head.bad, .drawing .small.bad { fill: var(--wrong); }
.drawing .under { fill: var(--back); opacity: 0.85; }
.drawing a:hover .box, .drawing a:focus .box { stroke: var(--mark); }`;

const PADDING = { x: 10, y: 7 };
const MARGIN = 8;

/**
 * Draws a graph in layers, with Dagre's layout.
 *
 * @param options - `title`: read out by screen readers. `standalone`: a file of its own, with its style inside; otherwise
 * the page around it has to contain {@link DRAWING_STYLE}.
 * @remarks Cost: Dagre takes about a second for 300 nodes and 600 edges, and grows faster than linearly.
 */
export function graphToSvg(graph: Graph, options: { readonly title: string; readonly standalone: boolean }): string {
  const placed = place(graph);
  const boxes = graph.nodes.map(({ id }) => placed.node(layoutId(id)));
  const routes = graph.edges.map(({ from, to }, index) => placed.edge(layoutId(from), layoutId(to), String(index)));
  const edges = graph.edges.map((edge, index) => drawEdge(edge, routes[index]!));
  const nodes = graph.nodes.map((node, index) => drawNode(node, boxes[index]!));
  return svgElement(boundsOf(boxes, routes), options, [...edges, ...nodes]);
}

/** What all parts are inside of. Dagre's own size leaves out edges that go around nodes. */
function boundsOf(boxes: readonly Box[], routes: readonly Route[]): Bounds {
  const corners = [...boxes, ...routes].flatMap(({ x, y, width = 0, height = 0 }) =>
    x === undefined || y === undefined
      ? []
      : [
          { x: x - width / 2, y: y - height / 2 },
          { x: x + width / 2, y: y + height / 2 },
        ],
  );
  const all = [...corners, ...routes.flatMap(({ points = [] }) => points)];
  const xs = all.map(({ x }) => x);
  const ys = all.map(({ y }) => y);
  const [left, top] = [Math.min(...xs) - MARGIN, Math.min(...ys) - MARGIN];
  return { left, top, width: Math.max(...xs) + MARGIN - left, height: Math.max(...ys) + MARGIN - top };
}

interface Bounds {
  /** Default 0. */
  readonly left?: number;
  readonly top?: number;
  readonly width: number;
  readonly height: number;
}

/** An SVG element of that many pixels, around drawn parts. */
export function svgElement(
  { left = 0, top = 0, width, height }: Bounds,
  { title, standalone }: { readonly title: string; readonly standalone: boolean },
  parts: readonly string[],
): string {
  const size = `width="${number(width)}" height="${number(height)}" viewBox="${number(left)} ${number(top)} ${number(width)} ${number(height)}"`;
  const own = standalone
    ? [
        `<style>${DRAWING_STYLE}</style>`,
        `<rect class="under" x="${number(left)}" y="${number(top)}" width="100%" height="100%" style="opacity: 1"/>`,
      ]
    : [];
  // In HTML the name of the element says what it is.
  const namespace = standalone ? 'xmlns="http://www.w3.org/2000/svg" ' : '';
  return [
    `<svg ${namespace}class="drawing" role="img" aria-label="${escapeXml(title)}" ${size}>`,
    ...own,
    ...parts,
    '</svg>',
  ].join('\n');
}

function place(graph: Graph): Layout<GraphLabel, Box, Route> {
  const layouted = new Layout<GraphLabel, Box, Route>({ directed: true, multigraph: true });
  layouted.setGraph({
    rankdir: graph.direction === 'down' ? 'TB' : 'LR',
    nodesep: 28,
    ranksep: 34,
    edgesep: 14,
  });
  for (const { id, lines } of graph.nodes) {
    layouted.setNode(layoutId(id), {
      width: widest(lines) * TEXT.width + 2 * PADDING.x,
      height: lines.length * TEXT.line + 2 * PADDING.y,
    });
  }
  graph.edges.forEach(({ from, to, lines }, index) => {
    const size = { width: widest(lines) * TEXT.width, height: lines.length * TEXT.line };
    const label = lines.length === 0 ? {} : ({ ...size, labelpos: 'c' } as const);
    layouted.setEdge(layoutId(from), layoutId(to), label, String(index));
  });
  layout(layouted);
  return layouted;
}

/** What the layout adds to what it is given. */
interface Box {
  readonly width: number;
  readonly height: number;
  readonly x?: number;
  readonly y?: number;
}

interface Route {
  readonly width?: number;
  readonly height?: number;
  readonly labelpos?: 'c';
  readonly x?: number;
  readonly y?: number;
  readonly points?: readonly Point[];
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function drawNode({ lines, kind, href }: GraphNode, { x = 0, y = 0, width, height }: Box): string {
  const [left, top] = [x - width / 2, y - height / 2];
  const radius = kind === 'start' || kind === 'end' ? 14 : 4;
  const place = `x="${number(left)}" y="${number(top)}" width="${number(width)}" height="${number(height)}"`;
  const box = `<rect class="box ${kind}" ${place} rx="${radius}"/>`;
  const texts = lines.map((line, index) => {
    const baseline = top + PADDING.y + (index + 0.75) * TEXT.line;
    return drawText(line, x, baseline, index === 0 ? 'name' : 'small', 'middle');
  });
  const drawn = [box, ...texts].join('');
  return href === undefined ? `<g>${drawn}</g>` : `<a href="${escapeXml(href)}">${drawn}</a>`;
}

function drawEdge(
  { lines, isWrong = false }: GraphEdge,
  { points = [], x = 0, y = 0, width = 0, height = 0 }: Route,
): string {
  const also = isWrong ? ' bad' : '';
  const head = arrowHead(points, also);
  const path = `<path class="edge${also}" d="${curveThrough(points)}"/>${head}`;
  if (lines.length === 0) return path;
  const top = y - height / 2;
  const under = `<rect class="under" x="${number(x - width / 2)}" y="${number(top)}" width="${number(width)}" height="${number(height)}"/>`;
  const texts = lines.map((line, index) =>
    drawText(line, x, top + (index + 0.75) * TEXT.line, `small${also}`, 'middle'),
  );
  return [path, under, ...texts].join('');
}

/** A line of text with its baseline at `y`. */
export function drawText(text: string, x: number, y: number, name: string, anchor: 'start' | 'middle'): string {
  const all = anchor === 'start' ? `${name} from`.trimStart() : name;
  const classes = all === '' ? '' : ` class="${all}"`;
  return `<text${classes} x="${number(x)}" y="${number(y)}">${escapeXml(text)}</text>`;
}

/** A path that starts and ends at the outer points and is drawn towards the others: quadratic curves between middles. */
function curveThrough(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const parts = [`M${pair(first)}`];
  rest.forEach((point, index) => {
    const next = rest[index + 1];
    if (next === undefined) parts.push(`L${pair(point)}`);
    else if (index < rest.length - 1) {
      const end = index === rest.length - 2 ? next : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
      parts.push(`Q${pair(point)} ${pair(end)}`);
    }
  });
  return parts.join('');
}

const HEAD = { length: 8, half: 3.5 };

function arrowHead(points: readonly Point[], also: string): string {
  const [before, tip] = points.slice(-2);
  if (before === undefined || tip === undefined) return '';
  const length = Math.hypot(tip.x - before.x, tip.y - before.y) || 1;
  const [dx, dy] = [(tip.x - before.x) / length, (tip.y - before.y) / length];
  const back = { x: tip.x - dx * HEAD.length, y: tip.y - dy * HEAD.length };
  const left = { x: back.x - dy * HEAD.half, y: back.y + dx * HEAD.half };
  const right = { x: back.x + dy * HEAD.half, y: back.y - dx * HEAD.half };
  return `<path class="head${also}" d="M${pair(tip)}L${pair(left)}L${pair(right)}Z"/>`;
}

/** Characters in the longest line. */
export function widest(lines: readonly string[]): number {
  return Math.max(0, ...lines.map((line) => line.length));
}

function pair({ x, y }: Point): string {
  return `${number(x)} ${number(y)}`;
}

/** At most one digit after the point: finer than anyone sees, and free of the last bits of floating point. */
export function number(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Text for XML and HTML, between tags or within double quotes. */
export function escapeXml(text: string): string {
  return (
    visible(text)
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      // These are not allowed in XML, not even as references.
      .replaceAll(/[\ufffe\uffff]/g, '\ufffd')
  );
}
