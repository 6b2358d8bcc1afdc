import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile } from '../../../dsl/compiler/compile.ts';
import type { System } from '../../../dsl/ir/index.ts';
import { randomSpecs } from '../../support/random-spec/spec.ts';
import { systemFrom } from '../../support/arbitrary-system.ts';

/** Random systems over the whole IR, from this seed on; a seed may give none. */
export function randomSystems(first: number, count: number, size: number): System[] {
  return seeds(first, count).flatMap((seed) => {
    try {
      return [systemFrom(seed, size)];
    } catch {
      return []; // a constant that is too large
    }
  });
}

/** Random specs of the language, compiled; those that the compiler refuses are left out. */
export function randomLanguageSystems(first: number, count: number, size: number): System[] {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-random-'));
  try {
    const file = join(folder, 'specs.ts');
    writeFileSync(file, randomSpecs(seeds(first, count), size));
    const { specs, diagnostics } = compile(file, { typecheck: false });
    if (diagnostics.length > 0) throw new Error(diagnostics.map((one) => one.message).join('\n'));
    return specs.flatMap((spec) => spec.instantiate(undefined).system ?? []);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function seeds(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}
