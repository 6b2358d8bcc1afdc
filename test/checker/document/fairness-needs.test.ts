import { expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import type { DocumentedModel, Stories } from '../../../checker/document/documented-model.ts';
import { neededFairness } from '../../../checker/document/fairness-needs.ts';
import { documentToMarkdown } from '../../../dsl/docgen/markdown.ts';
import { systemsOf } from '../../dsl/compiler/compiled.ts';

/** Somebody does two things one after another; in one model a third has to be done in between, by somebody else. */
const SPEC = `
  export const work = spec('work', {
    params: { inspected: z.boolean().default(false), rushed: z.boolean().default(false) },
    state: (p) => ({ stage: z.int().min(0).max(2), seen: z.boolean() }),
    init: (s, p) => { s.seen = !p.inspected; if (p.rushed) s.stage = 1; },
  });
  export const begin = work.action((s) => { when(s.stage === 0); s.stage = 1; });
  export const end = work.action((s) => { when(s.stage === 1 && s.seen); s.stage = 2; });
  export const inspect = work.action((s) => { when(s.stage === 1 && !s.seen); s.seen = true; });
  export const done = work.terminal((s) => s.stage === 2);
  export const workers = work.fairness(weak(begin, end));
  export const inspectors = work.fairness(weak(inspect));
  export const ends = work.property((s) => eventually(s.stage === 2));
  export const plain = work.model({});
  export const inspected = work.model({ inspected: true, rushed: true });
  export const rushed = work.model({ rushed: true });`;

it('lists what is needed in the model that asks most, and what others need besides', () => {
  const models = systemsOf(SPEC).map((system): DocumentedModel => {
    return { label: system.model.name, system, result: check(system, { advise: true }) };
  });
  const stories: Stories = new Map(
    models.map(({ label, result }) => [result, { blocks: [], href: `#${label}`, stories: new Map() }]),
  );
  const blocks = neededFairness(models, stories, () => '#');
  const page = documentToMarkdown({ title: 'T', origin: '', blocks });
  const rows = page.split('\n').filter((line) => line.startsWith('|') && /weak/.test(line));
  const needs = rows.map((row) =>
    row
      .split('|')
      .slice(2, 4)
      .map((cell) => cell.trim()),
  );
  // Of the other model there is only what is new: `end` is needed in all three.
  expect(needs.slice(0, 3)).toEqual([
    ['[`plain`](#plain)', 'weak `begin` (`workers`)'],
    ['', 'weak `end` (`workers`)'],
    ['[`inspected`](#inspected)', 'weak `inspect` (`inspectors`)'],
  ]);
  expect(needs.flat()).not.toContain('[`rushed`](#rushed)');
});
