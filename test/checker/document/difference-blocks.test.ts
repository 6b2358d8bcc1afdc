import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { differenceBlocks } from '../../../checker/document/difference-blocks.ts';
import { netLines } from '../../../checker/document/difference-summary.ts';
import type { DocumentedModel } from '../../../checker/document/documented-model.ts';
import { variantsOf } from '../../../checker/document/overview.ts';
import { lineDifference } from '../../../checker/document/variant-differences.ts';
import { variantProtocols } from '../../../checker/document/variants.ts';
import { Headings } from '../../../dsl/docgen/document.ts';
import { documentToMarkdown } from '../../../dsl/docgen/markdown.ts';
import { partsOfSpec } from '../../../dsl/docgen/spec-parts.ts';
import { systemsOf } from '../../dsl/compiler/compiled.ts';

const SPEC = `
  /**
   * @variants variant
   * @mutations mutation
   */
  export const gate = spec('gate', {
    params: { variant: z.enum(['open', 'guarded']).default('open'), mutation: z.enum(['none', 'noGuard']).default('none') },
    state: () => ({ busy: z.boolean(), inside: z.int().min(0).max(4), late: z.boolean() }),
  });
  const Side = z.enum(['l', 'r']);
  function* pass(s, p) {
    yield 'enter';
    if (p.variant === 'guarded' && p.mutation !== 'noGuard') { when(!s.busy); s.busy = true; }
    s.inside += 1;
    yield 'leave';
    s.inside -= 1;
    s.busy = false;
  }
  export const left = gate.process({ a: Side }, function* (s, { a }, p) { yield* pass(s, p); });
  export const right = gate.process({ b: Side }, function* (s, { b }, p) {
    yield* pass(s, p);
    if (p.variant === 'open') { yield 'after'; s.late = true; }
  });
  export const alone = gate.invariant((s) => s.inside <= 1);
  export const open = gate.model({ variant: 'open' }, { violates: [alone] });
  export const guarded = gate.model({ variant: 'guarded' });
  /** The gate is left open. */
  export const withoutGuard = gate.model({ variant: 'guarded', mutation: 'noGuard' }, { violates: [alone] });
`;

describe('what was changed from one variant to the next', () => {
  const systems = systemsOf(SPEC);
  const models = systems.map((system): DocumentedModel => ({
    label: system.model.name,
    system,
    result: check(system),
  }));
  const [first, ...more] = systems;
  const parts = partsOfSpec([first!, ...more]);
  const variants = variantsOf(models, parts)!;
  const stories = new Map(
    models.map(
      ({ label, result }) =>
        [result, { href: `${label}.md`, stories: new Map([['alone', `${label}.md#alone`]]), blocks: [] }] as const,
    ),
  );
  const page = { headings: new Headings('t'), links: { hrefOf: () => undefined } };
  const blocks = differenceBlocks(page, variantProtocols(variants, parts), ({ name }) => `${name}.md`, {
    variants,
    parts,
    stories,
    hrefOf: () => undefined,
  });
  const text = documentToMarkdown({ title: 't', origin: 'o', blocks });

  it('begins with what fails in one of them alone', () => {
    expect(text).toContain('Fails in open, and not in guarded: alone [✗ 2](open.md#alone).');
  });

  it('is one line for each step, told once for processes that do the same, with the models that leave it out', () => {
    const rows = text.split('\n').filter((line) => line.startsWith('| '));
    expect(rows).toEqual([
      '| Where | What is different | Is not, or not so, in |',
      '| --- | --- | --- |',
      '| [left](#left), [right](#right): `enter` | **+** `when (!busy)`, `busy = true` | [`withoutGuard`](withoutGuard.md) |',
      '| [right](#right): `leave` | **−** `goto after`<br>**+** `goto done` |  |',
      '| [right](#right): `after` | only in `open` |  |',
      '| Model | What is left out | What fails then |',
      '| --- | --- | --- |',
      '| [`withoutGuard`](withoutGuard.md) | The gate is left open. | [alone](withoutGuard.md#alone) 2 |',
    ]);
  });

  it('is folded away line by line', () => {
    expect(text).toContain('<summary>Line by line: 3 steps of right</summary>');
    expect(text).toContain('```diff\n+ when (!busy)\n+ busy = true\n  inside += 1\n  goto leave\n```');
  });
});

describe('what only one of two texts does', () => {
  const lines = fc.array(
    fc.constantFrom('a', '  a', 'else a', 'b', '  c', 'else', 'verify (x)  // it is so', 'n := a'),
    { maxLength: 8 },
  );

  it('is what stands in it more often than in the other, wherever it stands', () => {
    fc.assert(
      fc.property(lines, lines, (first, second) => {
        const { removed, added } = netLines(lineDifference(first, second));
        for (const statement of ['a', 'b', 'c']) {
          const count = (list: readonly string[]): number =>
            list.filter((line) => line.trim().replace(/^else /, '') === statement).length;
          const change = count(second) - count(first);
          expect([count(removed), count(added)]).toEqual([Math.max(0, -change), Math.max(0, change)]);
        }
        expect(new Set([...removed, ...added, 'a', 'b', 'c']).size).toBe(3);
      }),
    );
  });
});
