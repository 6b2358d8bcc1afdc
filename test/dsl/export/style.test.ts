import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../../dsl/export/refusal.ts';
import { exportTla } from '../../../dsl/export/tlaplus.ts';
import { specModels } from '../../support/specs.ts';
import { parseModule } from './tlc/syntax.ts';
import { fewOfEach } from './selection.ts';

/** The words of a module that are neither in comments nor in strings. */
function wordsOf(module: string): readonly string[] {
  const code = module.replaceAll(/\\\*.*$/gm, '').replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
  return code.replaceAll(/[\])]_vars|F_vars/g, ' vars').match(/\w+/g) ?? [];
}

/** Names that a module defines or declares, and never uses nor lets its configuration name. */
function unused(module: string, config: string): readonly string[] {
  const words = wordsOf(module);
  const named = new Set(config.replaceAll(/^\\\*(?! (?:INVARIANT|SYMMETRY)).*$/gm, '').match(/\w+/g));
  const defined = [...module.matchAll(/^(\w+)(?:\([^)]*\))? ==/gm)].map(([, name]) => name!);
  const constants = [...config.matchAll(/^ {4}(\w+) = /gm)].map(([, name]) => name!);
  const uses = (name: string): number => words.filter((word) => word === name).length;
  return [
    ...defined.filter((name) => uses(name) < 2 && !named.has(name)),
    ...constants.filter((name) => uses(name) < 2),
  ];
}

describe('a TLA+ module', () => {
  const models = fewOfEach(specModels(), () => 2);

  it.each(models.map((one) => [one.file, one.model, one] as const))('of %s %s can be read', async (_, __, one) => {
    const result = exportTla(one.system());
    if (isRefusal(result)) return;
    const { module, config } = result;
    await parseModule(module);
    expect(module.split('\n').filter((line) => 120 < line.length)).toEqual([]);
    expect(unused(module, config)).toEqual([]);
    expect(module).not.toMatch(/\bIF (?:TRUE|FALSE)\b|\\in \{\} :|THEN TRUE ELSE FALSE/);
  });

  it.each(specModels(/^vmm-drv\/models\/one-ring$/).map((one) => [one.model, one] as const))(
    'of the founding spec with one ring is short: %s',
    (_, one) => {
      const result = exportTla(one.system());
      if (isRefusal(result)) throw new Error('it was refused');
      expect(result.module.length).toBeLessThan(40_000);
      expect(result.module.split('\n').length).toBeLessThan(800);
    },
  );
});
