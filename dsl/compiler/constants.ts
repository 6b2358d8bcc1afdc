import type { ts as TS } from 'ts-morph';
import type * as z from 'zod';
import { constantRefused } from '../diagnostics/catalog.ts';
import type { Span } from '../diagnostics/span.ts';
import { isArray, SetValue, valuesOf, type Constant, type Value } from '../ir/index.ts';
import { valuesOfIds } from '../language/activate.ts';
import type { IdsDefinition } from '../language/definition.ts';
import { declarationOf, docOf, literalOf, propertyOf, type SpecSource } from './declaration.ts';
import { completed, typeOfFixed, type Fixed, type IdSets, type Tables } from './fixed.ts';
import { constantValue, notConstant } from './host-value.ts';
import type { Loaded } from './load.ts';
import { isDiagnostic, lowerDomain } from './lower-domain.ts';
import { spanOf } from './source.ts';
import type { ModelContext } from './unit.ts';

/** Gives what is fixed its type. */
export type Typing = (name: string, value: Value) => Fixed;

export function typing(sets: readonly IdsDefinition[], tables: Tables): Typing {
  const domains: IdSets = sets.map((set) => ({ kind: 'ids', name: set.name, values: valuesOfIds(set) }));
  return (name, value) => {
    const type = typeOfFixed(domains, tables, name, value);
    return { value: completed(value, type), type };
  };
}

/** The constants of a model, each where it is written as far as that can be seen; reports those that are no values. */
export function constantsOf(
  spec: SpecSource,
  options: TS.Expression | undefined,
  given: Readonly<Record<string, unknown>>,
  { typed, report }: { readonly typed: Typing; readonly report: ModelContext['report'] },
): Constant[] {
  const literal = literalOf(propertyOf(options, 'constants'));
  return Object.entries(given).flatMap(([name, computed]): Constant[] => {
    const node = propertyOf(literal, name);
    const span = node ? spanOf(spec.module.file, node.name ?? node) : constantsSpan(spec, options);
    const wrong = notConstant(computed, name);
    if (wrong !== undefined) {
      report(constantRefused(span, wrong.path, wrong.found));
      return [];
    }
    const { value, type } = typed(name, constantValue(computed)!.value);
    return [{ name, doc: node ? docOf(node) : '', span, ...declarationOf(spec, node), value, domain: type }];
  });
}

function constantsSpan(spec: SpecSource, options: TS.Expression | undefined): Span {
  const node = propertyOf(options, 'constants');
  return node === undefined ? spec.span : spanOf(spec.module.file, node.name ?? node);
}

/** Where something was thrown while the constants were computed. */
export function thrownAt(loaded: Loaded, spec: SpecSource, options: TS.Expression | undefined, thrown: unknown): Span {
  return loaded.placeOf(thrown) ?? constantsSpan(spec, options);
}

/** The values of a schema as JavaScript has them, for words that are used while constants are computed. */
export function hostValuesOf(schema: z.core.$ZodType): unknown[] {
  const domain = lowerDomain(schema, 'it', { file: 0, start: 0, end: 0 });
  if (isDiagnostic(domain)) throw new TypeError(domain.message);
  return [...valuesOf(domain)].map(hostOf);
}

function hostOf(value: Value): unknown {
  if (value instanceof SetValue) return new Set(value.elements.map(hostOf));
  if (isArray(value)) return value.map(hostOf);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, hostOf(part)]));
}
