import type { ts as TS } from 'ts-morph';
import { threadOfItself, wordMisused } from '../diagnostics/catalog.ts';
import type { Declaration } from '../language/definition.ts';
import { DONE } from '../language/process.ts';
import type { ThreadChange } from '../language/run.ts';
import type { Action, Domain, Expression, PathSegment, Place, Statement, Variable } from '../ir/index.ts';
import { defaultValue } from '../ir/index.ts';
import { spanIn } from './access.ts';
import { beforeWrite, placeOf } from './aliasing.ts';
import * as build from './build.ts';
import { lowerArguments } from './call.ts';
import type { LoweredProcess } from './lower-process.ts';
import { threadGiven } from './process-question.ts';
import { rewrite } from './rewrite.ts';
import type { Reference, Scope, Term } from './term.ts';
import { freshNames, namesIn, renameLocals, replaceStatements } from './tidy.ts';
import { emit, freeze, isStable, type Unit } from './unit.ts';
import { ERROR, NOTHING, refuse } from './value.ts';

/*
 * `worker.restart({ r })` and `worker.stop({ r })`: a step puts a thread, which is not the one that takes it, at its
 * beginning or its end. What a thread remembers, and what it does before its first label, is known when all processes
 * have been lowered. Until then an assignment to the counter stands for all of it.
 */

/** What an assignment to a counter has for its value until the process is known. No label is called so. */
const PENDING: Readonly<Record<ThreadChange, string>> = { restart: '\u0000restart', stop: '\u0000stop' };

export function isThreadChange(name: string): name is ThreadChange {
  return Object.hasOwn(PENDING, name);
}

/** The change of a thread that a statement stands for; undefined for all others. */
export function pendingChange(statement: Statement): ThreadChange | undefined {
  if (statement.kind !== 'assign' || statement.value.kind !== 'literal') return undefined;
  const { value } = statement.value;
  return (Object.keys(PENDING) as ThreadChange[]).find((change) => PENDING[change] === value);
}

export function lowerThreadChange(
  unit: Unit,
  process: Declaration,
  change: ThreadChange,
  node: TS.CallExpression,
  scope: Scope,
): Term {
  const span = spanIn(scope, node);
  if (unit.purpose !== 'step') {
    return refuse(
      unit,
      wordMisused(span, change, 'only a step changes where a thread stands: an action, or a process'),
    );
  }
  if (unit.initial === true) {
    const help = 'threads stand somewhere only when the initial state is complete: do it in a step';
    return refuse(unit, wordMisused(span, change, help));
  }
  const given = lowerArguments(unit, node.arguments, scope, span);
  if (given === undefined || given.some((term) => term.kind === 'error')) return ERROR;
  const values = threadGiven(unit, process, given[0], span);
  if (values === undefined || values.some(build.isPoison)) return ERROR;
  const counter = unit.model.changeThread(process, change);
  const { thread } = unit;
  const isOwn = thread?.counter === counter;
  if (isOwn && values.every((value, at) => isSameLocal(value, thread.arguments[at]))) {
    return refuse(unit, threadOfItself(span, change));
  }
  const parameters = unit.model.argumentsOf(process);
  const keys = values.map((value, at) =>
    build.isLeaf(value) && isStable(unit, value) ? value : freeze(unit, value, parameters[at]!.name),
  );
  if (isOwn) {
    const same = keys
      .map((key, at) => build.operation('equal', [key, thread.arguments[at]!], span)!)
      .reduce((left, right) => build.both('and', left, right, span));
    const message = `a thread cannot ${change} itself`;
    emit(unit, { kind: 'verify', condition: build.not(same, span), message, span });
  }
  const place: Reference = {
    root: { kind: 'variable', name: counter },
    rootDomain: UNKNOWN,
    rootSpan: span,
    segments: keys.map((index) => ({ kind: 'index', index, domain: UNKNOWN, span })),
  };
  beforeWrite(unit, place, 'replace', span);
  emit(unit, { kind: 'assign', target: placeOf(place, span), value: build.literal(PENDING[change], span), span });
  return NOTHING;
}

const UNKNOWN: Domain = { kind: 'never' };

function isSameLocal(value: Expression, own: Expression | undefined): boolean {
  return value.kind === 'local' && own?.kind === 'local' && value.name === own.name;
}

/** An action in which changes of threads are written out. */
export function withThreadChanges(action: Action, processes: readonly LoweredProcess[]): Action {
  const names = namesIn(action.body);
  for (const { name } of action.arguments) names.add(name);
  const body = replaceStatements(action.body, (statement) => {
    const change = pendingChange(statement);
    if (change === undefined || statement.kind !== 'assign') return statement;
    const { target } = statement;
    const lowered = processes.find(({ process }) => process.counter === target.root.name);
    if (lowered === undefined) return statement;
    return change === 'stop' ? stopped(lowered, target) : restarted(lowered, target, names);
  });
  return { ...action, body };
}

function stopped({ variables, process }: LoweredProcess, at: Place): Statement[] {
  const [counter, ...kept] = variables;
  if (counter?.name !== process.counter) return [];
  return [put(counter, at, DONE), ...forgotten(kept, at)];
}

/** What a thread does before its first label, after it has forgotten all that it would not assign there. */
function restarted({ variables, process, start }: LoweredProcess, at: Place, taken: Set<string>): Statement[] {
  const own = start.statements;
  const assigned = new Set(own.map((one) => (one.kind === 'assign' ? one.target.root.name : undefined)));
  const kept = variables.filter(({ name }) => name !== process.counter && !assigned.has(name));
  const fresh = freshNames(namesIn(own), taken);
  // Restored last: names of its arguments may be names of something else in the step.
  const binders = new Map(start.binders.map((name, index) => [` ${name}`, keyOf(at.path[index]!)]));
  for (const name of start.binders) fresh.set(name, ` ${name}`);
  const renamed = rewrite(renameLocals(own, fresh), (part) =>
    part.kind === 'local' ? binders.get(part.name) : undefined,
  );
  return [...forgotten(kept, at), ...renamed];
}

function keyOf(segment: PathSegment): Expression {
  if (segment.kind === 'index') return segment.index;
  throw new Error('a thread is told from others by values');
}

function forgotten(kept: readonly Variable[], at: Place): Statement[] {
  return kept.map((variable) => put(variable, at, undefined));
}

/** Assigns what a variable of the process is for one thread; undefined: what it is where nobody needs it. */
function put(variable: Variable, at: Place, label: string | undefined): Statement {
  const domain = at.path.reduce<Domain>((whole) => (whole.kind === 'record' ? whole.value : whole), variable.domain);
  const value = build.literal(label ?? defaultValue(domain), at.span, domain);
  return {
    kind: 'assign',
    target: { ...at, root: { kind: 'variable', name: variable.name }, domain },
    value,
    span: at.span,
  };
}
