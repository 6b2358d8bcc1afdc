import { expect, it } from 'vitest';
import { check } from '../../checker/check.ts';
import type { CachedKernel } from '../../checker/search/kernel/cached-kernel.ts';
import * as ir from '../support/ir.ts';

const BYTE = ir.intDomain(0, 255);
const x = ir.variable('x', BYTE);
const y = ir.variable('y', BYTE);
const setTo = (name: string, value: typeof x) => ir.assign(ir.variablePlace(name, BYTE), value);
const counting = ir.system(
  { x: BYTE, y: BYTE },
  {
    init: [setTo('y', ir.literal(3))],
    actions: [
      ir.action('advance', {}, ir.when(ir.operation('less', x, ir.literal(100))), setTo('x', ir.add(x, y))),
      ir.action('rest', {}),
    ],
    invariants: [ir.predicate('small', ir.operation('less', x, ir.literal(10)))],
  },
);

it('a model is explored by code that was kept, with what it takes for granted', () => {
  const kept: CachedKernel[] = [];
  let recalled = 0;
  const kernels = {
    recall: () => {
      recalled += kept.length;
      return kept[0];
    },
    keep: (kernel: CachedKernel) => void kept.push(kernel),
  };
  const results = [check(counting), check(counting, { kernels }), check(counting, { kernels })].map((result) => {
    const { searchTime: _, livenessTime: __, searchProcessorTime: ___, ...statistics } = result.statistics;
    return { ...result, statistics };
  });
  expect(recalled).toBe(1);
  expect(kept).toHaveLength(1);
  // y, the second leaf, is always 3.
  expect(kept[0]!.always).toEqual(new Map([[1, 3]]));
  expect(results[0]).toMatchObject({ statistics: { engine: 'webassembly', distinct: 35 } });
  const [{ outcome }] = results[0]!.verdicts.filter(({ name }) => name === 'small') as [
    (typeof results)[0]['verdicts'][0],
  ];
  expect(outcome).toMatchObject({
    kind: 'violated',
    trace: { states: [0, 3, 6, 9, 12].map((value) => ({ x: value, y: 3 })) },
  });
  expect(results.slice(1)).toEqual([results[0], results[0]]);
});
