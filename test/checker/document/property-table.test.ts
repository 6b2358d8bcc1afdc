import { expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import type { DocumentedModel } from '../../../checker/document/documented-model.ts';
import { propertyTable } from '../../../checker/document/property-table.ts';
import { text } from '../../../dsl/docgen/document.ts';
import * as ir from '../../support/ir.ts';

const DIGIT = ir.intDomain(0, 9);
const count = ir.variable('count', DIGIT);

/** A model that counts up to a number, and expects to get to 3 or not to. */
function counting(top: number, isExpected: boolean): DocumentedModel {
  const up = ir.action(
    'up',
    {},
    ir.when(ir.operation('less', count, ir.literal(top))),
    ir.assign(ir.variablePlace('count', DIGIT), ir.add(count, ir.literal(1))),
  );
  const three = ir.predicate('three', ir.equal(count, ir.literal(3)));
  const base = ir.system({ count: DIGIT }, { actions: [up] });
  const expectations = isExpected ? [] : [{ kind: 'unreachable', property: 'three' } as const];
  const model = { ...base.model, name: `to${top}`, deadlocks: 'ignored', expectations } as const;
  const system = { ...base, sometimes: [three], model };
  return { label: model.name, system, result: check(system) };
}

function cellFor(...models: DocumentedModel[]): string {
  const { table } = propertyTable([{ head: [text('all')], models }], new Map(), {
    described: () => undefined,
    idle: () => undefined,
  });
  if (table.kind !== 'table') throw new Error('no table');
  const row = table.rows.find(([name]) => JSON.stringify(name).includes('three'))!;
  return JSON.stringify(row[1])
    .replaceAll(/[^◆◇\d of]|kind|strong|content/g, '')
    .trim();
}

it('says of what is reached in some models in how many, wherever else it is not to be reached', () => {
  expect(cellFor(counting(1, false), counting(4, true), counting(5, true))).toContain('◆ 3');
  expect(cellFor(counting(1, false), counting(4, true), counting(5, true))).toMatch(/2 of 3/);
  expect(cellFor(counting(1, false), counting(2, false))).toContain('◇');
});

it('says first what is not as expected', () => {
  const cell = cellFor(counting(1, true), counting(4, true));
  expect(cell).toContain('◇');
  expect(cell).toMatch(/1 of 2/);
});

/** The row of a table about some models, in which `three` holds, and says nothing where that is asked for. */
function rowFor(...areIdle: readonly boolean[]) {
  const models = areIdle.map((isIdle): DocumentedModel => {
    const model = counting(1, true);
    const verdicts = model.result.verdicts.map((one) => ({
      ...one,
      asExpected: true,
      outcome: { kind: 'holds' } as const,
      ...(isIdle && { vacuous: { kind: 'antecedent', span: one.span } as never }),
    }));
    return { ...model, result: { ...model.result, verdicts } };
  });
  const { table } = propertyTable([{ head: [text('all')], models }], new Map(), {
    described: () => undefined,
    idle: ({ verdict }) => `limits.md#${verdict.name}`,
  });
  if (table.kind !== 'table') throw new Error('no table');
  return table.rows.find(([name]) => JSON.stringify(name).includes('three'))![1];
}

const IDLE = { kind: 'link', href: 'limits.md#three', content: [text('∅')] };

it('leads from the sign of what says nothing to why', () => {
  expect(rowFor(true)).toEqual([IDLE]);
});

it('says in how many models a property says nothing where it holds in others', () => {
  expect(rowFor(false, true, true)).toEqual([text('✓'), text(', '), IDLE, text(' in 2 of 3')]);
  expect(rowFor(false, false)).toEqual([text('✓')]);
});
