import { link, paragraph, text } from '../../../dsl/docgen/document.ts';
import type { DocumentedModel } from '../documented-model.ts';
import type { Variants } from '../overview.ts';
import { isLarge } from '../pages.ts';
import type { Further, SpecPage } from '../pages.ts';
import { lockBlocks } from './lock-blocks.ts';
import type { StoryHref } from './lock-words.ts';

/** A page about locks, or where that is too large, one about variants and one about models that leave something out. */
export function lockPages(
  further: Further,
  name: string,
  models: readonly DocumentedModel[],
  storyHref: StoryHref,
  variants: Variants | undefined,
): readonly SpecPage[] {
  const whole = further(name, 'locks', (page) => lockBlocks(page, models, storyHref, 2, variants));
  const mutants = variants?.mutants ?? [];
  if (mutants.length === 0 || mutants.length === models.length) return whole;
  if (!whole.some(({ document }) => isLarge(document))) return whole;
  const rest = models.filter(({ result }) => !mutants.some((mutant) => mutant.result === result));
  const others = `${name}-left-out`;
  return [
    ...further(name, 'locks', (page) => [
      paragraph(link(`${others}.md`, text('Models that leave something out')), text(' have a page of their own.')),
      ...lockBlocks(page, rest, storyHref, 2, variants),
    ]),
    ...further(others, 'locks where something is left out', (page) => lockBlocks(page, mutants, storyHref, 2)),
  ];
}
