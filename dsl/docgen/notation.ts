import { fold, rewriteExpression, rewriteFormula } from '../ir/fold.ts';
import type { Node } from '../ir/fold.ts';
import type { Domain, Expression, Formula, Place, Process, System, Value } from '../ir/index.ts';
import { formatValue, valuesOf } from '../ir/index.ts';
import { isListed } from '../ir/part.ts';
import { printExpression } from '../ir/print.ts';
import { WholeLabels } from '../ir/whole-labels.ts';
import { layOut } from './layout.ts';
import { negated } from './negation.ts';

/** Whether a part is written where another is: a denial that nobody wrote. */
function isSamePlace({ span: left }: Expression, { span: right }: Expression): boolean {
  return left.file === right.file && left.start === right.start && left.end === right.end && left.start < left.end;
}

/** Characters in a line of a formula or of pseudocode, where that can be. */
const LINE = 92;

/**
 * Writes expressions as their author would, in the names of traces: variables bare, and where a process stands as
 * `worker.at({ r }, "test")`.
 *
 * Names are bare unless that could be misread, which is settled once for all nodes that are shown together: a local has
 * the name of a variable, or the expression is about two states.
 */
export class Notation {
  readonly #counters: ReadonlyMap<string, Process>;
  readonly #labels: WholeLabels;
  readonly #prefixed: boolean;

  constructor({ processes, variables }: Pick<System, 'processes' | 'variables'>, shown: readonly Node[]) {
    this.#labels = new WholeLabels(processes);
    this.#counters = new Map(processes.map((process) => [process.counter, process]));
    this.#prefixed = mayBeMisread(new Set(variables.map(({ name }) => name)), shown);
  }

  /** An expression on one line. */
  expression(expression: Expression): string {
    return printExpression(this.#rename(expression));
  }

  /** An expression over as many lines as it needs. */
  predicate(predicate: Expression): string {
    return layOut(this.#rename(predicate), LINE).join('\n');
  }

  /** A temporal formula over as many lines as it needs. */
  formula(formula: Formula): string {
    return layOut(
      rewriteFormula(this.#labels.formula(formula), (part) => this.#renamePart(part)),
      LINE,
    ).join('\n');
  }

  place({ root, path }: Place): string {
    const prefix = root.kind === 'variable' && this.#prefixed ? 's.' : '';
    const segments = path.map((one) => (one.kind === 'field' ? `.${one.name}` : `[${this.expression(one.index)}]`));
    return prefix + root.name + segments.join('');
  }

  /** The name of the process whose threads stand where a variable says; undefined for all other variables. */
  processOf(variable: string): string | undefined {
    return this.#counters.get(variable)?.name;
  }

  #rename(expression: Expression): Expression {
    return rewriteExpression(this.#labels.expression(expression), (part) => this.#renamePart(part));
  }

  #renamePart(given: Expression): Expression {
    // Loops leave by the negation of their condition, which nobody has written.
    const isDenied = given.kind === 'not' && (given.operand.kind === 'operation' || isSamePlace(given, given.operand));
    const part = isDenied ? negated(given.operand) : given;
    const position = this.#positionOf(part);
    const bare = part.kind === 'variable' && !this.#prefixed ? part.name : undefined;
    const name = position ?? bare;
    return name === undefined ? part : { kind: 'local', name, type: part.type, span: part.span };
  }

  /** `worker.at({ r }, "test")` for `s.worker.pc[r] === "test"`. */
  #positionOf(part: Expression): string | undefined {
    if (part.kind !== 'operation' || (part.operator !== 'equal' && part.operator !== 'notEqual')) return undefined;
    const [left, right] = part.operands as [Expression, Expression];
    if (right.kind !== 'literal') return undefined;
    const indices: Expression[] = [];
    let root = left;
    while (root.kind === 'index') {
      indices.unshift(root.index);
      root = root.object;
    }
    // Parts are renamed before wholes, so the counter may have lost what says that it is a variable.
    const isVariable = root.kind === 'variable' ? !root.next : root.kind === 'local';
    const process = isVariable && 'name' in root ? this.#counters.get(root.name) : undefined;
    if (process === undefined) return undefined;
    const given = process.arguments.map(({ name }, index) => {
      const value = printExpression(indices[index]!);
      return value === name ? name : `${name}: ${value}`;
    });
    const where = [...(given.length === 0 ? [] : [`{ ${given.join(', ')} }`]), formatQuoted(right.value)].join(', ');
    return `${part.operator === 'equal' ? '' : '!'}${process.name}.at(${where})`;
  }
}

function formatQuoted(value: Value): string {
  return JSON.stringify(value);
}

function mayBeMisread(variables: ReadonlySet<string>, nodes: readonly Node[]): boolean {
  return nodes.some((node) =>
    fold<boolean>(node, (part, inner) => {
      if (inner.includes(true)) return true;
      switch (part.kind) {
        case 'local':
        case 'let':
        case 'choose':
          return variables.has(part.name);
        case 'comprehension':
        case 'fold':
        case 'for':
        case 'forAll':
        case 'exists':
          return variables.has(part.binder);
        case 'variable':
          return part.next;
        default:
          return false;
      }
    }),
  );
}

/** A domain as a short type: `Ring → { owner: Ring | null }`, `0..3`, `Ring[0..2]` for an array of up to two. */
export function typeNotation(domain: Domain): string {
  switch (domain.kind) {
    case 'boolean':
      return domain.only === undefined ? 'boolean' : String(domain.only);
    case 'null':
    case 'undefined':
    case 'never':
      return domain.kind;
    case 'int':
      return `${domain.min}..${domain.max}`;
    case 'enum':
      return domain.values.map((value) => JSON.stringify(value)).join(' | ');
    case 'ids':
    case 'serial':
      return domain.name;
    case 'union':
      return [...domain.members]
        .sort((left, right) => Number(isNothing(left)) - Number(isNothing(right)))
        .map((member) => (isListed(member, domain) ? [...valuesOf(member)].join(' | ') : typeNotation(member)))
        .join(' | ');
    case 'object':
      return objectNotation(domain.fields.map((field): [string, string] => [field.name, typeNotation(field.domain)]));
    case 'variant':
      return domain.cases
        .map(({ tag, fields }) =>
          objectNotation([
            [domain.discriminator, JSON.stringify(tag)],
            ...fields.map((field): [string, string] => [field.name, typeNotation(field.domain)]),
          ]),
        )
        .join(' | ');
    case 'tuple':
      return `[${domain.items.map(typeNotation).join(', ')}]`;
    case 'array': {
      const { element, minLength, maxLength } = domain;
      return `${grouped(element)}[${minLength === maxLength ? minLength : `${minLength}..${maxLength}`}]`;
    }
    case 'record':
      return `${grouped(domain.key)} → ${grouped(domain.value)}`;
    case 'set':
      return `set of ${grouped(domain.element)}`;
  }
}

/** The values of a domain that is only known by its name: `r0, r1`. */
export function membersNotation(domain: Domain): string {
  const members = [...valuesOf(domain)].slice(0, MOST_MEMBERS + 1).map(formatValue);
  return members.length > MOST_MEMBERS ? `${members.slice(0, MOST_MEMBERS).join(', ')}, …` : members.join(', ');
}

const MOST_MEMBERS = 8;

function isNothing({ kind }: Domain): boolean {
  return kind === 'null' || kind === 'undefined';
}

function objectNotation(fields: readonly (readonly [string, string])[]): string {
  return `{ ${fields.map(([name, type]) => `${name}: ${type}`).join(', ')} }`;
}

function grouped(domain: Domain): string {
  const isLoose =
    domain.kind === 'union' || domain.kind === 'record' || (domain.kind === 'enum' && domain.values.length > 1);
  return isLoose ? `(${typeNotation(domain)})` : typeNotation(domain);
}
