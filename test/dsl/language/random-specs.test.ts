import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileEngine } from '../../../checker/engine/compiled.ts';
import { isRefused, planOf } from '../../../checker/plan/plan.ts';
import { compile } from '../../../dsl/compiler/compile.ts';
import { load } from '../../../dsl/compiler/load.ts';
import { openSources } from '../../../dsl/compiler/source.ts';
import { definitionOf, type SpecDefinition } from '../../../dsl/language/definition.ts';
import { allGraphs } from '../../support/agreement.ts';
import { randomSpecs } from '../../support/arbitrary-spec.ts';
import { compareExecutions } from '../../support/witness.ts';

/** `RANDOM_SPECS=5000 npx vitest run test/dsl/language/random-specs.test.ts` looks at more of them. */
const TOTAL = Number(process.env['RANDOM_SPECS'] ?? 80);
const FIRST = Number(process.env['RANDOM_SPECS_FROM'] ?? 0);
const IN_A_MODULE = 20;
/** States of each spec that are compared. */
const LIMIT = 25;

const modules = Array.from({ length: Math.ceil(TOTAL / IN_A_MODULE) }, (_, index) => ({
  size: String(index % 4),
  first: String(FIRST + index * IN_A_MODULE),
  seeds: Array.from({ length: IN_A_MODULE }, (_each, offset) => FIRST + index * IN_A_MODULE + offset),
}));

/** What was compared, so that a generator of dull specs does not go unnoticed. */
const seen = { specs: 0, refused: 0, interpretedOnly: 0, processes: 0, states: 0, transitions: 0, failures: 0 };

/** The specs of a module as they were compiled and as they were evaluated. */
function specsIn(text: string) {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-random-'));
  try {
    const file = join(folder, 'specs.ts');
    writeFileSync(file, text);
    const { specs, diagnostics } = compile(file, { typecheck: false });
    if (diagnostics.length > 0) throw new Error(diagnostics.map((one) => one.message).join('\n'));
    const sources = openSources(file);
    const values = load(sources).valuesOf(sources.modules[0]!);
    return specs.map((spec) => ({
      name: spec.name,
      definition: definitionOf(values[spec.name]) as SpecDefinition,
      ...spec.instantiate(undefined),
    }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('a random spec', () => {
  it.each(modules)(
    'means the same to JavaScript, interpreter and generated code (size $size, from $first)',
    (module) => {
      for (const { name, definition, system, diagnostics } of specsIn(randomSpecs(module.seeds, Number(module.size)))) {
        seen.specs += 1;
        if (system === undefined) {
          // What is not certain is refused; nothing else may be.
          expect(diagnostics.map(({ code, message }) => `${code} ${message}`)[0]).toMatch(/^FL042 /);
          seen.refused += 1;
          continue;
        }
        const plan = planOf(system);
        if (isRefused(plan)) throw new Error(`${name} is too large`);
        const { difference, ...compared } = compareExecutions(definition, {}, plan, LIMIT);
        expect({ name, difference }).toEqual({ name, difference: undefined });
        if ('unsupported' in compileEngine(plan)) {
          seen.interpretedOnly += 1;
          continue;
        }
        const { interpreted, compiled, webassembly } = allGraphs(system, LIMIT);
        expect({ name, graph: compiled }).toEqual({ name, graph: interpreted });
        expect({ name, graph: webassembly }).toEqual({ name, graph: interpreted });
        seen.processes += system.processes.length;
        seen.states += compared.states;
        seen.transitions += compared.transitions;
        seen.failures += compared.failures;
      }
    },
  );

  it('is worth comparing', () => {
    expect(seen.specs).toBe(modules.length * IN_A_MODULE);
    expect(seen.refused / seen.specs).toBeLessThan(0.05);
    expect(seen.interpretedOnly / seen.specs).toBeLessThan(0.05);
    expect(seen.processes / seen.specs).toBeGreaterThan(0.1);
    expect(seen.states / seen.specs).toBeGreaterThan(3);
    expect(seen.transitions).toBeGreaterThan(10 * seen.states);
    expect(seen.failures).toBeGreaterThan(0);
  });
});
