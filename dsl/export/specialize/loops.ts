import { fold, rewriteExpression, rewriteFormula, rewriteStatements } from '../../ir/fold.ts';
import type { Node } from '../../ir/fold.ts';
import type { Domain, Expression, Formula, Place, Statement } from '../../ir/index.ts';
import { cardinality, compareValues, valuesOf } from '../../ir/index.ts';
import { BOOLEAN, collectionOf, intPart } from '../../ir/part.ts';
import type { Interval } from '../../ir/interval.ts';
import { intervalOf } from '../../ir/interval.ts';
import { joinDomains } from '../../ir/join.ts';
import { typeOfComprehension, typeOfIndex } from '../../ir/typing.ts';
import { conjunctsOf, negated } from '../negation.ts';
import { partType } from '../tlaplus/environment.ts';
import { canFail } from '../tlaplus/failure.ts';
import { fitsWithin } from '../tlaplus/fit.ts';
import {
  childrenOf,
  expressionsIn,
  foreignExits,
  isPure,
  neverEnds,
  rootKey,
  rootsOf,
  usesOf,
} from '../tlaplus/statement.ts';
import { assigns, chosen, valueAssigned, withoutBlock } from './structure.ts';

/**
 * Statements in which loops that only seem to depend on their order are said without it: guards in a loop are one guard
 * for all elements, a search is a question whether there is one, what is gathered round by round is a fold, and a loop
 * that counts goes over a range. Early exits become conditions. They do what the given ones do, in every engine.
 *
 * @param domains - of the variables.
 * @param given - names that are bound around the statements.
 */
export function withoutLoops(
  domains: ReadonlyMap<string, Domain>,
  statements: readonly Statement[],
  given: readonly string[],
): readonly Statement[] {
  const context = new Context(domains, [...given, ...statements.flatMap(namesIn)]);
  return inList(
    context,
    rewriteStatements(statements, (one) => evaluated(context, one)),
    { after: new Set(), ints: new Map() },
  );
}

/** The same in what an expression works out with statements. */
export function withoutLoopsIn(
  domains: ReadonlyMap<string, Domain>,
  expression: Expression,
  given: readonly string[] = [],
): Expression {
  const context = new Context(domains, [...given, ...namesIn(expression)]);
  return rewriteExpression(expression, (one) => evaluated(context, one));
}

/** The same in the expressions of a formula. */
export function withoutLoopsInFormula(domains: ReadonlyMap<string, Domain>, formula: Formula): Formula {
  const context = new Context(domains, namesIn(formula));
  return rewriteFormula(formula, (one) => evaluated(context, one));
}

type Loop = Statement & { readonly kind: 'for' };

/** What variables may hold, and the names of locals: those that are made here are unique within an action, too. */
class Context {
  readonly #taken: Set<string>;

  constructor(
    readonly domains: ReadonlyMap<string, Domain>,
    taken: Iterable<string>,
  ) {
    this.#taken = new Set(taken);
  }

  /** Another one that reads like `name`. */
  fresh(name: string): string {
    const base = name.replace(/_\d+$/, '');
    let number = 2;
    while (this.#taken.has(`${base}_${number}`)) number += 1;
    this.#taken.add(`${base}_${number}`);
    return `${base}_${number}`;
  }
}

function namesIn(node: Node): readonly string[] {
  return fold<readonly string[]>(node, (one, parts) => {
    const own: (string | undefined)[] = [];
    if (one.kind === 'local' || one.kind === 'let' || one.kind === 'choose') own.push(one.name);
    if (one.kind === 'for' || one.kind === 'comprehension' || one.kind === 'fold')
      own.push(one.binder, one.indexBinder);
    if (one.kind === 'fold') own.push(one.accumulator);
    if (one.kind === 'forAll' || one.kind === 'exists') own.push(one.binder);
    return [...own.filter((name) => name !== undefined), ...parts.flat()];
  });
}

/** The roots that statements or expressions read. */
function readsOf(nodes: readonly Node[]): ReadonlySet<string> {
  const read = nodes.flatMap((node) =>
    fold<readonly string[]>(node, (one, parts) =>
      one.kind === 'variable' || one.kind === 'local' ? [`${one.kind} ${one.name}`, ...parts.flat()] : parts.flat(),
    ),
  );
  return new Set(read);
}

function evaluated(context: Context, expression: Expression): Expression {
  if (expression.kind !== 'evaluate') return expression;
  const { result, type } = expression;
  const body = inList(context, expression.body, { after: readsOf([result]), ints: new Map() });
  if (body.length === 0) return result;
  const at = body.findIndex((one) => one.kind === 'let' && result.kind === 'local' && one.name === result.name);
  const declared = body[at];
  if (declared?.kind === 'let' && !canFail(declared.value)) {
    const rest = body.filter((one) => one !== declared);
    const value =
      at === body.length - 1
        ? wrapped(rest, declared.value)
        : usesOf(declared.name, rest) > 0
          ? undefined
          : valueAssigned(rest, declared.name, type);
    if (value !== undefined) return value;
  }
  return { ...expression, body };
}

/** A value after declarations; undefined after other statements. */
function wrapped(statements: readonly Statement[], value: Expression): Expression | undefined {
  if (statements.length === 0) return value;
  if (!statements.every((one) => one.kind === 'let' && !one.mutable)) return undefined;
  return { kind: 'evaluate', body: statements, result: value, type: value.type, span: value.span };
}

/** What is known where a statement stands. */
interface Around {
  /** Roots that are read after it. */
  readonly after: ReadonlySet<string>;
  /** Between which bounds locals are that can be assigned to. */
  readonly ints: ReadonlyMap<string, Interval>;
}

function inList(context: Context, statements: readonly Statement[], around: Around): readonly Statement[] {
  const made: Statement[] = [];
  let { ints } = around;
  for (const [index, given] of statements.entries()) {
    const statement = narrowed(ints, given);
    const following = statements.slice(index + 1);
    const after = new Set([...around.after, ...readsOf(following)]);
    for (const one of inStatement(context, statement, { after, ints })) {
      const before = made.at(-1);
      const settled = before && declaredAt(before, one, following);
      if (settled === undefined) made.push(one);
      else made.splice(-1, 1, settled);
    }
    ints = boundsAfter(ints, statement);
  }
  return made;
}

/** With what is known of integers: what stays among small ones cannot get too large, and needs no check. */
function narrowed(ints: ReadonlyMap<string, Interval>, statement: Statement): Statement {
  const narrow = (expression: Expression): Expression =>
    rewriteExpression(expression, (one) => {
      if (one.kind !== 'local' && one.kind !== 'literal' && one.kind !== 'operation') return one;
      const bounds = one.type.kind === 'int' ? boundsOf(ints, one) : undefined;
      return bounds === undefined ? one : { ...one, type: bounds };
    });
  switch (statement.kind) {
    case 'assign': {
      const path = statement.target.path.map((segment) =>
        segment.kind === 'index' ? { ...segment, index: narrow(segment.index) } : segment,
      );
      return { ...statement, target: { ...statement.target, path }, value: narrow(statement.value) };
    }
    case 'let':
      return { ...statement, value: narrow(statement.value) };
    case 'if':
    case 'when':
    case 'verify':
      return { ...statement, condition: narrow(statement.condition) };
    case 'for':
      return { ...statement, over: narrow(statement.over) };
    case 'choose':
      return { ...statement, from: narrow(statement.from) };
    default:
      return statement;
  }
}

function boundsAfter(ints: ReadonlyMap<string, Interval>, statement: Statement): ReadonlyMap<string, Interval> {
  const changed = new Map(ints);
  const isPlain =
    statement.kind === 'assign' && statement.target.root.kind === 'local' && statement.target.path.length === 0;
  if (statement.kind === 'let' || isPlain) {
    const name = statement.kind === 'let' ? statement.name : statement.target.root.name;
    const bounds = boundsOf(ints, statement.value);
    if (bounds === undefined) changed.delete(name);
    else changed.set(name, bounds);
    return changed;
  }
  for (const root of rootsOf([statement])) if (root.startsWith('local ')) changed.delete(root.slice('local '.length));
  return changed;
}

function boundsOf(ints: ReadonlyMap<string, Interval>, expression: Expression): Interval | undefined {
  if (expression.kind === 'literal' && typeof expression.value === 'number') {
    return { kind: 'int', min: expression.value, max: expression.value };
  }
  const known = expression.kind === 'local' ? ints.get(expression.name) : undefined;
  if (known !== undefined) return known;
  const isSum =
    expression.kind === 'operation' && (expression.operator === 'add' || expression.operator === 'subtract');
  const operands = isSum ? expression.operands.map((one) => boundsOf(ints, one)) : [];
  if (!isSum || !operands.every((one) => one !== undefined)) return intPart(expression.type);
  const sum = intervalOf(expression.operator, operands);
  return sum.kind === 'int' ? sum : undefined;
}

/** `let x = …; if (…) x = a; else x = b;` where nothing else assigns to `x`: what it is, in one declaration. */
function declaredAt(before: Statement, statement: Statement, following: readonly Statement[]): Statement | undefined {
  if (before.kind !== 'let' || !before.mutable || canFail(before.value) || statement.kind !== 'if') return undefined;
  const { name, domain } = before;
  if (usesOf(name, [statement]) > 0 || assigns(following, name)) return undefined;
  const value = valueAssigned([statement], name, domain);
  return value && { ...before, mutable: false, value };
}

function inStatement(context: Context, statement: Statement, around: Around): readonly Statement[] {
  const go = (body: readonly Statement[]): readonly Statement[] => inList(context, body, around);
  /** A body that is done again and again: what it reads is read after it, too. */
  const again = (body: readonly Statement[]): readonly Statement[] =>
    inList(context, body, {
      after: new Set([...around.after, ...readsOf([statement])]),
      ints: boundsAfter(around.ints, statement),
    });
  switch (statement.kind) {
    case 'if':
      return [{ ...statement, whenTrue: go(statement.whenTrue), whenFalse: go(statement.whenFalse) }];
    case 'either':
      return [{ ...statement, branches: statement.branches.map(go) }];
    case 'for':
      return inLoop(context, { ...statement, body: again(statement.body) });
    case 'loop':
      return [{ ...statement, body: again(statement.body) }];
    case 'block':
      return inBlock(context, { ...statement, body: go(statement.body) }, around);
    default:
      return [statement];
  }
}

function inBlock(
  context: Context,
  block: Statement & { readonly kind: 'block' },
  around: Around,
): readonly Statement[] {
  const { label } = block;
  const before = block.body.slice(0, -1);
  const last = block.body.at(-1);
  const ints = before.reduce(boundsAfter, around.ints);
  const counted = last?.kind === 'loop' ? asRange(context, last, label, { after: around.after, ints }) : last;
  const loop = counted?.kind === 'for' ? withoutBreak(context, counted, label) : undefined;
  const body = loop === undefined ? block.body : [...before, ...(loop === last ? [loop] : inLoop(context, loop))];
  return withoutBlock(body, label) ?? [{ ...block, body }];
}

/** `while (i < n) { …; i += 1; }`, where nobody asks for `i` later: the same over a range. */
function asRange(
  context: Context,
  loop: Statement & { readonly kind: 'loop' },
  label: string,
  around: Around,
): Loop | undefined {
  const split = leading(loop.body, label);
  const increment = split?.rest.at(-1);
  if (split === undefined || increment?.kind !== 'assign') return undefined;
  const body = split.rest.slice(0, -1);
  const { target, value } = increment;
  const bounds = upperBounds(split.goesOn, target.root.name);
  if (target.root.kind !== 'local' || target.path.length > 0 || bounds === undefined) return undefined;
  const { name } = target.root;
  const isIncrement =
    value.kind === 'operation' &&
    value.operator === 'add' &&
    value.operands.some((one) => one.kind === 'local' && one.name === name) &&
    value.operands.some((one) => one.kind === 'literal' && one.value === 1);
  if (!isIncrement || assigns(body, name) || around.after.has(`local ${name}`)) return undefined;
  const start = boundsOf(around.ints, bounds[0]!.local);
  const limits = bounds.map(({ limit, isInclusive }) => {
    const ints = boundsOf(around.ints, limit);
    return ints && (isInclusive ? ints.max : ints.max - 1);
  });
  const isKnown = limits.every((one) => one !== undefined) && bounds.every(({ limit }) => isFixed(limit, body));
  if (start === undefined || !isKnown) return undefined;
  const domain: Domain = { kind: 'int', min: start.min, max: Math.min(...limits) };
  if (domain.max < domain.min || loop.bound < cardinality(domain)) return undefined;
  const binder = context.fresh(name);
  const { span } = loop;
  const counter: Expression = { kind: 'local', name: binder, type: domain, span };
  const conditions = [
    comparison('greaterOrEqual', counter, bounds[0]!.local),
    ...bounds.map(({ limit, isInclusive }) => comparison(isInclusive ? 'lessOrEqual' : 'less', counter, limit)),
  ];
  const over = conditions.reduce<Expression>((so, one) => filtered(context, so, binder, one), {
    kind: 'domain',
    domain,
    type: { kind: 'set', element: domain },
    span,
  });
  return { kind: 'for', binder, over, body: rewriteStatements(body, substitution(name, counter)), span };
}

function comparison(
  operator: 'greaterOrEqual' | 'lessOrEqual' | 'less',
  left: Expression,
  right: Expression,
): Expression {
  return { kind: 'operation', operator, operands: [left, right], type: BOOLEAN, span: left.span };
}

/** A loop over integers that is left at the first that is too large goes over those that are not. */
function withoutBreak(context: Context, loop: Loop, label: string): Loop {
  const split = leading(loop.body, label);
  const bounds = split && upperBounds(split.goesOn, loop.binder);
  if (split === undefined || bounds === undefined) return loop;
  if (loop.indexBinder !== undefined || !isAscending(loop.over)) return loop;
  const isSure = bounds.every(
    ({ limit }) => isFixed(limit, loop.body) && !readsOf([limit]).has(`local ${loop.binder}`),
  );
  if (!isSure) return loop;
  return { ...loop, over: filtered(context, loop.over, loop.binder, split.goesOn), body: split.rest };
}

/** `if (stop) break; rest`: when it goes on, and with what. */
function leading(
  body: readonly Statement[],
  label: string,
): { readonly goesOn: Expression; readonly rest: readonly Statement[] } | undefined {
  const [first, ...rest] = body;
  if (first?.kind !== 'if') return undefined;
  const leaves = ([only, ...more]: readonly Statement[]): boolean =>
    more.length === 0 && only?.kind === 'exit' && only.label === label;
  if (leaves(first.whenTrue)) return { goesOn: negated(first.condition), rest: [...first.whenFalse, ...rest] };
  return leaves(first.whenFalse) ? { goesOn: first.condition, rest: [...first.whenTrue, ...rest] } : undefined;
}

/** `i < n`, or several such bounds for one name. */
function upperBounds(condition: Expression, name: string): readonly UpperBound[] | undefined {
  const bounds = conjunctsOf(condition).map(upperBound);
  return bounds.every((one) => one?.local.name === name) ? (bounds as readonly UpperBound[]) : undefined;
}

interface UpperBound {
  readonly local: Expression & { readonly kind: 'local' };
  readonly limit: Expression;
  readonly isInclusive: boolean;
}

/** `i < n`, however it is written. */
function upperBound(condition: Expression): UpperBound | undefined {
  if (condition.kind !== 'operation') return undefined;
  const [left, right] = condition.operands as [Expression, Expression];
  const { operator } = condition;
  const isUpper = operator === 'less' || operator === 'lessOrEqual';
  if (!isUpper && operator !== 'greater' && operator !== 'greaterOrEqual') return undefined;
  const [local, limit] = isUpper ? [left, right] : [right, left];
  const isInclusive = operator === 'lessOrEqual' || operator === 'greaterOrEqual';
  return local.kind === 'local' ? { local, limit, isInclusive } : undefined;
}

/** Whether an expression has one value in all rounds of a loop, and always has one. */
function isFixed(expression: Expression, body: readonly Statement[]): boolean {
  const changed = new Set(rootsOf(body));
  return !canFail(expression) && ![...readsOf([expression])].some((root) => changed.has(root));
}

function isAscending(over: Expression): boolean {
  if (over.kind === 'comprehension' && over.operator === 'filter') return isAscending(over.over);
  return over.kind === 'domain' && over.domain.kind === 'int';
}

/** Whether a loop goes through something as through the set of its elements. */
function isInSetOrder(over: Expression): boolean {
  if (over.kind !== 'domain' || isAscending(over)) return true;
  if (MAX_COMPARED < cardinality(over.domain)) return false;
  const values = [...valuesOf(over.domain)];
  return values.every((value, index) => index === 0 || compareValues(values[index - 1], value) < 0);
}

const MAX_COMPARED = 256;

/** Those elements of what a loop goes through for which a condition on its binder holds. */
function filtered(context: Context, over: Expression, binder: string, condition: Expression): Expression {
  const { span } = condition;
  if (over.kind === 'comprehension' && over.operator === 'filter' && over.indexBinder === undefined) {
    const right = rewriteExpression(condition, renaming(binder, over.binder));
    return { ...over, body: { kind: 'and', left: over.body, right, type: BOOLEAN, span } };
  }
  const inner = context.fresh(binder);
  const body = rewriteExpression(condition, renaming(binder, inner));
  const type = typeOfComprehension('filter', over.type, BOOLEAN) ?? over.type;
  return { kind: 'comprehension', operator: 'filter', binder: inner, over, body, type, span };
}

type Change = (part: Expression) => Expression;

function renaming(from: string, to: string): Change {
  return (one) => (one.kind === 'local' && one.name === from ? { ...one, name: to } : one);
}

function substitution(name: string, value: Expression): Change {
  return (one) => (one.kind === 'local' && one.name === name ? { ...value, span: one.span } : one);
}

/** A loop whose body has been looked at. */
function inLoop(context: Context, given: Loop): readonly Statement[] {
  const over = given.indexBinder === undefined ? asSetOf(given.over) : given.over;
  const loop = { ...given, over, body: withoutLets(given.body) };
  if (loop.body.length === 0 && !canFail(loop.over)) return [];
  if (loop.indexBinder !== undefined) return [given];
  return (
    asGuard(loop) ??
    asSearch(context, loop) ??
    asOnce(loop) ??
    asFold(context, loop) ??
    asSeveral(context, loop) ?? [given]
  );
}

/** An array of constants that are in the order of a set is one. */
function asSetOf(over: Expression): Expression {
  if (over.kind !== 'array' || over.elements.length === 0 || MAX_COMPARED < over.elements.length) return over;
  const values = over.elements.flatMap((one) => (one.kind === 'literal' ? [one.value] : []));
  const isSorted = values.every((value, index) => index === 0 || compareValues(values[index - 1], value) < 0);
  const element = collectionOf(over.type)?.element;
  if (values.length < over.elements.length || !isSorted || element === undefined) return over;
  const [first, last] = [values[0], values.at(-1)];
  const { span } = over;
  if (typeof first === 'number' && typeof last === 'number' && last - first === values.length - 1) {
    const domain: Domain = { kind: 'int', min: first, max: last };
    return { kind: 'domain', domain, type: { kind: 'set', element: domain }, span };
  }
  return { kind: 'set', elements: over.elements, type: { kind: 'set', element }, span };
}

/** Declarations whose values may as well stand where they are used. */
function withoutLets(body: readonly Statement[]): readonly Statement[] {
  const [first, ...rest] = body;
  if (first === undefined) return body;
  const changed = new Set(rootsOf(rest));
  const canMove =
    first.kind === 'let' &&
    !first.mutable &&
    !canFail(first.value) &&
    fitsWithin(first.value, first.domain) &&
    (first.value.kind === 'local' || first.value.kind === 'literal' || usesOf(first.name, rest) <= 1) &&
    ![...readsOf([first.value])].some((root) => changed.has(root));
  if (!canMove) return [first, ...withoutLets(rest)];
  return withoutLets(rewriteStatements(rest, substitution(first.name, first.value)));
}

/** Only guards: one guard, for all elements. */
function asGuard(loop: Loop): readonly Statement[] | undefined {
  const guard = guardOf(loop.body);
  if (guard === undefined || (canFail(guard) && !isAscending(loop.over))) return undefined;
  return [{ kind: 'when', condition: quantified('all', loop, guard), span: loop.span }];
}

/** `all` or `some` of what a loop goes through. */
function quantified(operator: 'all' | 'some', { binder, over, span }: Loop, condition: Expression): Expression {
  const isFiltered = over.kind === 'comprehension' && over.operator === 'filter' && over.indexBinder === undefined;
  if (!isFiltered || canFail(over.body)) {
    return { kind: 'comprehension', operator, binder, over, body: condition, type: BOOLEAN, span };
  }
  const left = rewriteExpression(over.body, renaming(over.binder, binder));
  const body: Expression = {
    kind: operator === 'all' ? 'implies' : 'and',
    left,
    right: condition,
    type: BOOLEAN,
    span,
  };
  return { kind: 'comprehension', operator, binder, over: over.over, body, type: BOOLEAN, span };
}

/** Under which condition statements that are only guards let the step go on. */
function guardOf(statements: readonly Statement[]): Expression | undefined {
  const [first, ...rest] = statements;
  if (first === undefined) return undefined;
  const own =
    first.kind === 'when'
      ? first.condition
      : first.kind === 'if'
        ? chosenGuard(first.condition, first.whenTrue, first.whenFalse)
        : undefined;
  if (own === undefined || rest.length === 0) return own;
  const right = guardOf(rest);
  return right && { kind: 'and', left: own, right, type: BOOLEAN, span: first.span };
}

function chosenGuard(
  condition: Expression,
  whenTrue: readonly Statement[],
  whenFalse: readonly Statement[],
): Expression | undefined {
  const nothing: Expression = { kind: 'literal', value: true, type: BOOLEAN, span: condition.span };
  const yes = whenTrue.length === 0 ? nothing : guardOf(whenTrue);
  const no = whenFalse.length === 0 ? nothing : guardOf(whenFalse);
  return yes && no && chosen(condition, yes, no, BOOLEAN);
}

/** `for (const x of over) if (condition) { …; return; }`: asks whether there is one, or takes the first. */
function asSearch(context: Context, loop: Loop): readonly Statement[] | undefined {
  const search = searchIn(context, loop.body);
  if (search?.condition === undefined) return undefined;
  const { condition, then } = search;
  const { span } = loop;
  if (!readsOf(then).has(`local ${loop.binder}`) && (!canFail(condition) || isAscending(loop.over))) {
    return [{ kind: 'if', condition: quantified('some', loop, condition), whenTrue: then, whenFalse: [], span }];
  }
  if (canFail(condition) || !isInSetOrder(loop.over)) return undefined;
  return [{ ...loop, over: filtered(context, loop.over, loop.binder, condition), body: then }];
}

/** When statements leave what is around them (always, without a condition), and how; all they do otherwise is nothing. */
function searchIn(
  context: Context,
  statements: readonly Statement[],
): { readonly condition: Expression | undefined; readonly then: readonly Statement[] } | undefined {
  if (neverEnds(statements)) return { condition: undefined, then: statements };
  const [first, ...rest] = statements;
  if (first?.kind !== 'if') return undefined;
  if (rest.length > 0 && !neverEnds(first.whenTrue)) return undefined;
  const { condition: asked, whenTrue } = first;
  const whenFalse = [...first.whenFalse, ...rest];
  const yes = searchIn(context, whenTrue);
  const no = searchIn(context, whenFalse);
  if ((yes === undefined && whenTrue.length > 0) || (no === undefined && whenFalse.length > 0)) return undefined;
  const { span } = first;
  const both = (left: Expression, right: Expression | undefined): Expression =>
    right === undefined ? left : { kind: 'and', left, right, type: BOOLEAN, span };
  if (yes !== undefined && no !== undefined) {
    if (isWorkedOut(asked)) return undefined;
    const always: Expression = { kind: 'literal', value: true, type: BOOLEAN, span };
    return {
      condition: chosen(asked, yes.condition ?? always, no.condition ?? always, BOOLEAN),
      then: [{ ...first, condition: copyOf(context, asked), whenTrue: yes.then, whenFalse: no.then }],
    };
  }
  if (yes !== undefined) return { condition: both(asked, yes.condition), then: yes.then };
  return no && { condition: both(negated(asked), no.condition), then: no.then };
}

/** `for (const x of over) if (condition) found = true;`: done once or not at all. */
function asOnce(loop: Loop): readonly Statement[] | undefined {
  const once = onlyIf(loop.body);
  if (once === undefined || !once.then.every((one) => one.kind === 'assign')) return undefined;
  const { condition, then } = once;
  const read = readsOf([condition, ...then]);
  if (canFail(condition) || rootsOf(then).some((root) => read.has(root)) || readsOf(then).has(`local ${loop.binder}`))
    return undefined;
  return [
    { kind: 'if', condition: quantified('some', loop, condition), whenTrue: then, whenFalse: [], span: loop.span },
  ];
}

/** Statements that are one condition, and what is done if it holds. */
function onlyIf(
  statements: readonly Statement[],
): { readonly condition: Expression; readonly then: readonly Statement[] } | undefined {
  const [only, ...others] = statements;
  if (only?.kind !== 'if' || others.length > 0) return undefined;
  if (only.whenFalse.length === 0) return { condition: only.condition, then: only.whenTrue };
  return only.whenTrue.length === 0 ? { condition: negated(only.condition), then: only.whenFalse } : undefined;
}

/** `for (const x of over) sum = f(sum, x);`: a fold. */
function asFold(context: Context, loop: Loop): readonly Statement[] | undefined {
  const [only, ...others] = loop.body;
  if (only === undefined || others.length > 0) return undefined;
  const gathering = gatheredBy(context, only);
  if (gathering === undefined) return undefined;
  const { target } = gathering;
  const root = rootKey(target);
  const place = readOf(context, target);
  const indices = target.path.flatMap((segment) => (segment.kind === 'index' ? [segment.index] : []));
  const fixed = readsOf(indices);
  if (
    place === undefined ||
    indices.some(hasBinders) ||
    canFail(place) ||
    fixed.has(`local ${loop.binder}`) ||
    fixed.has(root)
  )
    return undefined;
  const accumulator = context.fresh(shortName(target));
  const soFar: Expression = { kind: 'local', name: accumulator, type: target.domain, span: target.span };
  const body = rewriteExpression(gathering.value, (one) => (isSamePlace(one, place) ? soFar : one));
  const read = readsOf([body]);
  if (read.has(root) || !read.has(`local ${accumulator}`) || canFail(body)) return undefined;
  const isLocal = target.root.kind === 'local' && target.path.length === 0;
  const fits = isLocal || fitsWithin(body, target.domain);
  const type = fits ? target.domain : joinDomains(target.domain, body.type);
  if (type === undefined || !(fits || onlyGrows(body, accumulator))) return undefined;
  const { binder, over, span } = loop;
  const value: Expression = { kind: 'fold', accumulator, binder, over, initial: place, body, type, span };
  return [{ kind: 'assign', target, value, span }];
}

/** What a statement that only assigns to one place makes of it. */
function gatheredBy(
  context: Context,
  statement: Statement,
): { readonly target: Place; readonly value: Expression } | undefined {
  if (statement.kind === 'assign') return statement;
  if (statement.kind !== 'if') return undefined;
  const sides = [statement.whenTrue, statement.whenFalse].map(([only, ...more]) =>
    only === undefined ? null : more.length > 0 ? undefined : gatheredBy(context, only),
  );
  const [yes, no] = sides;
  const target = yes?.target ?? no?.target;
  if (yes === undefined || no === undefined || target === undefined) return undefined;
  const before = readOf(context, target);
  const other = yes !== null && no !== null ? readOf(context, no.target) : before;
  if (before === undefined || other === undefined || !isSamePlace(before, other)) return undefined;
  const [whenTrue, whenFalse] = [yes?.value ?? before, no?.value ?? before];
  const type = joinDomains(whenTrue.type, whenFalse.type);
  if (type === undefined) return undefined;
  const { condition, span } = statement;
  const value: Expression = { kind: 'conditional', condition, whenTrue, whenFalse, type, span };
  return { target, value };
}

/** Whether each value of a fold has all elements of those before: if the last one is in a domain, all are. */
function onlyGrows(body: Expression, accumulator: string): boolean {
  if (body.kind === 'local') return body.name === accumulator;
  if (body.kind === 'conditional')
    return onlyGrows(body.whenTrue, accumulator) && onlyGrows(body.whenFalse, accumulator);
  return (
    body.kind === 'operation' &&
    body.operator === 'union' &&
    onlyGrows(body.operands[0]!, accumulator) &&
    !readsOf([body.operands[1]!]).has(`local ${accumulator}`)
  );
}

/** The place as an expression; undefined for a part of a local. */
function readOf(context: Context, { root, path, domain, span }: Place): Expression | undefined {
  if (root.kind === 'local') {
    return path.length > 0 ? undefined : { kind: 'local', name: root.name, type: domain, span };
  }
  let read: Expression = {
    kind: 'variable',
    name: root.name,
    next: false,
    type: context.domains.get(root.name)!,
    span,
  };
  for (const segment of path) {
    const type: Domain | undefined =
      segment.kind === 'index' ? typeOfIndex(read.type, segment.index.type) : partType(read.type, segment.name);
    if (type === undefined) return undefined;
    read =
      segment.kind === 'index'
        ? { kind: 'index', object: read, index: segment.index, type, span }
        : { kind: 'field', object: read, name: segment.name, type, span };
  }
  return read;
}

function isSamePlace(left: Expression, right: Expression): boolean {
  if (left.kind === 'local' || left.kind === 'literal') {
    return left.kind === 'local'
      ? right.kind === 'local' && left.name === right.name
      : right.kind === 'literal' && typeof left.value !== 'object' && left.value === right.value;
  }
  if (left.kind === 'variable')
    return right.kind === 'variable' && left.name === right.name && left.next === right.next;
  if (left.kind === 'field')
    return right.kind === 'field' && left.name === right.name && isSamePlace(left.object, right.object);
  if (left.kind !== 'index' || right.kind !== 'index') return false;
  return isSamePlace(left.object, right.object) && isSamePlace(left.index, right.index);
}

function shortName({ root, path }: Place): string {
  const field = path.findLast((segment) => segment.kind === 'field');
  return field?.kind === 'field' ? field.name : root.name;
}

/** A loop that does several things, none of which sees another: one loop for each. */
function asSeveral(context: Context, loop: Loop): readonly Statement[] | undefined {
  const { body } = loop;
  if (body.length < 2) return undefined;
  const roots = body.map((one) => rootsOf([one]));
  const read = body.map((one) => readsOf([one]));
  const isApart = body.every((_, index) =>
    roots.every(
      (others, at) => at === index || !others.some((root) => read[index]!.has(root) || roots[index]!.includes(root)),
    ),
  );
  const guards = body.filter((one) => one.kind === 'when');
  const rest = body.filter((one) => one.kind !== 'when');
  if (
    !isApart ||
    isWorkedOut(loop.over) ||
    canFail(loop.over) ||
    !rest.every((one) => isSure(context, one)) ||
    guards.some((one) => canFail(one.condition))
  )
    return undefined;
  const apart: (readonly Statement[])[] = [...(guards.length === 0 ? [] : [guards]), ...rest.map((one) => [one])];
  if (apart.length === 1) return undefined;
  // Each has names of its own for what it goes through.
  const made = apart.map((part) => {
    const binder = context.fresh(loop.binder);
    const body = rewriteStatements(part, renaming(loop.binder, binder));
    return { part, done: inLoop(context, { ...loop, binder, over: copyOf(context, loop.over), body }) };
  });
  const isLeft = ([only]: readonly Statement[]): boolean => only?.kind === 'for';
  const left = made.filter(({ done }) => isLeft(done)).flatMap(({ part }) => part);
  if (left.length === body.length) return undefined;
  const done = made.filter((one) => !isLeft(one.done)).flatMap((one) => one.done);
  return left.length === 0 ? done : [...done, { ...loop, body: left }];
}

function isWorkedOut(expression: Expression): boolean {
  return fold<boolean>(expression, (one, parts) => one.kind === 'evaluate' || parts.some(Boolean));
}

/** Whether an expression has names of its own, so that it cannot stand in two places. */
function hasBinders(expression: Expression): boolean {
  return fold<boolean>(
    expression,
    (one, parts) => ['comprehension', 'fold', 'evaluate'].includes(one.kind) || parts.some(Boolean),
  );
}

/** The same with other names for what is bound in it. */
function copyOf(context: Context, expression: Expression): Expression {
  const names = new Map<string, string>();
  const other = (name: string): string => {
    if (!names.has(name)) names.set(name, context.fresh(name));
    return names.get(name)!;
  };
  fold(expression, (one) => {
    if (one.kind !== 'comprehension' && one.kind !== 'fold') return;
    other(one.binder);
    if (one.indexBinder !== undefined) other(one.indexBinder);
    if (one.kind === 'fold') other(one.accumulator);
  });
  return rewriteExpression(expression, (one) => {
    if (one.kind === 'local') return { ...one, name: names.get(one.name) ?? one.name };
    if (one.kind !== 'comprehension' && one.kind !== 'fold') return one;
    const binders = {
      binder: other(one.binder),
      ...(one.indexBinder === undefined ? {} : { indexBinder: other(one.indexBinder) }),
    };
    return one.kind === 'fold' ? { ...one, ...binders, accumulator: other(one.accumulator) } : { ...one, ...binders };
  });
}

/** Whether statements only assign, and cannot fail. */
function isSure(context: Context, statement: Statement): boolean {
  if (statement.kind === 'assign') {
    const { target, value } = statement;
    const read = readOf(context, target);
    return read !== undefined && !canFail(read) && !canFail(value) && fitsWithin(value, target.domain);
  }
  return (
    statement.kind === 'if' &&
    foreignExits([statement]).length === 0 &&
    isPure([statement]) &&
    !expressionsIn(statement).some(canFail) &&
    childrenOf(statement).every((one) => isSure(context, one))
  );
}
