import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { stepTable } from '../../../checker/document/step-table.ts';
import { isRefused, planOf } from '../../../checker/plan/plan.ts';
import { documentToMarkdown } from '../../../dsl/docgen/markdown.ts';
import { systemOf } from '../../dsl/compiler/compiled.ts';

/** The rows of the table of the steps that show a property of a spec. */
function rows(source: string, name: string): readonly string[] {
  const system = systemOf(source);
  const plan = planOf(system);
  if (isRefused(plan)) throw new Error('refused');
  const outcome = check(system).verdicts.find((verdict) => verdict.name === name)!.outcome;
  if (outcome.kind !== 'violated' && outcome.kind !== 'reached') throw new Error(outcome.kind);
  const block = stepTable(plan, outcome.trace, {
    stepHref: (_, action) => `#${action.name}`,
    said: new Set(),
  });
  return documentToMarkdown({ title: '', origin: '', blocks: [block] })
    .split('\n')
    .filter((line) => line.startsWith('|') && !line.startsWith('| --'));
}

describe('the steps of a story', () => {
  const waiting = `
    import { enter, exit, mutex } from 'fairlead/sync';
    const T = ids('T', 2);
    export const one = spec('one', { state: () => ({ a: mutex(T), stop: z.boolean(), n: z.int().min(0).max(3) }) });
    export const t = one.process({ t: T }, function* (s, { t }) {
      yield 'first'; // looks around @source look_around
      if (s.stop) return;
      yield 'lock'; // takes the lock
      enter(s.a, t);
      yield 'use';
      s.n++;
      yield 'out';
      exit(s.a, t);
      yield 'rest';
      yield 'end';
      s.n = 0;
    });`;

  it('say why each goes where it goes, for what its thread waits, and which locks it has', () => {
    const source = `${waiting}
      export const both = one.sometimes(() => t.at({ t: 't0' }, 'out') && t.at({ t: 't1' }, 'lock'));`;
    expect(rows(source, 'both')).toEqual([
      '| # | Step | What it does | Then holds |',
      '| 1 | [**`t.first(t0)`**](#t.first)<br>looks around<br>in `look_around` | goes on at lock because `stop` is false |  |',
      '| 2 | **`t.first(t1)`** | goes on at lock because `stop` is false |  |',
      '| 3 | [**`t.lock(t0)`**](#t.lock)<br>takes the lock | `a.owner: null → t0` | `a` |',
      '| 4 | [**`t.use(t0)`**](#t.use) | `n: 0 → 1`<br>goes on at out | `a` |',
    ]);
  });

  it('have no column of locks where none is held', () => {
    const source = `${waiting}
      export const early = one.sometimes(() => t.at({ t: 't0' }, 'lock'));`;
    expect(rows(source, 'early')[0]).toBe('| # | Step | What it does |');
  });

  it('tell several in a row together that only go on', () => {
    const source = `
      export const one = spec('one', { state: () => ({ n: z.int().min(0).max(3) }) });
      export const p = one.process({}, function* (s) {
        yield 'a'; // said by the author
        yield 'b';
        yield 'c';
        yield 'd';
        s.n = 1;
        yield 'e';
        yield 'f';
        s.n = 2;
      });
      export const there = one.sometimes((s) => s.n === 2);`;
    expect(rows(source, 'there')).toEqual([
      '| # | Step | What it does |',
      '| 1 | [**`p.a`**](#p.a)<br>said by the author | goes on at b |',
      '| 2–3 | [**`p.b`**](#p.b), [**`p.c`**](#p.c) | 2 steps that only go on |',
      '| 4 | [**`p.d`**](#p.d) | `n: 0 → 1` |',
      '| 5 | [**`p.e`**](#p.e) | goes on at f |',
      '| 6 | [**`p.f`**](#p.f) | `n: 1 → 2`<br>goes on at done |',
    ]);
  });
});
