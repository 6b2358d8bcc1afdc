import type { Statement } from '../../ir/index.ts';
import { readPath } from './assignment.ts';
import type { Mode, Rest } from './continuation.ts';
import type { Environment } from './environment.ts';
import { heldAt, partType, rootType, withLocal, rootOf } from './environment.ts';
import { valueOf } from './expression.ts';
import { existence } from './fit.ts';
import { asGuard } from './guard.ts';
import type { Change, Node } from './node.ts';
import { inline, PRECEDENCE, singleton, text } from './node.ts';
import { segmentOf } from './path.ts';
import type { Segment } from './place.ts';
import { held, whole } from './place.ts';
import type { Scope } from './scope.ts';
import { expressionsIn, rootsRead } from './statement.ts';

/** A value that gets a name. */
interface Nameable {
  /** What it is called, unless that is taken. */
  readonly hint: string;
  readonly value: Node;
  /** Whether it has to be worked out also where nothing needs it, because it may fail. */
  readonly isForced?: boolean;
}

/**
 * Gives a value a name. TLC works a LET out when its name is first needed, and never if that is nowhere; and it takes the
 * alternatives of a formula in it for alternatives of the step. In a step, what may be such a formula, or may fail and
 * not be needed, is a choice among one value instead: that is worked out there and then.
 */
export function bindName(
  mode: Mode,
  scope: Scope,
  environment: Environment,
  { hint, value, isForced = false }: Nameable,
  use: (inner: Scope, name: Node) => Node,
): Node {
  const inner: Scope = { ...scope, names: scope.names.inner() };
  const named = value.kind === 'let' && !isForced ? namedAlready(value, inner, boundIn(environment)) : undefined;
  if (named !== undefined) {
    return { kind: 'let', definitions: value.kind === 'let' ? value.definitions : [], body: use(inner, named) };
  }
  const name = inner.names.takeLocal(hint, boundIn(environment));
  const body = use(inner, text(name));
  const isSure = isTerm(value) && (!isForced || isSurelyUsed(body, name));
  if (mode === 'step' && !isSure && (isForced || mentionsCount(inline(body), name) > 1)) {
    return { kind: 'quantifier', symbol: '\\E', binder: name, set: singleton(value), body };
  }
  if (mode === 'step' && !isForced && mentionsCount(inline(body), name) === 1) {
    const direct = withChange(body, name, value);
    if (direct !== undefined) return direct;
  }
  const shown = mode === 'step' && isGuard(body, name) ? asGuard(scope, value) : value;
  return { kind: 'let', definitions: [{ head: name, body: shown }], body };
}

/** Whether a name stands where TLC would take the alternatives of what it is short for for those of the step. */
function isGuard(node: Node, name: string): boolean {
  switch (node.kind) {
    case 'text':
      return node.text === name;
    case 'ending':
      return false;
    case 'junction':
      return node.items.some((item) => isGuard(item, name));
    case 'implies':
      return isGuard(node.right, name);
    case 'quantifier':
      return isGuard(node.body, name);
    case 'if':
      return isGuard(node.yes, name) || isGuard(node.no, name);
    case 'let':
      return isGuard(node.body, name) || node.definitions.some(({ body }) => isGuard(body, name));
  }
}

/** What a value that is worked out by definitions is called, if its definitions can stand around what uses it. */
function namedAlready(
  { definitions, body }: Node & { readonly kind: 'let' },
  scope: Scope,
  others: ReadonlySet<string>,
): Node | undefined {
  const names = definitions.map(({ head }) => /^\w+/.exec(head)![0]);
  if (body.kind !== 'text' || SHORT < body.text.length || hasBinder(body)) return undefined;
  if (new Set(names).size < names.length || names.some((name) => scope.names.has(name) || others.has(name)))
    return undefined;
  for (const name of names) scope.names.take(name);
  return body;
}

/** What is longer than this gets a name of its own. */
const SHORT = 24;

/** The end of a step with a value for its name, where that is all that a variable becomes. */
function withChange(body: Node, name: string, value: Node): Node | undefined {
  if (body.kind === 'ending') {
    const isHere = ({ value: one }: Change): boolean => inline(one) === name;
    if (!body.changes.some(isHere)) return undefined;
    return { ...body, changes: body.changes.map((one) => (isHere(one) ? { ...one, value } : one)) };
  }
  if (body.kind !== 'junction' || body.operator !== '/\\') return undefined;
  const items = body.items.map((item) => withChange(item, name, value) ?? item);
  return items.some((item, index) => item !== body.items[index]) ? { ...body, items } : undefined;
}

/** Gives names to what a statement reads as a whole after parts of it were assigned; undefined when there is nothing to name. */
export function bindWhole(
  mode: Mode,
  scope: Scope,
  environment: Environment,
  statement: Statement,
  go: Rest,
): Node | undefined {
  const read = new Set<string>();
  const probe: Scope = { ...scope, names: scope.names.inner(), onWhole: (root) => read.add(root) };
  for (const expression of expressionsIn(statement)) {
    valueOf(probe, environment, expression);
    for (const key of rootsRead(expression)) {
      const value = heldAt(environment, key);
      if (value?.updates.some((update) => hasBinder(update.value)) === true) read.add(key);
      if (value === undefined || 0 < value.updates.length || /^\w+$/.test(inline(value.base))) continue;
      const isWritten = value.base.kind === 'text' && (value.base.items ?? value.base.fields) !== undefined;
      const isLong = key.startsWith('variable ') && LONG < inline(value.base).length && !isWritten;
      if (isLong || hasBinder(value.base)) read.add(key);
    }
  }
  if (statement.kind === 'assign') {
    const path: Segment[] = [];
    let type = rootType(scope, environment, statement.target);
    for (const segment of statement.target.path) {
      const object = (): Node => readPath(probe, environment, statement.target, path);
      const next: Segment =
        segment.kind === 'field'
          ? { kind: 'field', name: segment.name }
          : segmentOf(probe, environment, type, segment.index);
      existence(segment.kind === 'index' ? segment.index.type : undefined, type, object, next);
      path.push(next);
      type = partType(type, segment.kind === 'field' ? segment.name : undefined);
    }
  }
  const [key] = [...read].filter((one) => heldAt(environment, one) !== undefined);
  if (key === undefined) return undefined;
  const { kind, name } = rootOf(key);
  const shown = kind === 'variable' ? scope.module.variables.get(name)! : name;
  const named = { hint: `${shown}1`, value: whole(heldAt(environment, key)!) };
  return bindName(mode, scope, environment, named, (inner, bound) =>
    go(
      inner,
      kind === 'variable'
        ? { ...environment, variables: new Map([...environment.variables, [name, held(bound)]]) }
        : withLocal(environment, name, bound),
    ),
  );
}

/** What is longer than this gets a name where it is read again. */
export const LONG = 48;

/**
 * Whether names are bound within a text. Put inside another binder it might bind a name that is bound there already, which
 * TLA+ does not allow: it is given a name instead.
 */
export function hasBinder(node: Node): boolean {
  return /\\[AE] |\b(LET|CHOOSE|LAMBDA)\b|[[{]\w+ \\in |: \w+ \\in /.test(inline(node));
}

/**
 * Words of what is held where names are bound in it: what comes later may be written around it, and must not bind one of
 * them again.
 */
export function boundIn(environment: Environment): ReadonlySet<string> {
  const words = new Set<string>();
  for (const { base, updates } of [...environment.variables.values(), ...environment.locals.values()]) {
    for (const node of [base, ...updates.map(({ value }) => value)]) {
      if (hasBinder(node)) for (const word of inline(node).match(/\w+/g) ?? []) words.add(word);
    }
  }
  return words;
}

/** How often a name stands in a text. */
function mentionsCount(content: string, name: string): number {
  return content.split(new RegExp(`\\b${name}\\b`)).length - 1;
}

/** Whether a value is certainly no formula that TLC could take apart. */
function isTerm(node: Node): boolean {
  switch (node.kind) {
    case 'text':
      return PRECEDENCE.comparison < node.precedence && !/^(?:TRUE|FALSE)$/.test(node.text);
    case 'if':
      return isTerm(node.yes) && isTerm(node.no);
    case 'let':
      return isTerm(node.body);
    default:
      return false;
  }
}

/** Whether a name is certainly worked out before anything that could make the step impossible. */
function isSurelyUsed(node: Node, name: string): boolean {
  const isIn = (part: Node): boolean => mentionsCount(inline(part), name) > 0;
  switch (node.kind) {
    case 'text':
      return isIn(node) && !/\b(?:IF|LET|CHOOSE)\b|\\[AE] |=>|\\\/|\/\\/.test(node.text);
    case 'ending':
      return node.changes.some(({ value }) => isSurelyUsed(value, name));
    case 'junction':
      return node.operator === '\\/'
        ? node.items.every((item) => isSurelyUsed(item, name))
        : node.items.length > 0 && isSurelyUsed(node.items[0]!, name);
    case 'implies':
      return isSurelyUsed(node.left, name);
    case 'quantifier':
      // A choice among one value is no choice: its body is worked out, too.
      return isSurelyUsed(node.set, name) || (isSingleton(node.set) && isSurelyUsed(node.body, name));
    case 'if':
      return isSurelyUsed(node.condition, name) || (isSurelyUsed(node.yes, name) && isSurelyUsed(node.no, name));
    case 'let':
      return isSurelyUsed(node.body, name);
  }
}

function isSingleton(node: Node): boolean {
  return node.kind === 'text' && node.only !== undefined;
}
