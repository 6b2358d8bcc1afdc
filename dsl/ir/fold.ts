import type { PathSegment, Statement } from './effect.ts';
import type { Expression } from './expression.ts';
import type { Formula } from './temporal.ts';

/** Whatever has other parts of the IR inside; the kinds of all three are distinct. */
export type Node = Expression | Statement | Formula;

/**
 * Combines the results of a node's direct parts, which come in the order of evaluation, into the node's own.
 * Cost: each node once.
 */
export function fold<Result>(node: Node, combine: (node: Node, parts: readonly Result[]) => Result): Result {
  return combine(
    node,
    partsOf(node).map((part) => fold(part, combine)),
  );
}

/** Whether a test is true of a node or of something inside it. Cost: no more nodes than it takes to find one. */
export function hasNode(node: Node, test: (node: Node) => boolean): boolean {
  return test(node) || partsOf(node).some((part) => hasNode(part, test));
}

/** The direct parts of a node, in the order of evaluation. */
export function partsOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'literal':
    case 'parameter':
    case 'variable':
    case 'local':
    case 'domain':
    case 'exit':
      return [];
    case 'field':
      return [node.object];
    case 'index':
      return [node.object, node.index];
    case 'not':
    case 'always':
    case 'eventually':
      return [node.operand];
    case 'and':
    case 'or':
    case 'implies':
    case 'until':
    case 'leadsTo':
      return [node.left, node.right];
    case 'conditional':
      return [node.condition, node.whenTrue, node.whenFalse];
    case 'operation':
      return node.operands;
    case 'object':
      return node.fields.map((field) => field.value);
    case 'array':
    case 'set':
      return node.elements;
    case 'comprehension':
      return [node.over, node.body];
    case 'fold':
      return [node.over, node.initial, node.body];
    case 'evaluate':
      return [...node.body, node.result];
    case 'enabled':
    case 'taken':
      return node.arguments.filter((argument) => argument !== undefined);
    case 'assign':
      return [...node.target.path.flatMap((segment) => (segment.kind === 'index' ? [segment.index] : [])), node.value];
    case 'let':
      return [node.value];
    case 'if':
      return [node.condition, ...node.whenTrue, ...node.whenFalse];
    case 'for':
      return [node.over, ...node.body];
    case 'loop':
    case 'block':
      return node.body;
    case 'when':
    case 'verify':
      return [node.condition];
    case 'choose':
      return [node.from];
    case 'either':
      return node.branches.flat();
    case 'now':
      return [node.predicate];
    case 'forAll':
    case 'exists':
      return [node.body];
  }
}

/** The statement lists inside of a statement. */
export function innerLists(statement: Statement): readonly (readonly Statement[])[] {
  switch (statement.kind) {
    case 'if':
      return [statement.whenTrue, statement.whenFalse];
    case 'for':
    case 'loop':
    case 'block':
      return [statement.body];
    case 'either':
      return statement.branches;
    default:
      return [];
  }
}

/**
 * An expression in which `change` has been applied to every expression inside, parts before wholes; what `change` leaves
 * alone it returns as it is. Parts that did not change keep their identity.
 */
export function rewriteExpression(expression: Expression, change: (part: Expression) => Expression): Expression {
  return change(
    mapParts(
      expression,
      (part) => rewriteExpression(part, change),
      (body) => rewriteStatements(body, change),
    ),
  );
}

/** An expression with something else in the place of its direct parts; the same where these are the same. */
export function mapParts(
  node: Expression,
  go: (part: Expression) => Expression,
  goAll: (body: readonly Statement[]) => readonly Statement[],
): Expression {
  const goOptional = (part: Expression | undefined): Expression | undefined => part && go(part);
  switch (node.kind) {
    case 'literal':
    case 'parameter':
    case 'variable':
    case 'local':
    case 'domain':
      return node;
    case 'field':
      return replaced(node, { object: go(node.object) });
    case 'index':
      return replaced(node, { object: go(node.object), index: go(node.index) });
    case 'not':
      return replaced(node, { operand: go(node.operand) });
    case 'and':
    case 'or':
    case 'implies':
      return replaced(node, { left: go(node.left), right: go(node.right) });
    case 'conditional':
      return replaced(node, {
        condition: go(node.condition),
        whenTrue: go(node.whenTrue),
        whenFalse: go(node.whenFalse),
      });
    case 'operation':
      return replaced(node, { operands: each(node.operands, go) });
    case 'object':
      return replaced(node, {
        fields: each(node.fields, (field) => replaced(field, { value: go(field.value) })),
      });
    case 'array':
    case 'set':
      return replaced(node, { elements: each(node.elements, go) });
    case 'comprehension':
      return replaced(node, { over: go(node.over), body: go(node.body) });
    case 'fold':
      return replaced(node, { over: go(node.over), initial: go(node.initial), body: go(node.body) });
    case 'evaluate':
      return replaced(node, { body: goAll(node.body), result: go(node.result) });
    case 'enabled':
      return replaced(node, { arguments: each(node.arguments, goOptional) });
  }
}

/** Statements in which `change` has been applied to every expression, as by {@link rewriteExpression}. */
export function rewriteStatements(
  statements: readonly Statement[],
  change: (part: Expression) => Expression,
): readonly Statement[] {
  const go = (part: Expression): Expression => rewriteExpression(part, change);
  const goAll = (body: readonly Statement[]): readonly Statement[] => rewriteStatements(body, change);
  return each(statements, (statement) => mapStatement(statement, go, goAll));
}

/** A statement with something else in the place of its direct parts; the same where these are the same. */
export function mapStatement(
  statement: Statement,
  go: (part: Expression) => Expression,
  goAll: (body: readonly Statement[]) => readonly Statement[],
): Statement {
  const goSegment = (segment: PathSegment): PathSegment =>
    segment.kind === 'index' ? replaced(segment, { index: go(segment.index) }) : segment;
  switch (statement.kind) {
    case 'assign':
      return replaced(statement, {
        target: replaced(statement.target, { path: each(statement.target.path, goSegment) }),
        value: go(statement.value),
      });
    case 'let':
      return replaced(statement, { value: go(statement.value) });
    case 'if':
      return replaced(statement, {
        condition: go(statement.condition),
        whenTrue: goAll(statement.whenTrue),
        whenFalse: goAll(statement.whenFalse),
      });
    case 'for':
      return replaced(statement, { over: go(statement.over), body: goAll(statement.body) });
    case 'loop':
    case 'block':
      return replaced(statement, { body: goAll(statement.body) });
    case 'exit':
      return statement;
    case 'when':
    case 'verify':
      return replaced(statement, { condition: go(statement.condition) });
    case 'choose':
      return replaced(statement, { from: go(statement.from) });
    case 'either':
      return replaced(statement, { branches: each(statement.branches, goAll) });
  }
}

/** A formula in which `change` has been applied to every expression, as by {@link rewriteExpression}. */
export function rewriteFormula(formula: Formula, change: (part: Expression) => Expression): Formula {
  const go = (part: Formula): Formula => rewriteFormula(part, change);
  switch (formula.kind) {
    case 'now':
      return replaced(formula, { predicate: rewriteExpression(formula.predicate, change) });
    case 'taken':
      return replaced(formula, {
        arguments: each(formula.arguments, (part) => part && rewriteExpression(part, change)),
      });
    case 'not':
    case 'always':
    case 'eventually':
      return replaced(formula, { operand: go(formula.operand) });
    case 'and':
    case 'or':
    case 'implies':
    case 'until':
    case 'leadsTo':
      return replaced(formula, { left: go(formula.left), right: go(formula.right) });
    case 'forAll':
    case 'exists':
      return replaced(formula, { body: go(formula.body) });
  }
}

/** The node with some parts replaced; the node itself when they are all the same as before. */
function replaced<Whole extends object>(whole: Whole, parts: Partial<Whole>): Whole {
  const keys = Object.keys(parts) as (keyof Whole)[];
  return keys.every((key) => parts[key] === whole[key]) ? whole : { ...whole, ...parts };
}

function each<Item>(items: readonly Item[], change: (item: Item) => Item): readonly Item[] {
  const changed = items.map(change);
  return changed.every((item, index) => item === items[index]) ? items : changed;
}
