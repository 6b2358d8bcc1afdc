import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compile } from '../../../dsl/compiler/compile.ts';
import { validateSystem } from '../../../dsl/ir/validate.ts';
import { compareEngines } from '../../support/engines.ts';
import * as ir from '../../support/ir.ts';
import { byKernel, codeFor, comparisonOf, plainly } from '../../support/kernel.ts';

/* What steps ask about other steps; the bodies as JavaScript are held against the interpreter with the other constructs. */
const PATH = fileURLToPath(new URL('../../dsl/compiler/constructs/enabled.ts', import.meta.url));
const { specs } = compile(PATH, { typecheck: false });
const { system } = specs[0]!.instantiate(undefined);

describe('steps that ask whether others are enabled', () => {
  it('mean the same to every engine', () => {
    const { plan } = comparisonOf(system!);
    const { difference, states, failures, engines } = compareEngines(plan, 500);
    expect(difference).toBeUndefined();
    expect(engines).toHaveLength(2);
    expect(states).toBe(500);
    expect(failures).toBeGreaterThan(100);
  });

  it('are searched alike by one state at a time and by the kernel', () => {
    const comparison = comparisonOf(system!);
    const counts = [plainly(comparison, 'javascript'), byKernel(comparison, codeFor(comparison)!)].map((found) => ({
      states: found.states.count,
      transitions: found.transitions,
      depth: found.depth,
    }));
    expect(counts[1]).toEqual(counts[0]);
    expect(counts[0]!.states).toBeGreaterThan(10_000);
  });
});

describe('an action that asks for itself', () => {
  const asking = (name: string, asked: string): ReturnType<typeof ir.action> =>
    ir.action(
      name,
      {},
      ir.when({ kind: 'enabled', action: asked, arguments: [], type: ir.BOOLEAN, span: ir.literal(true).span }),
    );
  it.each([
    ['directly', [asking('a', 'a')], ['whether `a` is enabled depends on whether `a` is enabled']],
    [
      'by way of others',
      [asking('a', 'b'), asking('b', 'c'), asking('c', 'b')],
      ['whether `b` is enabled depends on whether `c` is enabled depends on whether `b` is enabled'],
    ],
    ['not at all', [asking('a', 'b'), asking('b', 'c'), ir.action('c', {})], []],
  ])('%s', (_, actions, problems) => {
    expect(validateSystem(ir.system({}, { actions }))).toEqual(problems);
  });
});
