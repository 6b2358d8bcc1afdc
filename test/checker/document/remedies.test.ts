import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import type { DocumentedModel } from '../../../checker/document/documented-model.ts';
import { judgedProperties } from '../../../checker/document/property-table.ts';
import { remedyWords } from '../../../checker/document/remedies.ts';
import { code, plainText } from '../../../dsl/docgen/document.ts';
import { systemsOf } from '../../dsl/compiler/compiled.ts';

/** A gate is open now and then; whoever goes through it may have to be lucky. */
const SPEC = `
  export const gate = spec('gate', {
    params: { swings: z.boolean().default(true), width: z.int().min(1).max(2).default(1) },
    state: () => ({ open: z.boolean(), inside: z.boolean() }),
    init: (s) => { s.open = true; },
  });
  export const swing = gate.action((s, p) => { when(p.swings); s.open = !s.open; });
  export const enter = gate.action((s) => { when(s.open && !s.inside); s.inside = true; });
  export const going = gate.fairness(weak(enter, swing));
  export const swinging = gate.fairness(weak(swing));
  export const turns = gate.fairness(strong(enter));
  export const entered = gate.property((s) => eventually(s.inside), { under: [going] });
  export const enteredInTurn = gate.property((s) => eventually(s.inside), { under: [going, turns] });
  export const enteredInAnyTurn = gate.property((s) => eventually(s.inside), { under: [going, turns, swinging] });
  export const enteredByTurns = gate.property((s) => eventually(s.inside), { under: [turns, swinging] });
  export const left = gate.property((s) => eventually(!s.inside), { under: [going, turns] });
  export const done = gate.terminal((s) => s.inside);
  export const plain = gate.model({}, { violates: [entered] });
  export const still = gate.model({ swings: false });
  export const wideAndStill = gate.model({ swings: false, width: 2 });`;

describe('what helps where a property fails', () => {
  const models = systemsOf(SPEC).map((system): DocumentedModel => {
    return { label: system.model.name, system, result: check(system) };
  });
  const remediesOf = (name: string, label: string): string => {
    const property = judgedProperties(models).find(({ first }) => first.verdict.name === name)!;
    const judged = property.all.find(({ model }) => model.label === label)!;
    return plainText(remedyWords(judged, property, ({ model }) => [code(model.label)]));
  };

  it('is the fairness under which the same holds there, and another value of one parameter', () => {
    expect(models[0]!.result.verdicts.find(({ name }) => name === 'entered')!.outcome.kind).toBe('violated');
    expect(remediesOf('entered', 'plain')).toBe(
      '; with turns as well it holds (enteredInTurn); with turns, swinging in place of going it holds (enteredByTurns); ' +
        'it holds with swings = false (still)',
    );
  });
});
