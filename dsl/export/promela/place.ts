import type { Span } from '../../diagnostics/span.ts';
import type { Domain, Expression } from '../../ir/index.ts';
import { joinAll } from '../../ir/join.ts';
import { arrayPart, intPart } from '../../ir/part.ts';
import { isSubdomain } from '../subdomain.ts';
import type { CValue } from './c-value.ts';
import { bound } from './c-value.ts';
import { lengthText, quote } from './convert.ts';
import { expressionValue } from './expression.ts';
import type { FunctionScope } from './scope.ts';
import { scalarText } from './shape.ts';

/** C for `object.name`. */
export function fieldValue(scope: FunctionScope, object: CValue, name: string, span: Span): CValue {
  const { shapes, where } = scope.writer;
  const shape = shapes.of(object.domain);
  const missing = `fail(${quote(`${where(span)}: no field ${name}`)})`;
  switch (shape.kind) {
    case 'object': {
      const field = shape.fields.find((one) => one.name === name);
      if (field === undefined) return { text: `({ ${missing}; 0; })`, domain: { kind: 'never' } };
      return part(object, `.${field.member}`, field.domain);
    }
    case 'record': {
      const at = shape.keys.findIndex((key) => String(key) === name);
      return at < 0
        ? { text: `({ ${missing}; 0; })`, domain: { kind: 'never' } }
        : part(object, `.at[${at}]`, shape.value);
    }
    case 'variant': {
      if (shape.discriminator.name === name)
        return part(object, `.${shape.discriminator.member}`, shape.discriminator.domain);
      const having = shape.cases.flatMap((one) => {
        const field = one.fields.find((candidate) => candidate.name === name);
        return field === undefined ? [] : [{ tag: one.tag, field }];
      });
      const domain = joinAll(having.map(({ field }) => field.domain)) ?? { kind: 'never' };
      const [first] = having;
      if (first === undefined) return { text: `({ ${missing}; 0; })`, domain: { kind: 'never' } };
      const oneMember = having.every(
        ({ field }) => field.member === first.field.member && scope.writer.conversions.areAlike(field.domain, domain),
      );
      if (oneMember && having.length === shape.cases.length) return part(object, `.${first.field.member}`, domain);
      return bound(scope, object, (text) => {
        const tag = `${text}.${shape.discriminator.member}`;
        const arms = having.map(({ tag: one, field }) => {
          const value = scope.writer.conversions.convert(`${text}.${field.member}`, field.domain, domain, where(span));
          return { test: `${tag} == ${scalarText(shapes, one)}`, value };
        });
        if (oneMember) {
          const tests = arms.map(({ test }) => test).join(' || ');
          return {
            text: `(*({ if (!(${tests})) ${missing}; &${text}.${first.field.member}; }))`,
            domain,
            isPlace: true,
          };
        }
        return {
          text: `(${arms.map(({ test, value }) => `${test} ? ${value} : `).join('')}({ ${missing}; ${arms[0]!.value}; }))`,
          domain,
        };
      });
    }
    case 'union': {
      const index = shape.members.findIndex(({ domain }) => ['object', 'variant', 'record'].includes(domain.kind));
      const member = shape.members[index];
      if (member === undefined) return { text: `({ ${missing}; 0; })`, domain: { kind: 'never' } };
      return bound(scope, object, (text) => {
        const inside = `({ if (${text}.is != ${index + 1}) ${missing}; &${text}.${member.member}; })`;
        return fieldValue(scope, { text: `(*${inside})`, domain: member.domain, isPlace: true }, name, span);
      });
    }
    default:
      return { text: `({ ${missing}; 0; })`, domain: { kind: 'never' } };
  }
}

/** C for `object[index]`. */
export function indexValue(scope: FunctionScope, object: CValue, indexExpression: Expression, span: Span): CValue {
  const { shapes, conversions, where } = scope.writer;
  const shape = shapes.of(object.domain);
  const index = expressionValue(scope, indexExpression);
  const message = (what: string): string => quote(`${where(span)}: ${what}`);
  const nothing = (what: string): CValue => ({ text: `({ fail(${message(what)}); 0; })`, domain: { kind: 'never' } });
  switch (shape.kind) {
    case 'array': {
      const ints = intPart(index.domain);
      if (shape.max === 0 || ints === undefined) return nothing('index outside an array');
      const isInt = index.domain.kind === 'int';
      if (isInt && 0 <= ints.min && ints.max < shape.min) return part(object, `.at[${index.text}]`, shape.element);
      const position = isInt ? index.text : conversions.convert(index.text, index.domain, ints, where(span));
      return bound(scope, object, (text) =>
        part(
          { ...object, text },
          `.at[inside(${position}, ${lengthText(text, shape)}, ${message('index outside an array')})]`,
          shape.element,
        ),
      );
    }
    case 'tuple': {
      const only =
        index.domain.kind === 'int' && index.domain.min === index.domain.max
          ? shape.items[index.domain.min]
          : undefined;
      if (only !== undefined) return part(object, `.${only.member}`, only.domain);
      const array = arrayPart(object.domain);
      if (array === undefined) {
        scope.writer.refusals.add('an index into a tuple of unlike items', 'C has no type for what it yields', span);
        return nothing('index outside a tuple');
      }
      const list = conversions.convert(object.text, object.domain, array, where(span));
      return indexValue(scope, { text: list, domain: array }, indexExpression, span);
    }
    case 'record': {
      if (shape.keys.length === 0) return nothing('no key of the record');
      const position = conversions.position(index.text, index.domain, shape.key, shape.keys);
      const safe = isSubdomain(index.domain, shape.key);
      const at = safe ? position : `inside(${position}, ${shape.keys.length}, ${message('no key of the record')})`;
      return part(object, `.at[${at}]`, shape.value);
    }
    case 'union': {
      const at = shape.members.findIndex(({ domain }) => ['array', 'tuple', 'record'].includes(domain.kind));
      const member = shape.members[at];
      if (member === undefined) return nothing('nothing with entries');
      return bound(scope, object, (text) => {
        const inside = `(*({ if (${text}.is != ${at + 1}) fail(${message('nothing with entries')}); &${text}.${member.member}; }))`;
        return indexValue(scope, { text: inside, domain: member.domain, isPlace: true }, indexExpression, span);
      });
    }
    default:
      return nothing('nothing with entries');
  }
}

function part(whole: CValue, selector: string, domain: Domain): CValue {
  const text = /^[\w>.[\]()-]*$/.test(whole.text) || whole.isPlace ? whole.text : `(${whole.text})`;
  return { text: `${text}${selector}`, domain, ...(whole.isPlace ? { isPlace: true } : {}) };
}
