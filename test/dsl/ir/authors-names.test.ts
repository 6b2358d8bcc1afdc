import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { atomsOf } from '../../../checker/explorer/situation.ts';
import { shown as inPage } from '../../checker/explorer/shown.ts';
import { formulaBlocks } from '../../../dsl/docgen/property-text.ts';
import { stepText } from '../../../dsl/docgen/pseudocode.ts';
import { authorsName, bodyWithAuthorsNames, withAuthorsNames } from '../../../dsl/ir/authors-names.ts';
import { printExpression, printStatement } from '../../../dsl/ir/print.ts';
import { toldNames } from '../../../dsl/ir/told-names.ts';
import { toldSystem } from '../../../dsl/ir/told-system.ts';
import { systemOf } from '../compiler/compiled.ts';

const DECLARED = `
  const R = ids('R', 2);
  const demo = spec('demo', { state: () => ({ n: z.int().min(0).max(3), up: z.record(R, z.boolean()) }) });
  const flip = demo.action({ r: R }, (s, { r }) => { s.up[r] = !s.up[r]; });
  const someUp = (s, of) => some(R, (r) => s.up[r] && r !== of);`;

/** An invariant in the names of the IR, and as it is shown. */
function shown(invariant: string): readonly [string, string] {
  const system = systemOf(`${DECLARED}
    const claim = demo.invariant((s) => ${invariant});`);
  const { predicate } = system.invariants[0]!;
  return [printExpression(predicate), printExpression(withAuthorsNames(predicate))].map((text) =>
    text.replaceAll(/\bdemo\./g, ''),
  ) as [string, string];
}

describe('what an author calls twice by one name', () => {
  it('is called so both times where it is shown, and has two names in the IR', () => {
    const [inIr, told] = shown('all(R, (r) => s.up[r]) || some(R, (r) => !s.up[r])');
    expect(inIr).toMatch(/r_2/);
    expect(told).not.toMatch(/r_2/);
    expect(told).toMatch(/\br\b.*\br\b/);
  });

  it('keeps a number that is the author’s own', () => {
    const [inIr, told] = shown('all(R, (r_2) => s.up[r_2]) || some(R, (r_2) => !s.up[r_2])');
    expect(inIr).toMatch(/r_2_2.*r_2_3/);
    expect(told).toMatch(/r_2\b.*r_2\b/);
    expect(told).not.toMatch(/r_2_/);
  });

  it('keeps the name of the IR where its own would mean something else: a function is written out in the scope of a namesake', () => {
    const [inIr, told] = shown('all(R, (r) => someUp(s, r))');
    expect(told).toBe(inIr);
    expect(told).toMatch(/r_2/);
  });

  it('is undone by no number but those of the compiler', () => {
    expect(['r', 'r_1', 'r_02', 'r_2', 'r_10', 'r_2_2', 'r_2x'].map(authorsName)).toEqual([
      'r',
      'r_1',
      'r_02',
      'r',
      'r',
      'r_2',
      'r_2x',
    ]);
  });

  it('is so for locals of a step, as far as they stand beside each other', () => {
    const system = systemOf(`${DECLARED}
      const act = demo.action((s) => {
        if (s.n === 0) { const r = pick(R); s.up[r] = true; } else { const r = pick(R); s.up[r] = false; }
      });`);
    const told = bodyWithAuthorsNames(system.actions.find(({ name }) => name === 'act')!.body)
      .flatMap(printStatement)
      .join('\n');
    expect(
      system.actions
        .find(({ name }) => name === 'act')!
        .body.flatMap(printStatement)
        .join('\n'),
    ).toMatch(/_2\b/);
    expect(told).not.toMatch(/_2\b/);
    expect(
      stepText(
        system,
        system.actions.find(({ name }) => name === 'act')!,
      ).effect.join('\n'),
    ).not.toMatch(/_2\b/);
  });

  it('is told by its name where a property of it is violated', () => {
    const system = systemOf(`${DECLARED}
const rises = demo.property((s) => all(R, (r) => eventually(s.up[r] && some(R, (r) => s.up[r] && s.n === 1))));`);
    const [verdict] = check(system).verdicts.filter(({ name }) => name === 'rises');
    expect(verdict!.outcome.kind).toBe('violated');
    const atoms = atomsOf(inPage(system), 'rises');
    expect(atoms.map(({ bindings }) => bindings)).toEqual(['r = r0', 'r = r1']);
    const texts = atoms.flatMap((one) => one.atoms.map(({ text }) => text)).join(' ');
    expect(texts).toMatch(/s\.up\[r\]/);
    expect(texts).not.toMatch(/r_2/);
  });
});

describe('a label that is yielded at several places', () => {
  const system = systemOf(`
    const T = ids('T', 2);
    const demo = spec('demo', { state: () => ({ n: z.int().min(0).max(3) }) });
    function* visit(s) { yield 'asleep'; s.n = 1; }
    const worker = demo.process({ t: T }, function* (s, { t }) { yield 'a'; yield* visit(s);
      yield 'b'; yield* visit(s); });
    const isAsleep = (t) => worker.at({ t }, 'asleep');
    const rests = demo.invariant((s) => all(T, (t) => isAsleep(t) || !isAsleep(t)));
    const early = demo.invariant((s) => all(T, (t) => worker.at({ t }, 'a')));
    const model = demo.model({});`);
  const told = toldSystem(system, toldNames(system));
  const textOf = (name: string): string =>
    JSON.stringify(
      formulaBlocks(
        told,
        told.invariants.find((one) => one.name === name)!,
      ),
    );

  it('is one question where somebody asks for it', () => {
    expect(textOf('rests')).toContain(`worker.at({ t }, \\"asleep\\")`);
    expect(textOf('rests')).not.toContain('asleep@');
  });

  it('has its places in the system that is shown, where threads stand at one of them', () => {
    expect(told.processes[0]!.labels.filter((label) => label.startsWith('asleep@'))).toHaveLength(2);
    expect(toldNames(told)).toBeUndefined();
  });
});
