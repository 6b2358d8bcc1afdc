import { fold, partsOf, rewriteExpression } from '../../dsl/ir/fold.ts';
import type { Node } from '../../dsl/ir/fold.ts';
import { cardinality, formatPlace, formatValue, valuesOf } from '../../dsl/ir/index.ts';
import type {
  Action,
  Expression,
  ObjectValue,
  PathSegment,
  Place,
  PlaceSegment,
  StatePlace,
  Statement,
  Value,
} from '../../dsl/ir/index.ts';
import { evaluateIn } from '../engine/interpreter.ts';
import { actorNameOf } from '../plan/actor.ts';
import { bindingsOf } from '../plan/plan.ts';
import type { Instance } from '../plan/instance.ts';
import type { Plan } from '../plan/plan.ts';

/** Places of the state that differ in some of their keys; `undefined` stands for any key. */
interface PlacePattern {
  readonly variable: string;
  readonly segments: readonly (PlaceSegment | undefined)[];
}

/** What an expression reads in a state: a place, or of a collection there an element, or the size. */
export interface Reading {
  readonly place: StatePlace;
  /** Of the place. */
  readonly value: Value;
  /** The keys of the place as values. */
  readonly keys: readonly Value[];
  /** What is read there, without locals: the place, `set.has(element)`, or its size. */
  readonly probe: Expression;
  /** Equal for equal readings. */
  readonly key: string;
  /** Whether it is read in the state after a step. */
  readonly isNext: boolean;
  /** For `set.has(element)`: the element. */
  readonly member?: { readonly element: Value };
}

/** The places that are read, each once, with their values. */
export function readsOf(readings: readonly Reading[]): readonly Pick<Reading, 'place' | 'value'>[] {
  const byPlace = new Map(readings.map(({ place, value }) => [formatPlace(place), { place, value }]));
  return [...byPlace.values()];
}

/** Whether writing the one may change the other: neither differs from the other before one of them ends. */
export function overlap(left: PlacePattern, right: PlacePattern): boolean {
  if (left.variable !== right.variable) return false;
  return left.segments.every((segment, index) => {
    const other = right.segments[index];
    return segment === undefined || other === undefined || segment.text === other.text;
  });
}

/**
 * What an expression without locals reads in a state, as evaluation would: only the side of `||` that counts, elements
 * of a set apart, and each element that a quantifier over a domain looks at. Where a key depends on a binder that goes
 * through something else, the place is what holds all the keys.
 *
 * @param next - the state after a step, for a step property.
 */
export function readingsOf(
  plan: Plan,
  expression: Expression,
  state: ObjectValue,
  next?: ObjectValue,
): readonly Reading[] {
  const found = new Map<string, Reading>();
  new Readings(plan, { state, next }, found).visit(expression);
  return [...found.values()];
}

/** A quantifier over more elements than this is not taken apart. */
const MOST_ELEMENTS = 64;

class Readings {
  constructor(
    private readonly plan: Plan,
    private readonly moment: { readonly state: ObjectValue; readonly next: ObjectValue | undefined },
    private readonly found: Map<string, Reading>,
  ) {}

  visit(node: Expression | Statement): void {
    switch (node.kind) {
      case 'and':
      case 'or':
      case 'implies': {
        this.visit(node.left);
        const left = this.valueOf(node.left);
        const isDecided = left !== undefined && left.value === (node.kind === 'or');
        if (!isDecided) this.visit(node.right);
        return;
      }
      case 'conditional': {
        this.visit(node.condition);
        const chosen = this.valueOf(node.condition);
        if (chosen?.value !== false) this.visit(node.whenTrue);
        if (chosen?.value !== true) this.visit(node.whenFalse);
        return;
      }
      case 'operation':
        if (this.visitCollection(node)) return;
        break;
      case 'comprehension':
        if (this.visitElements(node)) return;
        break;
      case 'enabled':
        this.visitGuards(node);
        break;
      case 'variable':
      case 'field':
      case 'index': {
        const chain = chainOf(node);
        if (chain !== undefined) return this.visitChain(chain, (place) => ({ probe: place }));
        break;
      }
      default:
    }
    for (const part of partsOf(node)) this.visit(part as Expression | Statement); // no formula is inside of either
  }

  /** `set.has(element)` and `set.size` read no more than that. */
  private visitCollection(node: Expression & { readonly kind: 'operation' }): boolean {
    const [collection, element] = node.operands;
    const chain = collection && chainOf(collection);
    if (chain === undefined) return false;
    if (node.operator === 'size') {
      this.visitChain(chain, (place, isWhole) => ({ probe: isWhole ? node : place }));
      return true;
    }
    if (node.operator !== 'includes') return false;
    this.visit(element!);
    const given = this.valueOf(element!);
    this.visitChain(chain, (place, isWhole) =>
      isWhole && given !== undefined ? { probe: node, member: { element: given.value } } : { probe: place },
    );
    return true;
  }

  /** A quantifier over a domain, element by element. */
  private visitElements(node: Expression & { readonly kind: 'comprehension' }): boolean {
    const { over, body, binder, indexBinder } = node;
    if (over.kind !== 'domain' || indexBinder !== undefined || MOST_ELEMENTS < cardinality(over.domain)) return false;
    for (const value of valuesOf(over.domain)) {
      this.visit(
        rewriteExpression(body, (part) =>
          part.kind === 'local' && part.name === binder
            ? { kind: 'literal', value, type: part.type, span: part.span }
            : part,
        ),
      );
    }
    return true;
  }

  /** Whether a step is possible depends on what its guards read. */
  private visitGuards(node: Expression & { readonly kind: 'enabled' }): void {
    const action = this.plan.system.actions.find(({ name }) => name === node.action);
    const given = new Map(
      (action?.arguments ?? []).flatMap(({ name }, index) => {
        const argument = node.arguments[index];
        const value = argument && this.valueOf(argument);
        return value === undefined ? [] : [[name, value.value] as const];
      }),
    );
    for (const guard of guardsIn(action?.body ?? [])) {
      this.visit(
        rewriteExpression(guard, (part) =>
          part.kind === 'local' && given.has(part.name)
            ? { kind: 'literal', value: given.get(part.name), type: part.type, span: part.span }
            : part,
        ),
      );
    }
  }

  /** @param read - what is read of the place; `isWhole`: the chain could be followed to its end. */
  private visitChain(
    chain: Chain,
    read: (place: Expression, isWhole: boolean) => Pick<Reading, 'probe' | 'member'>,
  ): void {
    for (const link of chain.links) if (link.kind === 'index') this.visit(link.index);
    const segments: PlaceSegment[] = [];
    const keys: Value[] = [];
    let last: Expression = chain.variable;
    for (const link of chain.links) {
      const key = link.kind === 'index' ? this.valueOf(link.index) : undefined;
      if (link.kind === 'index' && key === undefined) break;
      segments.push(
        link.kind === 'field' ? { kind: 'field', text: link.name } : { kind: 'key', text: formatValue(key!.value) },
      );
      keys.push(link.kind === 'field' ? link.name : key!.value);
      last = link;
    }
    const value = this.valueOf(last);
    if (value === undefined) return;
    const place = { variable: chain.variable.name, segments };
    const { probe, member } = read(last, segments.length === chain.links.length);
    const isNext = chain.variable.next;
    const asked = member === undefined ? probe.kind : `has ${formatValue(member.element)}`;
    const key = `${isNext ? 'next ' : ''}${formatPlace(place)} ${asked}`;
    const reading = { place, value: value.value, keys, probe, key, isNext };
    this.found.set(key, member === undefined ? reading : { ...reading, member });
  }

  private valueOf(part: Expression): { readonly value: Value } | undefined {
    if (!isClosed(part)) return undefined;
    const value = evaluateIn(this.plan, part, NO_LOCALS, this.moment.state, this.moment.next);
    return 'value' in value ? value : undefined;
  }
}

const NO_LOCALS: ReadonlyMap<string, Value> = new Map();

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
export function writesOf(instance: Instance): readonly PlacePattern[] {
  const known = written.get(instance);
  if (known !== undefined) return known;
  const bindings = bindingsOf(instance);
  const places = targetsOf(instance.action).map((target) => placeOf(target, bindings));
  written.set(instance, places);
  return places;
}

const written = new WeakMap<Instance, readonly PlacePattern[]>();

/** What an action assigns to, but for its locals. */
function targetsOf(action: Action): readonly Place[] {
  const known = targets.get(action);
  if (known !== undefined) return known;
  const found: Place[] = [];
  for (const statement of action.body) {
    fold<void>(statement, (node) => {
      if (node.kind === 'assign' && node.target.root.kind === 'variable') found.push(node.target);
    });
  }
  targets.set(action, found);
  return found;
}

const targets = new WeakMap<Action, readonly Place[]>();

/** Whether only the steps of one actor may write a place, or nobody's. */
export function isWrittenBy(plan: Plan, place: PlacePattern, actor: string): boolean {
  return (writersOf(plan).get(place.variable) ?? []).every(
    (writer) => writer.actor === actor || !overlap(writer.place, place),
  );
}

interface Writer {
  readonly actor: string;
  readonly place: PlacePattern;
}

const writers = new WeakMap<Plan, ReadonlyMap<string, readonly Writer[]>>();

/** Who writes which places of each variable. */
function writersOf(plan: Plan): ReadonlyMap<string, readonly Writer[]> {
  const known = writers.get(plan);
  if (known !== undefined) return known;
  const found = new Map<string, Writer[]>();
  for (const instance of plan.instances) {
    const actor = actorNameOf(instance);
    for (const place of writesOf(instance)) {
      const list = found.get(place.variable);
      if (list === undefined) found.set(place.variable, [{ actor, place }]);
      else if (!list.some((one) => one.actor === actor && isSamePattern(one.place, place))) list.push({ actor, place });
    }
  }
  writers.set(plan, found);
  return found;
}

function isSamePattern(left: PlacePattern, right: PlacePattern): boolean {
  const texts = ({ segments }: PlacePattern): string => segments.map((one) => one?.text ?? '*').join('.');
  return left.segments.length === right.segments.length && texts(left) === texts(right);
}

function placeOf({ root, path }: Place, bindings: ReadonlyMap<string, Value>): PlacePattern {
  return { variable: root.name, segments: path.map((segment) => segmentOf(segment, bindings)) };
}

function segmentOf(segment: PathSegment, bindings: ReadonlyMap<string, Value>): PlaceSegment | undefined {
  if (segment.kind === 'field') return { kind: 'field', text: segment.name };
  const { index } = segment;
  if (index.kind === 'literal' || index.kind === 'parameter') return { kind: 'key', text: formatValue(index.value) };
  if (index.kind === 'local' && bindings.has(index.name)) {
    return { kind: 'key', text: formatValue(bindings.get(index.name)) };
  }
  return undefined;
}

type Link = Expression & { readonly kind: 'field' | 'index' };
type VariableExpression = Expression & { readonly kind: 'variable' };

interface Chain {
  readonly variable: VariableExpression;
  readonly links: readonly Link[];
}

/** A variable and what is taken from it, outermost last, if an expression is that. */
function chainOf(expression: Node): Chain | undefined {
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

/** Whether an expression is a place of the state. */
export function isPlace(expression: Expression): boolean {
  return chainOf(expression) !== undefined;
}

function isClosed(expression: Expression): boolean {
  const bound = new Set<string>();
  const free = new Set<string>();
  fold<void>(expression, (node) => {
    if (node.kind === 'local') free.add(node.name);
    if (node.kind === 'comprehension' || node.kind === 'fold' || node.kind === 'for') {
      bound.add(node.binder);
      if (node.indexBinder !== undefined) bound.add(node.indexBinder);
    }
    if (node.kind === 'fold') bound.add(node.accumulator);
    if (node.kind === 'let' || node.kind === 'choose') bound.add(node.name);
  });
  return [...free].every((name) => bound.has(name));
}
