import type { Span } from '../../diagnostics/span.ts';
import type { Domain, Expression } from '../../ir/index.ts';
import type { CValue } from './c-value.ts';
import { bound, truth } from './c-value.ts';
import { comprehensionValue, foldValue } from './comprehension.ts';
import { arrayOfElements, literal, literalAs, setOfElements } from './literal.ts';
import { operationValue } from './operation.ts';
import { fieldValue, indexValue } from './place.ts';
import type { FunctionScope } from './scope.ts';
import type { Shape } from './shape.ts';
import { isScalar, MAX_ELEMENTS, Unshapable } from './shape.ts';
import { statementLines } from './statement.ts';

/** C for the value of an expression, of the domain that its C type holds. */
export function expressionValue(scope: FunctionScope, expression: Expression): CValue {
  const { writer } = scope;
  try {
    return narrowed(scope, expression, valueOf(scope, expression));
  } catch (error) {
    if (!(error instanceof Unshapable)) throw error;
    writer.refusals.add(error.message, `SPIN's state has room for at most ${MAX_ELEMENTS} of them`, expression.span);
    return { text: '0', domain: { kind: 'never' } };
  }
}

/** C for the value of an expression as a value of another domain; fails there when it is not one. */
export function expressionAs(scope: FunctionScope, expression: Expression, domain: Domain, what?: string): string {
  const { writer } = scope;
  const direct = guarded(scope, expression.span, () => literalAs(scope, expression, domain), undefined);
  if (direct !== undefined) return direct;
  const value = expressionValue(scope, expression);
  const message = `${writer.where(expression.span)}: ${what ?? 'a value outside its domain'}`;
  return guarded(
    scope,
    expression.span,
    () => writer.conversions.convert(value.text, value.domain, domain, message),
    '0',
  );
}

/** C for a condition, as an int. */
export function conditionText(scope: FunctionScope, expression: Expression): string {
  return expressionAs(scope, expression, { kind: 'boolean' }, 'neither true nor false');
}

/** Runs `make`; what has no shape becomes a refusal and `otherwise`. */
export function guarded<Result>(scope: FunctionScope, span: Span, make: () => Result, otherwise: Result): Result {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof Unshapable)) throw error;
    scope.writer.refusals.add(error.message, `SPIN's state has room for at most ${MAX_ELEMENTS} of them`, span);
    return otherwise;
  }
}

/** A type that has been narrowed (after a test for null, say) is narrower than what the place holds. */
function narrowed(scope: FunctionScope, expression: Expression, value: CValue): CValue {
  const isRead = ['local', 'variable', 'field', 'index'].includes(expression.kind);
  if (!isRead || value.domain.kind !== 'union' || expression.type.kind === 'union') return value;
  if (isScalar(value.domain)) return value;
  const message = `${scope.writer.where(expression.span)}: no value there`;
  const text = scope.writer.conversions.convert(value.text, value.domain, expression.type, message);
  return { text, domain: expression.type };
}

function valueOf(scope: FunctionScope, expression: Expression): CValue {
  const { shapes, conversions, variables, where } = scope.writer;
  const { span, type } = expression;
  switch (expression.kind) {
    case 'parameter':
      return scope.writer.fixed(expression) ?? literal(shapes, expression.value, type);
    case 'literal':
      return literal(shapes, expression.value, type);
    case 'variable': {
      const { member, domain } = variables.get(expression.name)!;
      return { text: `${expression.next ? 'next' : 's'}->${member}`, domain, isPlace: true };
    }
    case 'local': {
      const { text, domain } = scope.locals.get(expression.name)!;
      return { text, domain, isPlace: true };
    }
    case 'field':
      return fieldValue(scope, valueOf(scope, expression.object), expression.name, span);
    case 'index':
      return indexValue(scope, valueOf(scope, expression.object), expression.index, span);
    case 'not':
      return truth(`!${conditionText(scope, expression.operand)}`);
    case 'and':
      return truth(`(${conditionText(scope, expression.left)} && ${conditionText(scope, expression.right)})`);
    case 'or':
      return truth(`(${conditionText(scope, expression.left)} || ${conditionText(scope, expression.right)})`);
    case 'implies':
      return truth(`(!${conditionText(scope, expression.left)} || ${conditionText(scope, expression.right)})`);
    case 'conditional': {
      const [yes, no] = [
        expressionAs(scope, expression.whenTrue, type),
        expressionAs(scope, expression.whenFalse, type),
      ];
      return { text: `(${conditionText(scope, expression.condition)} ? ${yes} : ${no})`, domain: type };
    }
    case 'operation':
      return operationValue(scope, expression);
    case 'object': {
      const values = expression.fields.map((field) => expressionValue(scope, field.value));
      const fields = expression.fields.map((field, index) => ({ name: field.name, domain: values[index]!.domain }));
      const domain: Domain = { kind: 'object', fields };
      const shape = shapes.of(domain, 'Object') as Extract<Shape, { kind: 'object' }>;
      const parts = shape.fields.map((field, index) => `.${field.member} = ${values[index]!.text}`);
      const text = `(${shape.type}){ ${parts.length === 0 ? '0' : parts.join(', ')} }`;
      // The declared type tells cases apart; the literal's own does not.
      return type.kind === 'variant'
        ? { text: conversions.convert(text, domain, type, where(span)), domain: type }
        : { text, domain };
    }
    case 'array': {
      const shape = shapes.of(type, 'List');
      if (shape.kind === 'tuple') {
        const parts = shape.items.map((item, index) => {
          return `.${item.member} = ${expressionAs(scope, expression.elements[index]!, item.domain)}`;
        });
        return { text: `(${shape.type}){ ${parts.join(', ')} }`, domain: type };
      }
      if (shape.kind !== 'array') throw new Error(`an array of type ${type.kind}`);
      return { text: arrayOfElements(scope, expression.elements, shape), domain: type };
    }
    case 'set':
      return setOfElements(scope, expression.elements, type, span);
    case 'domain': {
      const domain: Domain = { kind: 'set', element: expression.domain };
      const shape = shapes.of(domain, 'Set') as Extract<Shape, { kind: 'set' }>;
      const last = shape.elements.length - 1;
      return { text: last < 0 ? `(${shape.type}){ 0 }` : `(${shape.type}){ .has = { [0 ... ${last}] = 1 } }`, domain };
    }
    case 'comprehension':
      return comprehensionValue(scope, expression);
    case 'fold':
      return foldValue(scope, expression);
    case 'evaluate': {
      const body = statementLines(scope, expression.body).join(' ');
      const result = expressionAs(scope, expression.result, type);
      return { text: `({ ${body} ${result}; })`, domain: type };
    }
    case 'enabled': {
      const bindAll = (rest: readonly (Expression | undefined)[], given: readonly (CValue | undefined)[]): CValue => {
        const [first, ...others] = rest;
        if (rest.length === 0) return truth(scope.writer.enabled(expression.action, given));
        if (first === undefined) return bindAll(others, [...given, undefined]);
        const value = expressionValue(scope, first);
        return bound(scope, value, (text) => bindAll(others, [...given, { ...value, text }]));
      };
      return bindAll(expression.arguments, []);
    }
  }
}
