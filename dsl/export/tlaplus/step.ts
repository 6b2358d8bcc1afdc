import type { Expression, Statement } from '../../ir/index.ts';
import { membersOf } from '../../ir/part.ts';
import { writeAssignment } from './assignment.ts';
import { bindName, bindWhole, hasBinder, LONG } from './binding.ts';
import { joinWays, writeChoice, writeIf, writeMerged } from './branch.ts';
import type { Context, Rest } from './continuation.ts';
import type { Environment } from './environment.ts';
import { withLocal } from './environment.ts';
import { valueOf } from './expression.ts';
import { canFail } from './failure.ts';
import { asGuard, check } from './guard.ts';
import type { Node } from './node.ts';
import { inline, junction } from './node.ts';
import { writeFor, writeLoop } from './rounds.ts';
import type { Scope } from './scope.ts';
import { exitsOf, rootsOf, usesOf } from './statement.ts';

/** A whole step: `end` says what all variables hold after it. */
export function stepOfStatements(
  scope: Scope,
  environment: Environment,
  statements: readonly Statement[],
  end: (inner: Scope, inside: Environment) => Node,
): Node {
  const rest: Rest = Object.assign(end, { isEnd: true });
  return writeAll({ mode: 'step', exits: new Map() }, scope, environment, statements, rest);
}

/** The value that `result` has after statements without effect on the state. */
export function valueOfStatements(
  scope: Scope,
  environment: Environment,
  statements: readonly Statement[],
  result: (inner: Scope, inside: Environment) => Node,
): Node {
  const rest: Rest = Object.assign(result, { isEnd: true });
  return writeAll({ mode: 'value', exits: new Map() }, scope, environment, statements, rest);
}

export function writeAll(
  context: Context,
  scope: Scope,
  environment: Environment,
  statements: readonly Statement[],
  rest: Rest,
): Node {
  const [first, ...others] = statements;
  if (first === undefined) return rest(scope, environment);
  const bound = bindWhole(context.mode, scope, environment, first, (inner, inside) =>
    writeAll(context, inner, inside, statements, rest),
  );
  if (bound !== undefined) return bound;
  if (environment.read !== undefined && first.kind !== 'let') {
    return writeAll(context, scope, { ...environment, read: undefined }, statements, rest);
  }
  const next: Rest = others.length === 0 ? rest : (inner, inside) => writeAll(context, inner, inside, others, rest);
  return writeFirst(context, scope, environment, [first, ...others], next);
}

/** Writes the first of some statements; `next` writes the others. */
function writeFirst(
  context: Context,
  scope: Scope,
  environment: Environment,
  [statement, ...others]: readonly [Statement, ...Statement[]],
  next: Rest,
): Node {
  const { mode, exits } = context;
  switch (statement.kind) {
    case 'assign':
      return writeAssignment(mode, scope, environment, statement, next);
    case 'let': {
      const value = valueOf(scope, environment, statement.value, statement.domain);
      const uses = usesOf(statement.name, others);
      const object = objectRead(statement.value);
      const isForced = canFail(statement.value) && (object === undefined || object !== environment.read);
      const isLong = (LONG < inline(value).length && 1 < uses) || (0 < uses && hasBinder(value));
      if ((mode === 'step' && canFail(statement.value)) || isLong) {
        return bindName(mode, scope, environment, { hint: statement.name, value, isForced }, (inner, name) =>
          next(inner, { ...withLocal(environment, statement.name, name, statement.domain), read: object }),
        );
      }
      return next(scope, withLocal(environment, statement.name, value, statement.domain));
    }
    case 'if':
      return writeIf(context, scope, environment, statement, next);
    case 'for':
      return writeFor(context, scope, environment, statement, next);
    case 'loop':
      return writeLoop(context, scope, environment, statement, next);
    case 'block': {
      const go = (inner: Scope, after: Rest): Node => {
        const within = { mode, exits: new Map([...exits, [statement.label, after]]) };
        return writeAll(within, inner, environment, statement.body, after);
      };
      if (next.isEnd === true || exitsOf(statement.body, statement.label) === 0) return go(scope, next);
      const merged = writeMerged(mode, scope, environment, statement, next);
      if (merged !== undefined) return merged;
      return joinWays(scope, environment, next, rootsOf([statement]), go);
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
      const message = `verify failed: ${statement.message}`;
      return check(mode, scope, { condition, message, span: statement.span }, () => next(scope, environment));
    }
    case 'choose':
      return writeChoice(mode, scope, environment, statement, next);
    case 'either':
      return joinWays(scope, environment, next, rootsOf([statement]), (inner, after) =>
        junction(
          '\\/',
          statement.branches.map((branch) =>
            writeAll(context, { ...inner, names: inner.names.inner() }, environment, branch, after),
          ),
        ),
      );
  }
}

/** The object whose field a value is, as a key, if nothing but the object can fail: `waiting[0]` of `waiting[0].to`. */
function objectRead(value: Expression): string | undefined {
  if (value.kind !== 'field') return undefined;
  const isSure = membersOf(value.object.type).every(
    (member) => member.kind === 'object' && member.fields.some(({ name }) => name === value.name),
  );
  return isSure ? JSON.stringify(value.object, (key, part: unknown) => (key === 'span' ? undefined : part)) : undefined;
}
