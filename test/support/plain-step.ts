import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stepsOf, initialSteps } from '../../checker/engine/interpreter/steps.ts';
import { isRefused, planOf } from '../../checker/plan/plan.ts';
import { findSpecs } from '../../dsl/compiler/declaration.ts';
import { instantiate } from '../../dsl/compiler/instantiate.ts';
import { load } from '../../dsl/compiler/load.ts';
import { openSources } from '../../dsl/compiler/source.ts';
import { formatValue, valuesOf, type Domain, type System, type Value } from '../../dsl/ir/index.ts';
import type { SpecDefinition } from '../../dsl/language/definition.ts';
import { runIn, StepNotPossible, type Run } from '../../dsl/language/run.ts';
import { complete } from './draft.ts';
import { schemaDomain } from './schema-domain.ts';
import { fromValue, StructuralSet, toValue } from './structural-set.ts';

/** What became of a body: refused by the compiler, or run by it and by JavaScript. */
export interface PlainStep {
  readonly body: string;
  readonly refused?: string;
  /** The state after the step as the interpreter has it, and as JavaScript has it; `fails` where the step does. */
  readonly compiled?: string;
  readonly plain?: string;
}

/**
 * Compiles each body as the only action of a spec, and runs it from the initial state: by the interpreter, and as the
 * function that it is, on plain objects and arrays, which nothing copies and nothing watches. So what one name changes is
 * changed for all names of the same object, wherever in the state or outside of it they lead.
 *
 * @param head - imports and what the bodies use.
 * @param declared - the second argument of `spec`.
 */
export function plainSteps(head: string, declared: string, bodies: readonly string[]): readonly PlainStep[] {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-plain-'));
  try {
    const file = join(folder, 'specs.ts');
    const specs = bodies.map(
      (body, at) =>
        `export const spec${at} = spec('${at}', ${declared});\n` +
        `export const step${at} = spec${at}.action((s: any) => {\n${body}\n});\n`,
    );
    writeFileSync(file, `${head}\n${specs.join('\n')}`);
    const sources = openSources(file);
    const loaded = load(sources);
    const found = findSpecs(sources, loaded);
    const wrong = [...sources.diagnostics, ...loaded.diagnostics, ...found.diagnostics];
    if (wrong.length > 0) throw new Error(wrong.map((one) => one.message).join('\n'));
    return found.specs.map((one) => {
      const { system, diagnostics } = instantiate(sources, loaded, one, undefined, {});
      const body = bodies[Number(one.definition.name)]!;
      const [wrong] = diagnostics.filter(({ severity }) => severity === 'error');
      if (system === undefined) return { body, refused: `${wrong?.code} ${wrong?.message}` };
      return { body, ...bothWays(one.definition, system) };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function bothWays(definition: SpecDefinition, system: System): Pick<PlainStep, 'compiled' | 'plain'> {
  const plan = planOf(system);
  if (isRefused(plan)) throw new Error(plan.refusals[0]!.message);
  const domain: Domain = { kind: 'object', fields: system.variables };
  const text = (state: Value): string => formatValue(complete(domain, state));
  const initial = initialSteps(plan).successors[0]!;
  const { successors, failures } = stepsOf(plan, initial, plan.instances[0]!);
  const compiled = failures.length > 0 ? 'fails' : successors.map(text).join(' | ');
  const action = definition.declarations.find((one) => one.kind === 'action')!;
  const state = fromValue(initial) as object;
  const ordinary = globalThis.Set;
  globalThis.Set = StructuralSet;
  try {
    runIn(RUN, () => action.body(state as never));
    return { compiled, plain: text(toValue(state)) };
  } catch (error) {
    return { compiled, plain: error instanceof StepNotPossible ? '' : 'fails' };
  } finally {
    globalThis.Set = ordinary;
  }
}

/** Bodies here make no choice, and there are no processes. */
const RUN: Run = {
  choose() {
    throw new Error('a body here makes no choice');
  },
  valuesOf: (schema) => [...valuesOf(schemaDomain(schema))].map(fromValue),
  labelOf: () => '',
  localOf: () => undefined,
  enabled: () => false,
};
