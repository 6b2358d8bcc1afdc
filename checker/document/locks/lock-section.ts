import { text } from '../../../dsl/docgen/document.ts';
import type { Block } from '../../../dsl/docgen/document.ts';
import type { Page } from '../../../dsl/docgen/sections.ts';
import type { DocumentedModel, Stories } from '../documented-model.ts';
import type { Variants } from '../overview.ts';
import { lockBlocks } from './lock-blocks.ts';
import { lockGroups } from './lock-groups.ts';

/** Who takes which locks while holding which, on a page that is about other things too; empty without locks. */
export function lockSection(
  page: Page,
  models: readonly DocumentedModel[],
  stories: Stories,
  variants?: Variants,
): readonly Block[] {
  if (lockGroups(models).length === 0) return [];
  const heading = page.headings.heading(2, text('Locks'));
  return [heading, ...lockBlocks(page, models, storyHrefIn(stories), 3, variants)];
}

/** Where stories are shown, as `stories` says. */
export function storyHrefIn(stories: Stories): (model: DocumentedModel, property: string) => string | undefined {
  return ({ result }, property) => stories.get(result)?.stories.get(property);
}
