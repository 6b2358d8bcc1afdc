import type { Domain, Expression, Statement, Value } from '../../ir/index.ts';
import { cardinality, compareValues, valuesOf } from '../../ir/index.ts';
import { arrayPart, membersOf, NEVER, setPart } from '../../ir/part.ts';
import { bindName, hasBinder } from './binding.ts';
import { joinWays } from './branch.ts';
import { isSequence, lengthOf, MAX_LISTED, orderedElements } from './collection.ts';
import type { Context, Exits, Rest } from './continuation.ts';
import { NOTHING_AFTER } from './continuation.ts';
import type { Environment } from './environment.ts';
import { heldAt, shownRoot, withHeld, withLocal } from './environment.ts';
import { valueOf } from './expression.ts';
import { withFilter } from './gather.ts';
import { withoutRounds, writtenElements } from './loop.ts';
import type { Node } from './node.ts';
import { apply, infix, inline, operand, PRECEDENCE, text } from './node.ts';
import { held, selected, whole } from './place.ts';
import { conjunction, rangeOf } from './range.ts';
import type { Scope } from './scope.ts';
import { foreignExits, isPure, neverEnds, rootsOf, usesOf } from './statement.ts';
import { writeAll } from './step.ts';
import { sequence, stringLiteral } from './value.ts';

export function writeFor(
  context: Context,
  scope: Scope,
  environment: Environment,
  statement: Statement & { kind: 'for' },
  next: Rest,
): Node {
  const without = withoutRounds(scope, environment, statement);
  if (without?.rest.length === 0) return next(scope, without.environment);
  if (without !== undefined) {
    return writeFor(context, scope, without.environment, { ...statement, body: without.rest }, next);
  }
  if (neverEnds(statement.body)) return onlyFirst(context, scope, environment, statement, next);
  if (!isPure(statement.body)) return unrolledFor(context, scope, environment, statement, next);
  const { over } = statement;
  const rounds =
    over.kind === 'domain' ? cardinality(over.domain) : (writtenElements(scope, environment, over)?.length ?? Infinity);
  if (FEW < rounds) return foldedFor(context, scope, environment, statement, next);
  // Tried without what comes after: writing that twice, loop after loop, would take for ever.
  const unrolled = unrolledFor(withNothingAfter(context), scope, environment, statement, NOTHING_AFTER);
  return inline(unrolled).length <= 400
    ? unrolledFor(context, scope, environment, statement, next)
    : foldedFor(context, scope, environment, statement, next);
}

/** The same with nothing after any exit, for trying how long something gets. */
function withNothingAfter({ mode, exits }: Context): Context {
  return { mode, exits: new Map([...exits.keys()].map((label) => [label, NOTHING_AFTER])) };
}

/** A loop that is left in its first round: it asks for the first element, if there is one. */
function onlyFirst(
  context: Context,
  scope: Scope,
  environment: Environment,
  { over, binder, indexBinder, body }: Statement & { kind: 'for' },
  next: Rest,
): Node {
  const { helpers } = scope.module;
  const isOverSequence = over.kind !== 'domain' && isSequence(over.type);
  const element = over.kind === 'domain' ? over.domain : (setPart(over.type)?.element ?? NEVER);
  const isOverInts = !isOverSequence && element.kind === 'int';
  const all = isOverInts ? intsOf(scope, environment, over, binder) : orderedElements(scope, environment, over);
  const use = (outer: Scope, given: Node): Node => {
    const first = isOverInts
      ? apply('Min', given)
      : selected(given, [{ kind: 'index', node: text('1'), isConstant: true }]);
    if (isOverInts) helpers.use('Min');
    const enter = (inner: Scope, value: Node): Node => {
      let inside = withLocal(environment, binder, value);
      if (indexBinder !== undefined) inside = withLocal(inside, indexBinder, text('0'));
      return writeAll(context, { ...inner, names: inner.names.inner() }, inside, body, next);
    };
    const inRound =
      usesOf(binder, body) <= 1
        ? enter(outer, first)
        : bindName(context.mode, outer, environment, { hint: binder, value: first }, enter);
    const none = infix(given, '=', isOverInts ? text('{}') : sequence([]), PRECEDENCE.comparison);
    return {
      kind: 'if',
      condition: none,
      yes: next({ ...outer, names: outer.names.inner() }, environment),
      no: inRound,
    };
  };
  const isShort = all.kind === 'text' && all.items === undefined && inline(all).length <= 24 && !hasBinder(all);
  return isShort
    ? use(scope, all)
    : bindName(context.mode, scope, environment, { hint: pluralOf(binder), value: all }, use);
}

/** What several things of a name are called. */
function pluralOf(binder: string): string {
  const name = binder.replace(/_\d+$/, '');
  return name.length < 3 || /[^a-z]$/.test(name) ? 'all' : `${name}s`;
}

/** A set of integers. */
function intsOf(scope: Scope, environment: Environment, over: Expression, binder: string): Node {
  const given = withFilter(over, binder);
  if (given.over.kind !== 'domain' || given.over.domain.kind !== 'int') return valueOf(scope, environment, over);
  const { set, conditions } = rangeOf(scope, environment, given.over.domain, binder, given.conditions);
  const condition = conjunction(conditions);
  if (condition === undefined) return set;
  const inner: Scope = { ...scope, names: scope.names.inner() };
  const name = inner.names.takeLocal(binder);
  const claim = valueOf(inner, withLocal(environment, binder, text(name)), condition);
  return text(`{${name} \\in ${operand(set, PRECEDENCE.comparison)} : ${inline(claim)}}`);
}

/** Rounds with guards, choices or checks in them are written out. */
function unrolledFor(
  context: Context,
  scope: Scope,
  environment: Environment,
  statement: Statement & { kind: 'for' },
  next: Rest,
): Node {
  const { over, binder, indexBinder, body } = statement;
  const { values, refusals } = scope.module;
  const element: Domain =
    over.kind === 'domain'
      ? over.domain
      : (setPart(over.type)?.element ?? arrayPart(over.type)?.element ?? { kind: 'never' });
  const written = writtenElements(scope, environment, over);
  const overSequence = over.kind !== 'domain' && isSequence(over.type);
  const most =
    written !== undefined
      ? written.length
      : overSequence
        ? (arrayPart(over.type)?.maxLength ?? tupleLength(over.type))
        : cardinality(element);
  if (MAX_ROUNDS < most || (indexBinder !== undefined && !overSequence && over.kind !== 'domain')) {
    refusals.add(
      'a loop with guards or choices in it',
      `its ${most} rounds would all have to be written out`,
      statement.span,
    );
    return text('FALSE');
  }
  const isFixed = over.kind === 'domain' || written !== undefined;
  const collection = isFixed ? undefined : valueOf(scope, environment, over);
  const ordered = [...valuesOf(overSequence ? { kind: 'never' } : element)];
  const inOrder = over.kind === 'domain' ? ordered : undefined;
  const go = (outer: Scope, given: Node | undefined): Node => {
    const canonical = inOrder ?? canonicalOrder(element, overSequence);
    const round = (index: number): Rest => {
      if (index === (overSequence ? most : canonical.length)) return next;
      const after = round(index + 1);
      return (inner, inside) => {
        const position = text(String(index));
        const value =
          written !== undefined
            ? written[index]!
            : overSequence
              ? selected(given!, [{ kind: 'index', node: text(String(index + 1)), isConstant: true }])
              : values.literal(canonical[index], element, inner.names);
        let entered = withLocal(inside, binder, value);
        if (indexBinder !== undefined) entered = withLocal(entered, indexBinder, position);
        if (given === undefined) return writeAll(context, inner, entered, body, after);
        const isThere = overSequence
          ? text(`${index} < ${inline(lengthOf(inner, given))}`, PRECEDENCE.comparison)
          : infix(value, '\\in', given, PRECEDENCE.comparison);
        return joinWays(inner, inside, after, rootsOf(body), (way, following) => ({
          kind: 'if',
          condition: isThere,
          yes: writeAll(context, { ...way, names: way.names.inner() }, entered, body, following),
          no: following(way, inside),
        }));
      };
    };
    return round(0)(outer, environment);
  };
  if (collection === undefined || inline(collection).length <= 24) return go(scope, collection);
  return bindName(context.mode, scope, environment, { hint: 'all', value: collection }, go);
}

/** How many rounds of a loop with guards or choices in it are written out. */
const MAX_ROUNDS = 32;

/** How many rounds of a loop that only computes are rather written out than expressed as a function. */
const FEW = 4;

/** A loop that only computes: a function of the number of rounds, whose value is what its variables hold then. */
function foldedFor(
  context: Context,
  scope: Scope,
  environment: Environment,
  statement: Statement & { kind: 'for' },
  next: Rest,
): Node {
  const items = orderedElements(scope, environment, statement.over);
  scope.module.helpers.use('Sequences');
  const describe = (inner: Scope, i: string): Rounds => ({
    definitions: [{ head: 'items', body: items }],
    enter: (inside, names) => {
      const element = selected(text(names[0]!), [{ kind: 'index', node: text(i), isConstant: false }]);
      const entered = withLocal(inside, statement.binder, element);
      if (statement.indexBinder === undefined) return entered;
      return withLocal(entered, statement.indexBinder, infix(text(i), '-', text('1'), PRECEDENCE.add));
    },
    last: (names) => `Len(${names[0]!})`,
    ends: undefined,
    inner,
  });
  return asFunctionOfRounds(context, scope, environment, { body: statement.body, describe }, next);
}

export function writeLoop(
  context: Context,
  scope: Scope,
  environment: Environment,
  statement: Statement & { kind: 'loop' },
  next: Rest,
): Node {
  const tooMany = stringLiteral(
    `${scope.module.where(statement.span)}: the loop does not end within ${statement.bound} rounds`,
  );
  const unrolled = unrolledLoop(context, scope, environment, statement, tooMany);
  if (unrolled !== undefined) return unrolled;
  if (!isPure(statement.body)) {
    const message = `more than ${MAX_ROUNDS} rounds would have to be written out`;
    scope.module.refusals.add('a loop with guards or choices in it', message, statement.span);
    return text('FALSE');
  }
  const describe = (inner: Scope): Rounds => ({
    definitions: [],
    enter: (inside) => inside,
    last: () => String(statement.bound),
    ends: tooMany,
    inner,
  });
  return asFunctionOfRounds(context, scope, environment, { body: statement.body, describe }, next);
}

/** Writes rounds out as long as it takes; undefined when the conditions in them do not settle that soon enough. */
function unrolledLoop(
  context: Context,
  scope: Scope,
  environment: Environment,
  statement: Statement & { kind: 'loop' },
  tooMany: string,
): Node | undefined {
  const isComputed = isPure(statement.body);
  const most = isComputed ? 12 : MAX_ROUNDS;
  let gaveUp = false;
  const round = (count: number, around: Context): Rest => {
    return (inner, inside) => {
      if (count === statement.bound) {
        inner.module.helpers.use('TLC');
        return apply('Assert', text('FALSE'), text(tooMany));
      }
      if (most < count) {
        gaveUp = true;
        return text('FALSE');
      }
      return writeAll(around, inner, inside, statement.body, round(count + 1, around));
    };
  };
  const writeOut = (around: Context): Node => round(0, around)(scope, environment);
  const trial = writeOut(withNothingAfter(context));
  return gaveUp || (isComputed && 600 < inline(trial).length) ? undefined : writeOut(context);
}

/**
 * The rounds of a computation as a function of their number. Its value is a tuple: what each assigned root holds, and
 * last by which exit the loop was left (0: not yet).
 */
function asFunctionOfRounds(
  context: Context,
  scope: Scope,
  environment: Environment,
  { body, describe }: { readonly body: readonly Statement[]; readonly describe: (inner: Scope, i: string) => Rounds },
  next: Rest,
): Node {
  const { mode, exits } = context;
  const roots = rootsOf(body).filter((root) => heldAt(environment, root) !== undefined);
  const labels = [...new Set(foreignExits(body))];
  const outer: Scope = { ...scope, names: scope.names.inner() };
  const f = outer.names.take('after');
  const i = outer.names.take('i');
  const rounds = describe(outer, i);
  const given = rounds.definitions.map(({ head, body: value }) => ({ head: outer.names.take(head), body: value }));
  const names = given.map(({ head }) => head);
  const inner: Scope = { ...outer, names: outer.names.inner() };
  const before = inner.names.take('before');
  const entry = (index: number): Node => text(`${before}[${index + 1}]`);
  const isSingle = roots.length === 1 && labels.length === 0;
  const tuple = (inside: Environment, exit: number): Node => {
    const values = roots.map((root) => whole(heldAt(inside, root)!));
    if (isSingle) return values[0]!;
    return sequence(labels.length === 0 ? values : [...values, text(String(exit))]);
  };
  const inside = roots.reduce(
    (so, root, index) => withHeld(so, root, held(isSingle ? text(before) : entry(index))),
    environment,
  );
  const leaving: Exits = new Map([
    ...exits,
    ...labels.map((label, index): [string, Rest] => [
      label,
      Object.assign((_: Scope, ended: Environment) => tuple(ended, index + 1), { isEnd: true }),
    ]),
  ]);
  const round = writeAll(
    { mode: 'value', exits: leaving },
    inner,
    rounds.enter(inside, names),
    body,
    Object.assign((_: Scope, ended: Environment) => tuple(ended, 0), { isEnd: true }),
  );
  const hasLeft = `${before}[${roots.length + 1}] # 0`;
  const step: Node =
    labels.length === 0
      ? round
      : { kind: 'if', condition: text(hasLeft, PRECEDENCE.comparison), yes: text(before), no: round };
  const last = rounds.last(names);
  const start = tuple(environment, 0);
  // Names that are bound in it may be those that are bound in the function.
  const words = new Set(given.flatMap(({ body: value }) => inline(value).match(/\w+/g) ?? []));
  const startName = hasBinder(start) ? outer.names.takeLocal('start', words) : undefined;
  if (startName !== undefined) given.unshift({ head: startName, body: start });
  const at = (index: string): Node => ({
    kind: 'let',
    definitions: [{ head: before, body: text(`${f}[${index} - 1]`) }],
    body: step,
  });
  const definition = {
    head: `${f}[${i} \\in 0..${last}]`,
    body: {
      kind: 'if',
      condition: text(`${i} = 0`, PRECEDENCE.comparison),
      yes: startName === undefined ? start : text(startName),
      no: at(i),
    } as Node,
  };
  const final =
    rounds.ends === undefined
      ? `${f}[${last}]`
      : `${f}[CHOOSE ${i} \\in 1..${last} : ${f}[${i}][${roots.length + 1}] # 0]`;
  const value: Node = { kind: 'let', definitions: [...given, definition], body: text(final) };
  if (roots.length === 0 && labels.length === 0) return next(scope, environment);
  if (isSingle) {
    return bindName(mode, scope, environment, { hint: `${shownRoot(scope, roots[0]!)}1`, value }, (named, name) =>
      next(named, withHeld(environment, roots[0]!, held(name))),
    );
  }
  return bindName(mode, scope, environment, { hint: 'done', value, isForced: mode === 'step' }, (named, name) => {
    const item = (index: number): Node => text(`${inline(name)}[${index + 1}]`);
    const ended = roots.reduce((so, root, index) => withHeld(so, root, held(item(index))), environment);
    const exit = inline(item(roots.length));
    const otherwise = rounds.ends === undefined ? next : undefined;
    const ways = labels.map((label, index) => ({ index, rest: exits.get(label)! }));
    const [only] = ways;
    if (only === undefined) return next(named, ended);
    const lastWay: Node = otherwise === undefined ? only.rest(named, ended) : otherwise(named, ended);
    return ways.slice(otherwise === undefined ? 1 : 0).reduceRight<Node>(
      (no, { index, rest }) => ({
        kind: 'if',
        condition: text(`${exit} = ${index + 1}`, PRECEDENCE.comparison),
        yes: rest(named, ended),
        no,
      }),
      lastWay,
    );
  });
}

interface Rounds {
  readonly definitions: readonly { readonly head: string; readonly body: Node }[];
  /** What is held when a round starts, given the names of the definitions. */
  readonly enter: (inside: Environment, names: readonly string[]) => Environment;
  /** How many rounds there are, or can be. */
  readonly last: (names: readonly string[]) => string;
  /** The loop only ends by an exit; what is said when it does not. */
  readonly ends: string | undefined;
  readonly inner: Scope;
}

/** The values of a set's elements in the order in which the language goes through a set. */
function canonicalOrder(element: Domain, overSequence: boolean): readonly Value[] {
  if (overSequence || MAX_LISTED < cardinality(element)) return [];
  return [...valuesOf(element)].sort(compareValues);
}

function tupleLength(type: Domain): number {
  return Math.max(
    0,
    ...membersOf(type).map((one) =>
      one.kind === 'tuple' ? one.items.length : one.kind === 'array' ? one.maxLength : 0,
    ),
  );
}
