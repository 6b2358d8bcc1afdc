import fc from 'fast-check';
import { expect, it } from 'vitest';
import { joinSteps } from '../../../checker/liveness/makers.ts';
import { CUT, StateGraphBuilder } from '../../../checker/search/state-graph.ts';
import type { StateGraph } from '../../../checker/search/state-graph.ts';

const INSTANCES = 4;

/** One row of steps, `[target, instance]`, for each state. */
function graphOf(rows: readonly (readonly (readonly [number, number])[])[]): StateGraph {
  const builder = new StateGraphBuilder(INSTANCES);
  for (const row of rows) {
    builder.beginState();
    for (const [target, instance] of row) builder.addStep(target, instance);
  }
  return builder.finish([0]);
}

it('leaves a graph alone in which no two steps lead from one state to one other', () => {
  const graph = graphOf([
    [
      [1, 0],
      [2, 1],
    ],
    [[2, 1]],
    [],
  ]);
  expect(joinSteps(graph, INSTANCES).graph).toBe(graph);
});

it('leaves alone what leads out of a graph', () => {
  const graph = graphOf([
    [
      [CUT, 0],
      [CUT, 1],
      [9, 0],
      [9, 1],
    ],
  ]);
  expect(joinSteps(graph, INSTANCES).graph).toBe(graph);
});

it('joins the steps that lead from one state to one other, each with all who make it', () => {
  let joins = 0;
  let wide = 0;
  const step = fc.tuple(fc.integer({ min: -1, max: 7 }), fc.nat(INSTANCES - 1));
  const row = fc.oneof(fc.array(step, { maxLength: 4 }), fc.array(step, { minLength: 9, maxLength: 20 }));
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 6 }), (rows) => {
      const whole = graphOf(rows);
      const { graph, makers } = joinSteps(whole, INSTANCES);
      rows.forEach((steps, state) => {
        const expected = new Map<number, Set<number>>();
        for (const [target, instance] of steps) {
          expected.set(target, new Set([...(expected.get(target) ?? []), instance]));
        }
        const found = new Map<number, Set<number>>();
        for (let at = graph.offsets[state]!; at < graph.offsets[state + 1]!; at += 1) {
          const target = graph.targets[at]!;
          const isInside = 0 <= target && target < rows.length;
          expect(isInside && found.has(target)).toBe(false);
          const instances = makers.instancesOf(graph.instances[at]!);
          expect(new Set(instances).size).toBe(instances.length);
          if (1 < instances.length) joins += 1;
          found.set(target, new Set([...(found.get(target) ?? []), ...instances]));
        }
        if (8 < steps.length) wide += 1;
        expect(found).toEqual(expected);
      });
    }),
    { numRuns: 500 },
  );
  expect(joins).toBeGreaterThan(500);
  expect(wide).toBeGreaterThan(200);
});
