import { describe, expect, it } from 'vitest';
import { check } from '../../../../checker/check.ts';
import type { DocumentedModel } from '../../../../checker/document/documented-model.ts';
import type { Variants } from '../../../../checker/document/overview.ts';
import { waitBlocks } from '../../../../checker/document/waits/wait-blocks.ts';
import { code } from '../../../../dsl/docgen/document.ts';
import { documentToMarkdown } from '../../../../dsl/docgen/markdown.ts';
import { systemOf } from '../../../dsl/compiler/compiled.ts';

/** A thread that waits for a flag, a counter and a condition variable; what the other one does. */
function spec(second: string): string {
  return `
    import { broadcast, condvar, enter, exit, mutex, wait } from 'fairlead/sync';
    const Thread = z.enum(['one', 'two']);
    export const waits = spec('waits', {
      params: { quick: z.boolean().default(false), many: z.int().min(0).max(2).default(2) },
      state: () => ({ flag: z.boolean(), count: z.int().min(0).max(2), lock: mutex(Thread), cv: condvar(Thread) }),
    });
    export const one = waits.process(function* (s, p) {
      yield 'flag'; when(p.quick || s.flag);
      yield 'count'; when(s.count >= p.many);
      yield 'lock'; enter(s.lock, 'one');
      yield 'sleep'; yield* wait(s.cv, s.lock, 'one');
    });
    export const two = waits.process(function* (s) { ${second} });`;
}

const WHOLE = `
  yield 'lock'; enter(s.lock, 'two');
  yield 'set'; s.flag = true;
  yield 'add'; s.count += 1; yield 'again'; s.count += 1; yield 'out'; exit(s.lock, 'two');
  yield 'wake'; if (s.cv.sleepers.size === 0) return; broadcast(s.cv);`;
const IDLE = `yield 'lock'; enter(s.lock, 'two'); yield 'set'; s.flag = true; yield 'out'; exit(s.lock, 'two');`;

function modelOf(label: string, source: string): DocumentedModel {
  const system = systemOf(source);
  return { label, system, result: check(system, { waits: true, deadlock: false }) };
}

/** The rows of the table, without links. */
function rows(models: readonly DocumentedModel[], variants?: Variants): readonly string[] {
  const blocks = waitBlocks(models, (_, { name }) => `#${name}`, variants);
  const text = documentToMarkdown({ title: 't', origin: 'o', blocks });
  return text
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
    .map((line) => line.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1'));
}

describe('who waits for whom', () => {
  it('is told in one table: for what, who, who ends it, and whether that may never be', () => {
    expect(rows([modelOf('m', spec(WHOLE))])).toEqual([
      '| Waits for | Who waits | What ends it | Can last for ever |',
      '| to be woken on `cv` | one: `asleep` | two: `wake` | 10 |',
      '| `lock` to be free | one: `lock` | two: `out` | – |',
      '| until `flag` | one: `flag` | two: `set` | – |',
      '| until `count >= p.many` | one: `count` | two: `again` | – |',
    ]);
  });

  it('says where nothing ever ends a wait, and of variants what is not so in all of them', () => {
    const [whole, idle] = [modelOf('whole', spec(WHOLE)), modelOf('idle', spec(IDLE))];
    const variants: Variants = {
      by: 'variant',
      mutations: [],
      groups: [whole, idle].map((one) => ({ value: one.label, head: [code(one.label)], models: [one] })),
      mutants: [],
    };
    expect(rows([whole, idle], variants)).toEqual([
      '| Waits for | Who waits | What ends it | Can last for ever |',
      '| to be woken on `cv` (whole) | one: `asleep` | two: `wake` | whole 10 |',
      '| `lock` to be free (whole) | one: `lock` | two: `out` | – |',
      '| until `flag` | one: `flag` | two: `set` | – |',
      '| until `count >= p.many` | one: `count` | two (whole): `again` | idle 3 |',
    ]);
    expect(rows([idle]).at(-1)).toBe('| until `count >= p.many` | one: `count` | **nothing** | 3 |');
  });

  it('is not told where no process waits', () => {
    const source = `
      export const steps = spec('steps', { state: () => ({ x: z.boolean() }) });
      export const rise = steps.action((s) => { when(!s.x); s.x = true; });
      export const fall = steps.action((s) => { when(s.x); s.x = false; });`;
    expect(waitBlocks([modelOf('m', source)], () => undefined)).toEqual([]);
  });
});
