import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ReportedRun } from '../../../checker/report/json.ts';
import { reportSchema, reportToJson } from '../../../checker/report/json.ts';
import { setOf } from '../../../dsl/ir/index.ts';
import { checked, livelock, place, verdict } from './sample.ts';

const message = 'index 3 is outside an array of 2';
const failure = { message, span: place, step: { action: 'expire', arguments: ['r1'] } };
const cut = { kind: 'states', limit: 1000 } as const;
const model = checked(
  [
    verdict('deadlock', { kind: 'holds' }),
    verdict('evaluation', { kind: 'violated', trace: { states: livelock.states, steps: livelock.steps }, failure }),
    verdict(
      'sleeps',
      { kind: 'reached', trace: { states: livelock.states, steps: livelock.steps } },
      { kind: 'sometimes' },
    ),
    verdict('crowded', { kind: 'unreachable' }, { kind: 'sometimes' }),
    verdict('writeLock', { kind: 'violated', trace: { ...livelock, bindings: { r: 'r0' } } }),
    verdict('later', { kind: 'bounded', cut }),
    verdict('odd', { kind: 'error', message: 'no' }),
  ],
  {
    statistics: { ...checked([]).result.statistics, cut },
    warnings: [{ kind: 'actionNeverEnabled', action: 'expire', span: place }],
    coverage: [{ action: 'expire', arguments: ['r0'], fired: 3, discovered: 1 }],
    distinctMismatch: { expected: 1, actual: 2 },
    advice: [{ property: 'writeLock', kind: 'add', assumptions: [{ strength: 'weak', name: 'interrupt' }] }],
    refusals: [{ message, span: place }],
  },
);
const run: ReportedRun = {
  checked: [{ ...model, changed: ['rings'] }],
  rejected: ['specs/typo.ts'],
  skipped: 0,
  elapsed: 12,
  exitCode: 1,
  diagnostics: [
    {
      files: model.files,
      diagnostic: {
        code: 'FL14',
        severity: 'error',
        message: 'm',
        primary: { span: place, text: '' },
        related: [{ span: place, text: 'r' }],
        help: 'h',
      },
    },
  ],
};

describe('a JSON report', () => {
  const report = reportSchema.parse(JSON.parse(reportToJson(run)));

  it('satisfies its own schema with every kind of outcome, and loses nothing of what the schema does not know', () => {
    expect(report).toEqual(JSON.parse(reportToJson(run)));
  });

  it('gives places as a person would', () => {
    expect(report.diagnostics[0]?.place).toEqual({
      path: 'specs/lease.ts',
      line: 4,
      column: 14,
      endLine: 4,
      endColumn: 23,
    });
  });

  it('tells the loop, the evidence and the values of a counterexample', () => {
    const outcome = report.models[0]?.verdicts.find(({ name }) => name === 'writeLock')?.outcome;
    expect(outcome?.kind).toBe('violated');
    if (outcome?.kind !== 'violated') return;
    expect(outcome.trace.loop).toBe(1);
    expect(outcome.trace.bindings).toEqual({ r: 'r0' });
    expect(outcome.trace.fairness?.[1]).toEqual({
      strength: 'weak',
      name: 'expire(r1)',
      evidence: {
        kind: 'disabled',
        state: 3,
        because: { step: 'expire(r1)', place: expect.anything(), reads: [{ path: 'writer', value: 'holding' }] },
      },
    });
    expect(outcome.trace.waitsFor?.waits[1]?.reads).toEqual([{ path: 'sleepers', value: { '#set': ['r0'] } }]);
    expect(outcome.trace.waitsFor?.circle).toEqual(['r1', 'worker(r0)']);
    expect(outcome.trace.unfairTo).toEqual([{ strength: 'weak', name: 'interrupt(r0)' }]);
    expect(outcome.trace.states[0]?.['sleepers']).toEqual({ '#set': ['r0', 'r1'] });
    expect(livelock.states[0]?.['sleepers']).toEqual(setOf(['r0', 'r1']));
  });

  it('says what was changed, skipped and refused', () => {
    expect(report.models[0]).toMatchObject({
      changedParameters: ['rings'],
      standing: 'refused',
      distinctMismatch: { expected: 1, actual: 2 },
    });
    expect(report).toMatchObject({ exitCode: 1, rejected: ['specs/typo.ts'], skipped: 0, version: 1 });
  });
});

it('is described in docs/json.md: every name of the schema occurs there', () => {
  const page = readFileSync(fileURLToPath(new URL('../../../docs/json.md', import.meta.url)), 'utf8');
  const names = new Set<string>();
  const visit = (data: unknown): void => {
    if (typeof data !== 'object' || data === null) return;
    for (const [key, value] of Object.entries(data)) {
      if (key === 'place') names.add(key);
      else if (!Array.isArray(data)) names.add(key);
      if (!['parameters', 'states', 'bindings'].includes(key)) visit(value);
    }
  };
  visit(JSON.parse(reportToJson(run)));
  names.delete('#set');
  expect([...names].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
