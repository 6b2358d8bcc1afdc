import type { Span } from '../../diagnostics/span.ts';
import type { Domain, Expression, Field, Statement, System } from '../../ir/index.ts';
import { collectionOf, membersOf } from '../../ir/part.ts';
import { expressionsOf } from '../walk.ts';

/** What TLC must be spared when it compares values. */
interface Mixtures {
  /** Strings that meet values of another kind and are therefore model values, which TLC compares with anything. */
  readonly models: ReadonlySet<string>;
  /** Places where even that does not help: two kinds that TLC refuses to compare. */
  readonly clashes: readonly { readonly kinds: readonly [Family, Family]; readonly span: Span }[];
}

/** Kinds of values; TLC compares values of one kind with each other, and model values with all. */
type Family = 'integers' | 'booleans' | 'strings' | 'sets' | 'arrays' | 'records' | 'objects';

/**
 * Finds where values of several kinds meet: in a union, in the fields of one name of a variant's cases, on the two sides
 * of a comparison, and between what is assigned and the place it goes to.
 */
export function mixturesOf(system: System): Mixtures {
  const finder = new MixtureFinder(system.actions);
  for (const { domain, span } of system.variables) finder.meet([domain], span);
  for (const action of system.actions) for (const { domain } of action.arguments) finder.meet([domain], action.span);
  expressionsOf(
    system,
    (expression) => finder.visitExpression(expression),
    (statement) => finder.visitStatement(statement),
  );
  return { models: finder.models, clashes: finder.clashes };
}

class MixtureFinder {
  readonly models = new Set<string>();
  readonly clashes: { kinds: readonly [Family, Family]; span: Span }[] = [];

  constructor(private readonly actions: System['actions']) {}

  visitExpression(expression: Expression): void {
    this.meet([expression.type], expression.span);
    if (expression.kind === 'enabled') {
      const action = this.actions.find(({ name }) => name === expression.action);
      expression.arguments.forEach((given, index) => {
        const domain = action?.arguments[index]?.domain;
        if (given === undefined || domain === undefined || !canBeEqual(given.type, domain)) return;
        this.meet([given.type, domain], expression.span);
      });
    }
    if (expression.kind === 'operation') {
      const types = expression.operands.map((operand) => operand.type);
      const [first, second, third] = types;
      const elementOf = (type: Domain | undefined): Domain =>
        (type && collectionOf(type)?.element) ?? { kind: 'never' };
      switch (expression.operator) {
        case 'equal':
        case 'notEqual':
          // Two kinds that never meet are told apart without asking TLC.
          if (canBeEqual(first!, second!)) this.meet([first!, second!], expression.span);
          return;
        case 'includes':
        case 'indexOf':
          if (canBeEqual(elementOf(first), second!)) this.meet([elementOf(first), second!], expression.span);
          return;
        case 'union':
        case 'intersection':
        case 'difference':
        case 'subset':
        case 'concat':
          this.meet([elementOf(first), elementOf(second)], expression.span);
          return;
        case 'with':
          this.meet(
            [third!, ...membersOf(first!).flatMap((one) => (one.kind === 'record' ? [one.value] : [elementOf(one)]))],
            expression.span,
          );
          return;
        default:
          return;
      }
    }
    if (expression.kind === 'array' || expression.kind === 'set') {
      const common = elementsOf(expression.type);
      if (common !== undefined) this.meet([common, ...expression.elements.map((one) => one.type)], expression.span);
    }
  }

  visitStatement(statement: Statement): void {
    if (statement.kind === 'assign') this.meet([statement.target.domain, statement.value.type], statement.span);
    if (statement.kind === 'let') this.meet([statement.domain, statement.value.type], statement.span);
    if (statement.kind === 'choose') this.meet([statement.domain], statement.span);
  }

  /** These are the domains of values that may be compared with each other. */
  meet(domains: readonly Domain[], span: Span): void {
    const members = domains.flatMap(membersOf);
    const families = new Map<Family, Domain[]>();
    for (const member of members) {
      const family = familyOf(member);
      if (family !== undefined) families.set(family, [...(families.get(family) ?? []), member]);
    }
    if (1 < families.size) {
      for (const member of families.get('strings') ?? []) {
        if (member.kind === 'enum') for (const value of member.values) this.models.add(value);
      }
      const [first, second] = [...families.keys()].filter((family) => family !== 'strings');
      if (first !== undefined && second !== undefined) this.#clash([first, second], span);
    }
    this.#meetParts(families, span);
  }

  #meetParts(families: ReadonlyMap<Family, readonly Domain[]>, span: Span): void {
    const parts = (domains: readonly Domain[] | undefined): void => {
      if (domains !== undefined && domains.length > 0) this.meet(domains, span);
    };
    parts(families.get('sets')?.map((one) => (one as Domain & { kind: 'set' }).element));
    parts(families.get('records')?.map((one) => (one as Domain & { kind: 'record' }).value));
    parts(families.get('records')?.map((one) => (one as Domain & { kind: 'record' }).key));
    this.#meetItems(families.get('arrays') ?? [], span);
    const fields = new Map<string, Domain[]>();
    const add = (name: string, domain: Domain): void => void fields.set(name, [...(fields.get(name) ?? []), domain]);
    const addAll = (list: readonly Field[]): void => list.forEach((field) => add(field.name, field.domain));
    for (const one of families.get('objects') ?? []) {
      if (one.kind === 'object') addAll(one.fields);
      if (one.kind !== 'variant') continue;
      add(one.discriminator, { kind: 'enum', values: one.cases.map(({ tag }) => tag) });
      for (const { fields: list } of one.cases) addAll(list);
    }
    for (const domains of fields.values()) parts(domains);
  }

  /** Sequences are compared position by position. */
  #meetItems(domains: readonly Domain[], span: Span): void {
    const elements = domains.flatMap((one) => (one.kind === 'array' ? [one.element] : []));
    const tuples = domains.flatMap((one) => (one.kind === 'tuple' ? [one.items] : []));
    const length = Math.max(0, ...tuples.map((items) => items.length));
    if (elements.length > 0) this.meet(elements, span);
    for (let index = 0; index < length; index += 1) {
      const items = tuples.flatMap((one) => one[index] ?? []);
      this.meet([...elements, ...items], span);
    }
  }

  #clash(kinds: readonly [Family, Family], span: Span): void {
    if (this.clashes.some((one) => one.span.file === span.file && one.span.start === span.start)) return;
    this.clashes.push({ kinds, span });
  }
}

/** What the elements of a literal have in common; of a tuple nothing, for its items do not meet. */
function elementsOf(type: Domain): Domain | undefined {
  return type.kind === 'set' || type.kind === 'array' ? type.element : undefined;
}

/** Undefined for what is a model value anyway. */
function familyOf(domain: Domain): Family | undefined {
  switch (domain.kind) {
    case 'int':
      return 'integers';
    case 'boolean':
      return 'booleans';
    case 'enum':
      return 'strings';
    case 'set':
      return 'sets';
    case 'array':
    case 'tuple':
      return 'arrays';
    case 'record':
      return 'records';
    case 'object':
    case 'variant':
      return 'objects';
    default:
      return undefined;
  }
}

/** Whether values of both types can be one value: false only when nothing in one is of a kind in the other. */
export function canBeEqual(left: Domain, right: Domain): boolean {
  const kinds = (domain: Domain): Set<string> => new Set(membersOf(domain).map((one) => familyOf(one) ?? one.kind));
  const [a, b] = [kinds(left), kinds(right)];
  return [...a].some((kind) => b.has(kind) || ALIKE.some(([one, other]) => kind === one && b.has(other)));
}

/** An id is a text to JavaScript, and a record an object. */
const ALIKE = [
  ['ids', 'strings'],
  ['strings', 'ids'],
  ['records', 'objects'],
  ['objects', 'records'],
] as const;
