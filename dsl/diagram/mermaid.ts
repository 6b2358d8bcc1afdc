import { visible } from '../diagnostics/visible.ts';
import type { Graph, NodeKind } from './graph.ts';

/** A graph as a Mermaid flowchart, which GitHub and many wikis draw where it stands in Markdown. */
export function graphToMermaid(graph: Graph): string {
  const ids = new Map(graph.nodes.map(({ id }, index) => [id, `n${index}`]));
  const styles = [...new Set(graph.nodes.map(({ kind }) => kind))].flatMap((kind) => STYLE[kind] ?? []);
  const wrong = graph.edges.flatMap(({ isWrong }, index) => (isWrong === true ? [index] : []));
  return [
    `flowchart ${graph.direction === 'down' ? 'TD' : 'LR'}`,
    ...graph.nodes.map(({ id, lines, kind }) => {
      const [open, close] = kind === 'start' || kind === 'end' ? ['(["', '"])'] : ['["', '"]'];
      return `  ${ids.get(id)}${open}${labelOf(lines)}${close}${styleOf(kind)}`;
    }),
    ...graph.edges.map(({ from, to, lines }) => {
      const label = lines.length === 0 ? '' : `|"${labelOf(lines)}"|`;
      return `  ${ids.get(from)} -->${label} ${ids.get(to)}`;
    }),
    ...styles.map(({ name, style }) => `  classDef ${name} ${style}`),
    ...(wrong.length === 0 ? [] : [`  linkStyle ${wrong.join(',')} stroke:#d33,color:#d33`]),
    '',
  ].join('\n');
}

/** Named otherwise than the kinds: `end` is a word of Mermaid's. */
const STYLE: Readonly<Partial<Record<NodeKind, { readonly name: string; readonly style: string }>>> = {
  start: { name: 'first', style: 'stroke-width:3px' },
  end: { name: 'last', style: 'stroke-dasharray:4' },
  wrong: { name: 'wrong', style: 'stroke:#d33,color:#d33' },
};

function styleOf(kind: NodeKind): string {
  const style = STYLE[kind];
  return style === undefined ? '' : `:::${style.name}`;
}

function labelOf(lines: readonly string[]): string {
  return lines.map(escapeMermaid).join('<br/>');
}

/**
 * Text that Mermaid shows as it is. It reads entities that start with `#`, Markdown and HTML in labels, and ends some
 * statements at a semicolon; everything that could mean something is written as an entity.
 */
export function escapeMermaid(text: string): string {
  // `end` as a word closes a block in sequence diagrams, even in the text of a message.
  const words = visible(text).replaceAll(/\bend\b/g, '\u0000nd');
  return words.replaceAll(/[^\p{L}\p{N} .,:=()[\]/+!?@'→↻…–≤≥∈-]/gu, (character) =>
    character === '\u0000' ? '#101;' : `#${character.codePointAt(0)};`,
  );
}
