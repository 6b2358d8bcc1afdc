import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isRefused, planOf } from '../../../checker/plan/plan.ts';
import { compile } from '../../../dsl/compiler/compile.ts';
import { validateSystem } from '../../../dsl/ir/validate.ts';
import { definitionOf, type SpecDefinition } from '../../../dsl/language/definition.ts';
import { compareExecutions } from '../../support/witness.ts';

/*
 * Specs that use every construct of the language in as many ways as came to mind: what the compiler made of them, run by
 * the interpreter, has the state graph of the bodies run as the JavaScript that they are.
 */
const FOLDER = fileURLToPath(new URL('./constructs/', import.meta.url));
const STATES = 200;

const files = readdirSync(FOLDER)
  .filter((name) => !['library.ts', 'generators.ts'].includes(name))
  .sort();

describe.each(files)('the constructs of %s', (file) => {
  const path = FOLDER + file;
  const { specs, diagnostics } = compile(path, { typecheck: false });

  it('compile to a valid system', () => {
    expect(diagnostics).toEqual([]);
    const { system, diagnostics: refused } = specs[0]!.instantiate(undefined);
    expect(refused.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(validateSystem(system!)).toEqual([]);
  });

  it('mean what they mean in JavaScript', async () => {
    const { system } = specs[0]!.instantiate(undefined);
    const plan = planOf(system!);
    if (isRefused(plan)) throw new Error(plan.refusals.map(({ message }) => message).join('; '));
    const module = (await import(/* @vite-ignore */ path)) as Record<string, unknown>;
    const definition = Object.values(module)
      .map((value) => definitionOf(value))
      .find((found): found is SpecDefinition => found?.kind === 'spec');
    const compared = compareExecutions(definition!, {}, plan, STATES);
    expect(compared.difference).toBeUndefined();
    expect(compared.states).toBeGreaterThan(100);
    expect(compared.transitions).toBeGreaterThan(500);
  });
});
