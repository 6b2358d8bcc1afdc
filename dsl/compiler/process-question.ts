import type { ts as TS } from 'ts-morph';
import {
  ambiguousLocal,
  localOutOfReach,
  localWithoutValue,
  noSuchLocal,
  unknownMember,
  wordMisused,
  wrongArguments,
} from '../diagnostics/catalog.ts';
import { suggest } from '../diagnostics/suggest.ts';
import type { Span } from '../diagnostics/span.ts';
import type { Declaration } from '../language/definition.ts';
import type { Expression } from '../ir/index.ts';
import { spanIn } from './access.ts';
import * as build from './build.ts';
import { lowerArguments } from './call.ts';
import type { LocalByPlace } from './local-by-place.ts';
import { rewrite } from './rewrite.ts';
import type { Scope, Term } from './term.ts';
import type { Unit } from './unit.ts';
import { ERROR, refuse, valueOf, valueTerm } from './value.ts';

/** The process that is asked about, and whether as it is after the step. */
interface Asked {
  readonly process: Declaration;
  readonly next: boolean;
}

/** The thread that is asked about: where it stands, and the arguments that tell it from others. */
interface ThreadAt {
  readonly counter: Expression;
  readonly bound: ReadonlyMap<string, Expression>;
}

const QUESTIONS = ['at', 'pc', 'local'];

/** `worker.at({ r }, "sleep")`, `worker.pc({ r })`, `worker.local({ r }, "count")`, and the same of `worker.next`. */
export function lowerProcessQuestion(
  unit: Unit,
  asked: Asked,
  name: string,
  node: TS.CallExpression,
  scope: Scope,
): Term {
  const span = spanIn(scope, node);
  if (!QUESTIONS.includes(name)) {
    const known = asked.next ? QUESTIONS : [...QUESTIONS, 'restart', 'stop'];
    return refuse(unit, unknownMember(span, name, 'a process', suggest(name, known)));
  }
  if (asked.next && unit.seesNext !== true) {
    return refuse(unit, wordMisused(span, 'next', 'only a step property sees the state after the step'));
  }
  if (unit.initial === true) {
    const help = 'threads stand somewhere only when the initial state is complete: ask in a step, after a `yield`';
    const refused = refuse(unit, wordMisused(span, name, help));
    // A boolean has no consequences in later steps, which would say more about it.
    return name === 'at' ? valueTerm(build.literal(false, span)) : refused;
  }
  const given = lowerArguments(unit, node.arguments, scope, span);
  if (given === undefined || given.some((term) => term.kind === 'error')) return ERROR;
  const thread = threadAt(unit, asked, given[0], span);
  if (thread === undefined) return ERROR;
  if (name === 'pc') return labelOf(unit, asked, thread, span);
  const wanted = given[given.length - 1];
  const text = wanted && build.constantOf(valueOf(unit, wanted, span))?.value;
  if (typeof text !== 'string') {
    const [what, help] =
      name === 'at'
        ? ['the label', 'name the label: `worker.at({ r }, "sleep")`']
        : ['the name of the local', 'name the local: `worker.local({ r }, "count")`'];
    return refuse(unit, wrongArguments(span, `${what} is not known before the step runs`, help));
  }
  if (name === 'local') return localOf(unit, asked, thread, text, span);
  return valueTerm(standsAt(thread, unit.model.placesOf(asked.process, text), span));
}

function threadAt(unit: Unit, { process, next }: Asked, given: Term | undefined, span: Span): ThreadAt | undefined {
  const counter = unit.model.counterOf(process);
  const type = unit.model.variables.get(counter);
  if (type === undefined) return undefined;
  const values = threadGiven(unit, process, given, span);
  if (values === undefined) return undefined;
  const variable: Expression = { kind: 'variable', name: counter, next, type, span };
  const at = values.reduce<Expression | undefined>(
    (whole, value) => whole && build.index(whole, value, span),
    variable,
  );
  const names = unit.model.argumentsOf(process).map(({ name }) => name);
  return at && { counter: at, bound: new Map(names.map((name, index) => [name, values[index]!])) };
}

/** The arguments that tell a thread from others, in order; undefined when one is left out, which has been reported. */
export function threadGiven(
  unit: Unit,
  process: Declaration,
  given: Term | undefined,
  span: Span,
): readonly Expression[] | undefined {
  const fields = given?.kind === 'object' ? given.fields : undefined;
  const values: Expression[] = [];
  for (const { name } of unit.model.argumentsOf(process)) {
    const value = fields?.get(name);
    if (value === undefined) {
      const help = 'name one thread by all its arguments';
      refuse(unit, wrongArguments(span, `the argument \`${name}\` of the process is left out`, help));
      return undefined;
    }
    values.push(valueOf(unit, value, span));
  }
  return values;
}

function standsAt({ counter }: ThreadAt, places: readonly string[], span: Span): Expression {
  const tests = places.map((place) => build.operation('equal', [counter, build.literal(place, span)], span)!);
  return (
    tests.reduce<Expression | undefined>(
      (left, right) => (left === undefined ? right : build.both('or', left, right, span)),
      undefined,
    ) ?? build.literal(false, span)
  );
}

function labelOf(unit: Unit, { process }: Asked, { counter }: ThreadAt, span: Span): Term {
  const renamed = unit.model.renamedPlacesOf(process);
  const label = renamed.reduce<Expression | undefined>((otherwise, one) => {
    const there = build.operation('equal', [counter, build.literal(one.place, span)], span);
    return otherwise && there && build.conditional(there, build.literal(one.label, span), otherwise, span);
  }, counter);
  return label === undefined ? ERROR : valueTerm(label);
}

/** What a thread remembers: a value of each place where the name is in scope; elsewhere, a field that is not there. */
function localOf(unit: Unit, asked: Asked, thread: ThreadAt, name: string, span: Span): Term {
  const { process, next } = asked;
  const called = unit.model.declarations.get(process) ?? '';
  const found: LocalByPlace | 'not lowered' | 'asked' =
    unit.thread === undefined ? unit.model.localOf(process, name) : 'not lowered';
  if (found === 'not lowered') return refuse(unit, localOutOfReach(span));
  if (found === 'asked') return ERROR;
  switch (found.kind) {
    case 'unknown':
      return refuse(unit, noSuchLocal(span, name, called, found.known));
    case 'ambiguous':
      return refuse(unit, ambiguousLocal(span, name, called));
    case 'no value':
      return refuse(unit, localWithoutValue(span, name));
    case 'value':
      break;
  }
  const absent = build.literal(undefined, span);
  // Places at which it is the same value are asked about together.
  const places = new Map<string, { readonly value: Expression; readonly at: string[] }>();
  for (const { place, value } of found.places) {
    const key = JSON.stringify(value, (field, part: unknown) => (field === 'span' ? undefined : part));
    const alike = places.get(key) ?? { value, at: [] };
    places.set(key, alike);
    alike.at.push(place);
  }
  let whole: Expression | undefined = absent;
  for (const { value, at } of places.values()) {
    const mine = rewrite(value, (part) => {
      if (part.kind === 'local') return thread.bound.get(part.name);
      return part.kind === 'variable' && next ? { ...part, next } : undefined;
    });
    const field = build.object([{ name, value: mine }], span);
    whole = whole && build.conditional(standsAt(thread, at, span), field, whole, span);
  }
  const value = whole && build.field(whole, name, span);
  return value === undefined ? refuse(unit, ambiguousLocal(span, name, called)) : valueTerm(value);
}
