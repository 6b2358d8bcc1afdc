import { linkTo } from '../../dsl/docgen/document.ts';
import type { Block, Inline, Inlines } from '../../dsl/docgen/document.ts';
import type { Stories } from './documented-model.ts';
import type { DocumentedModel } from './documented-model.ts';

/** Where models and their stories are shown: by `file/model`, and by `file/model: property`. */
type ModelHrefs = ReadonlyMap<string, string>;

/** @param models - by names that tell them apart. */
export function hrefsOfModels(models: readonly DocumentedModel[], stories: Stories): ModelHrefs {
  return new Map(
    models.flatMap(({ label, result }) => {
      const told = stories.get(result)!;
      const own = Array.from(told.stories, ([name, href]) => [`${label}: ${name}`, href] as const);
      return [[label, told.href] as const, ...own];
    }),
  );
}

/** Blocks of comments in which the names of models lead to them, and those of stories to these. */
export function withModelLinks(blocks: readonly Block[], hrefs: ModelHrefs): readonly Block[] {
  const linked = (content: Inlines): Inlines =>
    content.map((inline): Inline => {
      const href = inline.kind === 'code' ? hrefs.get(inline.text) : undefined;
      return linkTo(href, inline);
    });
  return blocks.map((block): Block => {
    switch (block.kind) {
      case 'paragraph':
        return { ...block, content: linked(block.content) };
      case 'list':
        return { ...block, items: block.items.map((item) => withModelLinks(item, hrefs)) };
      case 'table':
        return { ...block, rows: block.rows.map((row) => row.map(linked)) };
      case 'quote':
      case 'details':
        return { ...block, blocks: withModelLinks(block.blocks, hrefs) };
      default:
        return block;
    }
  });
}
