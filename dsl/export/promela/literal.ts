import type { Span } from '../../diagnostics/span.ts';
import type { Domain, Expression, Value } from '../../ir/index.ts';
import { contains } from '../../ir/index.ts';
import type { CValue } from './c-value.ts';
import { built } from './c-value.ts';
import { addTo } from './collection.ts';
import { conditionText, expressionAs, expressionValue } from './expression.ts';
import type { FunctionScope } from './scope.ts';
import type { Shape, Shapes } from './shape.ts';
import { initializer, scalarText } from './shape.ts';

/** C for a constant. */
export function literal(shapes: Shapes, value: Value, domain: Domain): CValue {
  const shape = shapes.of(domain);
  if (shape.kind === 'scalar') return { text: scalarText(shapes, value), domain, isPlace: true };
  return { text: `(${shape.type})${initializer(shapes, value, domain)}`, domain };
}

/** A literal is made as a value of the domain it goes to, where its parts are of the right kind. */
export function literalAs(scope: FunctionScope, expression: Expression, domain: Domain): string | undefined {
  const { shapes } = scope.writer;
  const shape = shapes.of(domain);
  switch (expression.kind) {
    case 'literal':
      return contains(domain, expression.value) && shape.kind !== 'union'
        ? literal(shapes, expression.value, domain).text
        : undefined;
    case 'set':
      if (shape.kind !== 'set') return undefined;
      if (expression.elements.length === 0) return `(${shape.type}){ 0 }`;
      return setOfElements(scope, expression.elements, domain, expression.span).text;
    case 'array': {
      if (shape.kind !== 'array' || shape.max === 0) return undefined;
      const { length } = expression.elements;
      if (length < shape.min || shape.max < length) return undefined;
      return arrayOfElements(scope, expression.elements, shape);
    }
    case 'object': {
      if (shape.kind !== 'object') return undefined;
      const given = new Map(expression.fields.map((field) => [field.name, field.value]));
      const isExact = given.size === shape.fields.length && shape.fields.every(({ name }) => given.has(name));
      if (!isExact) return undefined;
      const parts = shape.fields.map(
        (field) => `.${field.member} = ${expressionAs(scope, given.get(field.name)!, field.domain)}`,
      );
      return `(${shape.type}){ ${parts.length === 0 ? '0' : parts.join(', ')} }`;
    }
    case 'conditional': {
      if (shape.kind === 'scalar') return undefined;
      const condition = conditionText(scope, expression.condition);
      const [yes, no] = [
        expressionAs(scope, expression.whenTrue, domain),
        expressionAs(scope, expression.whenFalse, domain),
      ];
      return `(${condition} ? ${yes} : ${no})`;
    }
    default:
      return undefined;
  }
}

export function arrayOfElements(
  scope: FunctionScope,
  elements: readonly Expression[],
  shape: Extract<Shape, { kind: 'array' }>,
): string {
  const at = elements.map((element) => expressionAs(scope, element, shape.element));
  const parts = [
    ...(shape.min === shape.max ? [] : [`.length = ${at.length}`]),
    ...(at.length === 0 ? [] : [`.at = { ${at.join(', ')} }`]),
  ];
  return `(${shape.type}){ ${parts.length === 0 ? '0' : parts.join(', ')} }`;
}

export function setOfElements(
  scope: FunctionScope,
  elements: readonly Expression[],
  domain: Domain,
  span: Span,
): CValue {
  return built(scope, domain, (r) =>
    elements.map((element) => addTo(scope, r, domain, expressionValue(scope, element), span)).join(' '),
  );
}
