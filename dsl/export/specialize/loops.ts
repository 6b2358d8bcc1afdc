import { rewriteExpression, rewriteFormula, rewriteStatements } from '../../ir/fold.ts';
import type { Domain, Expression, Formula, Statement } from '../../ir/index.ts';
import { canFail } from '../tlaplus/failure.ts';
import { fitsWithin } from '../tlaplus/fit.ts';
import { rootsOf, usesOf } from '../tlaplus/statement.ts';
import type { Around } from './bounds.ts';
import { boundsAfter, narrowed } from './bounds.ts';
import { asFold } from './loop-fold.ts';
import { asGuard } from './loop-guard.ts';
import { asSetOf } from './loop-order.ts';
import { asSeveral } from './loop-parts.ts';
import { asRange, withoutBreak } from './loop-range.ts';
import { asOnce, asSearch } from './loop-search.ts';
import type { Loop } from './loop.ts';
import { Context, namesIn, readsOf, substitution } from './loop.ts';
import { assigns, valueAssigned, withoutBlock } from './structure.ts';

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
    asSeveral(context, loop, inLoop) ?? [given]
  );
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
