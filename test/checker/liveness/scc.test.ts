import fc from 'fast-check';
import { expect, it } from 'vitest';
import { strongComponents } from '../../../checker/liveness/scc.ts';

type Edge = readonly [from: number, to: number];

/** The components of a graph in the order they are found, each sorted. */
function componentsOf(size: number, edges: readonly Edge[], roots: Iterable<number>): readonly string[] {
  const found: string[] = [];
  const graph = {
    size,
    successors: (vertex: number, into: { push(target: number): void }) => {
      for (const [from, to] of edges) if (from === vertex) into.push(to);
    },
  };
  strongComponents(graph, roots, new Int32Array(size), (members, from) => {
    found.push([...members.data.slice(from, members.length)].sort((a, b) => a - b).join(' '));
  });
  return found;
}

function parse(notation: string): readonly Edge[] {
  return notation
    .split(' ')
    .filter((edge) => edge.includes('>'))
    .map((edge) => edge.split('>').map(Number) as [number, number]);
}

it.each([
  ['a lone vertex', '0', ['0']],
  ['a lone vertex with a loop', '0>0', ['0']],
  ['a chain', '0>1 1>2', ['2', '1', '0']],
  ['a cycle with a tail', '0>1 1>0 1>2', ['2', '0 1']],
  ['two cycles that one edge joins', '0>1 1>0 1>2 2>3 3>2', ['2 3', '0 1']],
  ['two cycles that share a vertex', '0>1 1>0 0>2 2>0', ['0 1 2']],
  ['an edge back to a finished component', '0>1 0>2 2>1', ['1', '2', '0']],
])('finds the strongly connected components of %s', (_, notation, expected) => {
  expect(componentsOf(4, parse(notation), [0])).toEqual(expected);
});

it('starts from every root that is not in a component yet', () => {
  expect(componentsOf(4, parse('0>1 2>1 3>2'), [0, 1, 2, 3])).toEqual(['1', '0', '2', '3']);
});

it('does not run out of stack on a path of a million vertices', () => {
  const size = 1_000_000;
  const successors = (vertex: number, into: { push(target: number): void }): void => {
    if (vertex + 1 < size) into.push(vertex + 1);
  };
  let components = 0;
  strongComponents({ size, successors }, [0], new Int32Array(size), () => (components += 1));
  expect(components).toBe(size);
});

it('puts two vertices together exactly when each reaches the other, and later components reach earlier ones', () => {
  const vertex = fc.nat(7);
  fc.assert(
    fc.property(fc.array(fc.tuple(vertex, vertex), { maxLength: 16 }), (edges) => {
      const components = componentsOf(8, edges, [0, 1, 2, 3, 4, 5, 6, 7]);
      const componentOf = (one: number): number =>
        components.findIndex((text) => text.split(' ').includes(String(one)));
      for (let a = 0; a < 8; a += 1) {
        for (let b = 0; b < 8; b += 1) {
          expect(componentOf(a) === componentOf(b)).toBe(reaches(edges, a, b) && reaches(edges, b, a));
          if (reaches(edges, a, b)) expect(componentOf(b)).toBeLessThanOrEqual(componentOf(a));
        }
      }
    }),
    { numRuns: 500 },
  );
});

function reaches(edges: readonly Edge[], from: number, to: number): boolean {
  const seen = new Set([from]);
  for (const vertex of seen) for (const [start, end] of edges) if (start === vertex) seen.add(end);
  return seen.has(to);
}
