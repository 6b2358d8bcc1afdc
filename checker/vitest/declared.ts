import { existsSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Declared } from '../../dsl/compiler/compilation.ts';
import { definitionOf } from '../../dsl/language/definition.ts';
import type { Declaration, SpecDefinition } from '../../dsl/language/definition.ts';
import type { OpenedSpec, Session } from '../cli/session.ts';
import { problem } from './problem.ts';

/** A model that a test asks about: as its module was evaluated by the test runner. */
export interface AskedModel {
  /** By absolute path. */
  readonly file: string;
  readonly spec: SpecDefinition;
  /** Undefined: the only one of a spec that declares none. */
  readonly model: Declaration | undefined;
}

/** The model that a value is, or the spec whose only model is meant; undefined for all else. */
export function askedModel(value: unknown): AskedModel | undefined {
  const definition = definitionOf(value);
  if (definition?.kind === 'model') {
    return { file: fileOf(definition.file), spec: definition.spec, model: definition };
  }
  return definition?.kind === 'spec'
    ? { file: fileOf(definition.file), spec: definition, model: undefined }
    : undefined;
}

/** @throws Error where the engine does not say which file it was. */
function fileOf(called: string | undefined): string {
  const path = called?.startsWith('file:') === true ? fileURLToPath(called) : called?.replace(/\?.*$/s, '');
  if (path === undefined || !existsSync(path)) {
    throw problem(`the file of the spec cannot be told${called === undefined ? '' : `: it is called ${called}`}`);
  }
  return realpathSync(path);
}

/** A spec that was compiled, and the model of it that was asked about. */
interface FoundModel {
  readonly spec: OpenedSpec;
  readonly name: string;
}

/**
 * Finds a model in its file.
 *
 * @throws Error where the file is rejected, or compiling it has not found the same models as the test runner has.
 */
export async function findModel(session: Session, { file, spec, model }: AskedModel): Promise<FoundModel> {
  const opened = await session.open(file);
  if (opened.rejected !== undefined) throw problem(`${opened.path} was rejected\n\n${opened.rejected}`);
  const [compiled, ...others] = opened.specs.filter(({ name }) => name === spec.name);
  if (compiled === undefined) throw problem(`there is no spec called ${spec.name} in ${opened.path}`);
  if (others.length > 0) throw problem(`several specs in ${opened.path} are called ${spec.name}: rename them`);
  if (model !== undefined) return { spec: compiled, name: nameOf(model, compiled) };
  const [only, ...more] = compiled.models;
  if (only === undefined || more.length > 0) {
    throw problem(`${spec.name} has the models ${compiled.models.join(', ')}: expect something of one of them`);
  }
  return { spec: compiled, name: only };
}

/**
 * The name of something that is declared on a spec: what stands at the same place among those of its kind and its file.
 *
 * @throws Error where there is no such.
 */
export function nameOf(declaration: Declaration, compiled: OpenedSpec): string {
  const isLike = (one: Pick<Declared, 'kind' | 'file'>): boolean =>
    one.kind === declaration.kind && sameFile(one.file, declaration.file);
  const at = declaration.spec.declarations.filter(isLike).indexOf(declaration);
  const name = compiled.declared.filter(isLike)[at]?.name;
  if (name === undefined || name === '') {
    throw problem(`there is a ${declaration.kind} of ${compiled.name} that no const at the top of its file holds`);
  }
  return name;
}

function sameFile(left: string | undefined, right: string | undefined): boolean {
  if (left === right) return true;
  return left !== undefined && right !== undefined && fileOf(left) === fileOf(right);
}
