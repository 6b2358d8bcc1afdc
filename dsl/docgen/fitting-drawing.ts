import type { Graph, GraphEdge, GraphNode } from '../diagram/graph.ts';
import { graphToMermaid } from '../diagram/mermaid.ts';
import { graphToSvg } from '../diagram/svg.ts';
import type { Block } from './document.ts';

/** A drawing of a control flow, and whether conditions stand beside its arrows. */
interface FittingDrawing {
  readonly block: Block;
  readonly hasConditions: boolean;
  /** Whether it is no wider than a page. */
  readonly isFitting: boolean;
}

/**
 * A control flow as drawings that fit a page: in one, or where that is too wide, one in which each function is a node,
 * and one for each of these.
 *
 * @param within - the function that a node is written in; empty: none.
 */
export function fittingDrawings(
  graph: Graph,
  within: (node: string) => string,
  title: string,
): readonly { readonly name: string; readonly drawing: FittingDrawing }[] {
  const whole = fittingDrawing(graph, title);
  const functions = [...new Set(graph.nodes.map(({ id }) => within(id)))].filter((name) => name !== '');
  if (whole.isFitting || functions.length < 2) return [{ name: '', drawing: whole }];
  return [
    { name: '', drawing: fittingDrawing(withFunctions(graph, within), title) },
    ...functions.map((name) => ({
      name,
      drawing: fittingDrawing(
        ofFunction(graph, (node) => within(node) === name),
        `${title}: ${name}`,
      ),
    })),
  ];
}

/** Nodes of no function, and one for each function. */
function withFunctions(graph: Graph, within: (node: string) => string): Graph {
  const nodes = new Map<string, GraphNode>();
  const nameOf = (node: string): string => (within(node) === '' ? node : `in ${within(node)}`);
  for (const node of graph.nodes) {
    const name = nameOf(node.id);
    if (name === node.id) nodes.set(name, node);
    else if (!nodes.has(name)) nodes.set(name, { id: name, lines: [`${within(node.id)} …`], kind: node.kind });
  }
  const edges = graph.edges.map((edge): GraphEdge => {
    const [from, to] = [nameOf(edge.from), nameOf(edge.to)];
    return { from, to, lines: from === edge.from && to === edge.to ? edge.lines : [] };
  });
  return oncePerPair({
    ...graph,
    nodes: [...nodes.values()],
    edges: edges.filter(({ from, to }) => from !== to || graph.nodes.some(({ id }) => id === from)),
  });
}

/** The nodes of a function, where others lead to, and where its own lead. */
function ofFunction(graph: Graph, isOwn: (node: string) => boolean): Graph {
  const edges = graph.edges.filter(({ from }) => isOwn(from));
  const targets = new Set(edges.map(({ to }) => to));
  const entries = new Set(graph.edges.flatMap(({ from, to }) => (isOwn(from) ? [] : [to])));
  const nodes = graph.nodes.flatMap((node): readonly GraphNode[] => {
    if (isOwn(node.id)) return [entries.has(node.id) ? { ...node, kind: 'start' } : node];
    return targets.has(node.id) ? [{ ...node, lines: [`→ ${node.lines[0]!}`], kind: 'end' }] : [];
  });
  return { ...graph, nodes, edges };
}

/** Arrows of a drawing that can still have conditions beside them. */
const MOST_LABELED = 80;

/** Pixels in a line of a page. */
const WIDEST = 960;

/**
 * A control flow as it fits a page: where it is too wide, without the conditions beside arrows, which stand with the
 * steps as well, and where that is still too wide, with nothing but names in its nodes.
 */
export function fittingDrawing(graph: Graph, title: string): FittingDrawing {
  const svgOf = (one: Graph): string => graphToSvg(one, { title, standalone: false });
  const labeled = graph.edges.some(({ lines }) => lines.length > 0);
  const bare = withoutConditions(graph);
  const forms = [
    ...(graph.edges.length <= MOST_LABELED ? [{ graph, hasConditions: true }] : []),
    { graph: bare, hasConditions: !labeled },
    { graph: namesOnly(bare), hasConditions: !labeled },
  ];
  for (const [index, form] of forms.entries()) {
    const svg = svgOf(form.graph);
    const isFitting = widthOf(svg) <= WIDEST;
    if (index < forms.length - 1 && !isFitting) continue;
    // A little too wide is a little smaller; more than that would not be read.
    const drawn =
      WIDEST < widthOf(svg) && widthOf(svg) <= 1.4 * WIDEST ? svg.replace('"drawing"', '"drawing fit"') : svg;
    const block: Block = { kind: 'drawing', mermaid: graphToMermaid(form.graph), svg: drawn };
    return { block, hasConditions: form.hasConditions, isFitting };
  }
  throw new Error('there is a last form');
}

function widthOf(svg: string): number {
  return Number(/ width="([\d.]+)"/.exec(svg)![1]);
}

/** One arrow from a step to another, whatever the condition. */
function withoutConditions(graph: Graph): Graph {
  const bare = graph.edges.map((edge) => ({ ...edge, lines: edge.lines.filter((line) => line === 'time-out') }));
  return oncePerPair({ ...graph, edges: bare });
}

function oncePerPair(graph: Graph): Graph {
  const edges = new Map<string, GraphEdge>();
  for (const edge of graph.edges) {
    const key = `${edge.from}\n${edge.to}`;
    if (!edges.has(key)) edges.set(key, edge);
  }
  return { ...graph, edges: [...edges.values()] };
}

function namesOnly(graph: Graph): Graph {
  return { ...graph, nodes: graph.nodes.map((node) => ({ ...node, lines: node.lines.slice(0, 1) })) };
}
