import type { Action, Domain, Expression, Named, Predicate, Process, System } from './index.ts';
import type { ToldNames } from './told-names.ts';

/**
 * A system that behaves as another does, with the names that readers are told in place of its own: for what shows it, a
 * page or a drawing.
 *
 * Labels have other names in it, but whatever the spec asks about where a thread stands has the same answer.
 */
export function toldSystem(system: System, names: ToldNames | undefined): System {
  return names === undefined ? system : new Teller(names).system(system);
}

/** An expression of a system, as it stands in {@link toldSystem}. */
export function toldExpression(expression: Expression, names: ToldNames): Expression {
  return new Teller(names).inside(expression);
}

type Labels = ReadonlyMap<string, string>;

/** Goes by the shape of the nodes, of which few kinds have names of variables and actions in them. */
class Teller {
  readonly #names: ToldNames;

  constructor(names: ToldNames) {
    this.#names = names;
  }

  system(system: System): System {
    const parts = <Part extends Named>(list: readonly Part[], key: keyof Part): readonly Part[] =>
      list.map((one) => ({ ...one, [key]: this.inside(one[key]) }));
    const predicates = (list: readonly Predicate[]): readonly Predicate[] => parts(list, 'predicate');
    return {
      ...system,
      variables: system.variables.map((variable) => {
        const { written: _, ...one } = variable;
        const labels = this.#names.labels.get(one.name);
        return { ...one, name: this.#name(one.name), ...(labels && { domain: withLabels(one.domain, labels) }) };
      }),
      init: this.inside(system.init),
      actions: system.actions.map((action) => this.#action(system, action)),
      processes: system.processes.map((process) => this.#process(process)),
      invariants: predicates(system.invariants),
      steps: predicates(system.steps),
      sometimes: predicates(system.sometimes),
      terminal: predicates(system.terminal),
      within: predicates(system.within),
      properties: parts(system.properties, 'formula'),
      fairness: system.fairness.map((one) => ({
        ...one,
        assumptions: one.assumptions.map((assumption) => ({
          ...assumption,
          groups: assumption.groups.map((group) => ({
            ...group,
            actions: group.actions.map((name) => this.#name(name)),
            ...(group.when !== undefined && { when: this.inside(group.when) }),
          })),
        })),
      })),
    };
  }

  #process(process: Process): Process {
    const { labels, counter, kept } = process;
    return {
      ...process,
      labels: labels.map((label) => this.#label(counter, label)),
      ...(kept !== undefined && { kept: kept.map((list) => list.map((name) => this.#name(name))) }),
    };
  }

  #action({ processes }: System, action: Action): Action {
    type Standing = NonNullable<Action['process']>;
    const at = ({ name, label }: Standing): Standing => {
      const counter = processes.find((process) => process.name === name)?.counter;
      return { name, label: counter === undefined ? label : this.#label(counter, label) };
    };
    const { process, timeout } = action;
    return {
      ...action,
      name: this.#name(action.name),
      body: this.inside(action.body),
      ...(process !== undefined && { process: at(process) }),
      ...(timeout !== undefined && { timeout: at(timeout) }),
    };
  }

  #name(name: string): string {
    return this.#names.names.get(name) ?? name;
  }

  #label(counter: string, label: string): string {
    return this.#names.labels.get(counter)?.get(label) ?? label;
  }

  /** A node, or nodes, with other names inside. */
  inside<Part>(part: Part): Part {
    return this.#go(part) as Part;
  }

  #go(node: unknown): unknown {
    if (Array.isArray(node)) return node.map((part) => this.#go(part));
    if (typeof node !== 'object' || node === null) return node;
    const part = node as Expression;
    if (part.kind === 'literal' || part.kind === 'parameter') return part;
    const isSegment = part.kind === 'index' && !('object' in part); // of a path
    const standing = isSegment ? undefined : this.#standing(part);
    if (standing !== undefined) return asBefore(standing, part.type);
    const told = this.#comparison(part);
    if (told !== undefined) return told;
    const made: Record<string, unknown> = {};
    for (const [key, inner] of Object.entries(node)) made[key] = OPAQUE.has(key) ? inner : this.#go(inner);
    return this.#renamed(made);
  }

  /** A node whose parts have their other names, with its own. */
  #renamed(made: Record<string, unknown>): Record<string, unknown> {
    switch (made['kind']) {
      case 'variable':
        return { ...made, name: this.#name(made['name'] as string) };
      case 'enabled':
      case 'taken':
        return { ...made, action: this.#name(made['action'] as string) };
      case 'assign':
        return this.#assigned(made as unknown as Assignment);
      default:
        return made;
    }
  }

  #assigned(made: Assignment): Record<string, unknown> {
    const { target, value } = made;
    const labels = this.#names.labels.get(target.root.name);
    const root = { ...target.root, name: this.#name(target.root.name) };
    if (labels === undefined) return { ...made, target: { ...target, root } };
    const domain = withLabels(target.domain, labels);
    return { ...made, target: { ...target, root, domain }, value: withLabel(value, labels) };
  }

  /** `worker.pc[r] === "asleep_2"`. */
  #comparison(part: Expression): Expression | undefined {
    if (part.kind !== 'operation' || (part.operator !== 'equal' && part.operator !== 'notEqual')) return undefined;
    const [left, right] = part.operands as [Expression, Expression];
    const [standing, literal] =
      right.kind === 'literal' ? [this.#standing(left), right] : [this.#standing(right), left];
    if (standing === undefined || literal.kind !== 'literal') return undefined;
    const told = withLabel(literal, standing.labels);
    return { ...part, operands: right === literal ? [standing.place, told] : [told, standing.place] };
  }

  /** Where a thread stands: a variable that says so, with all the keys that it takes. */
  #standing(part: Expression): Standing | undefined {
    const keys: Extract<Expression, { kind: 'index' }>[] = [];
    let root = part;
    for (; root.kind === 'index'; root = root.object) keys.unshift(root);
    const labels = root.kind === 'variable' ? this.#names.labels.get(root.name) : undefined;
    if (labels === undefined || !('type' in part) || part.type.kind !== 'enum') return undefined;
    let place: Expression = { ...root, type: withLabels(root.type, labels) };
    for (const key of keys) {
      place = { ...key, object: place, index: this.inside(key.index), type: withLabels(key.type, labels) };
    }
    return { place, labels };
  }
}

interface Standing {
  readonly place: Expression;
  readonly labels: Labels;
}

type Assignment = Extract<Action['body'][number], { kind: 'assign' }>;

/** Domains and spans have no names in them, values are the author's. */
const OPAQUE = new Set(['type', 'domain', 'span']);

/** The label of before, for whoever asks for it as a value. */
function asBefore({ place, labels }: Standing, type: Domain): Expression {
  const { span } = place;
  return [...labels].reduce<Expression>((otherwise, [label, told]) => {
    const operands = [place, textOf(told, span)];
    const condition: Expression = { kind: 'operation', operator: 'equal', operands, type: { kind: 'boolean' }, span };
    return { kind: 'conditional', condition, whenTrue: textOf(label, span), whenFalse: otherwise, type, span };
  }, place);
}

function textOf(value: string, span: Expression['span']): Expression {
  return { kind: 'literal', value, type: { kind: 'enum', values: [value] }, span };
}

function withLabel(literal: Expression, labels: Labels): Expression {
  const told = literal.kind === 'literal' ? labels.get(literal.value as string) : undefined;
  return told === undefined ? literal : textOf(told, literal.span);
}

/** The domain of a variable that says where threads stand, or of a part of it. */
function withLabels(domain: Domain, labels: Labels): Domain {
  if (domain.kind === 'record') return { ...domain, value: withLabels(domain.value, labels) };
  if (domain.kind !== 'enum') return domain;
  return { ...domain, values: domain.values.map((label) => labels.get(label) ?? label) };
}
