import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compile, type CompiledSpec } from '../../dsl/compiler/compile.ts';
import type { System } from '../../dsl/ir/index.ts';

/** A model declared in a file of `specs/`. */
export interface SpecModel {
  /** Without folder `specs/` and `.ts`: `classic/peterson`. */
  readonly file: string;
  readonly path: string;
  readonly model: string;
  /** @throws Error when the model is rejected. */
  readonly system: () => System;
}

const ROOT = fileURLToPath(new URL('../../specs/', import.meta.url));

/**
 * Every model of the project's own specs, in the order of files and declarations. Types are not checked: the project's
 * own type check covers `specs/`.
 *
 * @param only - of the files whose names match; reading a file costs a good part of a second.
 * @throws Error when a file is rejected.
 */
export function specModels(only = /(?:)/): readonly SpecModel[] {
  const files = specFiles().filter((file) => only.test(file));
  return files.flatMap((file) => {
    const path = `${ROOT}${file}.ts`;
    const { specs, diagnostics } = compile(path, { typecheck: false });
    if (diagnostics.length > 0) throw new Error(`${file}: ${diagnostics.map(({ message }) => message).join('; ')}`);
    return specs.flatMap((spec) =>
      spec.models.map(({ name }) => ({ file, path, model: name, system: once(() => systemOf(spec, name)) })),
    );
  });
}

const SAME_STEPS = /^vmm-drv\/models\/(?!one-ring$|report$|findings$)/;

/** Whether a model has the steps that others have too, in a larger instance or another combination. */
export function hasStepsOfOthers({ file }: SpecModel): boolean {
  return SAME_STEPS.test(file);
}

/** A large spec takes a while to instantiate, and several tests ask for the same model. */
function once<Result>(make: () => Result): () => Result {
  let made: { readonly result: Result } | undefined;
  return () => (made ??= { result: make() }).result;
}

/** Files that declare models; the others are parts of specs. */
function specFiles(): readonly string[] {
  return readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && /\.model\(/.test(readFileSync(ROOT + name, 'utf8')))
    .map((name) => name.replaceAll('\\', '/').replace(/\.ts$/, ''))
    .sort();
}

function systemOf(spec: CompiledSpec, model: string): System {
  const { system, diagnostics } = spec.instantiate(model);
  if (system === undefined) throw new Error(`${model}: ${diagnostics.map(({ message }) => message).join('; ')}`);
  return system;
}
