import { authorsName, numberedName } from '../ir/authors-names.ts';
import { innerLists } from '../ir/fold.ts';
import type { Statement } from '../ir/index.ts';

/**
 * Statements with other names for their locals and blocks. Goes by the shape of the nodes, which all keep names in the
 * same fields.
 *
 * @param names - new names by old ones; names that are not in it stay.
 */
export function renameLocals(statements: readonly Statement[], names: ReadonlyMap<string, string>): Statement[] {
  const rename = (name: unknown): unknown => (typeof name === 'string' ? (names.get(name) ?? name) : name);
  const go = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(go);
    if (typeof node !== 'object' || node === null) return node;
    const made: Record<string, unknown> = {};
    const { kind } = node as { kind?: unknown };
    for (const [key, part] of Object.entries(node)) {
      if (OPAQUE.has(key) || (key === 'value' && (kind === 'literal' || kind === 'parameter'))) made[key] = part;
      else if (NAMES.has(key) || (key === 'name' && NAMED.has(kind)) || (key === 'label' && JUMPS.has(kind))) {
        made[key] = rename(part);
      } else made[key] = go(part);
    }
    return made;
  };
  return go(statements) as Statement[];
}

/** Names like those given that are not taken, by the ones given; they are taken from then on. */
export function freshNames(wanted: Iterable<string>, taken: Set<string>): Map<string, string> {
  const fresh = new Map<string, string>();
  for (const name of wanted) {
    let made = name;
    for (let number = 2; taken.has(made); number += 1) made = numberedName(authorsName(name), number);
    taken.add(made);
    fresh.set(name, made);
  }
  return fresh;
}

/** The names of all locals and blocks that statements declare. */
export function namesIn(statements: readonly Statement[]): Set<string> {
  const names = new Set<string>();
  const go = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(go);
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
    const { kind } = node as { kind?: unknown };
    for (const [key, part] of Object.entries(node)) {
      if (OPAQUE.has(key) || (key === 'value' && (kind === 'literal' || kind === 'parameter'))) continue;
      const declares =
        NAMES.has(key) || (key === 'name' && DECLARING.has(kind)) || (key === 'label' && kind === 'block');
      if (declares && typeof part === 'string') names.add(part);
      else go(part);
    }
  };
  go(statements);
  return names;
}

/** Domains and spans have no locals in them. */
const OPAQUE = new Set(['type', 'domain', 'span']);
const NAMES = new Set(['binder', 'indexBinder', 'accumulator']);
const NAMED = new Set<unknown>(['local', 'let', 'choose']);
const DECLARING = new Set<unknown>(['let', 'choose']);
const JUMPS = new Set<unknown>(['block', 'exit']);

/** How often each local is read or assigned into. */
export function usesOfLocals(statements: readonly Statement[]): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  const go = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(go);
    else if (typeof node === 'object' && node !== null) {
      const { kind, name } = node as { kind?: unknown; name?: unknown };
      if (kind === 'local' && typeof name === 'string') uses.set(name, (uses.get(name) ?? 0) + 1);
      for (const [key, part] of Object.entries(node)) {
        if (!OPAQUE.has(key) && !(key === 'value' && (kind === 'literal' || kind === 'parameter'))) go(part);
      }
    }
  };
  go(statements);
  return uses;
}

/** The statements without those that `drop` is true of, at any depth. */
export function without(statements: readonly Statement[], drop: (statement: Statement) => boolean): Statement[] {
  return replaceStatements(statements, (statement) => (drop(statement) ? undefined : statement));
}

/**
 * The statements as `change` wants them, at any depth, wholes before their parts; undefined: not at all; several: as they
 * are.
 */
export function replaceStatements(
  statements: readonly Statement[],
  change: (statement: Statement) => Statement | readonly Statement[] | undefined,
): Statement[] {
  const all = (inner: readonly Statement[]): Statement[] => replaceStatements(inner, change);
  return statements.flatMap((before): Statement[] => {
    const statement = change(before);
    if (statement === undefined) return [];
    if (isSeveral(statement)) return [...statement];
    switch (statement.kind) {
      case 'if':
        return [{ ...statement, whenTrue: all(statement.whenTrue), whenFalse: all(statement.whenFalse) }];
      case 'for':
      case 'loop':
      case 'block':
        return [{ ...statement, body: all(statement.body) }];
      case 'either':
        return [{ ...statement, branches: statement.branches.map(all) }];
      default:
        return [statement];
    }
  });
}

/** The statements with the chosen arm of each `if` whose condition is `true` or `false` in its place. */
export function withoutChoices(statements: readonly Statement[]): Statement[] {
  return replaceStatements(statements, (statement) => {
    if (statement.kind !== 'if' || statement.condition.kind !== 'literal') return statement;
    return withoutChoices(statement.condition.value === true ? statement.whenTrue : statement.whenFalse);
  });
}

function isSeveral(changed: Statement | readonly Statement[]): changed is readonly Statement[] {
  return Array.isArray(changed);
}

/**
 * The statements as a block that `exit` leaves; without the exits that go where control goes anyway, and without the
 * block when none is left.
 */
export function asBlock(label: string, statements: readonly Statement[], span: Statement['span']): Statement[] {
  const body = withoutLastExit(label, statements);
  return exits(label, body) ? [{ kind: 'block', label, body, span }] : body;
}

function withoutLastExit(label: string, statements: readonly Statement[]): Statement[] {
  const last = statements[statements.length - 1];
  if (last === undefined) return [];
  const before = statements.slice(0, -1);
  switch (last.kind) {
    case 'exit':
      return last.label === label ? withoutLastExit(label, before) : [...statements];
    case 'if': {
      const whenTrue = withoutLastExit(label, last.whenTrue);
      const whenFalse = withoutLastExit(label, last.whenFalse);
      return [...before, { ...last, whenTrue, whenFalse }];
    }
    case 'block': {
      const body = withoutLastExit(label, last.body);
      return [...before, ...asBlock(last.label, body, last.span)];
    }
    default:
      return [...statements];
  }
}

function exits(label: string, statements: readonly Statement[]): boolean {
  return statements.some(
    (statement) =>
      (statement.kind === 'exit' && statement.label === label) ||
      innerLists(statement).some((inner) => exits(label, inner)),
  );
}

/**
 * What follows an `if` of which one branch never gets past it stands in the other branch instead: then exits are the last
 * thing that happens, and can go.
 */
export function nestAfterExits(statements: readonly Statement[]): Statement[] {
  const [first, ...rest] = statements;
  if (first === undefined) return [];
  const after = nestAfterExits(rest);
  switch (first.kind) {
    case 'exit':
      return [first]; // nothing gets past it
    case 'if': {
      const whenTrue = nestAfterExits(first.whenTrue);
      const whenFalse = nestAfterExits(first.whenFalse);
      if (after.length > 0 && leaves(whenTrue)) return [{ ...first, whenTrue, whenFalse: [...whenFalse, ...after] }];
      if (after.length > 0 && leaves(whenFalse)) return [{ ...first, whenTrue: [...whenTrue, ...after], whenFalse }];
      return [{ ...first, whenTrue, whenFalse }, ...after];
    }
    case 'block':
      return [...asBlock(first.label, nestAfterExits(first.body), first.span), ...after];
    case 'for':
    case 'loop':
      return [{ ...first, body: nestAfterExits(first.body) }, ...after];
    case 'either':
      return [{ ...first, branches: first.branches.map(nestAfterExits) }, ...after];
    default:
      return [first, ...after];
  }
}

/** Whether control never gets past the statements. */
function leaves(statements: readonly Statement[]): boolean {
  const last = statements[statements.length - 1];
  if (last === undefined) return false;
  if (last.kind === 'exit') return true;
  return last.kind === 'if' && leaves(last.whenTrue) && leaves(last.whenFalse);
}
