import { rewriteStatements } from '../../ir/fold.ts';
import type { Domain, Expression, Place, Statement, Value } from '../../ir/index.ts';
import { cardinality, contains, equalValues, valuesOf } from '../../ir/index.ts';
import { setPart } from '../../ir/part.ts';
import { isSubdomain } from '../subdomain.ts';
import { heldAt, partType, withHeld, withLocal, rootOf } from './environment.ts';
import type { Environment } from './environment.ts';
import type { Scope } from './scope.ts';
import { MAX_LISTED } from './collection.ts';
import { valueOf } from './expression.ts';
import { canFail } from './failure.ts';
import { fitsWithin } from './fit.ts';
import { withFilter } from './gather.ts';
import type { Node } from './node.ts';
import { infix, inline, junction, operand, PRECEDENCE, text } from './node.ts';
import type { Held, Segment } from './place.ts';
import { assigned, part, selected, whole } from './place.ts';
import { childrenOf, expressionsIn, foreignExits, rootKey, rootsOf, rootsRead } from './statement.ts';
import { valueOfStatements } from './step.ts';

type Loop = Statement & { readonly kind: 'for' };
type Assignment = Statement & { readonly kind: 'assign' };

/**
 * What a loop leaves behind, said without counting its rounds: where no round sees what another one did, a record or array
 * is one function over all its keys, and a set one set. Each root is looked at by itself.
 *
 * @returns what is held then, and what of the body is still to be done round by round; undefined when that is all of it.
 */
export function withoutRounds(
  scope: Scope,
  environment: Environment,
  loop: Loop,
): { readonly environment: Environment; readonly rest: readonly Statement[] } | undefined {
  if (loop.indexBinder !== undefined || foreignExits(loop.body).length > 0 || !isPlain(loop.body)) return undefined;
  const roots = rootsOf(loop.body).filter((root) => heldAt(environment, root) !== undefined);
  if (rootsRead(loop.over).some((root) => roots.includes(root))) return undefined;
  const about = (some: readonly string[]): readonly Statement[] => aboutRoots(loop.body, roots, some);
  const read = new Map(roots.map((root) => [root, readIn(about([root]))]));
  let after = environment;
  const left: string[] = [];
  for (const root of roots) {
    const isApart = roots.every(
      (other) => other === root || !(read.get(root)!.has(other) || read.get(other)!.has(root)),
    );
    const body = about([root]);
    const value = isApart
      ? (asFunction(scope, environment, loop, root, body) ?? asSet(scope, environment, loop, root, body))
      : undefined;
    if (value === undefined) left.push(root);
    else after = withHeld(after, root, value);
  }
  return left.length === roots.length ? undefined : { environment: after, rest: left.length === 0 ? [] : about(left) };
}

const PLAIN: ReadonlySet<Statement['kind']> = new Set(['let', 'if', 'block', 'exit']);

/** Only assignments and conditions, and nothing but an assignment can fail. */
function isPlain(body: readonly Statement[]): boolean {
  return body.every(
    (statement) =>
      statement.kind === 'assign' ||
      (PLAIN.has(statement.kind) && !expressionsIn(statement).some(canFail) && isPlain(childrenOf(statement))),
  );
}

/** The body without the assignments to other roots than `some`. */
function aboutRoots(
  body: readonly Statement[],
  roots: readonly string[],
  some: readonly string[],
): readonly Statement[] {
  return body.flatMap((statement): Statement[] => {
    if (statement.kind === 'assign') {
      const root = rootKey(statement.target);
      return !roots.includes(root) || some.includes(root) ? [statement] : [];
    }
    if (statement.kind === 'block') return [{ ...statement, body: aboutRoots(statement.body, roots, some) }];
    if (statement.kind !== 'if') return [statement];
    const whenTrue = aboutRoots(statement.whenTrue, roots, some);
    const whenFalse = aboutRoots(statement.whenFalse, roots, some);
    return whenTrue.length + whenFalse.length === 0 ? [] : [{ ...statement, whenTrue, whenFalse }];
  });
}

function readIn(body: readonly Statement[]): ReadonlySet<string> {
  const read = body.flatMap((statement) => [
    ...expressionsIn(statement).flatMap(rootsRead),
    ...readIn(childrenOf(statement)),
  ]);
  return new Set(read);
}

function assignmentsIn(body: readonly Statement[]): readonly Assignment[] {
  return body.flatMap((statement) =>
    statement.kind === 'assign' ? [statement] : assignmentsIn(childrenOf(statement)),
  );
}

/** `place[k] = …` for the `k` of each round: one function, whose entry is what the body makes of the old one. */
function asFunction(
  scope: Scope,
  environment: Environment,
  loop: Loop,
  root: string,
  body: readonly Statement[],
): Held | undefined {
  const all = assignmentsIn(body);
  const targets = all.map(({ target }) => target).filter((target) => rootKey(target) === root);
  const [first] = targets;
  const fields = first && fieldsBefore(first, loop.binder);
  if (first === undefined || fields === undefined) return undefined;
  if (targets.some((target) => fieldsBefore(target, loop.binder)?.join('.') !== fields.join('.'))) return undefined;
  if (all.some(({ target, value }) => canFail(value) || !fitsWithin(value, target.domain))) return undefined;
  const known = knownType(scope, environment, root);
  const type = known && fields.reduce((so, field) => partType(so, field), known);
  const keys = type && keysOf(scope, type);
  const { over: source, conditions } = withFilter(loop.over, loop.binder);
  if (conditions.some(canFail)) return undefined;
  const over = keys && elementsOf(scope, environment, source);
  if (type === undefined || keys === undefined || over === undefined || !over.areIn(keys.domain)) return undefined;

  const inner: Scope = { ...scope, names: scope.names.inner() };
  const binder = inner.names.takeLocal(loop.binder);
  const key = keys.valueOf(text(binder));
  const path = fields.map((name): Segment => ({ kind: 'field', name }));
  let isWritten = true;
  const before = part(heldAt(environment, root)!, path, () => (isWritten = false));
  if (!isWritten) return undefined;
  const old = entryOf(before) ?? selected(before, [{ kind: 'index', node: text(binder), isConstant: false }]);
  const entry = `${loop.binder}.entry`; // no name in the IR has a dot
  const rewritten = aboutEntry(body, root, fields, loop.binder, entry);
  if (readIn(rewritten).has(root)) return undefined;
  const inside = withLocal(withLocal(environment, loop.binder, key), entry, old, partType(type, undefined));
  const made = valueOfStatements(inner, inside, rewritten, (_, ended) => whole(heldAt(ended, `local ${entry}`)!));
  const asked = [
    ...(over.include(keys.domain) ? [] : [infix(key, '\\in', over.set, PRECEDENCE.comparison)]),
    ...conditions.map((one) => valueOf(inner, inside, one)),
  ];
  const chosen: Node =
    asked.length === 0 ? made : { kind: 'if', condition: junction('/\\', asked), yes: made, no: old };
  const content = `[${binder} \\in ${inline(keys.set)} |-> ${inline(chosen)}]`;
  return assigned(heldAt(environment, root)!, path, text(content));
}

/** `if (condition) set.add(element)`: the old set and one comprehension. */
function asSet(
  scope: Scope,
  environment: Environment,
  loop: Loop,
  root: string,
  body: readonly Statement[],
): Held | undefined {
  const [only, ...others] = body;
  if (only === undefined || others.length > 0) return undefined;
  const [inside, ...more] = only.kind === 'if' ? only.whenTrue : [only];
  if (inside?.kind !== 'assign' || more.length > 0 || (only.kind === 'if' && only.whenFalse.length > 0))
    return undefined;
  const { target, value } = inside;
  const fields = target.path.flatMap((segment) => (segment.kind === 'field' ? [segment.name] : []));
  const isUnion = value.kind === 'operation' && value.operator === 'union';
  const [old, added] = isUnion ? value.operands : [];
  if (fields.length < target.path.length || old === undefined || added?.kind !== 'set') return undefined;
  const [element, ...surplus] = added.elements;
  if (element === undefined || surplus.length > 0 || !isPlace(old, root, fields)) return undefined;
  if (canFail(element) || !fitsWithin(value, target.domain)) return undefined;
  const condition = only.kind === 'if' ? only.condition : undefined;
  if ([element, ...(condition === undefined ? [] : [condition])].some((one) => rootsRead(one).includes(root)))
    return undefined;
  const over = elementsOf(scope, environment, loop.over);
  if (over === undefined) return undefined;

  const inner: Scope = { ...scope, names: scope.names.inner() };
  const binder = inner.names.takeLocal(loop.binder);
  const entered = withLocal(environment, loop.binder, text(binder));
  const elementNode = inline(valueOf(inner, entered, element));
  const set = operand(over.set, PRECEDENCE.comparison);
  const chosen =
    condition === undefined
      ? over.set
      : text(`{${binder} \\in ${set} : ${inline(valueOf(inner, entered, condition))}}`);
  const made =
    elementNode === binder
      ? chosen
      : text(`{${elementNode} : ${binder} \\in ${operand(chosen, PRECEDENCE.comparison)}}`);
  const path = fields.map((name): Segment => ({ kind: 'field', name }));
  let isWritten = true;
  const before = part(heldAt(environment, root)!, path, () => (isWritten = false));
  if (!isWritten) return undefined;
  const joined = inline(before) === '{}' ? made : infix(before, '\\cup', made, PRECEDENCE.set);
  return assigned(heldAt(environment, root)!, path, joined);
}

/** The fields that lead to the index of this name; undefined for another path. */
function fieldsBefore({ path }: Place, binder: string): readonly string[] | undefined {
  const at = path.findIndex((segment) => segment.kind === 'index');
  const segment = path[at];
  const isHere = segment?.kind === 'index' && segment.index.kind === 'local' && segment.index.name === binder;
  return isHere ? path.slice(0, at).map((one) => (one as { readonly name: string }).name) : undefined;
}

function knownType(scope: Scope, environment: Environment, root: string): Domain | undefined {
  const { kind, name } = rootOf(root);
  if (kind === 'local') return environment.types.get(name);
  return scope.module.system.variables.find((variable) => variable.name === name)!.domain;
}

/** The keys of a record or of an array that is always as long, and the language's own index for each. */
function keysOf(
  scope: Scope,
  type: Domain,
): { readonly domain: Domain; readonly set: Node; readonly valueOf: (key: Node) => Node } | undefined {
  if (type.kind === 'record') {
    return { domain: type.key, set: scope.module.values.listed(type.key, scope.names), valueOf: (key) => key };
  }
  if (type.kind !== 'array' || type.minLength !== type.maxLength || type.maxLength === 0) return undefined;
  return {
    domain: { kind: 'int', min: 0, max: type.maxLength - 1 },
    set: text(`1..${type.maxLength}`, PRECEDENCE.range),
    valueOf: (key) => infix(key, '-', text('1'), PRECEDENCE.add),
  };
}

interface Elements {
  readonly set: Node;
  /** Whether all of them certainly are in a domain. */
  readonly areIn: (domain: Domain) => boolean;
  /** Whether all of a domain certainly are among them. */
  readonly include: (domain: Domain) => boolean;
}

/** What a loop goes through as a set; undefined for an array that is not written out. */
function elementsOf(scope: Scope, environment: Environment, over: Expression): Elements | undefined {
  const { values } = scope.module;
  if (over.kind === 'domain') {
    return {
      set: values.listed(over.domain, scope.names),
      areIn: (domain) => isSubdomain(over.domain, domain),
      include: (domain) => isSubdomain(domain, over.domain),
    };
  }
  const literals = literalsOf(over);
  if (literals !== undefined) {
    const spelled = literals.map(({ value, type }) => inline(values.literal(value, type, scope.names)));
    return {
      set: text(`{${[...new Set(spelled)].join(', ')}}`),
      areIn: (domain) => literals.every(({ value }) => contains(domain, value)),
      include: (domain) =>
        cardinality(domain) <= MAX_LISTED &&
        [...valuesOf(domain)].every((one) => literals.some(({ value }) => equalValues(value, one))),
    };
  }
  const element = setPart(over.type)?.element;
  if (over.type.kind !== 'set' || element === undefined) return undefined;
  return {
    set: valueOf(scope, environment, over),
    areIn: (domain) => isSubdomain(element, domain),
    include: () => false,
  };
}

/** The elements of an array that is written out, one by one; undefined for other collections. */
export function writtenElements(scope: Scope, environment: Environment, over: Expression): readonly Node[] | undefined {
  if (over.kind === 'array') {
    const element = over.type.kind === 'array' ? over.type.element : undefined;
    return over.elements.map((one) => valueOf(scope, environment, one, element));
  }
  if (over.kind !== 'literal' && over.kind !== 'parameter') return undefined;
  return literalsOf(over)?.map(({ value, type }) => scope.module.values.literal(value, type, scope.names));
}

function literalsOf(over: Expression): readonly { readonly value: Value; readonly type: Domain }[] | undefined {
  const isConstant = over.kind === 'literal' || over.kind === 'parameter';
  if (isConstant && Array.isArray(over.value) && over.type.kind === 'array') {
    const { element } = over.type;
    return (over.value as readonly Value[]).map((value) => ({ value, type: element }));
  }
  if (over.kind !== 'array' && over.kind !== 'set') return undefined;
  const literals = over.elements.flatMap((one) =>
    one.kind === 'literal' ? [{ value: one.value, type: one.type }] : [],
  );
  return literals.length === over.elements.length ? literals : undefined;
}

/** The value that a function or sequence has everywhere, when it is written out so. */
function entryOf(node: Node): Node | undefined {
  if (node.kind !== 'text') return undefined;
  if (node.every !== undefined) return node.every;
  const [first, ...others] = node.items ?? [];
  return first !== undefined && others.every((one) => inline(one) === inline(first)) ? first : undefined;
}

/** Whether an expression reads just this place. */
function isPlace(expression: Expression, root: string, fields: readonly string[]): boolean {
  if (expression.kind === 'field') {
    return expression.name === fields.at(-1) && isPlace(expression.object, root, fields.slice(0, -1));
  }
  const isRoot = expression.kind === 'local' || (expression.kind === 'variable' && !expression.next);
  return fields.length === 0 && isRoot && `${expression.kind} ${expression.name}` === root;
}

/** The body with the entry at the binder as a local of its own. */
function aboutEntry(
  body: readonly Statement[],
  root: string,
  fields: readonly string[],
  binder: string,
  entry: string,
): readonly Statement[] {
  const readsEntry = (one: Expression): boolean =>
    one.kind === 'index' &&
    one.index.kind === 'local' &&
    one.index.name === binder &&
    isPlace(one.object, root, fields);
  const read = rewriteStatements(body, (one) =>
    readsEntry(one) ? { kind: 'local', name: entry, type: one.type, span: one.span } : one,
  );
  const assigning = (statement: Statement): Statement => {
    if (statement.kind === 'if') {
      return {
        ...statement,
        whenTrue: statement.whenTrue.map(assigning),
        whenFalse: statement.whenFalse.map(assigning),
      };
    }
    if (statement.kind === 'block') return { ...statement, body: statement.body.map(assigning) };
    if (statement.kind !== 'assign' || rootKey(statement.target) !== root) return statement;
    const { target } = statement;
    const path = target.path.slice(fields.length + 1);
    return { ...statement, target: { ...target, root: { kind: 'local', name: entry }, path } };
  };
  return read.map(assigning);
}
