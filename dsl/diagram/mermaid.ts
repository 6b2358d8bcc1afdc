import type { Graph, NodeKind } from './graph.ts';

/** A graph as a Mermaid flowchart, which GitHub and many wikis draw where it stands in Markdown. */
export function graphToMermaid(graph: Graph): string {
  const ids = new Map(graph.nodes.map(({ id }, index) => [id, `n${index}`]));
  const kinds = [...new Set(graph.nodes.map(({ kind }) => kind))].filter((kind) => STYLE[kind] !== '');
  return [
    `flowchart ${graph.direction === 'down' ? 'TD' : 'LR'}`,
    ...graph.nodes.map(({ id, lines, kind }) => {
      const [open, close] = kind === 'start' || kind === 'end' ? ['(["', '"])'] : ['["', '"]'];
      return `  ${ids.get(id)}${open}${labelOf(lines)}${close}${STYLE[kind] === '' ? '' : `:::${kind}`}`;
    }),
    ...graph.edges.map(({ from, to, lines }) => {
      const label = lines.length === 0 ? '' : `|"${labelOf(lines)}"|`;
      return `  ${ids.get(from)} -->${label} ${ids.get(to)}`;
    }),
    ...kinds.map((kind) => `  classDef ${kind} ${STYLE[kind]}`),
    '',
  ].join('\n');
}

const STYLE: Readonly<Record<NodeKind, string>> = {
  plain: '',
  start: 'stroke-width:3px',
  end: 'stroke-dasharray:4',
  wrong: 'stroke:#d33,color:#d33',
};

function labelOf(lines: readonly string[]): string {
  return lines.map(escapeMermaid).join('<br/>');
}

/**
 * Text that Mermaid shows as it is. It reads entities that start with `#`, Markdown and HTML in labels, and ends some
 * statements at a semicolon; everything that could mean something is written as an entity.
 */
export function escapeMermaid(text: string): string {
  // `end` as a word closes a block in sequence diagrams, even in the text of a message.
  const words = text.replaceAll(/\bend\b/g, '\u0000nd');
  return words.replaceAll(/[^\p{L}\p{N} .,:=()[\]/+!?@'→↻…–≤≥∈-]/gu, (character) =>
    character === '\u0000' ? '#101;' : `#${character.codePointAt(0)};`,
  );
}
