import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import type { Trace } from '../../../checker/counterexample/behavior.ts';
import { laneDiagram, lanesToMermaid, lanesToSvg, toldSteps } from '../../../checker/document/lanes.ts';
import { isRefused, planOf } from '../../../checker/plan/plan.ts';
import { systemOf } from '../../dsl/compiler/compiled.ts';

const system = systemOf(`
  const Thread = ids('Thread', 2);
  export const subject = spec('subject', { state: () => ({ lock: Thread.nullable(), n: z.int().min(0).max(200) }) });
  export const p = subject.process({ t: Thread }, function* (s, { t }) {
    while (true) {
      yield 'take';
      when(s.lock === null);
      s.lock = t;
      yield 'drop';
      s.lock = null;
    }
  });
  export const tick = subject.action((s) => { when(s.lock !== null && s.n > 0); s.n = (s.n + 1) % 201; });
  export const start = subject.action((s) => { when(s.lock !== null && s.n === 0); s.n = 1; });
  export const served = subject.property((s) => always(eventually(s.lock === 't1')));
  export const far = subject.sometimes((s) => s.n === 150);
  export const scheduler = subject.fairness(weak(p));
`);
const plan = planOf(system);
if (isRefused(plan)) throw new Error('refused');
const result = check(system);

function traceOf(name: string): Trace {
  const outcome = result.verdicts.find((verdict) => verdict.name === name)!.outcome;
  if (outcome.kind !== 'violated' && outcome.kind !== 'reached') throw new Error(outcome.kind);
  return outcome.trace;
}

describe('the lanes of a counterexample', () => {
  const diagram = laneDiagram(plan, traceOf('served'));

  it('are those who take a step, with the loop marked', () => {
    expect(diagram.lanes).toEqual(['p(t0)']);
    expect(
      diagram.rows.map((row) => (row.kind === 'step' ? `${row.number} ${row.name} ${row.looping}` : row.kind)),
    ).toEqual(['1 take true', '2 drop true']);
  });

  it('do not repeat where a process stands, which its next step says', () => {
    expect(diagram.rows.map((row) => (row.kind === 'step' ? row.changes : []))).toEqual([
      ['lock: null → t0'],
      ['lock: t0 → null'],
    ]);
  });

  it('are a sequence diagram in Mermaid', () => {
    expect(lanesToMermaid(diagram)).toBe(
      [
        'sequenceDiagram',
        '  participant p0 as p(t0)',
        '  loop forever',
        '    Note over p0: 1. take',
        '    Note over p0: 2. drop',
        '  end\n',
      ].join('\n'),
    );
  });

  it('are drawn with a bracket that leads back', () => {
    const svg = lanesToSvg(diagram, 'served');
    expect(svg).toContain('class="edge loop"');
    const [, boxes] = /<path class="box" d="([^"]*)"/.exec(svg)!;
    expect(boxes!.match(/M/g)).toHaveLength(2);
    expect(Array.from(svg.matchAll(/<text[^>]*>([^<]*)/g), ([, words]) => words)).toMatchInlineSnapshot(`
      [
        "p(t0)",
        "take",
        "drop",
        "1",
        "2",
        "lock: null → t0",
        "lock: t0 → null",
      ]
    `);
    expect(svg).not.toMatch(/NaN|undefined/);
  });
});

describe('a long trace', () => {
  const trace = traceOf('far');
  const diagram = laneDiagram(plan, trace);

  it('is told at its start and its end', () => {
    expect(trace.steps).toHaveLength(151);
    const told = toldSteps(trace);
    expect(told).toHaveLength(65);
    expect(told.slice(38, 42)).toEqual([38, 39, undefined, 127]);
    expect(diagram.rows).toHaveLength(65);
    expect(diagram.rows[40]).toEqual({ kind: 'gap', count: 87, looping: false });
  });

  it('has a lane for what belongs to no process', () => {
    expect(diagram.lanes).toEqual(['p(t0)', 'system']);
    expect(lanesToMermaid(diagram)).toContain('  Note over p0,p1: … 87 steps …\n');
    expect(lanesToSvg(diagram, 'far')).toContain('… 87 steps …');
  });
});
