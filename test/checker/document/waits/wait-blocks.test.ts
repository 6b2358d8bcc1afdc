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

describe('the rows of who waits for whom', () => {
  /** Two that sleep on one condition variable, each woken by steps of its own; an action that wakes one of them. */
  const sleepers = `
    import { awake, condvar } from 'fairlead/sync';
    const Sleeper = z.enum(['a', 'b']);
    export const naps = spec('naps', { state: () => ({ cv: condvar(Sleeper), done: z.boolean() }) });
    export const a = naps.process(function* (s) { yield 'lie'; s.cv.sleepers.add('a'); yield 'asleep'; when(awake(s.cv, 'a')); });
    export const b = naps.process(function* (s) { yield 'lie'; s.cv.sleepers.add('b'); yield 'asleep'; when(awake(s.cv, 'b')); });
    export const wakeA = naps.action((s) => { when(s.cv.sleepers.has('a')); s.cv.sleepers.delete('a'); });
    export const wakeB = naps.action((s) => { when(s.cv.sleepers.has('b')); s.cv.sleepers.delete('b'); });`;

  it('tell sleepers apart that others wake', () => {
    expect(rows([modelOf('m', sleepers)]).slice(1)).toEqual([
      '| to be woken on `cv` | a: `asleep` | `wakeA` |',
      '| to be woken on `cv` | b: `asleep` | `wakeB` |',
    ]);
  });

  it('have the variants after the name of an action that is of no process', () => {
    const [both, one] = [
      modelOf('both', sleepers),
      modelOf('one', sleepers.replace("when(s.cv.sleepers.has('b'))", 'when(s.done)')),
    ];
    const variants: Variants = {
      by: 'variant',
      mutations: [],
      groups: [both, one].map((model) => ({ value: model.label, head: [code(model.label)], models: [model] })),
      mutants: [],
    };
    expect(rows([both, one], variants).join('\n')).toContain('`wakeB` (both)');
    expect(rows([both, one], variants).join('\n')).not.toContain('|  (');
  });

  it('are told alike for a mutex, whether it is taken by its words or by its owner, and apart by who ends them', () => {
    const owned = `
      import { enter, exit, mutex } from 'fairlead/sync';
      export const held = spec('held', { state: () => ({ lock: mutex(z.enum(['x', 'y'])) }) });
      export const x = held.process(function* (s) { yield 'in'; enter(s.lock, 'x'); yield 'out'; exit(s.lock, 'x'); });
      export const y = held.process(function* (s) { yield 'in'; when(s.lock.owner === null); s.lock.owner = 'y'; yield 'out'; exit(s.lock, 'y'); });`;
    expect(rows([modelOf('m', owned)]).slice(1)).toEqual([
      '| `lock` to be free | x: `in` | y: `out` |',
      '| `lock` to be free | y: `in` | x: `out` |',
    ]);
  });

  it('shows the steps to a wait that can last for ever', () => {
    const [table, ...folded] = waitBlocks([modelOf('idle', spec(IDLE))], (_, { name }) => `#${name}`).slice(1);
    expect(table!.kind).toBe('table');
    const page = documentToMarkdown({ title: 't', origin: 'o', blocks: [table!, ...folded] });
    expect(page).toContain('| one: [`count`](#one.count) | **nothing** | [3](#wait.1) |');
    expect(page).toContain(
      '<a id="wait.1"></a>In `idle`: `two.lock`, `two.set`, `one.flag`; then nothing that can follow ends the wait at `one.count`.',
    );
  });
});
