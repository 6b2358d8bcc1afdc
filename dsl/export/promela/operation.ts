import type { Span } from '../../diagnostics/span.ts';
import type { Domain, Expression } from '../../ir/index.ts';
import { ANY_INT, INT_MAX, INT_MIN } from '../../ir/index.ts';
import { arrayPart, intPart, membersOf, setPart, UNDEFINED } from '../../ir/part.ts';
import type { CValue } from './c-value.ts';
import { bound, built, truth } from './c-value.ts';
import { collectionValue, eachElement, EMPTY, filled, hasElement, includes, sizeOf } from './collection.ts';
import { lengthText, quote } from './convert.ts';
import { expressionAs, expressionValue } from './expression.ts';
import { indexValue } from './place.ts';
import type { FunctionScope } from './scope.ts';
import type { Shape } from './shape.ts';
import { scalarText } from './shape.ts';

export function operationValue(scope: FunctionScope, expression: Expression & { kind: 'operation' }): CValue {
  const { shapes, conversions, where } = scope.writer;
  const { operator, operands, type, span } = expression;
  const message = quote(`${where(span)}: outside the 32-bit integers`);
  const values = (): CValue[] => operands.map((operand) => expressionValue(scope, operand));
  const ints = (): { text: string; min: number; max: number }[] =>
    values().map((value) => {
      const part = intPart(value.domain) ?? { kind: 'int' as const, min: INT_MIN, max: INT_MAX };
      return { text: conversions.convert(value.text, value.domain, part, where(span)), min: part.min, max: part.max };
    });
  const arithmetic = (symbol: string, name: string, extremes: (a: Bounds, b: Bounds) => number[]): CValue => {
    const [a, b] = ints() as [Bounds & { text: string }, Bounds & { text: string }];
    const ends = extremes(a, b);
    const domain = interval(ends);
    const safe = ends.every((end) => INT_MIN <= end && end <= INT_MAX);
    return { text: safe ? `(${a.text} ${symbol} ${b.text})` : `${name}(${a.text}, ${b.text}, ${message})`, domain };
  };
  const called = (name: string): CValue => {
    const given = ints().map(({ text }) => text);
    return {
      text: `${name}(${given.join(', ')}, ${quote(`${where(span)}: division by zero`)})`,
      domain: intPart(type) ?? type,
    };
  };
  const compared = (symbol: string): CValue => {
    const [a, b] = ints();
    return truth(`(${a!.text} ${symbol} ${b!.text})`);
  };
  switch (operator) {
    case 'add':
      return arithmetic('+', 'add', (a, b) => [a.min + b.min, a.max + b.max]);
    case 'subtract':
      return arithmetic('-', 'subtract', (a, b) => [a.min - b.max, a.max - b.min]);
    case 'multiply':
      return arithmetic('*', 'multiply', (a, b) => [a.min * b.min, a.min * b.max, a.max * b.min, a.max * b.max]);
    case 'divide':
      return called('divide');
    case 'truncate':
      return called('truncate_');
    case 'remainder':
      return called('remainder_');
    case 'negate': {
      const [a] = ints();
      const domain = interval([-a!.max, -a!.min]);
      return { text: -a!.min <= INT_MAX ? `(-${a!.text})` : `subtract(0, ${a!.text}, ${message})`, domain };
    }
    case 'absolute': {
      const [a] = ints();
      return { text: `absolute(${a!.text}, ${message})`, domain: intPart(type) ?? type };
    }
    case 'minimum':
    case 'maximum': {
      const [first, ...others] = ints();
      const text = others.reduce((so, one) => `${operator}(${so}, ${one.text})`, first!.text);
      return { text, domain: intPart(type) ?? type };
    }
    case 'equal':
    case 'notEqual': {
      const [a, b] = values() as [CValue, CValue];
      const not = operator === 'equal' ? '' : '!';
      const text = bound(scope, a, (x) =>
        bound(scope, b, (y) => truth(conversions.equal(x, a.domain, y, b.domain))),
      ).text;
      if (not === '') return truth(text);
      const simple = /^\((\S+) == (\S+)\)$/.exec(text);
      return truth(simple ? `(${simple[1]} != ${simple[2]})` : `!${text}`);
    }
    case 'less':
      return compared('<');
    case 'lessOrEqual':
      return compared('<=');
    case 'greater':
      return compared('>');
    case 'greaterOrEqual':
      return compared('>=');
    case 'size': {
      return sizeOf(scope, collectionValue(scope, operands[0]!), type);
    }
    case 'includes':
      return includes(scope, operands[0]!, operands[1]!);
    case 'indexOf': {
      const [, wanted] = operands;
      const value = expressionValue(scope, wanted!);
      return bound(scope, value, (text) => {
        const r = scope.names.take('r');
        const n = scope.names.take('n');
        const loop = eachElement(scope, operands[0]!, { binder: 'element' }, (element) => {
          return `if (${conversions.equal(element.text, element.domain, text, value.domain)}) { ${r} = ${n}; break; } ${n}++;`;
        });
        return { text: `({ int ${r} = -1, ${n} = 0; ${loop} ${r}; })`, domain: intPart(type) ?? type };
      });
    }
    case 'at': {
      const array = asArray(scope, collectionValue(scope, operands[0]!), span);
      const position = expressionAs(scope, operands[1]!, ANY_INT);
      return bound(scope, array, (text) => {
        const shape = shapes.of(array.domain) as Extract<Shape, { kind: 'array' }>;
        const none = conversions.convert(scalarText(shapes, undefined), UNDEFINED, type, where(span));
        if (shape.max === 0) return { text: `((void)(${text}), (void)(${position}), ${none})`, domain: type };
        const i = scope.names.take('i');
        const length = lengthText(text, shape);
        const found = conversions.convert(`${text}.at[${i}]`, shape.element, type, where(span));
        return {
          text: `({ int ${i} = ${position}; if (${i} < 0) ${i} += ${length}; 0 <= ${i} && ${i} < ${length} ? ${found} : ${none}; })`,
          domain: type,
        };
      });
    }
    case 'slice':
      return slice(scope, expression);
    case 'concat':
    case 'union':
      return filled(scope, type, span, (append) =>
        operands.map((operand) => eachElement(scope, operand, { binder: 'element' }, append)).join(' '),
      );
    case 'intersection':
    case 'difference': {
      const other = collectionValue(scope, operands[1]!);
      return bound(scope, other, (text) =>
        filled(scope, setPart(operands[0]!.type) ?? type, span, (append) =>
          eachElement(scope, operands[0]!, { binder: 'element' }, (element) => {
            const has = hasElement(scope, { text, domain: other.domain, isPlace: true }, element);
            return `if (${operator === 'difference' ? '!' : ''}${has}) { ${append(element)} }`;
          }),
        ),
      );
    }
    case 'subset': {
      const other = collectionValue(scope, operands[1]!);
      return bound(scope, other, (text) => {
        const r = scope.names.take('r');
        const loop = eachElement(scope, operands[0]!, { binder: 'element' }, (element) => {
          return `if (!${hasElement(scope, { text, domain: other.domain, isPlace: true }, element)}) { ${r} = 0; break; }`;
        });
        return truth(`({ int ${r} = 1; ${loop} ${r}; })`);
      });
    }
    case 'toSet':
    case 'toArray':
      return filled(scope, type, span, (append) => eachElement(scope, operands[0]!, { binder: 'element' }, append));
    case 'with':
      return withEntry(scope, expression);
  }
}

interface Bounds {
  readonly min: number;
  readonly max: number;
}

function interval(ends: readonly number[]): Domain {
  const clip = (value: number): number => Math.min(Math.max(value, INT_MIN), INT_MAX) + 0;
  return { kind: 'int', min: clip(Math.min(...ends)), max: clip(Math.max(...ends)) };
}

/** Tuples of like items count as arrays. */
function asArray(scope: FunctionScope, value: CValue, span: Span): CValue {
  const { shapes, conversions, where, refusals } = scope.writer;
  const array = arrayPart(value.domain);
  if (array === undefined) {
    refusals.add('a list operation on a tuple of unlike items', 'C has no type for its elements', span);
    return { text: '0', domain: EMPTY };
  }
  if (shapes.of(value.domain).kind === 'array') return value;
  return { text: conversions.convert(value.text, value.domain, array, where(span)), domain: array };
}

function slice(scope: FunctionScope, expression: Expression & { kind: 'operation' }): CValue {
  const { shapes } = scope.writer;
  const { operands, type, span } = expression;
  const array = asArray(scope, collectionValue(scope, operands[0]!), span);
  const shape = shapes.of(array.domain);
  if (shape.kind !== 'array') throw new Error(`a slice of ${shape.kind}`);
  const position = (operand: Expression | undefined, otherwise: string): string =>
    operand === undefined ? otherwise : expressionAs(scope, operand, ANY_INT);
  return bound(scope, array, (text) => {
    const length = lengthText(text, shape);
    const [from, to, i] = [scope.names.take('from'), scope.names.take('to'), scope.names.take('i')];
    return filled(
      scope,
      type,
      span,
      (append) =>
        `int ${from} = clip(${position(operands[1], '0')}, ${length}), ${to} = clip(${position(operands[2], length)}, ${length}); ` +
        `for (int ${i} = ${from}; ${i} < ${to}; ${i}++) { ${append({ text: `${text}.at[${i}]`, domain: shape.element, isPlace: true })} }`,
    );
  });
}

function withEntry(scope: FunctionScope, expression: Expression & { kind: 'operation' }): CValue {
  const { shapes, conversions, where } = scope.writer;
  const { operands, span } = expression;
  const whole = expressionValue(scope, operands[0]!);
  const type = membersOf(expression.type).find(({ kind }) => kind === 'record' || kind === 'array' || kind === 'tuple');
  const domain = type?.kind === 'tuple' ? (arrayPart(type) ?? type) : (type ?? expression.type);
  const shape = shapes.of(domain);
  if (shape.kind !== 'record' && shape.kind !== 'array') throw new Error(`an entry of ${shape.kind}`);
  return built(scope, domain, (r) => {
    const entry = indexValue(scope, { text: r, domain, isPlace: true }, operands[1]!, span);
    if (entry.domain.kind === 'never') return `(void)${entry.text};`;
    const element = shape.kind === 'record' ? shape.value : shape.element;
    return (
      `${r} = ${conversions.convert(whole.text, whole.domain, domain, where(span))}; ` +
      `${entry.text} = ${expressionAs(scope, operands[2]!, element)};`
    );
  });
}
