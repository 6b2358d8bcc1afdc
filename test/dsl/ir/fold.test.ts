import { describe, expect, it } from 'vitest';
import type { Node } from '../../../dsl/ir/fold.ts';
import { fold, partsOf, rewriteExpression, rewriteFormula, rewriteStatements } from '../../../dsl/ir/fold.ts';
import { printExpression } from '../../../dsl/ir/print.ts';
import { sample, variable } from './sample.ts';

const nodes: readonly Node[] = [
  ...sample.init,
  ...sample.actions.flatMap(({ body }) => body),
  ...[...sample.invariants, ...sample.steps, ...sample.sometimes].map(({ predicate }) => predicate),
  ...sample.properties.map(({ formula }) => formula),
];

describe('folding', () => {
  it('meets every node once, parts before wholes', () => {
    for (const node of nodes) {
      const met: Node[] = [];
      const size = fold<number>(node, (part, sizes) => {
        expect(partsOf(part).every((inner) => met.includes(inner))).toBe(true);
        met.push(part);
        return sizes.reduce((sum, one) => sum + one, 1);
      });
      expect(met).toHaveLength(size);
      expect(met.at(-1)).toBe(node);
    }
  });

  it('reaches everything that has a kind and a span, but domains and places', () => {
    // An independent way to the same count: by looking into every object.
    const count = (data: unknown): number => {
      if (typeof data !== 'object' || data === null) return 0;
      const own = 'kind' in data && 'span' in data ? 1 : 0;
      return Object.values(data).reduce((sum: number, part) => sum + count(part), own);
    };
    for (const node of nodes) {
      expect(fold<number>(node, (_, sizes) => sizes.reduce((sum, one) => sum + one, 1))).toBe(count(node));
    }
  });

  it('collects, for example, the variables that are read', () => {
    const readsOf = (node: Node): string[] =>
      fold<string[]>(node, (part, inner) => [...inner.flat(), ...(part.kind === 'variable' ? [part.name] : [])]);
    expect(new Set(nodes.flatMap(readsOf))).toEqual(new Set(['waiting', 'counts', 'lines', 'pair', 'inbox', 'owner']));
  });
});

describe('rewriting', () => {
  it('keeps what does not change, down to its identity', () => {
    const { body } = sample.actions[0]!;
    expect(rewriteStatements(body, (part) => part)).toBe(body);
    for (const { predicate } of sample.invariants) expect(rewriteExpression(predicate, (part) => part)).toBe(predicate);
    for (const { formula } of sample.properties) expect(rewriteFormula(formula, (part) => part)).toBe(formula);
  });

  it('changes every part and leaves the original alone', () => {
    const before = JSON.stringify(sample);
    const renamed = (node: Node): number =>
      fold<number>(node, (part, inner) =>
        inner.reduce((sum, one) => sum + one, part.kind === 'variable' && part.name === 'new' ? 1 : 0),
      );
    const variables = (node: Node): number =>
      fold<number>(node, (part, inner) => inner.reduce((sum, one) => sum + one, part.kind === 'variable' ? 1 : 0));
    const rename = (part: Parameters<typeof printExpression>[0]) =>
      part.kind === 'variable' ? variable('new', part.type) : part;
    let total = 0;
    for (const { predicate } of sample.invariants) {
      const after = rewriteExpression(predicate, rename);
      expect(renamed(after)).toBe(variables(predicate));
      total += renamed(after);
    }
    for (const [index, statement] of rewriteStatements(sample.actions[0]!.body, rename).entries()) {
      expect(renamed(statement)).toBe(variables(sample.actions[0]!.body[index]!));
      total += renamed(statement);
    }
    expect(total).toBeGreaterThan(15);
    expect(JSON.stringify(sample)).toBe(before);
  });

  it('works from the inside out', () => {
    const { predicate } = sample.invariants[2]!;
    const seen: string[] = [];
    rewriteExpression(predicate, (part) => {
      seen.push(printExpression(part));
      return part;
    });
    expect(seen).toEqual([
      's.lines',
      'true',
      'count(s.lines, (c) => true)',
      's.lines',
      's.lines.length',
      'count(s.lines, (c) => true) <= s.lines.length',
    ]);
  });
});
