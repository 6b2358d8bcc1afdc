import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import type { DocumentedModel, Stories } from '../../../checker/document/documented-model.ts';
import { modelBlocks } from '../../../checker/document/model-groups.ts';
import { documentToMarkdown } from '../../../dsl/docgen/markdown.ts';
import { Headings } from '../../../dsl/docgen/document.ts';
import * as ir from '../../support/ir.ts';

const BIT = ir.intDomain(0, 1);

/** A model that stands still at once; a broken one does not say that it may. */
function model(name: string, isBroken: boolean): DocumentedModel {
  const base = ir.system({ bit: BIT }, { actions: [] });
  const ignoring = isBroken ? {} : ({ deadlocks: 'ignored' } as const);
  const system = { ...base, model: { ...base.model, name, ...ignoring } };
  return { label: name, system, result: check(system) };
}

function pageOf(...groups: readonly (readonly DocumentedModel[])[]): string {
  const stories: Stories = new Map(
    groups.flat().map(({ label, result }) => [result, { blocks: [], href: `#${label}`, stories: new Map() }]),
  );
  const given = groups.map((models, index) => ({
    name: `group${index}`,
    href: `folder/group${index}.md`,
    doc: 'Small ones. And more of that.',
    models,
    mutants: [],
  }));
  return documentToMarkdown({ title: 'T', origin: '', blocks: modelBlocks(new Headings('T'), given, stories) });
}

describe('the models on the first page of a spec', () => {
  it('are all there, with what fails in each, while they are few', () => {
    const page = pageOf([model('a', true)], [model('b', false)]);
    expect(page).toContain('### [group0](folder/group0.md)');
    expect(page).toContain('| [`a`](#a) | **deadlock 0** | 1 |');
  });

  it('are a row for each group when they are many, with how many there are and in how many something fails', () => {
    const many = Array.from({ length: 12 }, (_, index) => model(`m${index}`, index < 5));
    const page = pageOf(many, [model('last', false)]);
    expect(page).toContain('| [group0](folder/group0.md) | Small ones. | 12 | 12 | 5 |');
    expect(page).toContain('| [group1](folder/group1.md) | Small ones. | 1 | 1 | 0 |');
    expect(page).not.toContain('m3');
  });
});
