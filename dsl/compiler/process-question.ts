import type { ts as TS } from 'ts-morph';
import { unknownMember, wrongArguments } from '../diagnostics/catalog.ts';
import { suggest } from '../diagnostics/suggest.ts';
import type { Declaration } from '../language/definition.ts';
import type { Expression } from '../ir/index.ts';
import { spanIn } from './access.ts';
import * as build from './build.ts';
import { lowerArguments } from './call.ts';
import type { Scope, Term } from './term.ts';
import type { Unit } from './unit.ts';
import { ERROR, refuse, valueOf, valueTerm } from './value.ts';

/** `worker.at({ r }, "sleep")` and `worker.pc({ r })`: questions to the variable that says where a thread stands. */
export function lowerProcessQuestion(
  unit: Unit,
  process: Declaration,
  name: string,
  node: TS.CallExpression,
  scope: Scope,
): Term {
  const span = spanIn(scope, node);
  if (name !== 'at' && name !== 'pc') {
    return refuse(unit, unknownMember(span, name, 'a process', suggest(name, ['at', 'pc'])));
  }
  const given = lowerArguments(unit, node.arguments, scope, span);
  if (given === undefined || given.some((term) => term.kind === 'error')) return ERROR;
  const counter = unit.model.counterOf(process);
  const type = unit.model.variables.get(counter);
  if (type === undefined) return ERROR;
  let at: Expression = { kind: 'variable', name: counter, next: false, type, span };
  const fields = given[0]?.kind === 'object' ? given[0].fields : undefined;
  for (const argument of unit.model.argumentsOf(process)) {
    const value = fields?.get(argument.name);
    if (value === undefined) {
      const help = 'name one thread by all its arguments';
      return refuse(unit, wrongArguments(span, `the argument \`${argument.name}\` of the process is left out`, help));
    }
    const entry = build.index(at, valueOf(unit, value, span), span);
    if (entry === undefined) return ERROR;
    at = entry;
  }
  if (name === 'pc') {
    const renamed = unit.model.renamedPlacesOf(process);
    const label = renamed.reduce<Expression | undefined>((otherwise, one) => {
      const there = build.operation('equal', [at, build.literal(one.place, span)], span);
      return otherwise && there && build.conditional(there, build.literal(one.label, span), otherwise, span);
    }, at);
    return label === undefined ? ERROR : valueTerm(label);
  }
  const wanted = given[given.length - 1];
  const label = wanted && build.constantOf(valueOf(unit, wanted, span))?.value;
  if (typeof label !== 'string') {
    const help = 'name the label: `worker.at({ r }, "sleep")`';
    return refuse(unit, wrongArguments(span, 'the label is not known before the step runs', help));
  }
  const tests = unit.model
    .placesOf(process, label)
    .map((place) => build.operation('equal', [at, build.literal(place, span)], span)!);
  if (tests.length === 0) return valueTerm(build.literal(false, span));
  return valueTerm(tests.reduce((left, right) => build.both('or', left, right, span)));
}
