import { describe, expect, it } from 'vitest';
import { check } from '../../../../checker/check.ts';
import { lockBlocks } from '../../../../checker/document/locks/lock-blocks.ts';
import { sourceNameOf } from '../../../../dsl/ir/told-names.ts';
import type { DocumentedModel } from '../../../../checker/document/documented-model.ts';
import type { Variants } from '../../../../checker/document/overview.ts';
import { code, Headings } from '../../../../dsl/docgen/document.ts';
import { documentToMarkdown } from '../../../../dsl/docgen/markdown.ts';
import { systemOf } from '../../../dsl/compiler/compiled.ts';

/** Two threads and two mutexes; what the second thread does. */
function spec(second: string): string {
  return `
    import { broadcast, condvar, enter, exit, mutex, wait } from 'fairlead/sync';
    const Thread = z.enum(['one', 'two']);
    export const locks = spec('locks', {
      state: () => ({ a: mutex(Thread), b: mutex(Thread), cv: condvar(Thread) }),
    });
    export const one = locks.process(function* (s) {
      yield 'a'; enter(s.a, 'one'); yield 'b'; enter(s.b, 'one'); yield 'out'; exit(s.b, 'one'); exit(s.a, 'one');
    });
    export const two = locks.process(function* (s) { ${second} });`;
}

const CIRCLE = `yield 'b'; enter(s.b, 'two'); yield 'a'; enter(s.a, 'two'); yield 'out'; exit(s.a, 'two'); exit(s.b, 'two');`;
const SLEEP = `yield 'b'; enter(s.b, 'two'); yield 'a'; enter(s.a, 'two'); yield 'sleep'; yield* wait(s.cv, s.a, 'two');`;
const ASIDE = `yield 'b'; enter(s.b, 'two'); yield 'out'; exit(s.b, 'two');`;

function modelOf(label: string, source: string): DocumentedModel {
  const system = systemOf(source);
  return { label, system, result: check(system, { locks: true }) };
}

/** What is said, without the drawings. */
function said(...models: readonly DocumentedModel[]): string {
  return saidOf(models);
}

function saidOf(models: readonly DocumentedModel[], variants?: Variants): string {
  const page = { headings: new Headings('t'), links: { hrefOf: () => undefined } };
  const blocks = lockBlocks(page, models, ({ label }, property) => `${label}.md#${property}`, 3, variants);
  return documentToMarkdown({ title: 't', origin: 'o', blocks }).replaceAll(/```mermaid[\s\S]*?```/g, '(drawing)');
}

describe('the locks of a spec', () => {
  it('are told in a circle, with who waits where and the way to its story', () => {
    const text = said(modelOf('wrong', spec(CIRCLE)));
    expect(text).toContain('**✗ They wait in a circle: `a` → `b` → `a`**');
    expect(text).toContain('`one` waits at `one.b` for `b` because of `two`');
    expect(text).toContain('`two` waits at `two.a` for `a` because of `one`');
    expect(text).toContain('The nearest such state is 2 steps away: see its [deadlock](wrong.md#deadlock).');
    expect(text).not.toContain('lead round');
  });

  it('are told to be held asleep, with who waits for them meanwhile', () => {
    const text = said(modelOf('asleep', spec(SLEEP)));
    expect(text).toContain(
      '**✗ Asleep with `b`**: `two.asleep` sleeps on `cv`, and meanwhile `one.b` waits for that lock.',
    );
  });

  it('are told to be held asleep without harm where nobody waits for them', () => {
    const source = `
      import { condvar, enter, enterReader, mutex, rwlock, wait } from 'fairlead/sync';
      const Thread = z.enum(['one', 'two']);
      export const locks = spec('locks', { state: () => ({ m: mutex(Thread), rw: rwlock(Thread, Thread), cv: condvar(Thread) }) });
      export const one = locks.process(function* (s) {
        yield 'read'; yield* enterReader(s.rw, 'one'); yield 'a'; enter(s.m, 'one'); yield 'sleep'; yield* wait(s.cv, s.m, 'one');
      });
      export const two = locks.process(function* (s) { yield 'read'; yield* enterReader(s.rw, 'two'); yield 'sit'; });`;
    const text = said(modelOf('harmless', source));
    expect(text).not.toContain('✗ Asleep');
    expect(text).toContain(
      'Who has `rw` while asleep on `cv`, has it as a reader, and nobody is seen to wait for it meanwhile.',
    );
  });

  it('are put side by side where models differ, what differs first', () => {
    const text = said(modelOf('wrong', spec(CIRCLE)), modelOf('right', spec(ASIDE)));
    expect(text).toContain('| Held → then asked for | [`wrong`](#wrong) | [`right`](#right) |');
    expect(text.indexOf('| `b` → `a` | ✗ | – |')).toBeGreaterThan(0);
    expect(text).toContain('| `a` → `b` | ✗ | yes |');
    expect(text).toContain('No threads wait for each other in a circle');
  });

  it('are told once for models in which the same happens', () => {
    const text = said(modelOf('left', spec(ASIDE)), modelOf('right', spec(ASIDE)));
    expect(text).toContain('In `left`, `right`.');
    expect(text.match(/\(drawing\)/g)).toHaveLength(1);
  });

  it('are told with the steps that take them, wait for them and give them back', () => {
    const text = said(modelOf('right', spec(ASIDE)));
    expect(text).toContain('| `b` | `two.b`, `one.b` | `two.b`, `one.b` | `two.out`, `one.out` |');
  });

  it('are told by variant where there are variants: what was found first, then each, last what leaves something out', () => {
    const [bad, worse, asleep, good, mutant] = [
      modelOf('bad', spec(CIRCLE)),
      modelOf('worse', spec(ASIDE)),
      modelOf('asleep', spec(SLEEP)),
      modelOf('good', spec(ASIDE)),
      modelOf('mutant', spec(CIRCLE)),
    ];
    const variant = (value: string, ...models: DocumentedModel[]) => ({ value, head: [code(value)], models });
    const text = saidOf([bad, worse, asleep, good, mutant], {
      by: 'variant',
      mutations: [],
      groups: [variant('old', bad, worse), variant('new', asleep), variant('right', good), variant('none')],
      mutants: [mutant],
    });
    expect(text).toContain('| What was found | [`old`](#old) | [`new`](#new) | [`right`](#right) |');
    expect(text).toContain('| they wait in a circle: `a` → `b` → `a` | [✗ 2](#old) in 1 of 2 | [✗ 2](#new) | – |');
    expect(text).toMatch(/\| asleep on `cv` with `b` \| – \| \[✗ \d+\]\(#new\) \| – \|/);
    const parts = [...text.matchAll(/^#+ (.*)$/gm)].map(([, title]) => title);
    expect(parts).toEqual(['t', '`old`', '`new`', '`right`', 'Models that leave something out']);
    expect(text.indexOf('| What was found')).toBeLessThan(text.indexOf('| Held → then asked for'));
    expect(text.split('Models that leave something out')[1]).toContain('**✗ They wait in a circle: `a` → `b` → `a`**');
    expect(text.match(/\(drawing\)/g)).toHaveLength(4);
  });

  it('are nothing to be told of where there are none', () => {
    const source = `
      export const none = spec('none', { state: () => ({ x: z.boolean() }) });
      export const step = none.action((s) => { s.x = !s.x; });`;
    expect(said(modelOf('none', source)).trim().split('\n')).toHaveLength(3);
  });
});

it.each([
  ['worker.sleep', 'worker.sleep'],
  ['worker.sign@46', 'worker.sign'],
  ['worker.sign@receive.ts:25/46', 'worker.sign'],
  ['worker.asleep@transmit.ts:7.timeout', 'worker.asleep.timeout'],
])('a step is told as it is written, wherever it is called: %s', (told, expected) => {
  expect(sourceNameOf(told)).toBe(expected);
});
