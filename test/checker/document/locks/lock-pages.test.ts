import { expect, it } from 'vitest';
import { check } from '../../../../checker/check.ts';
import { lockPages } from '../../../../checker/document/locks/lock-pages.ts';
import type { DocumentedModel } from '../../../../checker/document/documented-model.ts';
import type { Variants } from '../../../../checker/document/overview.ts';
import type { Further } from '../../../../checker/document/pages.ts';
import { code, Headings, paragraph, text } from '../../../../dsl/docgen/document.ts';
import { documentToMarkdown } from '../../../../dsl/docgen/markdown.ts';
import { systemOf } from '../../../dsl/compiler/compiled.ts';

const SPEC = `
  import { enter, exit, mutex } from 'fairlead/sync';
  const Thread = z.enum(['one']);
  export const locks = spec('locks', { state: () => ({ a: mutex(Thread), b: mutex(Thread) }) });
  export const one = locks.process(function* (s) {
    yield 'a'; enter(s.a, 'one'); yield 'b'; enter(s.b, 'one'); yield 'out'; exit(s.b, 'one'); exit(s.a, 'one');
  });`;

it('locks of models that leave something out have a page of their own only where one page would be too large', () => {
  const system = systemOf(SPEC);
  const result = check(system, { locks: true });
  const model = (label: string): DocumentedModel => ({ label, system, result: { ...result } });
  const [old, fresh, mutant] = [model('old'), model('new'), model('mutant')];
  const variants: Variants = {
    by: 'variant',
    mutations: ['mutation'],
    groups: [old, fresh].map((one) => ({ value: one.label, head: [code(one.label)], models: [one] })),
    mutants: [mutant],
  };
  const pagesWith = (filling: string): readonly (readonly [string, string])[] => {
    const further: Further = (name, title, blocks) => {
      const page = { headings: new Headings(title), links: { hrefOf: () => undefined }, anchors: new Map() };
      const own = [
        ...blocks({ ...page, with: (inner) => ({ title, origin: 'o', blocks: inner }) }),
        paragraph(text(filling)),
      ];
      return [{ name, document: { title, origin: 'o', blocks: own } }];
    };
    return lockPages(further, 'locks', [old, fresh, mutant], () => undefined, variants).map(({ name, document }) => [
      name!,
      documentToMarkdown(document),
    ]);
  };
  const [only, ...none] = pagesWith('');
  expect([only![0], none]).toEqual(['locks', []]);
  expect(only![1]).toContain('## Models that leave something out');
  const [first, others] = pagesWith('x'.repeat(130_000));
  expect([first![0], others![0]]).toEqual(['locks', 'locks-left-out']);
  expect(first![1]).toContain('[Models that leave something out](locks-left-out.md)');
  expect(first![1]).not.toContain('mutant');
  expect(others![1]).toContain('Each lock');
});
