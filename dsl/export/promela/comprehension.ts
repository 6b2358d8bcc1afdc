import type { Comprehension, Domain, Expression, Fold } from '../../ir/index.ts';
import { cardinality, INT_MAX, INT_MIN } from '../../ir/index.ts';
import { collectionOf, UNDEFINED } from '../../ir/part.ts';
import type { CValue } from './c-value.ts';
import { built, truth } from './c-value.ts';
import { eachElement, filled } from './collection.ts';
import { quote } from './convert.ts';
import { conditionText, expressionAs, expressionValue } from './expression.ts';
import type { FunctionScope } from './scope.ts';
import { scalarText } from './shape.ts';

export function comprehensionValue(scope: FunctionScope, expression: Expression & Comprehension): CValue {
  const { shapes, conversions, where } = scope.writer;
  const { over, body, operator, span } = expression;
  const loop = (each: (element: CValue) => string): string => eachElement(scope, over, expression, each);
  const test = (): string => conditionText(scope, body);
  const int: Domain = { kind: 'int', min: INT_MIN, max: INT_MAX };
  switch (operator) {
    case 'all':
    case 'some': {
      const start = operator === 'all' ? 1 : 0;
      const r = scope.names.take('r');
      const text = loop(() => `if (${operator === 'all' ? '!' : ''}${test()}) { ${r} = ${1 - start}; break; }`);
      return truth(`({ int ${r} = ${start}; ${text} ${r}; })`);
    }
    case 'count': {
      const r = scope.names.take('r');
      const most = over.kind === 'domain' ? cardinality(over.domain) : (collectionOf(over.type)?.max ?? INT_MAX);
      const text = loop(() => `${r} += ${test()};`);
      return {
        text: `({ int ${r} = 0; ${text} ${r}; })`,
        domain: { kind: 'int', min: 0, max: Math.min(most, INT_MAX) },
      };
    }
    case 'findIndex': {
      const r = scope.names.take('r');
      const n = scope.names.take('n');
      const text = loop(() => `if (${test()}) { ${r} = ${n}; break; } ${n}++;`);
      return { text: `({ int ${r} = -1, ${n} = 0; ${text} ${r}; })`, domain: int };
    }
    case 'find':
      return built(scope, expression.type, (r) => {
        const none = conversions.convert(scalarText(shapes, undefined), UNDEFINED, expression.type, where(span));
        const text = loop((element) => {
          const found = conversions.convert(element.text, element.domain, expression.type, where(span));
          return `if (${test()}) { ${r} = ${found}; break; }`;
        });
        return `${r} = ${none}; ${text}`;
      });
    case 'filter':
      return filled(scope, expression.type, span, (append) =>
        loop((element) => `if (${test()}) { ${append(element)} }`),
      );
    case 'map':
      return filled(scope, expression.type, span, (append) => loop(() => append(expressionValue(scope, body))));
    case 'record': {
      const shape = shapes.of(expression.type);
      if (shape.kind !== 'record') throw new Error('a record that is none');
      return built(scope, expression.type, (r) => {
        const seen = scope.names.take('n');
        const text = loop((element) => {
          const at = conversions.position(element.text, element.domain, shape.key, shape.keys);
          const value = expressionAs(scope, body, shape.value);
          return `${r}.at[inside(${at}, ${shape.keys.length}, ${quote(where(span))})] = ${value}; ${seen}++;`;
        });
        const complete =
          over.kind === 'domain'
            ? ''
            : ` if (${seen} < ${shape.keys.length}) fail(${quote(`${where(span)}: keys are missing`)});`;
        return `int ${seen} = 0; ${text}${complete}`;
      });
    }
  }
}

export function foldValue(scope: FunctionScope, expression: Expression & Fold): CValue {
  const { shapes } = scope.writer;
  const { type } = expression;
  const name = scope.names.take(expression.accumulator);
  const initial = expressionAs(scope, expression.initial, type);
  scope.locals.set(expression.accumulator, { text: name, domain: type });
  const text = eachElement(
    scope,
    expression.over,
    expression,
    () => `${name} = ${expressionAs(scope, expression.body, type)};`,
  );
  return { text: `({ ${shapes.of(type).type} ${name} = ${initial}; ${text} ${name}; })`, domain: type };
}
