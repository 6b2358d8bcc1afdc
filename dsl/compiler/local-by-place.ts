import type { Argument, Expression } from '../ir/index.ts';
import type { Unit } from './unit.ts';
import { bound } from './access.ts';
import * as build from './build.ts';
import { rewrite } from './rewrite.ts';
import { valueOf } from './value.ts';
import type { KeptLocals } from './kept-locals.ts';
import { partsOf, scopesOf } from './kept.ts';
import type { Point } from './point.ts';
import type { StepThread } from './step-thread.ts';
import type { Binding } from './term.ts';

/**
 * What the threads of a process remember under the name of a local, for predicates that ask about it.
 *
 * `ambiguous`: the name is declared at several places of the source. `known`: names that there are instead.
 */
export type LocalByPlace =
  | { readonly kind: 'value'; readonly places: readonly LocalAtPlace[]; readonly given: readonly Binder[] }
  | { readonly kind: 'no value' }
  | { readonly kind: 'ambiguous' }
  | { readonly kind: 'unknown'; readonly known: readonly string[] };

/** The value while a thread stands at a place, in terms of the variables and of the arguments of the process. */
interface LocalAtPlace {
  readonly place: string;
  readonly value: Expression;
}

/** The local that stands for an argument in the values. */
interface Binder {
  readonly name: string;
  readonly argument: Argument;
}

/** A local that is in scope at a point, as the step from there begins. */
interface LocalInScope {
  readonly name: string;
  /** Which declaration it is. */
  readonly declaration: string;
  readonly binding: Binding;
}

/** The locals that are in scope at a point, outermost first. Arguments of functions count: they are remembered too. */
function localsInScope(point: Point): LocalInScope[] {
  return scopesOf(point.chain).flatMap(({ names }) =>
    [...names].flatMap(([name, binding]): LocalInScope[] => {
      if (binding.key === undefined || !/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name)) return [];
      if (binding.kind === 'term' && (binding.term.kind === 'state' || isFixed(binding.term))) return [];
      return [{ name, declaration: binding.key.slice(binding.key.lastIndexOf('/') + 1), binding }];
    }),
  );
}

/** The arguments and parameters of the process itself: callers know them. */
function isFixed(term: { readonly kind: string; readonly fixed?: boolean }): boolean {
  return term.kind === 'object' && term.fixed === true;
}

/** Has everything kept that the asked names stand for at a point. */
export function keepAsked(locals: KeptLocals, thread: StepThread, point: Point, asked: ReadonlySet<string>): void {
  for (const { name, binding } of localsInScope(point)) {
    if (!asked.has(name)) continue;
    const { parts, missing } = partsOf(name, binding, thread.isClosed);
    for (const key of [...missing, ...parts.map((part) => part.key)]) locals.need(point.id, key);
  }
}

/** A point with what it is called, and the unit and thread in which its step begins. */
export interface Standing {
  readonly point: Point;
  readonly place: string;
  readonly unit: Unit;
  readonly thread: StepThread;
}

/** What is remembered under a name, wherever it is in scope. */
export function localByPlace(
  locals: KeptLocals,
  standings: readonly Standing[],
  given: readonly Binder[],
  name: string,
): LocalByPlace {
  const places: LocalAtPlace[] = [];
  const declarations = new Set<string>();
  for (const { point, place, unit, thread } of standings) {
    const found = localsInScope(point).filter((one) => one.name === name);
    for (const { declaration } of found) declarations.add(declaration);
    if (1 < declarations.size || 1 < found.length) return { kind: 'ambiguous' };
    if (found.length === 0) continue;
    const rescope = locals.rescoping(unit, thread, point);
    const binding = scopesOf(point.chain)
      .filter((scope) => scope.names.has(name) && scope.names.get(name)?.key === found[0]!.binding.key)
      .map((scope) => rescope(scope).names.get(name))[0];
    const value = binding && valueOf(unit, bound(unit, binding, point.span), point.span);
    if (value === undefined || 0 < unit.diagnostics.length || build.isPoison(value)) return { kind: 'no value' };
    const lets = new Map(
      unit.statements.map((statement) => [statement.kind === 'let' ? statement.name : '', statement] as const),
    );
    const inPlace = (expression: Expression): Expression =>
      rewrite(expression, (part) => {
        const statement = part.kind === 'local' ? lets.get(part.name) : undefined;
        return statement?.kind === 'let' ? inPlace(statement.value) : undefined;
      });
    places.push({ place, value: inPlace(value) });
  }
  if (0 < places.length) return { kind: 'value', places, given };
  return {
    kind: 'unknown',
    known: [...new Set(standings.flatMap(({ point }) => localsInScope(point).map((one) => one.name)))],
  };
}
