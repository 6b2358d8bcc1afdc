import type {
  ArrayDomain,
  Domain,
  Expression,
  Operator,
  Place,
  Statement,
  System,
  Variable,
} from '../../../dsl/ir/index.ts';
import type { Span } from '../../../dsl/diagnostics/span.ts';
import { hasNode, mapParts, mapStatement } from '../../../dsl/ir/fold.ts';
import type { PredicateRequest } from '../../plan/plan.ts';

/**
 * Sequences that are used as channels: something is added at their end and taken from their beginning, and nothing else
 * is asked of them than what comes next and whether they have so many elements.
 *
 * A step that sends and one that receives then only disturb each other where the channel is empty or full. To the
 * analysis of footprints they would write the same leaves. So it looks at another system, that says what each step does
 * to each end: a channel `c` becomes a variable for its beginning, one for its end, and a flag for each number of
 * elements that is asked about, which sending may only raise and receiving may only lower.
 *
 * @see Holzmann and Peled, "An Improvement in Formal Verification", FORTE 1994, section 4.1, on such operations.
 */
export interface ChannelView {
  /** The same actions over the other variables: those of the declared system come first, in their order. */
  readonly system: System;
  readonly requests: readonly PredicateRequest[];
  readonly flags: readonly ChannelFlag[];
  /** Variables that are written for the sake of those who read them: two steps that write them do not disturb each other. */
  readonly marks: readonly string[];
}

/** A variable whose parts say of each channel of another variable whether it has at least so many elements. */
interface ChannelFlag {
  readonly variable: string;
  readonly of: string;
  readonly atLeast: number;
}

/** Variables that are read and never written: what they hold stands for a code that a flag gets. */
export const RAISED = '#raised';
export const LOWERED = '#lowered';

const BOOLEAN: Domain = { kind: 'boolean' };

/**
 * The system with its channels seen as channels.
 *
 * @param requests - what else is asked of states; their expressions are rewritten too.
 */
export function channelView(system: System, requests: readonly PredicateRequest[]): ChannelView {
  let channels = new Map(
    system.variables.flatMap((variable) => {
      const channel = channelOf(variable);
      return channel === undefined ? [] : [[variable.name, channel] as const];
    }),
  );
  for (;;) {
    const view = new View(channels);
    const before = askedOf(channels);
    const rewritten = view.whole(system, requests);
    // Sending and receiving have to set every flag that is asked for anywhere; and what is also used in another way is no
    // channel. Either is only known now.
    if (view.others.size === 0 && askedOf(channels) === before) return rewritten;
    channels = new Map([...channels].filter(([name]) => !view.others.has(name)));
  }
}

/** How many questions are asked of the numbers of elements. */
function askedOf(channels: ReadonlyMap<string, Channel>): number {
  return [...channels.values()].reduce((sum, { asked }) => sum + asked.size, 0);
}

/** A variable that is a channel, or channels in records or fixed arrays. */
interface Channel {
  readonly variable: Variable;
  readonly sequence: ArrayDomain;
  /** How many indices lead to a sequence. */
  readonly depth: number;
  /** The numbers of elements that are asked about, each at least 1. */
  readonly asked: Set<number>;
}

function channelOf(variable: Variable): Channel | undefined {
  let depth = 0;
  let { domain } = variable;
  while (domain.kind === 'record' || (domain.kind === 'array' && domain.minLength === domain.maxLength)) {
    domain = domain.kind === 'record' ? domain.value : domain.element;
    depth += 1;
  }
  if (domain.kind !== 'array' || domain.minLength !== 0) return undefined;
  return { variable, sequence: domain, depth, asked: new Set([domain.maxLength]) };
}

/** A domain of the same form with something else in the place of the sequence. */
function formOf(domain: Domain, depth: number, inside: Domain): Domain {
  if (depth === 0) return inside;
  if (domain.kind === 'record') return { ...domain, value: formOf(domain.value, depth - 1, inside) };
  if (domain.kind === 'array') return { ...domain, element: formOf(domain.element, depth - 1, inside) };
  throw new Error('not a form of channels');
}

/** One of the sequences: the variable and the indices that lead there. */
interface End {
  readonly channel: Channel;
  readonly indices: readonly Expression[];
}

/** Rewrites a system; notes which variables turn out to be no channels. */
class View {
  readonly others = new Set<string>();
  /** Channels that the step at hand has sent to or received from, and those that it has used again after that. */
  readonly #changed = new Set<Channel>();
  readonly #usedAgain = new Set<Channel>();

  constructor(private readonly channels: ReadonlyMap<string, Channel>) {}

  whole(system: System, requests: readonly PredicateRequest[]): ChannelView {
    const actions = system.actions.map((action) => ({ ...action, body: this.#step(action.body) }));
    const predicates = <Named extends { readonly predicate: Expression }>(list: readonly Named[]): Named[] =>
      list.map((one) => ({ ...one, predicate: this.expression(one.predicate) }));
    const [invariants, sometimes] = [predicates(system.invariants), predicates(system.sometimes)];
    const asked = requests.map((one) => ({ ...one, expression: this.expression(one.expression) }));
    const flags = [...this.channels.values()].flatMap(({ variable, asked: counts }) =>
      [...counts].map((atLeast) => ({ variable: flagName(variable.name, atLeast), of: variable.name, atLeast })),
    );
    const nothing = { steps: [], properties: [], fairness: [], terminal: [], within: [], init: [] };
    const marks = [...this.channels.keys()].flatMap((name) => [changedName(name), againName(name)]);
    const variables = [...system.variables, ...this.#variables(flags, marks)];
    return {
      system: { ...system, ...nothing, actions, invariants, sometimes, variables },
      requests: asked,
      flags,
      marks,
    };
  }

  /**
   * A step that uses a channel again which it has changed depends on more than the flags say that it had before: it is
   * disturbed by whoever changes one of these channels.
   */
  #step(body: readonly Statement[]): readonly Statement[] {
    this.#changed.clear();
    this.#usedAgain.clear();
    const rewritten = this.statements(body);
    const asked = [...this.#usedAgain].map(({ variable: { name, span } }): Statement => {
      const value: Expression = { kind: 'variable', span, type: BOOLEAN, name: changedName(name), next: false };
      const root = { kind: 'variable' as const, name: againName(name) };
      return { kind: 'assign', span, target: { span, root, path: [], domain: BOOLEAN }, value };
    });
    return [...asked, ...rewritten];
  }

  /** Notes that a channel is used. What is in a loop is used again. */
  #use({ channel }: End): void {
    if (this.#changed.has(channel)) this.#usedAgain.add(channel);
  }

  /** Statements that may be run several times: what is changed by one round is used by the next. */
  #repeated(body: readonly Statement[]): readonly Statement[] {
    const before = new Set(this.#changed);
    this.statements(body);
    const inside = [...this.#changed].some((channel) => !before.has(channel));
    // A second time, now that what a round changes is known.
    const rewritten = this.statements(body);
    if (!inside) return rewritten;
    for (const channel of this.#changed) if (!before.has(channel)) this.#usedAgain.add(channel);
    return rewritten;
  }

  #variables(flags: readonly ChannelFlag[], marks: readonly string[]): Variable[] {
    const like = (name: string, of: Channel, inside: Domain): Variable => ({
      ...of.variable,
      name,
      domain: formOf(of.variable.domain, of.depth, inside),
    });
    const channels = [...this.channels.values()];
    return [
      ...channels.flatMap((channel) =>
        [headName, tailName, spareName].map((nameOf) =>
          like(nameOf(channel.variable.name), channel, channel.sequence.element),
        ),
      ),
      ...flags.map(({ variable, of }) => like(variable, this.channels.get(of)!, BOOLEAN)),
      ...(channels.length === 0 ? [] : [RAISED, LOWERED, ...marks]).map((name) => ({
        ...channels[0]!.variable,
        name,
        domain: BOOLEAN,
      })),
    ];
  }

  private statements(body: readonly Statement[]): readonly Statement[] {
    return body.flatMap((statement): readonly Statement[] => {
      switch (statement.kind) {
        case 'assign':
          return this.assign(statement);
        case 'for':
        case 'loop':
          return [this.#inParts(statement, (inside) => this.#repeated(inside))];
        default:
          return [this.#inParts(statement, (inside) => this.statements(inside))];
      }
    });
  }

  #inParts(statement: Statement, goAll: (body: readonly Statement[]) => readonly Statement[]): Statement {
    return mapStatement(statement, (part) => this.expression(part), goAll);
  }

  private assign(statement: Statement & { readonly kind: 'assign' }): readonly Statement[] {
    const { target, span } = statement;
    const to = this.#endAt(target);
    if (to === undefined) {
      const isChannel = target.root.kind === 'variable' && this.channels.has(target.root.name);
      if (isChannel) this.others.add(target.root.name);
      return [this.#inParts(statement, (inside) => inside)];
    }
    const sent = this.#sent(to, statement.value);
    if (sent !== undefined) return sent.flatMap((value) => this.#send(to, this.expression(value), span));
    if (this.#isReceived(to, statement.value)) return this.#receive(to, span);
    this.others.add(to.channel.variable.name);
    return [];
  }

  /** What is added at the end of a channel, where that is what the value says. */
  #sent(to: End, value: Expression): readonly Expression[] | undefined {
    const [before, added] = operandsOf(value, 'concat');
    if (before === undefined || added?.kind !== 'array' || !this.#isAt(to, before)) return undefined;
    return added.elements;
  }

  #isReceived(to: End, value: Expression): boolean {
    const [before, from, end] = operandsOf(value, 'slice');
    const [whole] = end === undefined ? [] : operandsOf(end, 'size');
    return [before, whole].every((one) => one !== undefined && this.#isAt(to, one)) && constantOf(from) === 1;
  }

  #send(to: End, value: Expression, span: Span): readonly Statement[] {
    const { sequence } = to.channel;
    const { element } = sequence;
    // It fails where the channel is full, so it asks whether that is so.
    const condition = this.#flagAt(to, sequence.maxLength, span);
    this.#changed.add(to.channel);
    const whenTrue = partAt(to, spareName, element, span);
    const held: Expression = { kind: 'conditional', span, type: element, condition, whenTrue, whenFalse: value };
    return [assignTo(to, tailName, element, held, span), ...this.#flags(to, RAISED, span)];
  }

  #receive(to: End, span: Span): readonly Statement[] {
    const { element } = to.channel.sequence;
    const next = partAt(to, spareName, element, span);
    this.#use(to);
    this.#changed.add(to.channel);
    return [assignTo(to, headName, element, next, span), ...this.#flags(to, LOWERED, span)];
  }

  #flags(to: End, name: string, span: Span): readonly Statement[] {
    const value: Expression = { kind: 'variable', span, type: BOOLEAN, name, next: false };
    const root = { kind: 'variable' as const, name: changedName(to.channel.variable.name) };
    return [
      ...[...to.channel.asked].map((atLeast) =>
        assignTo(to, (channel) => flagName(channel, atLeast), BOOLEAN, value, span),
      ),
      { kind: 'assign', span, target: { span, root, path: [], domain: BOOLEAN }, value },
    ];
  }

  #flagAt(end: End, atLeast: number, span: Span): Expression {
    this.#use(end);
    end.channel.asked.add(atLeast);
    return partAt(end, (name) => flagName(name, atLeast), BOOLEAN, span);
  }

  /** Bodies of expressions first: what is left of a channel after its known uses is another use of it. */
  private expression(expression: Expression): Expression {
    const known = this.#known(expression);
    if (known !== undefined) return known;
    const inParts = (part: Expression): Expression => this.expression(part);
    const rewritten = mapParts(expression, inParts, (body) => this.statements(body));
    if (rewritten.kind === 'variable' && this.channels.has(rewritten.name)) this.others.add(rewritten.name);
    return rewritten;
  }

  /** A use of a channel that is known, in other words. */
  #known(expression: Expression): Expression | undefined {
    const { span } = expression;
    const first = expression.kind === 'index' ? [expression.object, expression.index] : operandsOf(expression, 'at');
    const from = first[0] && constantOf(first[1]) === 0 ? this.#endOf(first[0]) : undefined;
    if (from !== undefined) {
      const { element } = from.channel.sequence;
      const missing: Expression = { kind: 'literal', span, type: { kind: 'undefined' }, value: undefined };
      const condition = this.#flagAt(from, 1, span);
      const whenTrue = partAt(from, headName, element, span);
      // An index fails where there is nothing: what it then is does not matter, only that it asks.
      const whenFalse = expression.kind === 'index' ? partAt(from, spareName, element, span) : missing;
      return { kind: 'conditional', span, type: expression.type, condition, whenTrue, whenFalse };
    }
    const compared = comparisonOf(expression);
    const end = compared && this.#endOf(compared.of);
    if (compared === undefined || end === undefined) return undefined;
    const { atLeast, isTrue } = compared;
    if (atLeast < 1 || end.channel.sequence.maxLength < atLeast) return undefined;
    const flag = this.#flagAt(end, atLeast, span);
    return isTrue ? flag : { kind: 'not', span, type: BOOLEAN, operand: flag };
  }

  /** The sequence that an expression is, with its indices rewritten. */
  #endOf(expression: Expression): End | undefined {
    const indices: Expression[] = [];
    let object = expression;
    for (; object.kind === 'index'; object = object.object) indices.unshift(object.index);
    const channel = object.kind === 'variable' && !object.next ? this.channels.get(object.name) : undefined;
    if (channel === undefined || indices.length !== channel.depth) return undefined;
    return { channel, indices: indices.map((index) => this.expression(index)) };
  }

  #endAt({ root, path }: Place): End | undefined {
    const channel = root.kind === 'variable' ? this.channels.get(root.name) : undefined;
    const indices = path.flatMap((segment) => (segment.kind === 'index' ? [this.expression(segment.index)] : []));
    const isWhole = indices.length === path.length && indices.length === channel?.depth;
    return channel !== undefined && isWhole ? { channel, indices } : undefined;
  }

  #isAt(end: End, expression: Expression): boolean {
    const other = this.#endOf(expression);
    return other?.channel === end.channel && textOf(other.indices) === textOf(end.indices);
  }
}

/** Whether a sequence has at least so many elements, or the opposite of that. */
function comparisonOf(
  expression: Expression,
): { readonly of: Expression; readonly atLeast: number; readonly isTrue: boolean } | undefined {
  if (expression.kind !== 'operation') return undefined;
  const [left, right] = expression.operands;
  if (left === undefined || right === undefined) return undefined;
  const [of] = operandsOf(left, 'size');
  const [swapped] = operandsOf(right, 'size');
  const count = constantOf(of === undefined ? left : right);
  const sequence = of ?? swapped;
  if (sequence === undefined || count === undefined) return undefined;
  const operator = of === undefined ? (SWAPPED[expression.operator] ?? expression.operator) : expression.operator;
  const { maxLength } = sequence.type.kind === 'array' ? sequence.type : { maxLength: NaN };
  switch (operator) {
    case 'greater':
      return { of: sequence, atLeast: count + 1, isTrue: true };
    case 'greaterOrEqual':
      return { of: sequence, atLeast: count, isTrue: true };
    case 'less':
      return { of: sequence, atLeast: count, isTrue: false };
    case 'lessOrEqual':
      return { of: sequence, atLeast: count + 1, isTrue: false };
    case 'equal':
    case 'notEqual': {
      const isEqual = operator === 'equal';
      if (count === 0) return { of: sequence, atLeast: 1, isTrue: !isEqual };
      return count === maxLength ? { of: sequence, atLeast: count, isTrue: isEqual } : undefined;
    }
    default:
      return undefined;
  }
}

const SWAPPED: Partial<Record<Operator, Operator>> = {
  less: 'greater',
  lessOrEqual: 'greaterOrEqual',
  greater: 'less',
  greaterOrEqual: 'lessOrEqual',
};

/** The value of an expression that can have no other, and that cannot fail. */
function constantOf(expression: Expression | undefined): number | undefined {
  if (expression === undefined || expression.type.kind !== 'int') return undefined;
  const { min, max } = expression.type;
  const isPure = !hasNode(expression, ({ kind }) => !['literal', 'parameter', 'operation'].includes(kind));
  return min === max && isPure ? min : undefined;
}

function operandsOf(expression: Expression, operator: Operator): readonly Expression[] {
  return expression.kind === 'operation' && expression.operator === operator ? expression.operands : [];
}

function partAt(end: End, nameOf: (channel: string) => string, domain: Domain, span: Span): Expression {
  const { variable, depth } = end.channel;
  const whole = formOf(variable.domain, depth, domain);
  const root: Expression = { kind: 'variable', span, type: whole, name: nameOf(variable.name), next: false };
  return end.indices.reduce<Expression>((object, index, level) => {
    const type = formOf(innerOf(variable.domain, level + 1), depth - level - 1, domain);
    return { kind: 'index', span, type, object, index };
  }, root);
}

/** What is inside of records and fixed arrays, so many levels deep. */
function innerOf(domain: Domain, levels: number): Domain {
  if (levels === 0) return domain;
  if (domain.kind === 'record') return innerOf(domain.value, levels - 1);
  if (domain.kind === 'array') return innerOf(domain.element, levels - 1);
  throw new Error('not a form of channels');
}

function assignTo(
  { channel, indices }: End,
  nameOf: (channel: string) => string,
  domain: Domain,
  value: Expression,
  span: Span,
): Statement {
  const path = indices.map((index) => ({ kind: 'index' as const, index }));
  const root = { kind: 'variable' as const, name: nameOf(channel.variable.name) };
  return { kind: 'assign', span, target: { span, root, path, domain }, value };
}

function textOf(indices: readonly Expression[]): string {
  return JSON.stringify(indices, (key, value: unknown) => (key === 'span' ? undefined : value));
}

// No name that an author can give has such a sign.
const headName = (channel: string): string => `${channel}#head`;
const tailName = (channel: string): string => `${channel}#tail`;
const spareName = (channel: string): string => `${channel}#spare`;
const changedName = (channel: string): string => `${channel}#changed`;
/** Written where a channel is used again after it was sent to or received from in the same step. */
const againName = (channel: string): string => `${channel}#again`;
const flagName = (channel: string, atLeast: number): string => `${channel}#atLeast${atLeast}`;
