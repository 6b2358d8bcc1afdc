import { visible } from '../diagnostics/visible.ts';
import type { Graph, NodeKind } from './graph.ts';

/** A graph in the language of Graphviz. */
export function graphToDot(graph: Graph, name: string): string {
  const ids = new Map(graph.nodes.map(({ id }, index) => [id, `n${index}`]));
  return [
    `digraph ${quoteDot(name)} {`,
    `  rankdir=${graph.direction === 'down' ? 'TB' : 'LR'};`,
    '  node [shape=box, style=rounded, fontname="monospace", fontsize=11];',
    '  edge [fontname="monospace", fontsize=10];',
    ...graph.nodes.map(({ id, lines, kind, href }) => {
      const link = href === undefined ? '' : `, URL=${quoteDot(href)}`;
      return `  ${ids.get(id)} [label=${labelOf(lines)}${STYLE[kind]}${link}];`;
    }),
    ...graph.edges.map(({ from, to, lines, isWrong }) => {
      const attributes = [
        ...(lines.length === 0 ? [] : [`label=${labelOf(lines)}`]),
        ...(isWrong === true ? ['color=red, fontcolor=red'] : []),
      ];
      return `  ${ids.get(from)} -> ${ids.get(to)}${attributes.length === 0 ? '' : ` [${attributes.join(', ')}]`};`;
    }),
    '}',
    '',
  ].join('\n');
}

const STYLE: Readonly<Record<NodeKind, string>> = {
  plain: '',
  start: ', penwidth=2',
  end: ', peripheries=2',
  wrong: ', color=red, fontcolor=red',
};

function labelOf(lines: readonly string[]): string {
  return quoteDot(lines.join('\n'));
}

/** A quoted string: line breaks as `\n`; a backslash would start an escape, so it is doubled. */
function quoteDot(text: string): string {
  return `"${visible(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
