import type { Expression, Formula } from '../ir/index.ts';

/** A local that an expression or formula uses without declaring it, with the first place that does. */
type Free = Extract<Expression, { kind: 'local' }>;

/** The locals that an expression or formula uses and does not declare itself, by name. Names are unique in a unit. */
export function freeLocals(whole: Expression | Formula): ReadonlyMap<string, Free> {
  const used = new Map<string, Free>();
  const declared = new Set<string>();
  const go = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(go);
    if (typeof node !== 'object' || node === null) return;
    const { kind, name } = node as { kind?: unknown; name?: unknown };
    if (kind === 'local' && typeof name === 'string') used.set(name, used.get(name) ?? (node as Free));
    if (kind === 'let' && typeof name === 'string') declared.add(name);
    for (const [key, part] of Object.entries(node)) {
      if (BINDERS.has(key) && typeof part === 'string') declared.add(part);
      else if (!OPAQUE.has(key) && !(key === 'value' && (kind === 'literal' || kind === 'parameter'))) go(part);
    }
  };
  go(whole);
  for (const name of declared) used.delete(name);
  return used;
}

const BINDERS: ReadonlySet<string> = new Set(['binder', 'indexBinder', 'accumulator']);
const OPAQUE: ReadonlySet<string> = new Set(['span', 'type', 'domain']);
