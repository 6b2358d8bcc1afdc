// Names of locals are unique within an action or predicate, so what an author calls `r` twice has two names in the IR. Where
// a part of the IR is shown to people it is called `r` both times, as in the source.
import { partsOf } from './fold.ts';
import type { Node } from './fold.ts';
import type { Statement } from './effect.ts';

/** A name that the compiler has made of `name`: it is the `number`th of that name. Its opposite is {@link authorsName}. */
export function numberedName(name: string, number: number): string {
  return `${name}_${number}`;
}

const NUMBER = /_(?:[2-9]|[1-9]\d+)$/;

/** Whether a name that an author has chosen looks as if it were a numbered one. */
export function looksNumbered(name: string): boolean {
  return NUMBER.test(name);
}

/** What the author calls a binder or another local of a body; of an action's argument its name is the author's. */
export function authorsName(local: string): string {
  return local.replace(NUMBER, '');
}

/**
 * A part of the IR in which binders and other locals are called as their author calls them, but where that would mean
 * something else: a function that is written out in several places can have one `r` within the scope of another.
 *
 * The result is for people: names are no longer unique in it.
 */
export function withAuthorsNames<Part extends Node>(node: Part): Part {
  return renamed(node, new Map()) as Part;
}

/** {@link withAuthorsNames} of the statements of one body. */
export function bodyWithAuthorsNames(body: readonly Statement[]): readonly Statement[] {
  return renamedList(body, new Map()) as readonly Statement[];
}

/** By name in the IR, what locals in scope are called. */
type Names = ReadonlyMap<string, string>;

function renamed(part: unknown, names: Names): unknown {
  if (Array.isArray(part)) return renamedList(part, names);
  if (typeof part !== 'object' || part === null) return part;
  const node = part as Node;
  if (node.kind === 'literal' || node.kind === 'parameter') return part;
  if (node.kind === 'local') return { ...node, name: names.get(node.name) ?? node.name };
  if (node.kind === 'evaluate') {
    const [result, ...body] = [...renamedList([...node.body, node.result], names)].reverse();
    return { ...node, body: body.reverse(), result };
  }
  const own = bindersOf(node);
  const inner = own.length === 0 || !('body' in node) ? names : withNames(own, [node.body].flat(), names);
  return Object.fromEntries(
    Object.entries(part).map(([key, value]): [string, unknown] => {
      if (OPAQUE.has(key)) return [key, value];
      if (BINDERS.has(key)) return [key, inner.get(value as string) ?? value];
      return [key, renamed(value, key === 'body' ? inner : names)];
    }),
  );
}

/** Statements: each sees what those before it have declared. */
function renamedList(list: readonly unknown[], names: Names): readonly unknown[] {
  let known = names;
  return list.map((part, index) => {
    const declared = declaredBy(part);
    if (declared === undefined) return renamed(part, known);
    const before = renamed(part, known) as Record<string, unknown>;
    known = withNames([declared], list.slice(index + 1) as Node[], known);
    return { ...before, name: known.get(declared) };
  });
}

function declaredBy(part: unknown): string | undefined {
  const node = part as Node | undefined;
  return node?.kind === 'let' || node?.kind === 'choose' ? node.name : undefined;
}

/** The names with those of locals whose scope is given: their author's, where nothing in there is called so already. */
function withNames(own: readonly string[], scope: readonly Node[], names: Names): Names {
  const taken = new Set<string>();
  for (const node of scope)
    for (const name of localsIn(node)) if (!own.includes(name)) taken.add(names.get(name) ?? name);
  const known = new Map(names);
  for (const name of own) {
    const told = authorsName(name);
    const isFree = !taken.has(told) && !own.some((other) => other !== name && other === told);
    known.set(name, isFree ? told : name);
    taken.add(known.get(name)!);
  }
  return known;
}

/** The names of all locals that are used or declared in a node. */
function localsIn(node: Node): readonly string[] {
  const used = node.kind === 'local' ? [node.name] : [];
  const assigned = node.kind === 'assign' && node.target.root.kind === 'local' ? [node.target.root.name] : [];
  const declared = declaredBy(node);
  return [
    ...used,
    ...assigned,
    ...bindersOf(node),
    ...(declared === undefined ? [] : [declared]),
    ...partsOf(node).flatMap(localsIn),
  ];
}

function bindersOf(node: Node): readonly string[] {
  const names = node as unknown as Readonly<Record<string, string | undefined>>;
  return [...BINDERS].flatMap((key) => (typeof names[key] === 'string' ? [names[key]] : []));
}

const BINDERS = new Set(['binder', 'indexBinder', 'accumulator']);

/** Domains and spans have no names in them. */
const OPAQUE = new Set(['type', 'domain', 'span']);
