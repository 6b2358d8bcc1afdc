import { visible } from '../diagnostics/visible.ts';
import type { Domain, Field } from './domain.ts';
import type { Place, Statement } from './effect.ts';
import type { Expression, Operator } from './expression.ts';
import type { Action, Argument, Assumption, Predicate, System } from './system.ts';
import type { Formula } from './temporal.ts';
import type { Value } from './value.ts';
import { valuesOf } from './enumerate.ts';
import { isFresh, alternativesOf, isListed } from './part.ts';
import { isArray, isObject, SetValue } from './value.ts';

/**
 * A whole system as readable text, close to the TypeScript it came from: for snapshots, reports and bug hunts. It is
 * not meant to be compiled again.
 */
export function printSystem(system: System): string {
  const { model } = system;
  const blocks: string[] = [
    `spec ${quote(system.name)}, model ${model.name}`,
    ...(system.parameters.length === 0
      ? []
      : [
          section(
            'parameters',
            system.parameters.map(({ name, value }) => `${name} = ${printValue(value)}`),
          ),
        ]),
    ...(system.constants.length === 0
      ? []
      : [
          section(
            'constants',
            system.constants.map(({ name, value, domain }) => `${name} = ${printValue(value, domain)}`),
          ),
        ]),
    section(
      'state',
      system.variables.map(({ name, domain }) => `${name}: ${printDomain(domain)}`),
    ),
    ...(system.init.length === 0 ? [] : [section('init', system.init.flatMap(printStatement))]),
    ...system.actions.map(printAction),
    ...(['invariants', 'steps', 'sometimes'] as const).flatMap((kind) =>
      system[kind].map((one) => printPredicate(kind, one)),
    ),
    ...system.properties.map(({ name, formula, under }) => {
      const assuming = under === undefined ? '' : ` under ${under.join(', ')}`;
      return `property ${name}${assuming}: ${printFormula(formula)}`;
    }),
    ...system.fairness.map(({ name, assumptions }) => section(`fairness ${name}`, assumptions.map(printAssumption))),
    ...(['terminal', 'within'] as const).flatMap((kind) => system[kind].map((one) => printPredicate(kind, one))),
    ...expectationsOf(system),
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** An expression on one line. */
export function printExpression(expression: Expression): string {
  return print(expression, LOOSEST);
}

/** A statement, one line or several, each part indented by two more cells. */
export function printStatement(statement: Statement): string[] {
  switch (statement.kind) {
    case 'assign':
      return [`${printPlace(statement.target)} = ${printExpression(statement.value)};`];
    case 'let':
      return [`${statement.mutable ? 'let' : 'const'} ${statement.name} = ${printExpression(statement.value)};`];
    case 'if': {
      const head = `if (${printExpression(statement.condition)})`;
      const { whenTrue, whenFalse } = statement;
      if (whenFalse.length === 0) return bracketed(head, whenTrue);
      const [only] = whenFalse;
      const otherwise = whenFalse.length === 1 && only?.kind === 'if' ? printStatement(only) : bracketed('', whenFalse);
      return [...bracketed(head, whenTrue).slice(0, -1), `} else ${otherwise[0]!.trimStart()}`, ...otherwise.slice(1)];
    }
    case 'for': {
      const { binder, indexBinder, over } = statement;
      const names = indexBinder === undefined ? binder : `[${indexBinder}, ${binder}]`;
      const elements = indexBinder === undefined ? printExpression(over) : `${print(over, MEMBER)}.entries()`;
      return bracketed(`for (const ${names} of ${elements})`, statement.body);
    }
    case 'loop': {
      const [head, ...rest] = bracketed('while (true)', statement.body);
      return [`${head} // at most ${statement.bound} times`, ...rest];
    }
    case 'block':
      return bracketed(`${statement.label}:`, statement.body);
    case 'exit':
      return [`break ${statement.label};`];
    case 'when':
      return [`when(${printExpression(statement.condition)});`];
    case 'verify':
      return [`verify(${printExpression(statement.condition)}, ${quote(statement.message)});`];
    case 'choose':
      return [
        `const ${statement.name} = ${isFresh(statement) ? 'fresh' : 'pick'}(${printExpression(statement.from)});`,
      ];
    case 'either': {
      const branches = statement.branches.map((branch) => bracketed('() =>', branch));
      return ['either(', ...branches.flatMap((branch) => indent([...branch.slice(0, -1), '},'])), ');'];
    }
  }
}

/** A temporal formula on one line. */
export function printFormula(formula: Formula): string {
  switch (formula.kind) {
    case 'now':
      return printExpression(formula.predicate);
    case 'taken':
      return `taken(${formula.action}${printArguments(formula.arguments)})`;
    case 'not':
    case 'always':
    case 'eventually':
      return `${formula.kind}(${printFormula(formula.operand)})`;
    case 'and':
    case 'or':
    case 'implies':
    case 'until':
    case 'leadsTo':
      return `${formula.kind}(${printFormula(formula.left)}, ${printFormula(formula.right)})`;
    case 'forAll':
    case 'exists': {
      const quantifier = formula.kind === 'forAll' ? 'all' : 'some';
      return `${quantifier}(${printDomain(formula.domain)}, (${formula.binder}) => ${printFormula(formula.body)})`;
    }
  }
}

/** A domain as the schema that declares it; a set of process ids by its name. */
export function printDomain(domain: Domain): string {
  switch (domain.kind) {
    case 'boolean':
      return domain.only === undefined ? 'z.boolean()' : `z.literal(${domain.only})`;
    case 'null':
    case 'undefined':
    case 'never':
      return `z.${domain.kind}()`;
    case 'int':
      return `z.int().min(${domain.min}).max(${domain.max})`;
    case 'enum':
      return `z.enum([${domain.values.map(quote).join(', ')}])`;
    case 'ids':
    case 'serial':
      return domain.name;
    case 'union':
      return printUnion(domain.members);
    case 'object':
      return `z.object(${printFields(domain.fields)})`;
    case 'variant': {
      const cases = domain.cases.map(({ tag, fields }) => {
        const discriminator = { name: domain.discriminator, domain: { kind: 'enum', values: [tag] } as const };
        return `z.object(${printFields([discriminator, ...fields])})`;
      });
      return `z.discriminatedUnion(${quote(domain.discriminator)}, [${cases.join(', ')}])`;
    }
    case 'tuple':
      return `z.tuple([${domain.items.map(printDomain).join(', ')}])`;
    case 'array': {
      const { minLength, maxLength } = domain;
      const bounds = minLength === maxLength ? `.length(${minLength})` : `.min(${minLength}).max(${maxLength})`;
      return `z.array(${printDomain(domain.element)})${bounds}`;
    }
    case 'record':
      return `z.record(${printDomain(domain.key)}, ${printDomain(domain.value)})`;
    case 'set':
      return `z.set(${printDomain(domain.element)})`;
  }
}

/** A value as the expression that yields it; a process id bare, when the domain says that it is one. */
export function printValue(value: Value, domain?: Domain): string {
  const element = domain?.kind === 'set' || domain?.kind === 'array' ? domain.element : undefined;
  if (value instanceof SetValue)
    return `new Set([${value.elements.map((one) => printValue(one, element)).join(', ')}])`;
  if (isArray(value)) return `[${value.map((one) => printValue(one, element)).join(', ')}]`;
  if (isObject(value)) {
    const fields = Object.entries(value).map(([name, field]) => `${printName(name)}: ${printValue(field)}`);
    return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
  }
  if (typeof value !== 'string') return String(value);
  return domain?.kind === 'ids' ? value : quote(value);
}

/** How tightly an operator binds; parentheses stand where a looser one is inside a tighter one. */
const LOOSEST = 0;
const OR = 2;
const AND = 3;
const EQUALITY = 4;
const ORDER = 5;
const SUM = 6;
const PRODUCT = 7;
const UNARY = 8;
const MEMBER = 9;

function print(expression: Expression, context: number): string {
  const within = (level: number, text: string): string => (level < context ? `(${text})` : text);
  switch (expression.kind) {
    case 'literal':
      return within(
        typeof expression.value === 'number' && expression.value < 0 ? UNARY : MEMBER,
        printValue(expression.value, expression.type),
      );
    case 'parameter':
      return `p.${expression.name}`;
    case 'variable':
      return `${expression.next ? 'next' : 's'}.${expression.name}`;
    case 'local':
      return expression.name;
    case 'field':
      return `${print(expression.object, MEMBER)}.${expression.name}`;
    case 'index':
      return `${print(expression.object, MEMBER)}[${printExpression(expression.index)}]`;
    case 'not':
      return within(UNARY, `!${print(expression.operand, UNARY)}`);
    case 'and':
      return within(AND, `${print(expression.left, AND)} && ${print(expression.right, AND)}`);
    case 'or':
      return within(OR, `${printDisjunct(expression.left)} || ${printDisjunct(expression.right)}`);
    case 'implies':
      return `implies(${printExpression(expression.left)}, ${printExpression(expression.right)})`;
    case 'conditional': {
      const [condition, yes, no] = [expression.condition, expression.whenTrue, expression.whenFalse];
      return within(LOOSEST, `${print(condition, OR)} ? ${print(yes, OR)} : ${print(no, LOOSEST)}`);
    }
    case 'operation':
      return printOperation(expression.operator, expression.operands, within);
    case 'object': {
      const fields = expression.fields.map(({ name, value }) => `${printName(name)}: ${printExpression(value)}`);
      return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
    }
    case 'array':
      return `[${expression.elements.map(printExpression).join(', ')}]`;
    case 'set':
      return `new Set([${expression.elements.map(printExpression).join(', ')}])`;
    case 'domain':
      return printDomain(expression.domain);
    case 'comprehension': {
      const { operator, binder, indexBinder, over } = expression;
      const parameters = indexBinder === undefined ? binder : `${binder}, ${indexBinder}`;
      const body = `(${parameters}) => ${printResult(expression.body)}`;
      return operator === 'all' || operator === 'some' || operator === 'count' || operator === 'record'
        ? `${operator}(${printExpression(over)}, ${body})`
        : `${print(over, MEMBER)}.${operator}(${body})`;
    }
    case 'fold': {
      const { accumulator, binder, indexBinder, over } = expression;
      const parameters = [accumulator, binder, ...(indexBinder === undefined ? [] : [indexBinder])].join(', ');
      const body = `(${parameters}) => ${printResult(expression.body)}`;
      return `${print(over, MEMBER)}.reduce(${body}, ${printExpression(expression.initial)})`;
    }
    case 'evaluate': {
      const body = expression.body.flatMap(printStatement).map((line) => line.trim());
      return `(() => { ${[...body, `return ${printExpression(expression.result)};`].join(' ')} })()`;
    }
    case 'enabled':
      return `enabled(${expression.action}${printArguments(expression.arguments)})`;
  }
}

/** A conjunction within a disjunction stands in parentheses, needed or not: nobody remembers which binds tighter. */
function printDisjunct(expression: Expression): string {
  return print(expression, expression.kind === 'and' ? MEMBER : OR);
}

/** The value of an arrow function: an object in parentheses, or it would be read as a block. */
function printResult(expression: Expression): string {
  const text = printExpression(expression);
  return text.startsWith('{') ? `(${text})` : text;
}

const INFIX: Partial<Record<Operator, readonly [symbol: string, level: number]>> = {
  add: ['+', SUM],
  subtract: ['-', SUM],
  multiply: ['*', PRODUCT],
  remainder: ['%', PRODUCT],
  equal: ['===', EQUALITY],
  notEqual: ['!==', EQUALITY],
  less: ['<', ORDER],
  lessOrEqual: ['<=', ORDER],
  greater: ['>', ORDER],
  greaterOrEqual: ['>=', ORDER],
};

/** Methods that are called otherwise than their operator is named. */
const METHODS: Partial<Record<Operator, string>> = { subset: 'isSubsetOf' };

function printOperation(
  operator: Operator,
  operands: readonly Expression[],
  within: (level: number, text: string) => string,
): string {
  const [first, second] = operands as [Expression, Expression];
  const infix = INFIX[operator];
  if (infix !== undefined) {
    const [symbol, level] = infix;
    return within(level, `${print(first, level)} ${symbol} ${print(second, level + 1)}`);
  }
  switch (operator) {
    case 'negate':
      return within(UNARY, `-${print(first, MEMBER)}`);
    case 'divide':
    case 'truncate': {
      const rounding = operator === 'divide' ? 'floor' : 'trunc';
      return `Math.${rounding}(${print(first, PRODUCT)} / ${print(second, PRODUCT + 1)})`;
    }
    case 'absolute':
      return `Math.abs(${printExpression(first)})`;
    case 'minimum':
    case 'maximum':
      return `Math.${operator.slice(0, 3)}(${operands.map(printExpression).join(', ')})`;
    case 'size':
      return `${print(first, MEMBER)}.${first.type.kind === 'set' ? 'size' : 'length'}`;
    case 'includes':
      return `${print(first, MEMBER)}.${first.type.kind === 'set' ? 'has' : 'includes'}(${printExpression(second)})`;
    case 'concat':
      return `[${operands.map((operand) => `...${print(operand, UNARY)}`).join(', ')}]`;
    case 'toSet':
      return `new Set(${printExpression(first)})`;
    case 'toArray':
      return `[...${print(first, UNARY)}]`;
    default: {
      const rest = operands.slice(1).map(printExpression);
      return `${print(first, MEMBER)}.${METHODS[operator] ?? operator}(${rest.join(', ')})`;
    }
  }
}

function printPlace({ root, path }: Place): string {
  const segments = path.map((one) => (one.kind === 'field' ? `.${one.name}` : `[${printExpression(one.index)}]`));
  return `${root.kind === 'variable' ? 's.' : ''}${root.name}${segments.join('')}`;
}

function printArguments(given: readonly (Expression | undefined)[]): string {
  if (given.length === 0) return '';
  return `(${given.map((argument) => (argument === undefined ? '_' : printExpression(argument))).join(', ')})`;
}

function printUnion(members: readonly Domain[]): string {
  for (const [kind, method] of [
    ['null', 'nullable'],
    ['undefined', 'optional'],
  ] as const) {
    // Only where it stands first is it what the schema's own wrapper means: the default value.
    if (members[0]!.kind !== kind) continue;
    const rest = members.slice(1);
    return `${rest.length === 1 ? printDomain(rest[0]!) : printUnion(rest)}.${method}()`;
  }
  const runs = members.filter((member) => member.kind === 'int');
  if (runs.length === members.length && members.every((one) => isListed(one, { kind: 'union', members })))
    return printLiteral(runs);
  const isMixed = runs.length < members.length;
  const parts = (isMixed ? alternativesOf({ kind: 'union', members }) : members).map((one) =>
    isListed(one, { kind: 'union', members }) ? printLiteral([one]) : printDomain(one),
  );
  return `z.union([${parts.join(', ')}])`;
}

function printLiteral(runs: readonly Domain[]): string {
  const values = runs.flatMap((run) => [...valuesOf(run)]);
  return values.length === 1 ? `z.literal(${String(values[0])})` : `z.literal([${values.join(', ')}])`;
}

function printFields(fields: readonly Field[]): string {
  const parts = fields.map(({ name, domain }) => `${printName(name)}: ${printDomain(domain)}`);
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`;
}

function printAction(action: Action): string {
  return [
    `action ${action.name}${printSignature(action.arguments)} {`,
    ...indent(action.body.flatMap(printStatement)),
    '}',
  ].join('\n');
}

function printSignature(declared: readonly Argument[]): string {
  return `(${declared.map(({ name, domain }) => `${name}: ${printDomain(domain)}`).join(', ')})`;
}

const SINGULAR = {
  invariants: 'invariant',
  steps: 'step',
  sometimes: 'sometimes',
  terminal: 'terminal',
  within: 'within',
} as const;

function printPredicate(kind: keyof typeof SINGULAR, { name, predicate }: Predicate): string {
  return `${SINGULAR[kind]} ${name}: ${printExpression(predicate)}`;
}

function printAssumption({ strength, groups }: Assumption): string {
  const parts = groups.map(({ name, per, when }) => {
    const split = per.length === 0 ? '' : ` for each ${per.join(', ')}`;
    return `${name}${split}${when === undefined ? '' : ` when ${printExpression(when)}`}`;
  });
  return `${strength}(${parts.join('; ')})`;
}

function expectationsOf({ model }: System): string[] {
  const expected = model.expectations.map((one) => ('property' in one ? `${one.kind} ${one.property}` : one.kind));
  if (model.deadlocks !== undefined) expected.push(`deadlocks ${model.deadlocks}`);
  if (model.distinct !== undefined) expected.push(`${model.distinct} distinct states`);
  return expected.length === 0 ? [] : [section('expected', expected)];
}

function section(title: string, lines: readonly string[]): string {
  return [`${title} {`, ...indent(lines), '}'].join('\n');
}

function bracketed(head: string, body: readonly Statement[]): string[] {
  const start = head === '' ? '{' : `${head} {`;
  return body.length === 0 ? [start, '}'] : [start, ...indent(body.flatMap(printStatement)), '}'];
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

function printName(name: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) ? name : quote(name);
}

function quote(text: string): string {
  return visible(JSON.stringify(text));
}
