import type { Domain, Schema, System } from '../ir/index.ts';
import { cardinality } from '../ir/index.ts';
import { docOf } from './declaration.ts';
import { isSchema } from './host-value.ts';
import type { Loaded } from './load.ts';
import { isDiagnostic, lowerDomain } from './lower-domain.ts';
import { spanOf, type Sources } from './source.ts';

/**
 * The schemas of objects, unions of objects and enums that have a name at the top level of a module, each once: of two
 * names for one domain the first. Sets of ids have the sizes of the spec that is active. What is no finite domain is
 * reported where it is used, not here.
 */
export function schemasOf(sources: Sources, loaded: Loaded): Pick<System, 'schemas'> {
  const found = new Map<string, Schema>();
  for (const module of sources.modules) {
    if (module.own) continue;
    const values = loaded.valuesOf(module);
    for (const [name, top] of module.scope) {
      if (top.kind !== 'variable' || !isSchema(values[name])) continue;
      const span = spanOf(module.file, top.declaration.name);
      const domain = lowerDomain(values[name], name, span);
      if (isDiagnostic(domain) || !isNamed(domain) || cardinality(domain) === 0) continue;
      const key = JSON.stringify(domain);
      const declaration = spanOf(module.file, top.declaration);
      if (!found.has(key)) found.set(key, { name, doc: docOf(top.declaration), span, declaration, domain });
    }
  }
  return found.size === 0 ? {} : { schemas: [...found.values()] };
}

/** Domains that are more than a word: a name says something of them. */
function isNamed(domain: Domain): boolean {
  return domain.kind === 'object' || domain.kind === 'variant' || (domain.kind === 'enum' && 1 < domain.values.length);
}
