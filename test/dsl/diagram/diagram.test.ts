import { describe, expect, it } from 'vitest';
import { graphToDot } from '../../../dsl/diagram/dot.ts';
import type { Graph } from '../../../dsl/diagram/graph.ts';
import { escapeMermaid, graphToMermaid } from '../../../dsl/diagram/mermaid.ts';
import { graphToSvg } from '../../../dsl/diagram/svg.ts';

const graph: Graph = {
  direction: 'down',
  nodes: [
    { id: 'a', lines: ['a', 'x < "y"'], kind: 'start', href: '#a' },
    { id: 'b', lines: ['b'], kind: 'plain' },
    { id: 'c', lines: ['c\\d'], kind: 'wrong' },
  ],
  edges: [
    { from: 'a', to: 'b', lines: ['n = 1', 'or n = 2'] },
    { from: 'b', to: 'a', lines: [] },
    { from: 'b', to: 'b', lines: ['again'] },
    { from: 'b', to: 'c', lines: [], isWrong: true },
  ],
};

it('is written for Graphviz', () => {
  expect(graphToDot(graph, 'my "graph"')).toMatchInlineSnapshot(`
    "digraph "my \\"graph\\"" {
      rankdir=TB;
      node [shape=box, style=rounded, fontname="monospace", fontsize=11];
      edge [fontname="monospace", fontsize=10];
      n0 [label="a\\nx < \\"y\\"", penwidth=2, URL="#a"];
      n1 [label="b"];
      n2 [label="c\\\\d", color=red, fontcolor=red];
      n0 -> n1 [label="n = 1\\nor n = 2"];
      n1 -> n0;
      n1 -> n1 [label="again"];
      n1 -> n2 [color=red, fontcolor=red];
    }
    "
  `);
});

it('is written for Mermaid', () => {
  expect(graphToMermaid(graph)).toMatchInlineSnapshot(`
    "flowchart TD
      n0(["a<br/>x #60; #34;y#34;"]):::first
      n1["b"]
      n2["c#92;d"]:::wrong
      n0 -->|"n = 1<br/>or n = 2"| n1
      n1 --> n0
      n1 -->|"again"| n1
      n1 --> n2
      classDef first stroke-width:3px
      classDef wrong stroke:#d33,color:#d33
      linkStyle 3 stroke:#d33,color:#d33
    "
  `);
});

it('escapes what Mermaid would read as more than text', () => {
  expect(escapeMermaid('a;b#c_d *e* `f`')).toBe('a#59;b#35;c#95;d #42;e#42; #96;f#96;');
  expect(escapeMermaid('the end, ended')).toBe('the #101;nd, ended');
});

describe('drawn as SVG', () => {
  const svg = graphToSvg(graph, { title: 'a & b', standalone: false });

  it('is the same every time', () => {
    expect(graphToSvg(graph, { title: 'a & b', standalone: false })).toBe(svg);
  });

  it('has a box for each node, a path and a head for each edge, and text that means itself', () => {
    expect(svg.match(/<rect class="box/g)).toHaveLength(3);
    expect(svg.match(/<path class="edge[ "]/g)).toHaveLength(4);
    expect(svg.match(/<path class="head[ "]/g)).toHaveLength(4);
    expect(svg.match(/<path class="edge bad"/g)).toHaveLength(1);
    expect(svg).toContain('x &lt; &quot;y&quot;');
    expect(svg).toContain('aria-label="a &amp; b"');
    expect(svg).toContain('<a href="#a">');
    expect(svg).not.toMatch(/NaN|undefined/);
  });

  it('has everything inside of its frame', () => {
    const [left, top, width, height] = /viewBox="([-\d. ]+)"/.exec(svg)![1]!.split(' ').map(Number) as [
      number,
      number,
      number,
      number,
    ];
    const points = [...svg.matchAll(/[ML]([-\d.]+) ([-\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
    expect(points.length).toBeGreaterThan(10);
    expect(points.filter(([x, y]) => x < left || x > left + width || y < top || y > top + height)).toEqual([]);
  });

  it('carries its style when it stands alone', () => {
    expect(svg).not.toContain('<style>');
    expect(graphToSvg(graph, { title: 'a', standalone: true })).toContain('prefers-color-scheme: dark');
  });
});
