import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../../dsl/export/refusal.ts';
import { exportPromela } from '../../../dsl/export/promela.ts';
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
    // A text alone on its line cannot be broken.
    const isText = (line: string): boolean => /^ *"(?:[^"\\]|\\.)*"[)>]*$/.test(line);
    expect(module.split('\n').filter((line) => 120 < line.length && !isText(line))).toEqual([]);
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

  const moduleOf = (file: RegExp, model: string): string => {
    const one = specModels(file).find((found) => found.model === model)!;
    const result = exportTla(one.system());
    if (isRefusal(result)) throw new Error('it was refused');
    return result.module;
  };

  it('calls domains as the author did, and lists their values nowhere else', () => {
    const module = moduleOf(/^classic\/slush$/, 'oneRound');
    expect(module).toContain('Color == {"red", "blue"}');
    expect(module).toContain('messages \\in SUBSET Message');
    expect(module.split('kind: {"query"}')).toHaveLength(2);
    expect(module.indexOf('Color ==')).toBeLessThan(module.indexOf('Message =='));
  });

  it('names what steps leave alone together, and has every variable in `vars`', () => {
    const module = moduleOf(/^vmm-drv\/models\/one-ring$/, 'corrected');
    const tuples = new Map(
      [...module.matchAll(/^(\w*vars) == <<([^>]*)>>/gm)].map(([, name, list]) => [name!, list!.split(/,\s*/)]),
    );
    const flat = (name: string): readonly string[] => tuples.get(name)?.flatMap(flat) ?? [name];
    const declared = [...module.matchAll(/^VARIABLES\n((?: {4}.*\n)*)/gm)][0]![1]!;
    const variables = [...declared.matchAll(/^ {4}(\w+)/gm)].map(([, name]) => name!);
    expect([...tuples.keys()]).toEqual(['shared_vars', 'writer_vars', 'worker_vars', 'vars']);
    expect([...flat('vars')].sort()).toEqual([...variables].sort());
    const lists = [...module.matchAll(/UNCHANGED <<([^>]*)>>/g)].map(([, list]) => list!.split(/,\s*/));
    expect(lists.flat().length).toBeLessThan(0.6 * lists.flat().flatMap(flat).length);
  });

  it('makes one assignment of two that a condition chooses between', () => {
    const module = moduleOf(/^classic\/fast-mutex$/, 'correct');
    expect(module).toContain(`pc' = [pc EXCEPT ![me] = IF y # 0 THEN "giveUp" ELSE "writeY"]`);
    expect(module).not.toMatch(/(?:THEN|ELSE) pc' =/);
  });

  it.each(['queue', 'readersFirst'])('has no choice among one value where a definition does: %s', (model) => {
    expect(moduleOf(/^classic\/readers-writers$/, model)).not.toMatch(/\\E \w+ \\in \{/);
  });
});

describe('a Promela model', () => {
  it.each(fewOfEach(specModels(), () => 1).map((one) => [one.file, one.model, one] as const))(
    'of %s %s has no long lines',
    (_, __, one) => {
      const result = exportPromela(one.system());
      if (isRefusal(result)) return;
      const long = result.text.split('\n').filter((line) => 120 < line.length);
      // An action with many arguments has a name as long as itself.
      expect(long.filter((line) => !/^ {2}:: STEP/.test(line))).toEqual([]);
    },
  );
});
