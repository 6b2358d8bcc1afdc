import { fold, partsOf } from '../../dsl/ir/fold.ts';
import type { Node } from '../../dsl/ir/fold.ts';
import { formatValue } from '../../dsl/ir/index.ts';
import type { Expression, ObjectValue, PathSegment, Place, Statement, Value } from '../../dsl/ir/index.ts';
import { evaluateIn } from '../engine/interpreter.ts';
import { bindingsOf } from '../plan/plan.ts';
import type { Instance, Plan } from '../plan/plan.ts';

/** A part of the state: a variable, then fields and keys; `undefined` stands for any key. */
export interface StatePlace {
  readonly variable: string;
  readonly segments: readonly (Segment | undefined)[];
}

/** `.owner`, or `[r0]`. */
interface Segment {
  readonly kind: 'field' | 'key';
  readonly text: string;
}

/** A place that an expression reads, with what is there. */
export interface Reading {
  /** `lease[r0].owner`. */
  readonly path: string;
  readonly value: Value;
  readonly place: StatePlace;
}

/** Whether writing the one may change the other: neither differs from the other before one of them ends. */
export function overlap(left: StatePlace, right: StatePlace): boolean {
  if (left.variable !== right.variable) return false;
  return left.segments.every((segment, index) => {
    const other = right.segments[index];
    return segment === undefined || other === undefined || segment.text === other.text;
  });
}

/**
 * The places that an expression reads in a state, as small as they can be told: where a key depends on a binder of the
 * expression itself, the place is what holds all the keys.
 */
export function readingsOf(
  plan: Plan,
  expression: Expression,
  bindings: ReadonlyMap<string, Value>,
  state: ObjectValue,
): readonly Reading[] {
  const found = new Map<string, Reading>();
  collectReadings({ plan, state, found }, expression, bindings);
  return [...found.values()];
}

interface Collected {
  readonly plan: Plan;
  readonly state: ObjectValue;
  readonly found: Map<string, Reading>;
}

function collectReadings(into: Collected, expression: Node, bindings: ReadonlyMap<string, Value>): void {
  const { plan, state, found } = into;
  const valueOf = (part: Expression): { readonly value: Value } | undefined => {
    if (!isClosed(part, bindings)) return undefined;
    const value = evaluateIn(plan, part, bindings, state);
    return 'value' in value ? value : undefined;
  };
  const visit = (part: Node): void => {
    if (part.kind === 'enabled') {
      // Whether a step is possible depends on what its guards read.
      const action = plan.system.actions.find(({ name }) => name === part.action);
      const given = (action?.arguments ?? []).flatMap(({ name }, index) => {
        const argument = part.arguments[index];
        const value = argument && valueOf(argument);
        return value === undefined ? [] : [[name, value.value] as const];
      });
      for (const guard of guardsIn(action?.body ?? [])) collectReadings(into, guard, new Map(given));
    }
    const chain = chainOf(part);
    if (chain === undefined) {
      for (const inner of partsOf(part)) visit(inner);
      return;
    }
    for (const link of chain.links) if (link.kind === 'index') visit(link.index);
    const segments: Segment[] = [];
    let last: Expression = chain.variable;
    for (const link of chain.links) {
      const key = link.kind === 'index' ? valueOf(link.index) : undefined;
      if (link.kind === 'index' && key === undefined) break;
      segments.push(
        link.kind === 'field' ? { kind: 'field', text: link.name } : { kind: 'key', text: formatValue(key!.value) },
      );
      last = link;
    }
    const value = valueOf(last);
    const place = { variable: chain.variable.name, segments };
    if (value !== undefined) found.set(pathOf(place), { path: pathOf(place), value: value.value, place });
  };
  visit(expression);
}

/** The conditions of a body: those that make it impossible, and those that lead there. */
function guardsIn(body: readonly Statement[]): readonly Expression[] {
  return body.flatMap((statement) =>
    fold<readonly Expression[]>(statement, (node, parts) => [
      ...(node.kind === 'when' || node.kind === 'if' ? [node.condition] : []),
      ...parts.flat(),
    ]),
  );
}

/** The places that a step of an instance may write; keys that depend on the state are any key. */
export function writesOf(instance: Instance): readonly StatePlace[] {
  const bindings = bindingsOf(instance);
  const places: StatePlace[] = [];
  for (const statement of instance.action.body) {
    fold<void>(statement, (node) => {
      if (node.kind === 'assign' && node.target.root.kind === 'variable') places.push(placeOf(node.target, bindings));
    });
  }
  return places;
}

function placeOf({ root, path }: Place, bindings: ReadonlyMap<string, Value>): StatePlace {
  return { variable: root.name, segments: path.map((segment) => segmentOf(segment, bindings)) };
}

function segmentOf(segment: PathSegment, bindings: ReadonlyMap<string, Value>): Segment | undefined {
  if (segment.kind === 'field') return { kind: 'field', text: segment.name };
  const { index } = segment;
  if (index.kind === 'literal' || index.kind === 'parameter') return { kind: 'key', text: formatValue(index.value) };
  if (index.kind === 'local' && bindings.has(index.name)) {
    return { kind: 'key', text: formatValue(bindings.get(index.name)) };
  }
  return undefined;
}

function pathOf({ variable, segments }: StatePlace): string {
  const texts = segments.map((segment) => {
    if (segment === undefined) return '[…]';
    return segment.kind === 'field' ? `.${segment.text}` : `[${segment.text}]`;
  });
  return variable + texts.join('');
}

type Link = Expression & { readonly kind: 'field' | 'index' };
type VariableExpression = Expression & { readonly kind: 'variable'; readonly name: string };

/** A variable and what is taken from it, outermost last, if an expression is that. */
function chainOf(expression: Node): { variable: VariableExpression; links: readonly Link[] } | undefined {
  switch (expression.kind) {
    case 'variable':
      return { variable: expression, links: [] };
    case 'field':
    case 'index': {
      const inner = chainOf(expression.object);
      return inner && { variable: inner.variable, links: [...inner.links, expression] };
    }
    default:
      return undefined;
  }
}

function isClosed(expression: Expression, bindings: ReadonlyMap<string, Value>): boolean {
  return fold<boolean>(
    expression,
    (node, parts) => (node.kind !== 'local' || bindings.has(node.name)) && !parts.includes(false),
  );
}
