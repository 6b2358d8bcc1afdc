import type { Domain, Expression } from '../../../dsl/ir/index.ts';
import { codeOf, setOf } from '../../../dsl/ir/index.ts';
import { isScalar } from '../../plan/shape.ts';
import type { Flat } from '../flat.ts';
import { binary, isConstant, ONE, select, unary, ZERO } from '../flat.ts';
import { read } from '../term/cell.ts';
import { encode } from '../term/code.ts';
import { equalTerms } from '../term/equality.ts';
import { asBoolean, booleanTerm, convertScalar, scalarTerm } from '../term/scalar.ts';
import { constantWords, elementDomain, newBits, setShapeOf } from '../term/set.ts';
import { failUnless } from '../term/target.ts';
import type { Term } from '../term/term.ts';
import { NOTHING } from '../term/term.ts';
import { newVariable, readVariable, writeVariable } from '../term/variable.ts';
import { lowerComprehension, lowerFold } from './comprehension.ts';
import { indexTerm } from './entry.ts';
import { fieldTerm } from './field.ts';
import type { Lowering } from './lowering.ts';
import { lowerOperation } from './operation.ts';
import { lowerBody } from './statement.ts';

/** Lowers an expression. What it emits first are only checks and temps; what it returns can be read until the next store. */
export function lower(lowering: Lowering, expression: Expression): Term {
  const { builder, locals } = lowering;
  if (!builder.live) return NOTHING;
  switch (expression.kind) {
    case 'literal':
    case 'parameter':
      return { kind: 'constant', value: expression.value };
    case 'variable': {
      const { shape, leaf } = lowering.plan.layout.variables.get(expression.name)!;
      return read(shape, { space: { kind: expression.next ? 'next' : 'state' }, at: leaf, index: undefined });
    }
    case 'local': {
      const local = locals.get(expression.name);
      if (local === undefined) throw new Error(`no local \`${expression.name}\``);
      return 'term' in local ? local.term : readVariable(local.variable);
    }
    case 'field':
      return fieldTerm(lowering, lower(lowering, expression.object), expression.name, expression.type);
    case 'index': {
      const object = lower(lowering, expression.object);
      const index = lower(lowering, expression.index);
      return builder.live ? indexTerm(lowering, object, index, expression.object.type, expression.type) : NOTHING;
    }
    case 'not':
      return booleanTerm(unary('not', asBoolean(lowering, lower(lowering, expression.operand))));
    case 'and':
      return booleanTerm(lowerLogic(lowering, expression.left, expression.right, 'and'));
    case 'or':
      return booleanTerm(lowerLogic(lowering, expression.left, expression.right, 'or'));
    case 'implies':
      return booleanTerm(lowerLogic(lowering, expression.left, expression.right, 'implies'));
    case 'conditional':
      return lowerConditional(lowering, expression);
    case 'operation':
      return lowerOperation(lowering, expression);
    case 'object': {
      const fields = new Map<string, Term>();
      for (const field of expression.fields) fields.set(field.name, lower(lowering, field.value));
      const values = [...fields].map(
        ([name, term]) => [name, term.kind === 'constant' ? term.value : undefined] as const,
      );
      if ([...fields.values()].every((term) => term.kind === 'constant')) {
        return { kind: 'constant', value: Object.fromEntries(values) };
      }
      return { kind: 'fields', fields };
    }
    case 'array': {
      const items = expression.elements.map((element) => lower(lowering, element));
      if (items.every((item) => item.kind === 'constant')) {
        return { kind: 'constant', value: items.map((item) => item.value) };
      }
      return { kind: 'items', items };
    }
    case 'set': {
      const items = expression.elements.map((element) => lower(lowering, element));
      if (items.every((item) => item.kind === 'constant')) {
        return { kind: 'constant', value: setOf(items.map((item) => item.value)) };
      }
      return setFrom(lowering, items, expression.type);
    }
    case 'domain':
      return { kind: 'values', domain: expression.domain };
    case 'comprehension':
      return lowerComprehension(lowering, expression);
    case 'fold':
      return lowerFold(lowering, expression);
    case 'evaluate':
      lowerBody(lowering, expression.body);
      return lower(lowering, expression.result);
    case 'enabled':
      return lowerEnabled(lowering, expression);
  }
}

function setFrom(lowering: Lowering, items: readonly Term[], type: Domain): Term {
  const shape = setShapeOf(type);
  const known = items
    .filter((item) => item.kind === 'constant')
    .map((item) => codeOf(elementDomain(shape), item.value));
  if (known.includes(-1)) lowering.builder.fail();
  const start = constantWords(shape, known);
  const bits = newBits(lowering, shape);
  for (const item of items) {
    if (item.kind === 'constant') continue;
    const { code, valid } = encode(lowering, item, elementDomain(shape));
    lowering.builder.check(valid);
    bits.add(code);
  }
  const term = bits.term();
  return {
    kind: 'set',
    shape,
    words: term.words.map((word, index) => binary('bitOr', word, start[index]!)),
    cell: undefined,
  };
}

function lowerLogic(lowering: Lowering, left: Expression, right: Expression, operator: 'and' | 'or' | 'implies'): Flat {
  const { builder } = lowering;
  const given = asBoolean(lowering, lower(lowering, left));
  if (!builder.live) return ZERO;
  const first = operator === 'implies' ? unary('not', given) : given;
  const short = operator === 'and' ? ZERO : ONE;
  const goesOn = operator === 'and' ? first : unary('not', first);
  if (isConstant(goesOn) && goesOn.value === 0) return short;
  if (isConstant(goesOn)) return asBoolean(lowering, lower(lowering, right));
  const [statements, ends, second] = builder.collect(() => asBoolean(lowering, lower(lowering, right)));
  if (statements.length === 0 && ends) return binary(operator === 'and' ? 'and' : 'or', first, second);
  const result = builder.newTemp(true);
  builder.set(result, short);
  builder.if(goesOn, () => {
    builder.append(statements, ends);
    builder.set(result, second);
  });
  return builder.fix({ op: 'temp', temp: result });
}

function lowerConditional(lowering: Lowering, expression: Expression & { kind: 'conditional' }): Term {
  const { builder } = lowering;
  const condition = asBoolean(lowering, lower(lowering, expression.condition));
  if (isConstant(condition)) return lower(lowering, condition.value === 0 ? expression.whenFalse : expression.whenTrue);
  const [firsts, firstEnds, first] = builder.collect(() => lower(lowering, expression.whenTrue));
  const [seconds, secondEnds, second] = builder.collect(() => lower(lowering, expression.whenFalse));
  const type = scalarJoin(first, second, firstEnds, secondEnds) ?? expression.type;
  if (firsts.length === 0 && seconds.length === 0 && isScalar(type)) {
    const [more, , codes] = builder.collect(() => [
      convertScalar(lowering, first, type),
      convertScalar(lowering, second, type),
    ]);
    const certain = codes.every(({ valid }) => isConstant(valid) && valid.value !== 0);
    if (more.length === 0 && certain) {
      return scalarTerm(type, select(condition, codes[0]!.code, codes[1]!.code));
    }
  }
  const result = newVariable(lowering, type);
  builder.if(
    condition,
    () => {
      builder.append(firsts, firstEnds);
      if (builder.live) writeVariable(lowering, result, first, failUnless(lowering));
    },
    () => {
      builder.append(seconds, secondEnds);
      if (builder.live) writeVariable(lowering, result, second, failUnless(lowering));
    },
  );
  return readVariable(result);
}

/** The closest domain of two scalars that the type inferred for their join may be wider than. */
function scalarJoin(first: Term, second: Term, firstEnds: boolean, secondEnds: boolean): Domain | undefined {
  const [left, right] = [first, second].map((term) => {
    if (term.kind === 'scalar') return term.domain;
    if (term.kind !== 'constant') return undefined;
    if (typeof term.value === 'number') return { kind: 'int', min: term.value, max: term.value } as const;
    return typeof term.value === 'boolean' ? ({ kind: 'boolean' } as const) : undefined;
  });
  if (!firstEnds) return right;
  if (!secondEnds) return left;
  if (left?.kind === 'boolean' && right?.kind === 'boolean')
    return left.only === right.only ? left : { kind: 'boolean' };
  if (left?.kind !== 'int' || right?.kind !== 'int') return undefined;
  return { kind: 'int', min: Math.min(left.min, right.min), max: Math.max(left.max, right.max) };
}

function lowerEnabled(lowering: Lowering, expression: Expression & { kind: 'enabled' }): Term {
  const { builder, plan } = lowering;
  const given = expression.arguments.map((argument) => argument && lower(lowering, argument));
  const result = builder.newTemp(true);
  builder.set(result, ZERO);
  builder.block((done) => {
    for (const instance of plan.instances) {
      if (instance.action.name !== expression.action) continue;
      const matches = given
        .map((term, index) =>
          term === undefined ? ONE : equalTerms(lowering, term, { kind: 'constant', value: instance.values[index] }),
        )
        .reduce((all, one) => binary('and', all, one), ONE);
      builder.if(matches, () => {
        const temp = builder.newTemp(false);
        builder.emit({ op: 'enabled', temp, instance: instance.id });
        builder.if({ op: 'temp', temp }, () => {
          builder.set(result, ONE);
          builder.leave(done);
        });
      });
    }
  });
  return booleanTerm(builder.fix({ op: 'temp', temp: result }));
}
