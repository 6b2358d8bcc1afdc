import type { Expression, Statement, Value } from '../../../dsl/ir/index.ts';
import { cardinality, valueAt } from '../../../dsl/ir/index.ts';
import { assign } from './assign.ts';
import { checked } from './checked.ts';
import { collectionOf, evaluate, evaluateBoolean } from './evaluate.ts';
import { EvaluationFailure } from './failure.ts';
import type { Impossible } from './failure.ts';
import type { ConditionalStatement, Run } from './run.ts';
import { bind, placeOf } from './run.ts';

/** What ends statements before their last: the label of the block to leave, or that the step is not possible. */
type Exit = string | Impossible;

/** Runs statements in order; undefined when they were run to their end. */
export function execute(run: Run, body: readonly Statement[]): Exit | undefined {
  const branch = run.plan.branches.ofBody.get(body);
  if (branch !== undefined) run.branches.add(branch);
  for (const statement of body) {
    run.watch?.(statement);
    const exit = executeOne(run, statement);
    if (exit !== undefined) return exit;
  }
  return undefined;
}

function executeOne(run: Run, statement: Statement): Exit | undefined {
  switch (statement.kind) {
    case 'assign':
      assign(run, statement);
      return undefined;
    case 'let':
      run.locals.set(statement.name, checked(evaluate(run, statement.value), statement.domain, statement.span));
      run.domains.set(statement.name, statement.domain);
      return undefined;
    case 'if': {
      if (isTrue(run, statement)) return execute(run, statement.whenTrue);
      if (statement.whenFalse.length === 0) noteSkipped(run, statement);
      return execute(run, statement.whenFalse);
    }
    case 'for': {
      const { elements } = collectionOf(run, statement.over);
      for (const [index, element] of elements.entries()) {
        bind(run, statement, index, element);
        const exit = execute(run, statement.body);
        if (exit !== undefined) return exit;
      }
      return undefined;
    }
    case 'loop':
      for (let started = 0; started < statement.bound; started += 1) {
        const exit = execute(run, statement.body);
        if (exit !== undefined) return exit;
      }
      throw new EvaluationFailure(`the loop does not end within ${statement.bound} rounds`, statement.span);
    case 'block': {
      const exit = execute(run, statement.body);
      return exit === statement.label ? undefined : exit;
    }
    case 'exit':
      return statement.label;
    case 'when':
      if (!isTrue(run, statement) && run.passes?.(statement.condition) !== true) {
        return { span: statement.span, condition: statement.condition };
      }
      return undefined;
    case 'verify':
      if (!evaluateBoolean(run, statement.condition)) {
        const { condition } = statement;
        const verified = { condition, locals: new Map(run.locals), state: run.state };
        throw new EvaluationFailure(`verify failed: ${statement.message}`, statement.span, verified);
      }
      return undefined;
    case 'choose': {
      const { size, at } = choicesOf(run, statement.from);
      if (size === 0) return { span: statement.span, from: statement.from };
      const chosen = at(run.odometer.choose(size));
      run.locals.set(statement.name, checked(chosen, statement.domain, statement.span));
      return undefined;
    }
    case 'either': {
      if (statement.branches.length === 0) return { span: statement.span };
      return execute(run, statement.branches[run.odometer.choose(statement.branches.length)]!);
    }
  }
}

function isTrue(run: Run, statement: ConditionalStatement): boolean {
  const truth = evaluateBoolean(run, statement.condition);
  return run.asked === undefined ? truth : run.asked(statement, truth);
}

function noteSkipped(run: Run, statement: Extract<Statement, { kind: 'if' }>): void {
  if (run.writes === undefined) return;
  const { condition } = statement;
  const [size] = condition.kind === 'operation' ? condition.operands : [];
  const asked = size?.kind === 'operation' && size.operator === 'size' ? size.operands[0] : undefined;
  const place = asked && placeOf(asked, (index) => evaluate(run, index));
  run.writes.push({ kind: 'skipped', statement, place, isChange: false });
}

/** As {@link collectionOf}, but never lists a whole domain. */
function choicesOf(run: Run, from: Expression): { size: number; at: (index: number) => Value } {
  if (from.kind === 'domain') {
    return { size: cardinality(from.domain), at: (index) => valueAt(from.domain, index) };
  }
  const { elements } = collectionOf(run, from);
  return { size: elements.length, at: (index) => elements[index] };
}
