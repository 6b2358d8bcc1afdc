import type { Expression, PathSegment, Place, Statement } from '../../dsl/ir/index.ts';
import { cardinality, codeOf, isObject, setOf, SetValue } from '../../dsl/ir/index.ts';
import { setPart } from '../../dsl/ir/typing.ts';
import type { Plan } from '../plan/plan.ts';
import type { Shape } from '../plan/shape.ts';
import { isScalar, shapeOf } from '../plan/shape.ts';
import type { Builder } from './builder.ts';
import { each } from './collection.ts';
import { binary, constant, isConstant, ONE, select, unary, ZERO } from './flat.ts';
import type { Cell, Flat } from './flat.ts';
import { lowerComprehension, lowerFold } from './lower-comprehension.ts';
import { indexTerm, lowerOperation } from './lower-operation.ts';
import { sameDomain } from './same-domain.ts';
import type { Int } from './term/scalar.ts';
import type { ConstantPool } from './term/target.ts';
import type { Term, SetShape } from './term/term.ts';
import type { Variable } from './term/variable.ts';
import { casesOf, kindOf } from './term/alternative.ts';
import { lengthOf } from './term/array.ts';
import { cellAt, elementCell, load, read } from './term/cell.ts';
import { decode, encode } from './term/code.ts';
import { dispatch } from './term/dispatch.ts';
import { equalTerms, isMember } from './term/equality.ts';
import { discriminatorOf } from './term/object.ts';
import { asBoolean, asInt, booleanTerm, convertScalar, intTerm } from './term/scalar.ts';
import { asSet, constantWords, elementDomain, hasBit, newBits, setWords, withCells } from './term/set.ts';
import { store } from './term/store.ts';
import { failUnless } from './term/target.ts';
import { NOTHING } from './term/term.ts';
import { convert, newVariable, readVariable, snapshot, writeVariable } from './term/variable.ts';

/** The lowering of one program. */
export interface Lowering {
  readonly plan: Plan;
  readonly builder: Builder;
  readonly constants: ConstantPool;
  /** State variables that some statement of the program assigns to. */
  readonly assigned: ReadonlySet<string>;
  readonly locals: Map<string, Local>;
  /** The flat label of each enclosing block. */
  readonly labels: Map<string, number>;
  /** Scratch regions that hold mutable locals. */
  readonly mutableRegions: Set<number>;
}

/** A local that keeps its value, or one that is assigned to. */
export type Local = { readonly term: Term } | { readonly variable: Variable };

/** Lowers statements in order; what follows an end that cannot be passed is left out. */
export function lowerBody(lowering: Lowering, body: readonly Statement[]): void {
  const branch = lowering.plan.branches.ofBody.get(body);
  if (branch !== undefined) lowering.builder.emit({ op: 'mark', branch });
  for (const statement of body) {
    if (!lowering.builder.live) return;
    lowerStatement(lowering, statement);
  }
}

function lowerStatement(lowering: Lowering, statement: Statement): void {
  const { builder, locals } = lowering;
  switch (statement.kind) {
    case 'assign':
      return lowerAssign(lowering, statement.target, statement.value);
    case 'let': {
      const value = lower(lowering, statement.value);
      if (!builder.live) return;
      if (!statement.mutable) {
        locals.set(statement.name, { term: kept(lowering, value, statement.domain) });
        return;
      }
      const variable = newVariable(lowering, statement.domain);
      if (variable.cell?.space.kind === 'scratch') lowering.mutableRegions.add(variable.cell.space.region);
      writeVariable(lowering, variable, value, failUnless(lowering));
      locals.set(statement.name, { variable });
      return;
    }
    case 'if':
      return builder.if(
        asBoolean(lowering, lower(lowering, statement.condition)),
        () => lowerBody(lowering, statement.whenTrue),
        () => lowerBody(lowering, statement.whenFalse),
      );
    case 'for': {
      const over = snapshot(lowering, lower(lowering, statement.over), stableIn(lowering));
      return each(lowering, over, statement.over.type, statement.body, needsIndex(statement), (element, index) => {
        bindElement(lowering, statement, element, index);
        lowerBody(lowering, statement.body);
      });
    }
    case 'loop': {
      const rounds = builder.newTemp(true);
      const count: Flat = { op: 'temp', temp: rounds };
      builder.set(rounds, ZERO);
      return builder.loop(() => {
        builder.check(binary('less', count, constant(statement.bound)));
        builder.set(rounds, binary('add', count, ONE));
        lowerBody(lowering, statement.body);
      });
    }
    case 'block': {
      const outer = lowering.labels.get(statement.label);
      builder.block((label) => {
        lowering.labels.set(statement.label, label);
        lowerBody(lowering, statement.body);
      });
      if (outer === undefined) lowering.labels.delete(statement.label);
      else lowering.labels.set(statement.label, outer);
      return;
    }
    case 'exit': {
      const label = lowering.labels.get(statement.label);
      if (label === undefined) throw new Error(`an exit to \`${statement.label}\` from outside that block`);
      return builder.leave(label);
    }
    case 'when':
      return lowerWhen(lowering, statement.condition);
    case 'verify':
      return builder.check(asBoolean(lowering, lower(lowering, statement.condition)));
    case 'choose': {
      const chosen = lowerChoice(lowering, statement.from);
      if (builder.live) locals.set(statement.name, { term: kept(lowering, chosen, statement.domain) });
      return;
    }
    case 'either': {
      if (statement.branches.length === 0) return builder.when(ZERO);
      const choice = chooseAmong(lowering, constant(statement.branches.length));
      const chain = (index: number): void => {
        const branch = (): void => lowerBody(lowering, statement.branches[index]!);
        if (index === statement.branches.length - 1) branch();
        else builder.if(binary('equal', choice, constant(index)), branch, () => chain(index + 1));
      };
      return chain(0);
    }
  }
}

/** Conjuncts become guards of their own, so that the first that is false ends the step. */
function lowerWhen(lowering: Lowering, condition: Expression): void {
  if (condition.kind === 'and') {
    lowerWhen(lowering, condition.left);
    if (lowering.builder.live) lowerWhen(lowering, condition.right);
  } else lowering.builder.when(asBoolean(lowering, lower(lowering, condition)));
}

/** An immutable local's value: checked against its domain, and safe from later stores. */
function kept(lowering: Lowering, value: Term, domain: Parameters<typeof convert>[2]): Term {
  const { builder } = lowering;
  const stable = stableIn(lowering);
  if (value.kind === 'constant' || value.kind === 'scalar') {
    // Keeps its own representation, which may be known better than the domain says.
    builder.check(isMember(lowering, value, domain));
    if (value.kind === 'scalar' || isScalar(domain)) return snapshot(lowering, value, stable);
  }
  if (value.kind === 'values') {
    const shape = shapeOf(domain);
    if (shape.kind === 'set' && cardinality(value.domain) === cardinality(elementDomain(shape))) {
      setWords(lowering, value, shape, failUnless(lowering));
      return convert(lowering, value, domain, failUnless(lowering));
    }
  }
  return snapshot(lowering, convert(lowering, value, domain, failUnless(lowering)), stable);
}

/** Whether no statement stores to a cell. */
function stableIn(lowering: Lowering): (cell: Cell) => boolean {
  return ({ space, at }) => {
    switch (space.kind) {
      case 'constant':
      case 'next':
        return true;
      case 'scratch':
        return !lowering.mutableRegions.has(space.region);
      case 'state':
        for (const [name, { leaf, shape }] of lowering.plan.layout.variables) {
          if (leaf <= at && at < leaf + shape.leaves) return !lowering.assigned.has(name);
        }
        return false;
    }
  };
}

export function needsIndex(binders: { readonly indexBinder?: string }): boolean {
  return binders.indexBinder !== undefined;
}

export function bindElement(
  lowering: Lowering,
  binders: { readonly binder: string; readonly indexBinder?: string },
  element: Term,
  index: Term,
): void {
  lowering.locals.set(binders.binder, { term: element });
  if (binders.indexBinder !== undefined) lowering.locals.set(binders.indexBinder, { term: index });
}

// ---------------------------------------------------------------------------------------------------------------------
// Choices

function chooseAmong(lowering: Lowering, count: Flat): Flat {
  if (isConstant(count) && count.value === 1) return ZERO;
  const temp = lowering.builder.newTemp(false);
  lowering.builder.emit({ op: 'choose', temp, count });
  return { op: 'temp', temp };
}

function lowerChoice(lowering: Lowering, from: Expression): Term {
  const { builder } = lowering;
  const collection = dispatch(
    lowering,
    lower(lowering, from),
    (term) => kindOf(term) === 'array' || kindOf(term) === 'set',
    from.type,
    (term) => term,
  );
  if (!builder.live) return NOTHING;
  if (collection.kind === 'values') {
    const count = cardinality(collection.domain);
    if (count === 0) {
      builder.when(ZERO);
      return NOTHING;
    }
    return decode(lowering, collection.domain, chooseAmong(lowering, constant(count)));
  }
  if (collection.kind === 'constant' && collection.value instanceof SetValue) {
    return chooseItem(
      lowering,
      { kind: 'constant', value: collection.value.elements },
      {
        kind: 'array',
        element: setPart(from.type)?.element ?? { kind: 'never' },
        minLength: 0,
        maxLength: collection.value.elements.length,
      },
    );
  }
  if (collection.kind === 'set') return chooseElement(lowering, collection);
  return chooseItem(lowering, collection, from.type);
}

function chooseItem(lowering: Lowering, array: Term, type: Expression['type']): Term {
  const length = lengthOf(lowering, array);
  lowering.builder.when(binary('less', ZERO, length.code));
  if (!lowering.builder.live) return NOTHING;
  const chosen = chooseAmong(lowering, lowering.builder.fix(length.code));
  return indexTerm(lowering, array, intTerm(chosen, 0, length.max - 1), type, type);
}

/** The chosen element is the one that has as many elements of the set before it, in canonical order, as was chosen. */
function chooseElement(lowering: Lowering, given: Term & { kind: 'set' }): Term {
  const { builder } = lowering;
  const term = withCells(lowering, { ...given, words: given.words.map((word) => builder.fix(word)), cell: undefined });
  const count = term.words.map((word) => unary('popcount', word)).reduce((sum, one) => binary('add', sum, one), ZERO);
  const fixed = builder.fix(count);
  builder.when(binary('less', ZERO, fixed));
  if (!builder.live) return NOTHING;
  const skip = builder.newTemp(true);
  const left: Flat = { op: 'temp', temp: skip };
  builder.set(skip, chooseAmong(lowering, fixed));
  const { order, count: size } = term.shape;
  const inOrder = order.every((code, index) => code === index);
  const found = builder.newTemp(true);
  builder.set(found, ZERO);
  if (inOrder && term.words.length === 1) {
    const rest = builder.newTemp(true);
    const word: Flat = { op: 'temp', temp: rest };
    builder.set(rest, term.words[0]!);
    builder.repeat(left, () => builder.set(rest, binary('bitAnd', word, binary('subtract', word, ONE))));
    builder.set(found, unary('trailingZeros', word));
  } else {
    const table = inOrder ? undefined : lowering.constants.add(order);
    builder.block((done) => {
      builder.repeat(constant(size), (index) => {
        const code = table === undefined ? index : builder.fix(load({ space: { kind: 'constant' }, at: table, index }));
        builder.if(hasBit(term, code), () => {
          builder.if(binary('equal', left, ZERO), () => {
            builder.set(found, code);
            builder.leave(done);
          });
          builder.set(skip, binary('subtract', left, ONE));
        });
      });
    });
  }
  return decode(lowering, elementDomain(term.shape), builder.fix({ op: 'temp', temp: found }));
}

// ---------------------------------------------------------------------------------------------------------------------
// Assignment

/** One of the places that a path may lead to, and the condition on which it does. */
interface Location {
  readonly test: Flat;
  readonly shape: Shape;
  readonly cell: Cell;
}

function lowerAssign(lowering: Lowering, target: Place, value: Expression): void {
  const { builder } = lowering;
  const indices = target.path.map((segment) => (segment.kind === 'index' ? lower(lowering, segment.index) : NOTHING));
  if (!builder.live) return;
  const { root } = target;
  if (root.kind === 'local' && target.path.length === 0) {
    const local = lowering.locals.get(root.name);
    if (local === undefined || !('variable' in local)) throw new Error(`no mutable local \`${root.name}\``);
    const given = lower(lowering, value);
    if (!builder.live) return;
    writeVariable(lowering, local.variable, detached(lowering, given, local.variable.cell), failUnless(lowering));
    return;
  }
  let locations: readonly Location[] = [rootOf(lowering, target)];
  target.path.forEach((segment, position) => {
    locations = locations
      .flatMap((location) => stepInto(lowering, location, segment, indices[position]!))
      .filter(({ test }) => !isConstant(test) || test.value !== 0);
  });
  builder.check(locations.map((one) => one.test).reduce((any, test) => binary('or', any, test), ZERO));
  const reached = locations.map(({ test, shape, cell }) => ({
    test: locations.length === 1 ? ONE : builder.fix(test),
    shape,
    cell: { ...cell, index: cell.index === undefined ? undefined : builder.fix(cell.index) },
  }));
  if (!builder.live) return;
  const given = lower(lowering, value);
  if (!builder.live) return;
  const chain = (index: number): void => {
    const location = reached[index];
    if (location === undefined) return;
    const { shape, cell } = location;
    const put = (): void => {
      // Places of one shape are the same place or do not overlap.
      const isCopy = given.kind === 'view' && sameDomain(given.shape.domain, shape.domain);
      store(lowering, shape, cell, isCopy ? given : detached(lowering, given, cell), failUnless(lowering));
    };
    if (index === reached.length - 1) put();
    else builder.if(location.test, put, () => chain(index + 1));
  };
  chain(0);
}

function rootOf(lowering: Lowering, { root }: Place): Location {
  if (root.kind === 'variable') {
    const { shape, leaf } = lowering.plan.layout.variables.get(root.name)!;
    return { test: ONE, shape, cell: { space: { kind: 'state' }, at: leaf, index: undefined } };
  }
  const local = lowering.locals.get(root.name);
  if (local === undefined || !('variable' in local) || local.variable.cell === undefined) {
    throw new Error(`no mutable compound local \`${root.name}\``);
  }
  return { test: ONE, shape: local.variable.shape, cell: local.variable.cell };
}

/** Where one segment of a path leads from a location: nowhere, to one place, or to one for each alternative. */
function stepInto(lowering: Lowering, location: Location, segment: PathSegment, index: Term): readonly Location[] {
  const { shape, cell, test } = location;
  if (shape.kind === 'union') {
    return shape.members.flatMap((member, tag) => {
      const present = binary('and', test, binary('equal', load(cell), constant(tag)));
      return stepInto(lowering, { test: present, shape: member, cell: cellAt(cell, 1) }, segment, index);
    });
  }
  if (segment.kind === 'field') {
    if (shape.kind === 'product') {
      const part = shape.parts.find((one) => one.name === segment.name);
      return part === undefined ? [] : [{ test, shape: part.shape, cell: cellAt(cell, part.offset) }];
    }
    if (shape.kind !== 'variant' || segment.name === discriminatorOf(shape)) return [];
    return shape.cases.flatMap((one, tag) => {
      const part = one.parts.find(({ name }) => name === segment.name);
      const present = binary('and', test, binary('equal', load(cell), constant(tag)));
      return part === undefined ? [] : [{ test: present, shape: part.shape, cell: cellAt(cell, part.offset) }];
    });
  }
  if (shape.kind === 'array') {
    if (!casesOf(lowering, index).some((one) => kindOf(one.term) === 'int')) return [];
    const position = asInt(lowering, index);
    const present = withinLength(position, lengthOf(lowering, { kind: 'view', shape, cell }));
    const place = elementCell(cell, shape.lengthLeaves, position.code, shape.element.leaves, shape.capacity);
    return [{ test: binary('and', test, present), shape: shape.element, cell: place }];
  }
  if (shape.kind !== 'product') return [];
  if (shape.domain.kind === 'record') {
    const { code, valid } = encode(lowering, index, shape.domain.key);
    const stride = shape.parts[0]?.shape.leaves ?? 0;
    if (shape.parts.length === 0) return [];
    const place = elementCell(cell, 0, code, stride, shape.parts.length);
    return [{ test: binary('and', test, valid), shape: shape.parts[0]!.shape, cell: place }];
  }
  // A tuple, or an object whose field is computed: one place for each part.
  return shape.parts.flatMap((part, position) => {
    const key: Term = { kind: 'constant', value: shape.domain.kind === 'tuple' ? position : part.name };
    const present = binary('and', test, equalTerms(lowering, index, key));
    if (isConstant(present) && present.value === 0) return [];
    return [{ test: present, shape: part.shape, cell: cellAt(cell, part.offset) }];
  });
}

/** Whether an index is one of an array of that length. */
export function withinLength(index: Int, length: Int): Flat {
  if (length.max <= index.min || index.max < 0) return ZERO;
  const above = index.min < 0 ? binary('lessOrEqual', ZERO, index.code) : ONE;
  const below = length.min <= index.max ? binary('less', index.code, length.code) : ONE;
  return binary('and', above, below);
}

/** A value that is about to be stored at a cell, as it was before the first of its parts is overwritten. */
function detached(lowering: Lowering, term: Term, cell: Cell | undefined): Term {
  if (cell === undefined || term.kind === 'scalar' || term.kind === 'constant') return term;
  return snapshot(lowering, term, ({ space }) => {
    if (space.kind !== cell.space.kind) return true;
    return space.kind === 'scratch' && cell.space.kind === 'scratch' && space.region !== cell.space.region;
  });
}

// ---------------------------------------------------------------------------------------------------------------------
// Expressions

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

function setFrom(lowering: Lowering, items: readonly Term[], type: Expression['type']): Term {
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

/** The shape of the sets among the values of a type. */
export function setShapeOf(type: Expression['type']): SetShape {
  return shapeOf(setPart(type) ?? { kind: 'set', element: { kind: 'never' } }) as SetShape;
}

/** A set as a bitmap, whatever it is kept as; fails for what is no set. */
export function asBitmap(lowering: Lowering, term: Term, type: Expression['type']): Term & { kind: 'set' } {
  if (term.kind === 'set') return term;
  if (term.kind === 'values') return asSet(lowering, term);
  const shape = setShapeOf(type);
  return { kind: 'set', shape, words: setWords(lowering, term, shape, failUnless(lowering)), cell: undefined };
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

function scalarTerm(domain: Expression['type'], code: Flat): Term {
  return { kind: 'scalar', domain, code };
}

/** The closest domain of two scalars that the type inferred for their join may be wider than. */
function scalarJoin(
  first: Term,
  second: Term,
  firstEnds: boolean,
  secondEnds: boolean,
): Expression['type'] | undefined {
  const [left, right] = [first, second].map((term) => {
    if (term.kind === 'scalar') return term.domain;
    if (term.kind !== 'constant') return undefined;
    if (typeof term.value === 'number') return { kind: 'int', min: term.value, max: term.value } as const;
    return typeof term.value === 'boolean' ? ({ kind: 'boolean' } as const) : undefined;
  });
  if (!firstEnds) return right;
  if (!secondEnds) return left;
  if (left?.kind === 'boolean' && right?.kind === 'boolean') return left;
  if (left?.kind !== 'int' || right?.kind !== 'int') return undefined;
  return { kind: 'int', min: Math.min(left.min, right.min), max: Math.max(left.max, right.max) };
}

/** A field of an object or variant; fails where there is none. */
function fieldTerm(lowering: Lowering, term: Term, name: string, type: Expression['type']): Term {
  if (!lowering.builder.live) return NOTHING;
  const has = (one: Term): boolean => {
    if (one.kind === 'fields') return one.fields.has(name);
    if (one.kind === 'constant') return isObject(one.value) && Object.hasOwn(one.value, name);
    if (one.kind !== 'view') return false;
    if (one.shape.kind === 'product') {
      return one.shape.domain.kind !== 'tuple' && one.shape.parts.some((part) => part.name === name);
    }
    if (one.shape.kind !== 'variant') return false;
    return (
      name === discriminatorOf(one.shape) || one.shape.cases.some(({ parts }) => parts.some((p) => p.name === name))
    );
  };
  return dispatch(lowering, term, has, type, (one) => {
    if (one.kind === 'fields') return one.fields.get(name)!;
    if (one.kind === 'constant') return { kind: 'constant', value: (one.value as { [name: string]: never })[name] };
    const { shape, cell } = one as Term & { kind: 'view' };
    if (shape.kind === 'product') {
      const part = shape.parts.find((candidate) => candidate.name === name)!;
      return read(part.shape, cellAt(cell, part.offset));
    }
    return variantField(lowering, shape as Shape & { kind: 'variant' }, cell, name, type);
  });
}

function variantField(
  lowering: Lowering,
  shape: Shape & { kind: 'variant' },
  cell: Cell,
  name: string,
  type: Expression['type'],
): Term {
  const { builder } = lowering;
  if (name === discriminatorOf(shape)) {
    const values = shape.cases.map((one) => one.tag);
    if (values.length === 1) return { kind: 'constant', value: values[0] };
    return scalarTerm({ kind: 'enum', values }, load(cell));
  }
  const holders = shape.cases.flatMap((one, tag) => {
    const part = one.parts.find((candidate) => candidate.name === name);
    return part === undefined ? [] : [{ part, test: binary('equal', load(cell), constant(tag)) }];
  });
  const everywhere = holders.length === shape.cases.length;
  if (!everywhere) builder.check(holders.map((one) => one.test).reduce((any, test) => binary('or', any, test)));
  const [first] = holders;
  const alike = holders.every(
    ({ part }) => part.offset === first!.part.offset && sameDomain(part.shape.domain, first!.part.shape.domain),
  );
  if (alike) return read(first!.part.shape, cellAt(cell, first!.part.offset));
  const result = newVariable(lowering, type);
  const chain = (index: number): void => {
    const { part, test } = holders[index]!;
    const copy = (): void =>
      writeVariable(lowering, result, read(part.shape, cellAt(cell, part.offset)), failUnless(lowering));
    if (index === holders.length - 1) copy();
    else builder.if(test, copy, () => chain(index + 1));
  };
  chain(0);
  return readVariable(result);
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
