import type { Domain, Expression, Place, Statement, Value } from '../../ir/index.ts';
import { cardinality, compareValues, valuesOf } from '../../ir/index.ts';
import { arrayPart, membersOf, setPart } from '../../ir/typing.ts';
import { isSubdomain } from '../subdomain.ts';
import { heldAt, partType, rootType, withHeld, withLocal } from './environment.ts';
import type { Environment, Scope } from './expression.ts';
import { canFail, isSequence, MAX_LISTED, orderedElements, segmentOf, valueOf } from './expression.ts';
import { existence, fitsWithin, isWithin, unlikeCases } from './fit.ts';
import { withoutRounds, writtenElements } from './loop.ts';
import type { Node } from './node.ts';
import { apply, conditional, infix, inline, junction, operand, PRECEDENCE, singleton, text } from './node.ts';
import type { Held, Segment } from './place.ts';
import { assigned, held, part, selected, whole } from './place.ts';
import {
  childrenOf,
  exitsOf,
  expressionsIn,
  foreignExits,
  isPure,
  rootKey,
  rootsOf,
  rootsRead,
  usesOf,
} from './statement.ts';
import { sequence } from './value.ts';

/** What is written after some statements, given what variables and locals hold then. */
interface Rest {
  (scope: Scope, environment: Environment): Node;
  /** Nothing follows but the end of the step: writing it twice costs little. */
  readonly isEnd?: boolean;
}

/**
 * Statements are written from the last to the first: each is given what comes after it. In a step, guards and checks are
 * conjuncts in the order of the statements and choices are quantifiers, so that TLC finds one successor for each way they
 * can go; in a value they are conditions around it.
 */
type Mode = 'step' | 'value';

/** A whole step: `end` says what all variables hold after it. */
export function stepOfStatements(
  scope: Scope,
  environment: Environment,
  statements: readonly Statement[],
  end: (inner: Scope, inside: Environment) => Node,
): Node {
  const rest: Rest = Object.assign(end, { isEnd: true });
  return new Writer('step').sequence(scope, environment, statements, rest, new Map());
}

/** The value that `result` has after statements without effect on the state. */
export function valueOfStatements(
  scope: Scope,
  environment: Environment,
  statements: readonly Statement[],
  result: (inner: Scope, inside: Environment) => Node,
): Node {
  return new Writer('value').sequence(
    scope,
    environment,
    statements,
    Object.assign(result, { isEnd: true }),
    new Map(),
  );
}

/** For trying how long something gets. */
const NOTHING_AFTER: Rest = Object.assign(() => text('END'), { isEnd: true });

/** How to go on after a block that is left, by its label. */
type Exits = ReadonlyMap<string, Rest>;

/** How many rounds of a loop with guards or choices in it are written out. */
const MAX_ROUNDS = 32;

/** How many rounds of a loop that only computes are rather written out than expressed as a function. */
const FEW = 4;

/** What comes after a choice between two ways is written twice when it is no longer than this. */
const SHORT = 160;

/** What is longer than this gets a name where it is read again. */
const LONG = 48;

class Writer {
  constructor(readonly mode: Mode) {}

  sequence(scope: Scope, environment: Environment, statements: readonly Statement[], rest: Rest, exits: Exits): Node {
    const [first, ...others] = statements;
    if (first === undefined) return rest(scope, environment);
    const bound = this.#bindWhole(scope, environment, first, (inner, inside) =>
      this.sequence(inner, inside, statements, rest, exits),
    );
    if (bound !== undefined) return bound;
    const next: Rest =
      others.length === 0 ? rest : (inner, inside) => this.sequence(inner, inside, others, rest, exits);
    return this.#statement(scope, environment, first, others, next, exits);
  }

  #statement(
    scope: Scope,
    environment: Environment,
    statement: Statement,
    others: readonly Statement[],
    next: Rest,
    exits: Exits,
  ): Node {
    switch (statement.kind) {
      case 'assign':
        return this.#assign(scope, environment, statement.target, statement.value, next);
      case 'let': {
        const value = valueOf(scope, environment, statement.value, statement.domain);
        const uses = usesOf(statement.name, others);
        const isLong = (LONG < inline(value).length && 1 < uses) || (0 < uses && hasBinder(value));
        if ((this.mode === 'step' && canFail(statement.value)) || isLong) {
          return this.#name(scope, statement.name, value, canFail(statement.value), (inner, name) =>
            next(inner, withLocal(environment, statement.name, name, statement.domain)),
          );
        }
        return next(scope, withLocal(environment, statement.name, value, statement.domain));
      }
      case 'if':
        return this.#if(scope, environment, statement, next, exits);
      case 'for':
        return this.#for(scope, environment, statement, next, exits);
      case 'loop':
        return this.#loop(scope, environment, statement, next, exits);
      case 'block': {
        const go = (inner: Scope, after: Rest): Node =>
          this.sequence(inner, environment, statement.body, after, new Map([...exits, [statement.label, after]]));
        if (next.isEnd === true || exitsOf(statement.body, statement.label) === 0) return go(scope, next);
        return this.#join(scope, environment, next, rootsOf([statement]), go);
      }
      case 'exit':
        return exits.get(statement.label)!(scope, environment);
      case 'when': {
        const condition = valueOf(scope, environment, statement.condition);
        if (inline(condition) === 'TRUE') return next(scope, environment);
        const guards = condition.kind === 'junction' && condition.operator === '/\\' ? condition.items : [condition];
        return junction('/\\', [...guards.map((guard) => asGuard(scope, guard)), next(scope, environment)]);
      }
      case 'verify': {
        const condition = valueOf(scope, environment, statement.condition);
        return this.#check(scope, condition, `verify failed: ${statement.message}`, statement, () =>
          next(scope, environment),
        );
      }
      case 'choose':
        return this.#choose(scope, environment, statement, next);
      case 'either':
        return this.#join(scope, environment, next, rootsOf([statement]), (inner, after) =>
          junction(
            '\\/',
            statement.branches.map((branch) =>
              this.sequence({ ...inner, names: inner.names.inner() }, environment, branch, after, exits),
            ),
          ),
        );
    }
  }

  #assign(scope: Scope, environment: Environment, target: Place, value: Expression, next: Rest): Node {
    const { module } = scope;
    const path: Segment[] = [];
    const checks: { condition: Node; message: string }[] = [];
    const cases: { object: () => Node; discriminator: string; tag: string; domain: Domain }[] = [];
    let type = rootType(scope, environment, target);
    for (const segment of target.path) {
      const at = path.length;
      const within = (): Node => this.#read(scope, environment, target, path.slice(0, at));
      if (segment.kind === 'field') {
        for (const one of unlikeCases(type, segment.name, target.path.slice(at + 1)))
          cases.push({ ...one, object: within });
      }
      if (segment.kind === 'field' && membersOf(type).some(({ kind }) => kind === 'record')) {
        path.push({ kind: 'index', node: module.values.atom(segment.name), isConstant: true });
      } else if (segment.kind === 'field') path.push({ kind: 'field', name: segment.name });
      else path.push(segmentOf(scope, environment, type, segment.index));
      const check = existence(segment.kind === 'index' ? segment.index.type : undefined, type, within, path[at]!);
      if (check !== undefined) checks.push({ condition: check, message: 'there is no such part to assign to' });
      type = partType(type, segment.kind === 'field' ? segment.name : undefined);
    }
    const node = valueOf(scope, environment, value, target.domain);
    const isSure = (domain: Domain): boolean => fitsWithin(value, domain) || isWithin(scope, node, domain);
    const unsure = cases.filter(({ domain }) => !isSure(domain));
    const isUnsure = cases.length > 0 ? unsure.length > 0 : !isSure(target.domain);
    const isInDomain = (given: Node): Node => {
      const isIn = (domain: Domain): Node => {
        // All that can be wrong with an array of the right elements is its length.
        const array = value.type.kind === 'array' && domain.kind === 'array' ? value.type : undefined;
        if (array === undefined || domain.kind !== 'array' || !isSubdomain(array.element, domain.element)) {
          return module.values.isIn(given, domain);
        }
        const length = lengthOf(scope, given);
        return domain.minLength <= array.minLength
          ? infix(length, '<=', text(String(domain.maxLength)), PRECEDENCE.comparison)
          : infix(length, '\\in', text(`${domain.minLength}..${domain.maxLength}`), PRECEDENCE.comparison);
      };
      if (unsure.length === 0) return isIn(target.domain);
      return junction(
        '/\\',
        unsure.map(({ object, discriminator, tag, domain }) => {
          const present = selected(object(), [{ kind: 'field', name: discriminator }]);
          const isCase = infix(present, '=', module.values.atom(tag), PRECEDENCE.comparison);
          return { kind: 'implies', left: isCase, right: isIn(domain) };
        }),
      );
    };
    const write = (inner: Scope, given: Node): Node => {
      const before = heldBy(environment, target);
      const shown = path.length === 0 ? given : withOld(given, before, path, targetName(inner, target));
      const after = inline(shown) === '@' ? before : assigned(before, path, given, shown);
      const following = (): Node => next(inner, withRoot(environment, target, after));
      if (!isUnsure) return following();
      return this.#check(inner, isInDomain(given), `${describe(target)} is outside its domain`, target, following);
    };
    const isKnown = /^-?\d+$/.test(inline(node));
    const mustBeForced = this.mode === 'step' && canFail(value) && !isUnsure && !isKnown;
    const writeNamed = (): Node =>
      mustBeForced || (isUnsure && LONG < inline(node).length)
        ? this.#name(scope, 'value', node, mustBeForced, write)
        : write(scope, node);
    return checks.reduceRight<() => Node>(
      (inner, { condition, message }) =>
        () =>
          this.#check(scope, condition, message, target, inner),
      writeNamed,
    )();
  }

  /** What stands at a path of a place as it is before the assignment. */
  #read(scope: Scope, environment: Environment, target: Place, path: readonly Segment[]): Node {
    return part(heldBy(environment, target), path, () => scope.onWhole(rootKey(target)));
  }

  /** Fails unless the condition holds. */
  #check(
    scope: Scope,
    condition: Node,
    message: string,
    where: { readonly span: Statement['span'] },
    rest: () => Node,
  ): Node {
    scope.module.helpers.use('TLC');
    if (inline(condition) === 'TRUE') return rest();
    const said = text(JSON.stringify(`${scope.module.where(where.span)}: ${message}`));
    if (this.mode === 'step') return junction('/\\', [apply('Assert', condition, said), rest()]);
    return { kind: 'if', condition, yes: rest(), no: apply('Assert', text('FALSE'), said) };
  }

  /**
   * Gives a value a name. In a step, TLC works a LET out again wherever its name stands, and never if that is nowhere: a
   * choice among one value is worked out once, there and then.
   */
  #name(scope: Scope, hint: string, value: Node, isForced: boolean, use: (inner: Scope, name: Node) => Node): Node {
    const inner: Scope = { ...scope, names: scope.names.inner() };
    const name = inner.names.take(hint);
    const body = use(inner, text(name));
    if (this.mode === 'step' && (isForced || mentionsCount(inline(body), name) > 1)) {
      return { kind: 'quantifier', symbol: '\\E', binder: name, set: singleton(value), body };
    }
    return { kind: 'let', definitions: [{ head: name, body: value }], body };
  }

  /** Gives names to what a statement reads as a whole after parts of it were assigned; undefined when there is nothing to name. */
  #bindWhole(scope: Scope, environment: Environment, statement: Statement, go: Rest): Node | undefined {
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
        const object = (): Node => this.#read(probe, environment, statement.target, path);
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
    const [kind, name] = key.split(' ') as ['variable' | 'local', string];
    const shown = kind === 'variable' ? scope.module.variables.get(name)! : name;
    return this.#name(scope, `${shown}1`, whole(heldAt(environment, key)!), false, (inner, bound) =>
      go(
        inner,
        kind === 'variable'
          ? { ...environment, variables: new Map([...environment.variables, [name, held(bound)]]) }
          : withLocal(environment, name, bound),
      ),
    );
  }

  #if(scope: Scope, environment: Environment, statement: Statement & { kind: 'if' }, next: Rest, exits: Exits): Node {
    const condition = valueOf(scope, environment, statement.condition);
    const known = inline(condition);
    const branch = (inner: Scope, body: readonly Statement[], after: Rest): Node =>
      this.sequence({ ...inner, names: inner.names.inner() }, environment, body, after, exits);
    if (known === 'TRUE') return branch(scope, statement.whenTrue, next);
    if (known === 'FALSE') return branch(scope, statement.whenFalse, next);
    const merged = next.isEnd === true ? undefined : this.#merged(scope, environment, statement);
    if (merged !== undefined) return next(scope, merged);
    return this.#join(scope, environment, next, rootsOf([statement]), (inner, after) => {
      const [yes, no] = [branch(inner, statement.whenTrue, after), branch(inner, statement.whenFalse, after)];
      return canFail(statement.condition) ? { kind: 'if', condition, yes, no } : conditional(condition, yes, no);
    });
  }

  /** What is held after a statement that only assigns, each root as one conditional value; undefined when that gets long. */
  #merged(scope: Scope, environment: Environment, statement: Statement): Environment | undefined {
    if (!isPure([statement]) || checks([statement])) return undefined;
    const roots = rootsOf([statement]).filter((root) => heldAt(environment, root) !== undefined);
    if (3 < roots.length) return undefined;
    let after = environment;
    for (const root of roots) {
      const value = new Writer('value').sequence(
        { ...scope, names: scope.names.inner() },
        environment,
        [statement],
        Object.assign((_: Scope, inside: Environment) => whole(heldAt(inside, root)!), { isEnd: true }),
        new Map(),
      );
      if (140 < inline(value).length || hasBinder(value)) return undefined;
      after = withHeld(after, root, held(value));
    }
    return after;
  }

  /**
   * Several ways lead to one rest: it is written once, as an operator of what they assign, unless it is the end.
   */
  #join(
    scope: Scope,
    environment: Environment,
    next: Rest,
    assignedRoots: readonly string[],
    ways: (inner: Scope, after: Rest) => Node,
  ): Node {
    if (next.isEnd === true) return ways(scope, next);
    const roots = assignedRoots.filter((root) => heldAt(environment, root) !== undefined);
    const outer: Scope = { ...scope, names: scope.names.inner() };
    const operator = outer.names.take('Then');
    const inner: Scope = { ...outer, names: outer.names.inner() };
    let calls = 0;
    const after: Rest = Object.assign(
      (_: Scope, ended: Environment) => {
        calls += 1;
        return apply(operator, ...roots.map((root) => whole(heldAt(ended, root)!)));
      },
      { isEnd: true },
    );
    const called = ways(outer, after);
    const directly = (): Node =>
      ways(
        scope,
        Object.assign((...given: Parameters<Rest>) => next(...given), { isEnd: true }),
      );
    if (calls <= 1) return directly();
    const parameters = roots.map((root) => inner.names.take(`${shownRoot(scope, root)}1`));
    const inside = roots.reduce((so, root, index) => withHeld(so, root, held(text(parameters[index]!))), environment);
    const body = next(inner, inside);
    if (calls === 2 && inline(body).replace(/UNCHANGED <<.*?>>/g, '').length <= SHORT) return directly();
    const head = parameters.length === 0 ? operator : `${operator}(${parameters.join(', ')})`;
    return { kind: 'let', definitions: [{ head, body }], body: called };
  }

  #choose(scope: Scope, environment: Environment, statement: Statement & { kind: 'choose' }, next: Rest): Node {
    const { from } = statement;
    const exists = (outer: Scope, hint: string, set: Node, valueAt: (binder: string) => Node): Node => {
      const inner: Scope = { ...outer, names: outer.names.inner() };
      const binder = inner.names.take(hint);
      const body = next(inner, withLocal(environment, statement.name, valueAt(binder)));
      return { kind: 'quantifier', symbol: '\\E', binder, set, body };
    };
    if (from.kind !== 'domain' && isSequence(from.type)) {
      // By position: equal elements are different ways to go.
      const choice = (outer: Scope, items: Node): Node =>
        exists(outer, 'i', text(`DOMAIN ${operand(items, PRECEDENCE.multiply)}`, PRECEDENCE.range), (binder) =>
          selected(items, [{ kind: 'index', node: text(binder), isConstant: false }]),
        );
      const items = valueOf(scope, environment, from);
      return hasBinder(items) ? this.#name(scope, 'items', items, false, choice) : choice(scope, items);
    }
    const set =
      from.kind === 'domain' ? scope.module.values.listed(from.domain, scope.names) : valueOf(scope, environment, from);
    return exists(scope, statement.name, set, text);
  }

  #for(scope: Scope, environment: Environment, statement: Statement & { kind: 'for' }, next: Rest, exits: Exits): Node {
    const without = withoutRounds(scope, environment, statement);
    if (without?.rest.length === 0) return next(scope, without.environment);
    if (without !== undefined) {
      return this.#for(scope, without.environment, { ...statement, body: without.rest }, next, exits);
    }
    if (!isPure(statement.body)) return this.#unrolled(scope, environment, statement, next, exits);
    const { over } = statement;
    const rounds =
      over.kind === 'domain'
        ? cardinality(over.domain)
        : (writtenElements(scope, environment, over)?.length ?? Infinity);
    if (FEW < rounds) return this.#foldedLoop(scope, environment, statement, next, exits);
    // Tried without what comes after: writing that twice, loop after loop, would take for ever.
    const trialExits: Exits = new Map([...exits.keys()].map((label) => [label, NOTHING_AFTER]));
    const unrolled = this.#unrolled(scope, environment, statement, NOTHING_AFTER, trialExits);
    return inline(unrolled).length <= 400
      ? this.#unrolled(scope, environment, statement, next, exits)
      : this.#foldedLoop(scope, environment, statement, next, exits);
  }

  /** Rounds with guards, choices or checks in them are written out. */
  #unrolled(
    scope: Scope,
    environment: Environment,
    statement: Statement & { kind: 'for' },
    next: Rest,
    exits: Exits,
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
          if (given === undefined) return this.sequence(inner, entered, body, after, exits);
          const isThere = overSequence
            ? text(`${index} < ${inline(lengthOf(inner, given))}`, PRECEDENCE.comparison)
            : infix(value, '\\in', given, PRECEDENCE.comparison);
          return this.#join(inner, inside, after, rootsOf(body), (way, following) => ({
            kind: 'if',
            condition: isThere,
            yes: this.sequence({ ...way, names: way.names.inner() }, entered, body, following, exits),
            no: following(way, inside),
          }));
        };
      };
      return round(0)(outer, environment);
    };
    if (collection === undefined || inline(collection).length <= 24) return go(scope, collection);
    return this.#name(scope, 'all', collection, false, go);
  }

  /** A loop that only computes: a function of the number of rounds, whose value is what its variables hold then. */
  #foldedLoop(
    scope: Scope,
    environment: Environment,
    statement: Statement & { kind: 'for' },
    next: Rest,
    exits: Exits,
  ): Node {
    const items = orderedElements(scope, environment, statement.over);
    scope.module.helpers.use('Sequences');
    return this.#rounds(scope, environment, statement.body, next, exits, (inner, i) => ({
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
    }));
  }

  #loop(
    scope: Scope,
    environment: Environment,
    statement: Statement & { kind: 'loop' },
    next: Rest,
    exits: Exits,
  ): Node {
    const tooMany = JSON.stringify(
      `${scope.module.where(statement.span)}: the loop does not end within ${statement.bound} rounds`,
    );
    const unrolled = this.#unrolledLoop(scope, environment, statement, exits, tooMany);
    if (unrolled !== undefined) return unrolled;
    if (!isPure(statement.body)) {
      const message = `more than ${MAX_ROUNDS} rounds would have to be written out`;
      scope.module.refusals.add('a loop with guards or choices in it', message, statement.span);
      return text('FALSE');
    }
    return this.#rounds(scope, environment, statement.body, next, exits, (inner) => ({
      definitions: [],
      enter: (inside) => inside,
      last: () => String(statement.bound),
      ends: tooMany,
      inner,
    }));
  }

  /** Writes rounds out as long as it takes; undefined when the conditions in them do not settle that soon enough. */
  #unrolledLoop(
    scope: Scope,
    environment: Environment,
    statement: Statement & { kind: 'loop' },
    exits: Exits,
    tooMany: string,
  ): Node | undefined {
    const isComputed = isPure(statement.body);
    const most = isComputed ? 12 : MAX_ROUNDS;
    let gaveUp = false;
    let ways = exits;
    const round = (count: number): Rest => {
      return (inner, inside) => {
        if (count === statement.bound) {
          inner.module.helpers.use('TLC');
          return apply('Assert', text('FALSE'), text(tooMany));
        }
        if (most < count) {
          gaveUp = true;
          return text('FALSE');
        }
        return this.sequence(inner, inside, statement.body, round(count + 1), ways);
      };
    };
    const writeOut = (leaving: Exits): Node => {
      ways = leaving;
      return round(0)(scope, environment);
    };
    const trial = writeOut(new Map([...exits.keys()].map((label) => [label, NOTHING_AFTER])));
    return gaveUp || (isComputed && 600 < inline(trial).length) ? undefined : writeOut(exits);
  }

  /**
   * The rounds of a computation as a function of their number. Its value is a tuple: what each assigned root holds, and
   * last by which exit the loop was left (0: not yet).
   */
  #rounds(
    scope: Scope,
    environment: Environment,
    body: readonly Statement[],
    next: Rest,
    exits: Exits,
    describeRounds: (inner: Scope, i: string) => Rounds,
  ): Node {
    const roots = rootsOf(body).filter((root) => heldAt(environment, root) !== undefined);
    const labels = [...new Set(foreignExits(body))];
    const outer: Scope = { ...scope, names: scope.names.inner() };
    const f = outer.names.take('after');
    const i = outer.names.take('i');
    const rounds = describeRounds(outer, i);
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
    const round = new Writer('value').sequence(
      inner,
      rounds.enter(inside, names),
      body,
      Object.assign((_: Scope, ended: Environment) => tuple(ended, 0), { isEnd: true }),
      leaving,
    );
    const hasLeft = `${before}[${roots.length + 1}] # 0`;
    const step: Node =
      labels.length === 0
        ? round
        : { kind: 'if', condition: text(hasLeft, PRECEDENCE.comparison), yes: text(before), no: round };
    const last = rounds.last(names);
    const start = tuple(environment, 0);
    // Names that are bound in it may be those that are bound in the function.
    const startName = hasBinder(start) ? outer.names.take('start') : undefined;
    if (startName !== undefined) given.push({ head: startName, body: start });
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
      return this.#name(scope, `${shownRoot(scope, roots[0]!)}1`, value, false, (named, name) =>
        next(named, withHeld(environment, roots[0]!, held(name))),
      );
    }
    return this.#name(scope, 'done', value, this.mode === 'step', (named, name) => {
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

/** A guard that TLC does not split: see `When` among the helpers. */
export function asGuard(scope: Scope, guard: Node): Node {
  if (!wouldSplit(guard)) return guard;
  scope.module.helpers.use('When');
  return apply('When', guard);
}

/** Whether TLC would take alternatives within a condition for alternatives of the step. */
function wouldSplit(node: Node): boolean {
  switch (node.kind) {
    case 'text':
    case 'ending':
      return false;
    case 'junction':
      return node.operator === '\\/' || node.items.some(wouldSplit);
    case 'implies':
      return wouldSplit(node.right);
    case 'quantifier':
      return node.symbol === '\\E' || wouldSplit(node.body);
    case 'if':
      return wouldSplit(node.yes) || wouldSplit(node.no);
    case 'let':
      return true;
  }
}

/** The values of a set's elements in the order in which the language goes through a set. */
function canonicalOrder(element: Domain, overSequence: boolean): readonly Value[] {
  if (overSequence || MAX_LISTED < cardinality(element)) return [];
  return [...valuesOf(element)].sort(compareValues);
}

function lengthOf(scope: Scope, node: Node): Node {
  scope.module.helpers.use('Sequences');
  return apply('Len', node);
}

function tupleLength(type: Domain): number {
  return Math.max(
    0,
    ...membersOf(type).map((one) =>
      one.kind === 'tuple' ? one.items.length : one.kind === 'array' ? one.maxLength : 0,
    ),
  );
}

/** A value in an EXCEPT, with what was there before as `@`. */
function withOld(value: Node, before: Held, path: readonly Segment[], root: string): Node {
  if (before.updates.length > 0) return value;
  const old = inline(selected(before.base, path));
  if (inline(before.base) !== root) return value;
  const content = inline(value);
  const at = content.indexOf(old);
  const isAlone = !/[\w.[]/.test(content[at + old.length] ?? ' ') && !/[\w.]/.test(content[at - 1] ?? ' ');
  if (at < 0 || !isAlone || content.indexOf(root, at + old.length) >= 0 || content.slice(0, at).includes(root))
    return value;
  return text(
    content.slice(0, at) + '@' + content.slice(at + old.length),
    value.kind === 'text' ? value.precedence : PRECEDENCE.open,
  );
}

function describe(target: Place): string {
  return target.root.name + target.path.map((one) => (one.kind === 'field' ? `.${one.name}` : '[]')).join('');
}

function targetName(scope: Scope, target: Place): string {
  return target.root.kind === 'variable' ? scope.module.variables.get(target.root.name)! : target.root.name;
}

function shownRoot(scope: Scope, key: string): string {
  const [kind, name] = key.split(' ') as [string, string];
  return kind === 'variable' ? scope.module.variables.get(name)! : name;
}

function heldBy(environment: Environment, target: Place): Held {
  return heldAt(environment, rootKey(target))!;
}

function withRoot(environment: Environment, target: Place, value: Held): Environment {
  return withHeld(environment, rootKey(target), value);
}

/** Whether statements can fail in a way that must be found there and then, or leave something around them. */
function checks(statements: readonly Statement[]): boolean {
  return (
    foreignExits(statements).length > 0 ||
    statements.some(
      (statement) =>
        statement.kind === 'verify' ||
        statement.kind === 'loop' ||
        (statement.kind === 'assign' && !fitsWithin(statement.value, statement.target.domain)) ||
        expressionsIn(statement).some(canFail) ||
        checks(childrenOf(statement)),
    )
  );
}

/**
 * Whether names are bound within a text. Put inside another binder it might bind a name that is bound there already, which
 * TLA+ does not allow: it is given a name instead.
 */
function hasBinder(node: Node): boolean {
  return /\\[AE] |\b(LET|CHOOSE|LAMBDA)\b|[[{]\w+ \\in |: \w+ \\in /.test(inline(node));
}

/** How often a name stands in a text. */
function mentionsCount(content: string, name: string): number {
  return content.split(new RegExp(`\\b${name}\\b`)).length - 1;
}
