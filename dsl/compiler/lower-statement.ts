import type { ts as TS } from 'ts-morph';
import { doesNothing, localUnassigned, outsideLanguage } from '../diagnostics/catalog.ts';
import { defaultValue, type Domain } from '../ir/index.ts';
import { spanIn } from './access.ts';
import * as build from './build.ts';
import { bindPattern } from './destructure.ts';
import { bindName, isAssignmentOperator } from './inline.ts';
import { lowerFor, lowerForOf, lowerWhile } from './loop.ts';
import { lower, lowerCondition } from './lower-expression.ts';
import { mergeArms } from './merge.ts';
import { effectOf } from './purity.ts';
import { refusalOf } from './subset.ts';
import { clausesOf, lowerSwitch } from './switch.ts';
import { scopeIn, type Local, type Scope, type Term } from './term.ts';
import { choiceOf } from './either-name.ts';
import { ts } from './typescript.ts';
import { declareLocal, emit, freshName, keyOf, nested, referenceTo, report, type Frame, type Unit } from './unit.ts';
import { sharesOf } from './shares.ts';
import { emitAssign, NOTHING, refuse, valueOf, valueTerm } from './value.ts';

/**
 * Lowers the body of a function in place and gives what it returns.
 *
 * A body whose returns all stand at its ends becomes nested branches, and a conditional where they only compute; a body
 * that returns from inside of a loop becomes a block that `return` leaves.
 */
export function lowerBody(unit: Unit, body: TS.Block, scope: Scope): Term {
  hoist(body.statements, scope);
  if (returnsAtEnds(body.statements)) {
    unit.frames.push({ kind: 'function', finish: undefined });
    const result = lowerTail(unit, body.statements, scope, undefined);
    unit.frames.pop();
    return result;
  }
  return lowerBlock(unit, body, scope);
}

function lowerBlock(unit: Unit, body: TS.Block, scope: Scope): Term {
  const span = spanIn(scope, body);
  const label = freshName(unit, 'return');
  const returned: Term[] = [];
  let result: Local | undefined;
  if (returnsValue(body)) {
    const complete = endsInReturn(body.statements);
    result = declareLocal(
      unit,
      'result',
      complete ? (domain) => build.literal(defaultValue(domain), span, domain) : build.literal(undefined, span),
      span,
      body,
    );
  }
  const finish = (term: Term, at: typeof span) => {
    returned.push(term);
    if (result !== undefined && term.kind !== 'nothing') {
      emitAssign(unit, referenceTo(result, at), valueOf(unit, term, at), at);
    }
    emit(unit, { kind: 'exit', label, span: at });
  };
  unit.frames.push({ kind: 'function', finish });
  const { statements } = nested(unit, () => {
    for (const statement of body.statements) lowerStatement(unit, statement, scope);
  });
  unit.frames.pop();
  emit(unit, { kind: 'block', label, body: statements, span });
  if (result === undefined) return NOTHING;
  return valueTerm(build.read(referenceTo(result, span)), returned.flatMap(sharesOf));
}

/** Lowers statements of which each `return` is the last to run; `rest` is what runs after them otherwise. */
function lowerTail(
  unit: Unit,
  statements: readonly TS.Statement[],
  scope: Scope,
  rest: (() => Term) | undefined,
): Term {
  for (const [at, statement] of statements.entries()) {
    if (ts.isReturnStatement(statement)) {
      return statement.expression === undefined ? NOTHING : lower(unit, statement.expression, scope);
    }
    if (!containsReturn(statement)) {
      lowerStatement(unit, statement, scope);
      continue;
    }
    const after = () => lowerTail(unit, statements.slice(at + 1), scope, rest);
    if (ts.isBlock(statement)) {
      const inner = scopeIn(scope);
      hoist(statement.statements, inner);
      return lowerTail(unit, statement.statements, inner, after);
    }
    if (ts.isIfStatement(statement)) {
      const condition = lowerCondition(unit, statement.expression, scope);
      const yes = () => lowerTail(unit, [statement.thenStatement], scopeIn(scope), after);
      const no = () =>
        statement.elseStatement === undefined
          ? after()
          : lowerTail(unit, [statement.elseStatement], scopeIn(scope), after);
      return mergeArms(unit, condition, yes, no, spanIn(scope, statement));
    }
    if (ts.isSwitchStatement(statement)) return lowerTailSwitch(unit, statement, scope, after);
  }
  return rest === undefined ? NOTHING : rest();
}

/** A `switch` whose clauses all return. */
function lowerTailSwitch(unit: Unit, node: TS.SwitchStatement, scope: Scope, after: () => Term): Term {
  const { clauses, otherwise } = clausesOf(unit, node, scope);
  const from = (position: number): Term => {
    const clause = clauses[position];
    if (clause === undefined)
      return otherwise === undefined ? after() : lowerTail(unit, otherwise, scopeIn(scope), after);
    return mergeArms(
      unit,
      clause.condition(),
      () => lowerTail(unit, clause.statements, scopeIn(scope), after),
      () => from(position + 1),
      spanIn(scope, node),
    );
  };
  return from(0);
}

/** Whether every return of the statements is the last thing that they do, without writing anything twice. */
function returnsAtEnds(statements: readonly TS.Statement[]): boolean {
  return statements.every((statement, at) => {
    if (ts.isReturnStatement(statement) || !containsReturn(statement)) return true;
    const last = at === statements.length - 1;
    if (ts.isBlock(statement)) return returnsAtEnds(statement.statements);
    if (ts.isIfStatement(statement)) {
      const { thenStatement, elseStatement } = statement;
      const ends = endsInReturn([thenStatement]) || (elseStatement !== undefined && endsInReturn([elseStatement]));
      if (!last && !ends) return false; // what follows would be written once for each branch
      return returnsAtEnds([thenStatement]) && (elseStatement === undefined || returnsAtEnds([elseStatement]));
    }
    if (ts.isSwitchStatement(statement)) {
      return statement.caseBlock.clauses.every(
        (clause) =>
          clause.statements.length === 0 ||
          (endsInReturn(clause.statements) &&
            returnsAtEnds(clause.statements) &&
            !clause.statements.some(containsBreak)),
      );
    }
    return false;
  });
}

/** Whether statements cannot be got past but by a `return`. */
export function endsInReturn(statements: readonly TS.Statement[]): boolean {
  const last = statements[statements.length - 1];
  if (last === undefined) return false;
  if (ts.isReturnStatement(last)) return true;
  if (ts.isBlock(last)) return endsInReturn(last.statements);
  if (ts.isIfStatement(last)) {
    return endsInReturn([last.thenStatement]) && last.elseStatement !== undefined && endsInReturn([last.elseStatement]);
  }
  if (!ts.isSwitchStatement(last)) return false;
  const { clauses } = last.caseBlock;
  const complete = clauses.some((clause) => ts.isDefaultClause(clause));
  return complete && clauses.every((clause) => clause.statements.length === 0 || endsInReturn(clause.statements));
}

function containsReturn(node: TS.Node): boolean {
  if (ts.isReturnStatement(node)) return true;
  if (ts.isFunctionLike(node)) return false;
  return ts.forEachChild(node, (child) => containsReturn(child) || undefined) === true;
}

/** Whether a `break` in a clause of a `switch` may leave the `switch`. */
function containsBreak(node: TS.Node): boolean {
  if (ts.isBreakStatement(node)) return true;
  if (ts.isFunctionLike(node)) return false;
  return ts.forEachChild(node, (child) => containsBreak(child) || undefined) === true;
}

export function returnsValue(node: TS.Node): boolean {
  if (ts.isReturnStatement(node)) return node.expression !== undefined;
  if (ts.isFunctionLike(node)) return false;
  return ts.forEachChild(node, (child) => returnsValue(child) || undefined) === true;
}

/** Functions can be called before they are declared. */
export function hoist(statements: readonly TS.Statement[], scope: Scope): void {
  for (const statement of statements) {
    if (!ts.isFunctionDeclaration(statement) || statement.name === undefined) continue;
    const name = statement.name.text;
    scope.names.set(name, { kind: 'term', term: { kind: 'closure', node: statement, scope, name } });
  }
}

/** Lowers one statement into the unit. Every kind of statement is either lowered or refused. */
export function lowerStatement(unit: Unit, node: TS.Statement, scope: Scope): void {
  const span = spanIn(scope, node);
  if (ts.isExpressionStatement(node)) lowerExpressionStatement(unit, node, scope);
  else if (ts.isVariableStatement(node)) lowerVariables(unit, node.declarationList, scope, enclosing(node));
  else if (ts.isIfStatement(node)) lowerIf(unit, node, scope);
  else if (ts.isBlock(node)) {
    const inner = scopeIn(scope);
    hoist(node.statements, inner);
    for (const statement of node.statements) lowerStatement(unit, statement, inner);
  } else if (ts.isForOfStatement(node)) lowerForOf(unit, node, scope);
  else if (ts.isForStatement(node)) lowerFor(unit, node, scope);
  else if (ts.isWhileStatement(node) || ts.isDoStatement(node)) lowerWhile(unit, node, scope);
  else if (ts.isSwitchStatement(node)) lowerSwitch(unit, node, scope);
  else if (ts.isReturnStatement(node)) lowerReturn(unit, node, scope);
  else if (ts.isBreakStatement(node) || ts.isContinueStatement(node)) lowerJump(unit, node, scope);
  else if (ts.isLabeledStatement(node)) lowerLabeled(unit, node, scope);
  else if (ts.isFunctionDeclaration(node) && node.name !== undefined)
    return; // bound by `hoist`
  else if (ts.isEmptyStatement(node)) return;
  else if (ts.isTypeAliasDeclaration(node) || ts.isInterfaceDeclaration(node)) return;
  else refuse(unit, refusalOf(node, span));
}

/** What only computes a value for nobody is refused: most often `=` was meant. */
function lowerExpressionStatement(unit: Unit, node: TS.ExpressionStatement, scope: Scope): void {
  const [mark, reported, decided] = [unit.statements.length, unit.diagnostics.length, unit.decided];
  const term = lower(unit, node.expression, scope);
  const idle = !['nothing', 'error', 'declaring'].includes(term.kind);
  if (!idle || reported < unit.diagnostics.length || decided < unit.decided) return;
  const expression = skipParentheses(node.expression);
  if (isAssignment(expression) || effectOf(unit.statements.slice(mark)) !== undefined) return;
  refuse(unit, doesNothing(spanIn(scope, node), helpForIdle(expression)));
}

function isAssignment(node: TS.Expression): boolean {
  return ts.isBinaryExpression(node) && isAssignmentOperator(node.operatorToken.kind);
}

function helpForIdle(node: TS.Expression): string {
  if (ts.isCallExpression(node)) return 'use what the call gives, in a `when` or an assignment, or remove it';
  const operator = ts.isBinaryExpression(node) ? node.operatorToken.kind : undefined;
  if (operator === ts.SyntaxKind.EqualsEqualsEqualsToken) return 'did you mean `=`?';
  return 'assign the value, or remove the statement';
}

function skipParentheses(node: TS.Expression): TS.Expression {
  return ts.isParenthesizedExpression(node) ? skipParentheses(node.expression) : node;
}

/** Where the names that a statement declares can be assigned. */
function enclosing(node: TS.Node): TS.Node {
  return node.parent;
}

/** `const` and `let`. */
export function lowerVariables(unit: Unit, list: TS.VariableDeclarationList, scope: Scope, within: TS.Node): void {
  if ((list.flags & ts.NodeFlags.BlockScoped) === 0) {
    refuse(unit, outsideLanguage(spanIn(scope, list), '`var`', 'write `const` or `let`'));
    return;
  }
  const constant = (list.flags & ts.NodeFlags.Const) !== 0;
  for (const declaration of list.declarations) {
    const { name, initializer } = declaration;
    if (initializer === undefined) {
      if (!ts.isIdentifier(name)) continue;
      const span = spanIn(scope, name);
      if (neverUndefined(declaration.type) && unit.thread?.asked.has(name.text) === true) {
        report(unit, localUnassigned(span, name.text));
      }
      // Where undefined is not of its type, TypeScript has made sure that it is assigned before it is read.
      const initial = neverUndefined(declaration.type)
        ? (domain: Domain) => build.placeholder(domain, span)
        : build.literal(undefined, span);
      const local = declareLocal(unit, name.text, initial, span, name);
      const key = keyOf(unit, name, name.text);
      scope.names.set(name.text, { kind: 'local', local, constant: false, key });
      continue;
    }
    if (unit.purpose === 'property' && constant && ts.isIdentifier(name) && isLate(initializer)) {
      scope.names.set(name.text, { kind: 'lazy', node: initializer, scope: { ...scope, names: new Map(scope.names) } });
      continue;
    }
    const choice = constant && ts.isIdentifier(name) ? choiceOf(unit, name.text, initializer, scope) : undefined;
    if (choice !== undefined && ts.isIdentifier(name)) {
      scope.names.set(name.text, { kind: 'term', term: choice, key: keyOf(unit, name, name.text) });
      continue;
    }
    const term = lower(unit, initializer, scope);
    if (ts.isIdentifier(name)) bindName(unit, name, term, { scope, within, constant });
    else bindPattern(unit, name, term, { scope, within, constant });
  }
}

/** Whether a type says, without a look at other declarations, that undefined is not one of its values. */
function neverUndefined(type: TS.TypeNode | undefined): boolean {
  if (type === undefined) return false;
  if (ts.isUnionTypeNode(type)) return type.types.every(neverUndefined);
  if (ts.isParenthesizedTypeNode(type)) return neverUndefined(type.type);
  if (ts.isArrayTypeNode(type) || ts.isTupleTypeNode(type) || ts.isTypeLiteralNode(type)) return true;
  return (
    ts.isLiteralTypeNode(type) ||
    [ts.SyntaxKind.NumberKeyword, ts.SyntaxKind.BooleanKeyword, ts.SyntaxKind.StringKeyword].includes(type.kind)
  );
}

/**
 * In a property a `const` is a name for a predicate: it is worked out in the state that the formula is about, wherever
 * the name stands, not once at the beginning.
 */
function isLate(initializer: TS.Expression): boolean {
  return !ts.isArrowFunction(initializer) && !ts.isFunctionExpression(initializer);
}

function lowerIf(unit: Unit, node: TS.IfStatement, scope: Scope): void {
  const span = spanIn(scope, node);
  const condition = lowerCondition(unit, node.expression, scope);
  const arm = (statement: TS.Statement | undefined) =>
    nested(unit, () => statement && lowerStatement(unit, statement, scopeIn(scope))).statements;
  emit(unit, { kind: 'if', condition, whenTrue: arm(node.thenStatement), whenFalse: arm(node.elseStatement), span });
}

function lowerReturn(unit: Unit, node: TS.ReturnStatement, scope: Scope): void {
  const span = spanIn(scope, node);
  const frame = unit.frames.findLast((one) => one.kind === 'function');
  const term = node.expression === undefined ? NOTHING : lower(unit, node.expression, scope);
  if (frame?.kind === 'function' && frame.finish !== undefined) frame.finish(term, span);
  else refuse(unit, refusalOf(node, span));
}

/** Whether nothing can run after a statement. */
export function isJump(node: TS.Statement): boolean {
  return ts.isReturnStatement(node) || ts.isBreakStatement(node) || ts.isContinueStatement(node);
}

function lowerJump(unit: Unit, node: TS.BreakStatement | TS.ContinueStatement, scope: Scope): void {
  const span = spanIn(scope, node);
  const wanted = node.label?.text;
  const isBreak = ts.isBreakStatement(node);
  const own = unit.frames.slice(unit.frames.findLastIndex((one) => one.kind === 'function') + 1);
  const frame = own.findLast((one): one is Extract<Frame, { breakTo: string }> => {
    if (one.kind === 'function') return false;
    if (wanted !== undefined) return one.label === wanted && (isBreak || one.continueTo !== undefined);
    return one.kind !== 'labeled' && (isBreak || one.continueTo !== undefined);
  });
  if (frame === undefined) {
    refuse(unit, refusalOf(node, span));
  } else if (isBreak) {
    frame.breaks = true;
    emit(unit, { kind: 'exit', label: frame.breakTo, span });
  } else {
    frame.continues = true;
    emit(unit, { kind: 'exit', label: frame.continueTo!, span });
  }
}

/** A label of a loop is the loop's own; any other statement becomes a block that `break label` leaves. */
function lowerLabeled(unit: Unit, node: TS.LabeledStatement, scope: Scope): void {
  const { statement } = node;
  if (ts.isIterationStatement(statement, false)) return lowerStatement(unit, statement, scope);
  const span = spanIn(scope, node);
  const frame: Frame = {
    kind: 'labeled',
    label: node.label.text,
    breakTo: freshName(unit, node.label.text),
    continueTo: undefined,
    breaks: false,
    continues: false,
  };
  unit.frames.push(frame);
  const { statements } = nested(unit, () => lowerStatement(unit, statement, scopeIn(scope)));
  unit.frames.pop();
  emit(unit, { kind: 'block', label: frame.breakTo, body: statements, span });
}
