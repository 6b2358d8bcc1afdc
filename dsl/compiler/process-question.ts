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
  if (name === 'pc') return valueTerm(at);
  const label = given[given.length - 1];
  if (label === undefined) return ERROR;
  return valueTerm(build.operation('equal', [at, valueOf(unit, label, span)], span)!);
}
