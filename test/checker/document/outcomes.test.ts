import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { outcomeChanges } from '../../../checker/document/difference-outcomes.ts';
import type { DocumentedModel, Stories } from '../../../checker/document/documented-model.ts';
import { variantsOf } from '../../../checker/document/overview.ts';
import { judgedProperties } from '../../../checker/document/property-table.ts';
import { outcomesOf } from '../../../checker/document/results.ts';
import type { Block } from '../../../dsl/docgen/document.ts';
import { documentToMarkdown } from '../../../dsl/docgen/markdown.ts';
import { partsOfSpec } from '../../../dsl/docgen/spec-parts.ts';
import { systemsOf } from '../../dsl/compiler/compiled.ts';

const SPEC = `
  /** @variants variant */
  export const counting = spec('counting', {
    params: { variant: z.enum(['old', 'new']).default('old'), by: z.int().min(1).max(8).default(1) },
    state: () => ({ n: z.int().min(0).max(20) }),
  });
  export const add = counting.action((s, p) => { when(s.n < (p.variant === 'old' ? 9 : 5)); s.n += p.by; });
  export const low = counting.invariant((s) => s.n <= 2);
  export const middling = counting.invariant((s) => s.n <= 6);
  export const rare = counting.invariant((s) => implies(s.n === 7, s.n < 8));
  export const done = counting.terminal((s) => s.n > 2);
  export const oldOne = counting.model({ variant: 'old' }, { violates: [low, middling] });
  export const newOne = counting.model({ variant: 'new' }, { violates: [low] });
  ${[2, 3, 4, 5, 6, 7, 8].map((by) => `export const by${by} = counting.model({ variant: 'old', by: ${by} }, { violates: [low, middling] });`).join('\n  ')}`;

const systems = systemsOf(SPEC);
const models = systems.map((system): DocumentedModel => ({ label: system.model.name, system, result: check(system) }));
const stories: Stories = new Map(
  models.map(({ label, result }) => {
    const told = result.verdicts.flatMap(({ name, outcome: { kind } }) =>
      kind === 'violated' ? [[name, `#${label}-${name}`] as const] : [],
    );
    return [result, { href: `#${label}`, stories: new Map(told), blocks: [] }];
  }),
);
const textOf = (blocks: readonly Block[]): string => documentToMarkdown({ title: 't', origin: 'o', blocks });

describe('what came out otherwise in the second of two variants', () => {
  const [first, ...more] = systems;
  const parts = partsOfSpec([first!, ...more]);
  const variants = variantsOf(models, parts)!;
  const outcomes = { variants, parts, stories, hrefOf: () => undefined };

  it('begins with what fails in one of them alone, and says of what fails in both how soon in each', () => {
    const text = textOf(outcomeChanges(outcomes, ['old', 'new']));
    expect(text).toContain('Fails in old, and not in new: middling [✗ 1](#by7-middling).');
    expect(text).toContain('Fails in both: low (old [✗ 1](#by3-low), new [✗ 3](#newOne-low)).');
  });
});

describe('where a property came out how', () => {
  const outcome = (name: string): string => {
    const property = judgedProperties(models).find(({ first: { verdict } }) => verdict.name === name);
    return textOf(outcomesOf(property, stories, () => '#why'));
  };

  it('names a few models one by one', () => {
    expect(outcome('middling')).toContain('- Holds in [`newOne`](#newOne)');
  });

  it('counts many, with the soonest, and folds their names away', () => {
    const text = outcome('low');
    expect(text).toContain('- Fails, as expected, in all 9 models, soonest in [`by3`](#by3-low): 1 step');
    expect(text).toContain('<summary>All 9 models</summary>');
    expect(text).toContain('[`oldOne`](#oldOne-low), [`newOne`](#newOne-low), [`by2`](#by2-low)');
  });

  it('leads from models in which it says nothing to why', () => {
    expect(outcome('rare')).toContain('[Holds, but says nothing, in](#why) all 9 models');
  });
});
