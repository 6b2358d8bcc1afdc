import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { limitBlocks } from '../../../checker/document/limits.ts';
import { Headings } from '../../../dsl/docgen/document.ts';
import { documentToMarkdown } from '../../../dsl/docgen/markdown.ts';
import { partsOfSpec } from '../../../dsl/docgen/spec-parts.ts';
import { systemOf } from '../../dsl/compiler/compiled.ts';

function unpromised(fairness: string): string | undefined {
  const system = systemOf(`
    export const toggle = spec('toggle', { state: () => ({ on: z.boolean(), ready: z.boolean() }) });
    export const hand = toggle.process(function* (s) {
      while (true) { yield 'ask'; s.on = true; yield 'off'; s.on = false; }
    });
    export const turns = toggle.property((s) => eventually(s.on));
    ${fairness}`);
  const model = { label: 'm', system, result: check(system) };
  const blocks = limitBlocks(new Headings('t'), 2, [model], partsOfSpec([system]), () => undefined);
  const page = documentToMarkdown({ title: 't', origin: '', blocks });
  return /^No fairness .*$/m.exec(page)?.[0];
}

describe('what nothing promises to happen', () => {
  it('is a step that no fairness is about', () => {
    expect(unpromised(`export const fair = toggle.fairness(weak(hand, { when: (s) => !hand.at('ask') }));`)).toBe(
      'No fairness is about these, so a behavior in which they never happen counts: `hand.ask`.',
    );
  });

  it('is one that is only promised where something holds, which is said', () => {
    expect(unpromised(`export const fair = toggle.fairness(weak(hand, { when: (s) => s.ready }));`)).toBe(
      'No fairness is about these, so a behavior in which they never happen counts: `hand.ask` (only promised where `ready`), `hand.off` (only promised where `ready`).',
    );
  });

  it('is none that is promised without a condition, whatever else is', () => {
    const both = `export const fair = toggle.fairness(weak(hand, { when: (s) => s.ready }), strong(hand));`;
    expect(unpromised(both)).toBeUndefined();
  });
});
