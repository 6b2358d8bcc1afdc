import { expect, it } from 'vitest';
import { flatten } from '../../../checker/engine/flatten.ts';
import { isRefused, planOf } from '../../../checker/plan/plan.ts';
import type { Domain, System } from '../../../dsl/ir/index.ts';
import { allGraphs } from '../../support/agreement.ts';
import * as ir from '../../support/ir.ts';
import { systemOf } from '../../dsl/compiler/compiled.ts';

/* Where values of several types meet: code knows them by the type that they have in common. */

const SMALL = ir.intDomain(0, 3);
const recordOf = (...keys: string[]): Domain => ({ kind: 'record', key: ir.enumDomain(...keys), value: SMALL });

/** All engines agree; what they say of transitions and failures. */
function agreed(system: System): { readonly states: number; readonly failures: number } {
  const { interpreted, javascript, webassembly } = allGraphs(system);
  expect(javascript).toEqual(interpreted);
  expect(webassembly).toEqual(interpreted);
  return { states: interpreted.states.length, failures: interpreted.failures };
}

function unsupportedIn(system: System): string | undefined {
  const plan = planOf(system);
  if (isRefused(plan)) throw new Error(plan.refusals[0]!.message);
  const flat = flatten(plan);
  return 'unsupported' in flat ? flat.unsupported : undefined;
}

it.each([true, false])('`with` finds the entry of a record whose keys stand in another order (%s)', (isFirst) => {
  const domains = { v: recordOf('b', 'a'), w: recordOf('a', 'b'), out: SMALL };
  const either = ir.conditional(ir.literal(isFirst), ir.variable('v', domains.v), ir.variable('w', domains.w));
  const key = ir.local('key', ir.enumDomain('a', 'b'));
  const put = ir.assign(
    ir.variablePlace('out', SMALL),
    ir.index(ir.operation('with', either, ir.literal('b'), ir.literal(2)), ir.literal('b')),
  );
  const replace = ir.assign(ir.variablePlace('w', domains.w), ir.operation('with', either, key, ir.literal(2)));
  const system = ir.system(domains, {
    actions: [ir.action('put', {}, put), ir.action('replace', { key: key.type }, replace)],
    invariants: [
      ir.predicate('two', ir.operation('includes', ir.array(ir.literal(0), ir.literal(2)), ir.variable('out', SMALL))),
    ],
  });
  expect(agreed(system)).toEqual({ states: isFirst ? 6 : 8, failures: 0 });
});

it('`with` replaces an element of what may be an array or a record', () => {
  const record: Domain = { kind: 'record', key: ir.BOOLEAN, value: SMALL };
  const list: Domain = { kind: 'array', element: ir.BOOLEAN, minLength: 2, maxLength: 2 };
  const domains = { v: { kind: 'union', members: [record, list] } as Domain };
  const v = ir.variable('v', domains.v);
  const replaced = ir.operation('with', v, ir.literal(1), ir.literal(true));
  expect(replaced.type).toEqual({
    kind: 'union',
    members: [{ ...record, value: { kind: 'union', members: [SMALL, ir.BOOLEAN] } }, list],
  });
  const put = ir.assign(ir.variablePlace('v', domains.v), replaced);
  const init = ir.assign(ir.variablePlace('v', domains.v), ir.literal([false, false]));
  expect(agreed(ir.system(domains, { init: [init], actions: [ir.action('put', {}, put)] }))).toEqual({
    states: 2,
    failures: 0,
  });
});

/** A discriminated union whose cases have other values in the field `of`. */
const cases = (green: string, blue: string, actions: string): string => `
  const small = z.int().min(0).max(3);
  export const tagged = spec('tagged', { state: () => ({ n: small, v: z.discriminatedUnion('tag', [
    z.object({ tag: z.literal('green'), of: ${green} }), z.object({ tag: z.literal('blue'), of: ${blue} })]) }) });
  ${actions}`;

it('records with other keys in the cases of a union are not compiled', () => {
  const read = `export const read = tagged.action((s) => { when(s.v.tag === 'green'); s.n = s.v.of.a; });`;
  const [green, blue] = [`z.record(z.enum(['a', 'b']), small)`, `z.record(z.enum(['c', 'd', 'e']), small)`];
  expect(unsupportedIn(systemOf(cases(green, blue, read)))).toBe('it needs one place for records with other keys');
  const write = `export const write = tagged.action((s) => { s.v = { tag: 'blue', of: { c: 1, d: 2, e: 3 } }; });`;
  expect(agreed(systemOf(cases(green, blue, write)))).toEqual({ states: 2, failures: 0 });
});

it('one choice among what may be an array or a set is not compiled', () => {
  const choose = `export const choose = tagged.action((s) => { when(s.v.tag === 'green'); s.n = pick(s.v.of); });`;
  const system = systemOf(cases('z.array(small).max(2)', 'z.set(small)', choose));
  expect(unsupportedIn(system)).toBe('it needs one loop or choice over what may be an array or a set');
});

it('`init` reads at places that are not in one word', () => {
  const element: Domain = {
    kind: 'object',
    fields: [
      { name: 'x', domain: ir.BOOLEAN },
      { name: 'y', domain: ir.intDomain(0, 1_000_000) },
    ],
  };
  const list: Domain = { kind: 'array', element, minLength: 4, maxLength: 4 };
  const chosen = ir.local('chosen', element);
  const init = [ir.choose('chosen', element, ir.variable('list', list)), ir.when(ir.not(ir.field(chosen, 'x')))];
  expect(agreed(ir.system({ list }, { init }))).toEqual({ states: 1, failures: 0 });
});
