import type { Span } from '../../dsl/diagnostics/span.ts';
import { hasNode } from '../../dsl/ir/fold.ts';
import type { Action, Expression, Statement } from '../../dsl/ir/index.ts';

/** One way that the steps of an action can go: an arm of an `if` (or case of a `switch`), an alternative of `either`. */
export interface Branch {
  /** Its index in `plan.branches.list`. */
  readonly id: number;
  readonly action: Action;
  /** Which arm, or which alternative, counting from 0. */
  readonly arm: 'whenTrue' | 'whenFalse' | number;
  /** The condition of the `if`, the whole `either`. */
  readonly span: Span;
  /** The branch that it is within; absent directly in the action. */
  readonly parent?: number;
}

/** The branches of all actions. A step counts for a branch when it went through it and was completed. */
export interface Branches {
  readonly list: readonly Branch[];
  /** By the list of statements that a branch is. */
  readonly ofBody: ReadonlyMap<readonly Statement[], number>;
}

/**
 * Numbers the branches of some actions, in the order of their source. Left out are arms that do nothing, and arms that
 * the parameters of the model choose between or rule out, since there is nothing to find out about them; what is within
 * a chosen arm is not.
 */
export function branchesOf(actions: readonly Action[]): Branches {
  const list: Branch[] = [];
  const ofBody = new Map<readonly Statement[], number>();
  for (const action of actions) {
    const add = (body: readonly Statement[], branch: Omit<Branch, 'id' | 'action'>): void => {
      if (body.length === 0 || isImpossible(body)) return;
      const id = list.length;
      list.push({ id, action, ...branch });
      ofBody.set(body, id);
      visit(body, id);
    };
    const visit = (body: readonly Statement[], parent: number | undefined): void => {
      const within = parent === undefined ? {} : { parent };
      for (const statement of body) {
        switch (statement.kind) {
          case 'if': {
            const { condition, whenTrue, whenFalse } = statement;
            const { span } = condition;
            const chosen = chosenBy(condition);
            if (!isWritten(span, statement.span)) {
              // The compiler made it, of an expression such as `a && f()` or to leave a loop: nobody wrote it as a branch.
              visit(whenTrue, parent);
              visit(whenFalse, parent);
            } else if (chosen !== undefined) visit(chosen ? whenTrue : whenFalse, parent);
            else {
              add(whenTrue, { arm: 'whenTrue', span, ...within });
              add(whenFalse, { arm: 'whenFalse', span, ...within });
            }
            break;
          }
          case 'either':
            statement.branches.forEach((branch, arm) => add(branch, { arm, span: statement.span, ...within }));
            break;
          case 'for':
          case 'loop':
          case 'block':
            visit(statement.body, parent);
            break;
          default:
            break;
        }
      }
    };
    visit(action.body, undefined);
  }
  return { list, ofBody };
}

/** Whether an `if` or `case` stands before the condition; what is made of an expression begins with it. */
function isWritten(condition: Span, statement: Span): boolean {
  return condition.file < 0 || condition.file !== statement.file || statement.start + 'if('.length <= condition.start;
}

/** Whether an arm says that no step goes through it: `if (!s.open) when(false)` is a guard. */
function isImpossible(body: readonly Statement[]): boolean {
  return body.some((statement) => {
    switch (statement.kind) {
      case 'when':
      case 'verify':
        return isFalse(statement.condition);
      case 'if':
        return isImpossible(statement.whenTrue) && isImpossible(statement.whenFalse);
      case 'block':
        return isImpossible(statement.body);
      default:
        return false;
    }
  });
}

/** Whether a statement switches off all that follows it: `when(false)`, or a guard that the parameters make false. */
export function isSwitchedOff(statement: Statement): boolean {
  return statement.kind === 'when' && (isFalse(statement.condition) || chosenBy(statement.condition) === false);
}

function isFalse(condition: Expression): boolean {
  return condition.kind === 'literal' && condition.value === false;
}

/**
 * All statements of a body but those that the parameters of the model rule out, each before those within it. What
 * follows one that switches it off, in the same list, is left out too.
 */
export function* chosenStatements(body: readonly Statement[]): Generator<Statement> {
  for (const statement of body) {
    yield statement;
    if (isSwitchedOff(statement)) return;
    switch (statement.kind) {
      case 'if': {
        const chosen = chosenBy(statement.condition);
        if (chosen !== false) yield* chosenStatements(statement.whenTrue);
        if (chosen !== true) yield* chosenStatements(statement.whenFalse);
        break;
      }
      case 'either':
        for (const branch of statement.branches) yield* chosenStatements(branch);
        break;
      case 'for':
      case 'loop':
      case 'block':
        yield* chosenStatements(statement.body);
        break;
      default:
        break;
    }
  }
}

/** The truth of a condition that parameters decide, whatever the state is. */
export function chosenBy(condition: Expression): boolean | undefined {
  return mentionsParameter(condition) ? truthWith(condition, truthOf) : undefined;
}

function mentionsParameter(expression: Expression): boolean {
  return hasNode(expression, ({ kind }) => kind === 'parameter');
}

/**
 * The truth of a condition of which only some parts are known.
 *
 * @param known - the truth of what is no negation, conjunction or disjunction; undefined where it is not known.
 */
export function truthWith(
  condition: Expression,
  known: (part: Expression) => boolean | undefined,
): boolean | undefined {
  switch (condition.kind) {
    case 'not': {
      const operand = truthWith(condition.operand, known);
      return operand === undefined ? undefined : !operand;
    }
    case 'and':
    case 'or':
      return either(truthWith(condition.left, known), truthWith(condition.right, known), condition.kind === 'or');
    default:
      return known(condition);
  }
}

function truthOf(part: Expression): boolean | undefined {
  switch (part.kind) {
    case 'literal':
    case 'parameter':
      return typeof part.value === 'boolean' ? part.value : undefined;
    case 'operation':
      return comparison(part);
    default:
      return undefined;
  }
}

/** `deciding` when one of two truths is that, its opposite when both are. */
function either(left: boolean | undefined, right: boolean | undefined, deciding: boolean): boolean | undefined {
  if (left === deciding || right === deciding) return deciding;
  return left === undefined || right === undefined ? undefined : !deciding;
}

function comparison({ operator, operands }: Expression & { kind: 'operation' }): boolean | undefined {
  const values = operands.map((one) => (one.kind === 'literal' || one.kind === 'parameter' ? one.value : undefined));
  const [left, right] = values;
  if ((typeof left !== 'string' && typeof left !== 'number') || typeof left !== typeof right) return undefined;
  const [less, equal] = [left < right!, left === right];
  switch (operator) {
    case 'equal':
      return equal;
    case 'notEqual':
      return !equal;
    case 'less':
      return less;
    case 'lessOrEqual':
      return less || equal;
    case 'greater':
      return !less && !equal;
    case 'greaterOrEqual':
      return !less;
    default:
      return undefined;
  }
}
