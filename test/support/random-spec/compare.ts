import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flatten } from '../../../checker/engine/flatten.ts';
import { interpret } from '../../../checker/engine/interpreter.ts';
import { isRefused, planOf } from '../../../checker/plan/plan.ts';
import { findSpecs } from '../../../dsl/compiler/declaration.ts';
import { instantiate } from '../../../dsl/compiler/instantiate.ts';
import { load } from '../../../dsl/compiler/load.ts';
import { openSources } from '../../../dsl/compiler/source.ts';
import { validateSystem } from '../../../dsl/ir/validate.ts';
import { generatedEngine, graphOf } from '../agreement.ts';
import { compareExecutions } from '../witness.ts';
import { randomSpecs } from './spec.ts';

/** How far the executions of a random spec were compared. */
export interface Compared {
  readonly name: string;
  /** What the compiler says of a spec that it does not take. */
  readonly refused?: string;
  /** Where two executions differ, or how one of them broke. */
  readonly difference?: string;
  readonly interpretedOnly: boolean;
  readonly processes: number;
  readonly states: number;
  readonly transitions: number;
  readonly failures: number;
}

/** States of each spec that are compared, and transitions after which no other state is begun with. */
const STATES = 8;
const PATIENCE = 80;

/**
 * Compiles one module with a random spec for each seed, and holds JavaScript, interpreter and generated code against each
 * other on the beginning of each state graph. Types are stripped and the module is evaluated once for all of them.
 */
export function compareRandomSpecs(seeds: readonly number[], size: number): readonly Compared[] {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-random-'));
  try {
    const file = join(folder, 'specs.ts');
    writeFileSync(file, randomSpecs(seeds, size));
    const sources = openSources(file);
    const loaded = load(sources);
    const { specs, diagnostics } = findSpecs(sources, loaded);
    const wrong = [...sources.diagnostics, ...loaded.diagnostics, ...diagnostics];
    if (wrong.length > 0) throw new Error(wrong.map((one) => one.message).join('\n'));
    return specs.map((spec) => compared(spec.definition.name, () => compareOne(sources, loaded, spec)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function compared(name: string, compare: () => Omit<Compared, 'name'>): Compared {
  try {
    return { name, ...compare() };
  } catch (error) {
    return { name, ...NOTHING, difference: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

const NOTHING = { interpretedOnly: false, processes: 0, states: 0, transitions: 0, failures: 0 };

function compareOne(
  sources: Parameters<typeof instantiate>[0],
  loaded: Parameters<typeof instantiate>[1],
  spec: Parameters<typeof instantiate>[2],
): Omit<Compared, 'name'> {
  const { system, diagnostics } = instantiate(sources, loaded, spec, undefined, {});
  if (system === undefined) {
    const [first] = diagnostics.filter(({ severity }) => severity === 'error');
    return { ...NOTHING, refused: `${first?.code} ${first?.message}` };
  }
  const invalid = validateSystem(system);
  if (invalid.length > 0) throw new Error(JSON.stringify(invalid[0]));
  const plan = planOf(system);
  if (isRefused(plan)) throw new Error(`too large: ${plan.refusals[0]!.message}`);
  const found = compareExecutions(spec.definition, {}, plan, STATES, PATIENCE);
  const interpretedOnly = 'unsupported' in flatten(plan);
  let { difference } = found;
  if (!interpretedOnly) {
    const interpreted = graphOf(plan, interpret(plan), STATES, PATIENCE);
    for (const kind of ['javascript', 'webassembly'] as const) {
      const generated = graphOf(plan, generatedEngine(plan, kind), STATES, PATIENCE);
      if (JSON.stringify(interpreted) === JSON.stringify(generated)) continue;
      const at = interpreted.lines.findIndex((line, index) => line !== generated.lines[index]);
      difference ??= `${kind}: ${generated.lines[at]} instead of ${interpreted.lines[at]}`;
    }
  }
  const { states, transitions, failures } = found;
  return {
    ...(difference === undefined ? {} : { difference }),
    interpretedOnly,
    processes: system.processes.length,
    states,
    transitions,
    failures,
  };
}
