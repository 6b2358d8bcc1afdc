import { expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import type { DocumentedModel } from '../../../checker/document/documented-model.ts';
import { specPages } from '../../../checker/document/spec-pages.ts';
import { documentToMarkdown } from '../../../dsl/docgen/markdown.ts';
import { systemsOf } from '../../dsl/compiler/compiled.ts';

/** A spec with every slot, in no particular order. */
const SPEC = `
  /**
   * What it is about; see \`stuck\`, and G1 in \`stuck: low\`.
   *
   * @notModeled
   * The weather.
   * @glossary
   * - W1: a short name (\`stuck: low\`)
   * @variants variant
   */
  export const counting = spec('counting', {
    params: { variant: z.enum(['old', 'new']).default('old') },
    state: () => ({ n: z.int().min(0).max(5) }),
  });
  /** W1 @source do_add */
  export const add = counting.action((s, p) => { when(s.n < (p.variant === 'old' ? 5 : 2)); s.n += 1; });
  export const going = counting.fairness(weak(add));
  export const low = counting.invariant((s) => s.n <= 2);
  export const rises = counting.property((s) => eventually(s.n > 1));
  export const done = counting.terminal((s, p) => s.n > 1);
  export const stuck = counting.model({ variant: 'old' }, { violates: [low] });
  export const fine = counting.model({ variant: 'new' });`;

it('has on a page of its own what it is, what holds, the stories, then what is declared, and last its limits', () => {
  const [first, ...more] = systemsOf(SPEC).map((system): DocumentedModel => {
    return { label: system.model.name, system, result: check(system, { advise: true }) };
  });
  const spec = {
    models: [first!, ...more] as const,
    origin: 'o',
    seenFrom: () => ({ links: { hrefOf: () => undefined }, contents: '../README.md', first: 'counting.md' }),
  };
  const pages = specPages(spec, 'counting');
  expect(pages).toHaveLength(1);
  const page = documentToMarkdown(pages[0]!.document);
  const order = [
    'What it is about',
    '## What holds in which variant',
    '## Results',
    '## Models',
    '#### stuck: low',
    '## From `old` to `new`',
    '## Fairness that is needed',
    '## Short names',
    '## Limits',
    '### Not modeled',
    'The weather.',
  ];
  const places = order.map((words) => page.indexOf(words));
  expect(places.filter((at) => at < 0)).toEqual([]);
  expect(places).toEqual(places.toSorted((left, right) => left - right));
  // Names of models are links in the comment, and of stories everywhere.
  expect(page).toContain('see [`stuck`](#stuck), and G1 in [`stuck: low`](#stuck-low).');
  expect(page).toContain('| `W1` | a short name ([`stuck: low`](#stuck-low)) |');
});
