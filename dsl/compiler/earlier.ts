import type { ts as TS } from 'ts-morph';
import type { System } from '../ir/index.ts';
import type { Earlier, Instantiated } from './compilation.ts';
import type { SpecSource } from './declaration.ts';
import { type Files, textOf } from './files.ts';
import { modelOf } from './lower-model.ts';
import { declarationOf, type Sources } from './source.ts';
import { ts } from './typescript.ts';

/**
 * Whether of all that an earlier compilation has read nothing has changed but the file that is compiled, and that is
 * nothing to the others: what TypeScript said of them, and what they are evaluated to, is as it was.
 */
export function isAllTheSameBut(sources: Sources, earlier: Earlier, from: Files): boolean {
  const {
    modules: [entry],
    files,
    inputs,
  } = sources;
  const isEntry = ({ path }: { readonly path: string }): boolean => path === entry?.path;
  const before = new Map(earlier.inputs.read.map(({ path, text }) => [path, text]));
  const [, ...others] = files;
  return (
    hasOnlyModels(sources) &&
    inputs.isComplete &&
    earlier.inputs.isComplete &&
    JSON.stringify(others) === JSON.stringify(earlier.files.slice(1)) &&
    JSON.stringify(inputs.absent) === JSON.stringify(earlier.inputs.absent) &&
    inputs.read.every((one) => isEntry(one) || before.get(one.path) === one.text) &&
    // Some of it is only read when types are checked.
    earlier.inputs.read.every((one) => isEntry(one) || textOf(from, one.path) === one.text)
  );
}

/**
 * All that the system of a model depends on besides the files that are imported, if it is so little: the values that
 * parameters were given. Undefined where more than models stands in the file, or the values are more than plain data.
 */
export function basisOf(sources: Sources, spec: SpecSource, given: ReadonlyMap<string, unknown>): string | undefined {
  const values = [...given];
  if (!isPlain(values) || !hasOnlyModels(sources, spec.node)) return undefined;
  return JSON.stringify([spec.definition.name, values]);
}

/** An earlier answer as that about a model which differs at most in what is expected of it; undefined where it cannot be. */
export function answerFor(
  model: SpecSource['parts'][number],
  spec: SpecSource,
  { files }: Sources,
  { system: before, diagnostics }: Instantiated,
): Instantiated | undefined {
  if (before === undefined) return undefined;
  const names = new Map(spec.parts.map(({ declaration, name }) => [declaration, name]));
  let isRight = true;
  const said = modelOf(model, spec, names, () => (isRight = false));
  const system: System = { ...before, files, model: said };
  return isRight ? { system, diagnostics } : undefined;
}

/**
 * Whether nothing stands in the file that is compiled but imports and models of specs that are declared elsewhere, and
 * what these are given is written down: evaluating it changes nothing of what other files have made.
 *
 * @param spec - the declaration of the only spec that they may be of.
 */
function hasOnlyModels({ modules: [entry, ...others] }: Sources, spec?: TS.Node): boolean {
  if (entry === undefined || others.some(({ imports }) => [...imports.values()].includes(entry))) return false;
  const isOfSpec = (name: TS.Expression): boolean => {
    const found = ts.isIdentifier(name) ? declarationOf(entry, name.text) : undefined;
    if (found?.kind !== 'declared' || found.module === entry || !('declaration' in found.top)) return false;
    return spec === undefined || found.top.declaration === spec;
  };
  const isModel = ({ name, initializer: call }: TS.VariableDeclaration): boolean =>
    ts.isIdentifier(name) &&
    call !== undefined &&
    ts.isCallExpression(call) &&
    ts.isPropertyAccessExpression(call.expression) &&
    call.expression.name.text === 'model' &&
    isOfSpec(call.expression.expression) &&
    call.arguments.every(isWrittenDown);
  return entry.syntax.statements.every(
    (statement) =>
      ts.isImportDeclaration(statement) ||
      (ts.isVariableStatement(statement) && statement.declarationList.declarations.every(isModel)),
  );
}

/** Whether working out an expression does nothing and asks nothing but names. */
function isWrittenDown(node: TS.Expression): boolean {
  if (ts.isArrayLiteralExpression(node)) return node.elements.every(isWrittenDown);
  if (ts.isObjectLiteralExpression(node)) {
    return node.properties.every(
      (one) =>
        ts.isShorthandPropertyAssignment(one) ||
        (ts.isPropertyAssignment(one) && !ts.isComputedPropertyName(one.name) && isWrittenDown(one.initializer)),
    );
  }
  return ts.isLiteralExpression(node) || ts.isIdentifier(node) || WORDS.has(node.kind);
}

const WORDS: ReadonlySet<TS.SyntaxKind> = new Set([
  ts.SyntaxKind.TrueKeyword,
  ts.SyntaxKind.FalseKeyword,
  ts.SyntaxKind.NullKeyword,
]);

/** Whether JSON says all of it. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  if (typeof value !== 'object') return typeof value === 'string' || typeof value === 'boolean';
  if (value === null) return true;
  const isOrdinary = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  return (
    isOrdinary && Reflect.ownKeys(value).every((key) => typeof key === 'string') && Object.values(value).every(isPlain)
  );
}
