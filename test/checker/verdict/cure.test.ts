import fc from 'fast-check';
import { expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import type { Unfairness } from '../../../checker/counterexample/behavior.ts';
import { NO_SPAN } from '../../../dsl/diagnostics/span.ts';
import type { Formula as IrFormula, System } from '../../../dsl/ir/index.ts';
import * as ir from '../../support/ir.ts';
import { formulas } from '../liveness/arbitrary.ts';
import { isSatisfiable } from '../liveness/oracle.ts';
import type { Assumption, Formula, Step } from '../liveness/oracle.ts';
import { sizeOf } from '../../support/size.ts';

const STATES = 4;
const ACTIONS = ['a', 'b', 'c', 'd'] as const;

interface Made {
  readonly strength: 'weak' | 'strong';
  readonly name: string;
}

interface Problem {
  readonly edges: readonly (Step & { readonly name: string })[];
  readonly made: readonly Made[];
  /** That of a state, by atom. */
  readonly formula: Formula;
}

const state = fc.nat(STATES - 1);
const name = fc.constantFrom(...ACTIONS);
const strength = fc.constantFrom('weak' as const, 'strong' as const);
const problem: fc.Arbitrary<Problem> = fc.record({
  edges: fc.array(fc.record({ from: state, to: state, name }), { minLength: 2, maxLength: 10 }),
  made: fc.uniqueArray(fc.record({ strength, name }), { maxLength: 2, selector: (one) => one.name }),
  formula: formulas(STATES, 3),
});

const X = ir.intDomain(0, STATES - 1);
const isAt = (one: number) => ir.equal(ir.variable('x', X), ir.literal(one));

/** The graph as a spec: an action for each name, which chooses among its edges. */
function systemOf({ edges, made, formula }: Problem): System {
  const actions = ACTIONS.map((one) => {
    const own = edges.filter((edge) => edge.name === one);
    const branches = own.map(({ from, to }) => [
      ir.when(isAt(from)),
      ir.assign(ir.variablePlace('x', X), ir.literal(to)),
    ]);
    return ir.action(one, {}, branches.length === 0 ? ir.when(ir.literal(false)) : ir.either(...branches));
  });
  const assumptions = made.map((one) => ({
    strength: one.strength,
    groups: [{ name: one.name, actions: [one.name], per: [] }],
    span: NO_SPAN,
  }));
  return {
    ...ir.system({ x: X }, { actions }),
    properties: [{ name: 'p', doc: '', span: NO_SPAN, formula: irFormula(formula) }],
    fairness: made.length === 0 ? [] : [{ name: 'f', doc: '', span: NO_SPAN, assumptions }],
  };
}

function irFormula(formula: Formula): IrFormula {
  switch (formula.op) {
    case 'true':
      return { kind: 'now', predicate: ir.literal(true), span: NO_SPAN };
    case 'atom':
      return { kind: 'now', predicate: isAt(formula.atom), span: NO_SPAN };
    case 'not':
    case 'always':
    case 'eventually':
      return { kind: formula.op, operand: irFormula(formula.of), span: NO_SPAN };
    default:
      return { kind: formula.op, left: irFormula(formula.left), right: irFormula(formula.right), span: NO_SPAN };
  }
}

/** Whether the property holds under assumptions, by brute force. */
function holds({ edges, formula }: Problem, assumed: readonly Made[]): boolean {
  const assumptions = assumed.map((one): Assumption => ({
    strength: one.strength,
    covers: (step) => edges.some((edge) => edge.name === one.name && edge.from === step.from && edge.to === step.to),
  }));
  const graph = { states: STATES, initial: [0], edges };
  return !isSatisfiable(graph, { op: 'not', of: formula }, (atom, at) => at === atom, assumptions);
}

it('says what fairness would help exactly as trying all of it does', { timeout: 300_000 }, () => {
  const seen = { none: 0, one: 0, several: 0, unpromised: 0, partial: 0 };
  fc.assert(
    fc.property(problem, (given) => {
      const { outcome } = check(systemOf(given), { deadlock: false }).verdicts.find((one) => one.name === 'p')!;
      expect(outcome.kind).toBe(holds(given, given.made) ? 'holds' : 'violated');
      if (outcome.kind !== 'violated' || outcome.trace.loop === undefined) return;
      const { cure } = outcome.trace;
      const holdsWith = (more: readonly Unfairness[]): boolean => holds(given, [...given.made, ...more]);
      const isPromised = (one: string): boolean =>
        given.made.length === 0 || given.made.some((other) => other.name === one);
      const all = ACTIONS.flatMap((one) => (['weak', 'strong'] as const).map((how) => ({ name: one, strength: how })));
      const promised = all.filter((one) => isPromised(one.name));
      for (const one of cure!.partial) {
        seen.partial += 1;
        expect(isPromised(one.name)).toBe(true);
        expect(holdsWith([one])).toBe(false);
      }
      if (cure!.kind === 'none') {
        seen.none += 1;
        expect(holdsWith(all)).toBe(false);
        return;
      }
      for (const choice of cure!.choices) expect(holdsWith(choice)).toBe(true);
      const size = cure!.choices[0]!.length;
      seen[size === 1 ? 'one' : 'several'] += 1;
      const isUnpromised = cure!.choices.flat().some((one) => one.isUnpromised === true);
      expect(isUnpromised).toBe(cure!.choices.flat().some((one) => !isPromised(one.name)));
      if (isUnpromised) {
        seen.unpromised += 1;
        expect(holdsWith(promised)).toBe(false); // nothing else helps
      }
      const possible = isUnpromised ? all : promised;
      for (const fewer of subsets(possible, size - 1)) expect(holdsWith(fewer)).toBe(false);
      const told = new Set(
        cure!.choices.filter((one) => one.length === 1).map(([one]) => `${one!.strength} ${one!.name}`),
      );
      for (const one of outcome.trace.unfairTo!) {
        if (isPromised(one.name) === isUnpromised) continue;
        if (size === 1) expect([one, told.has(`${one.strength} ${one.name}`)]).toEqual([one, holdsWith([one])]);
      }
    }),
    { numRuns: RUNS },
  );
  // Each kind of answer was given.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
});

const RUNS = sizeOf('CURES', 1000);

function subsets<T>(of: readonly T[], most: number): readonly (readonly T[])[] {
  return of
    .reduce<readonly (readonly T[])[]>((all, one) => [...all, ...all.map((some) => [...some, one])], [[]])
    .filter(({ length }) => length <= most);
}
