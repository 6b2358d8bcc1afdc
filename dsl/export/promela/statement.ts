import type { Domain, Expression, Place, Statement } from '../../ir/index.ts';
import { fold } from '../../ir/fold.ts';
import { equalDomains } from '../../ir/domain.ts';
import { cardinality, valuesOf } from '../../ir/index.ts';
import { isSubdomain } from '../subdomain.ts';
import { lengthText, quote } from './convert.ts';
import type { CValue } from './c-value.ts';
import type { FunctionScope } from './scope.ts';
import { addTo, collectionValue, eachElement } from './collection.ts';
import { conditionText, expressionAs, expressionValue, guarded } from './expression.ts';
import { fieldValue, indexValue } from './place.ts';
import type { Shape } from './shape.ts';
import { MAX_ELEMENTS, scalarText, Unshapable } from './shape.ts';

/**
 * C statements for what a step does. An impossible step returns 0; a failing one calls `fail`, which does not return.
 * A choice asks `choose(n)` for a number below `n`.
 */
export function statementLines(scope: FunctionScope, statements: readonly Statement[]): string[] {
  return statements.flatMap((statement) => {
    const lines = guarded(scope, statement.span, () => linesOf(scope, statement), []);
    // After a refusal, what follows is still looked at.
    const isDeclared = (statement.kind !== 'let' && statement.kind !== 'choose') || scope.locals.has(statement.name);
    if (!isDeclared) scope.locals.set(statement.name, { text: '0', domain: { kind: 'never' } });
    return lines;
  });
}

function linesOf(scope: FunctionScope, statement: Statement): string[] {
  const { shapes, conversions, where } = scope.writer;
  const block = (statements: readonly Statement[]): string[] => statementLines(scope, statements);
  switch (statement.kind) {
    case 'assign': {
      const what = `${describe(statement.target)} is outside its domain`;
      const assignTo = (place: CValue): string[] =>
        place.domain.kind === 'never'
          ? [`(void)${place.text};`]
          : (setChange(scope, place, statement.value) ?? [
              `${place.text} = ${expressionAs(scope, statement.value, place.domain, what)};`,
            ]);
      const places = placesOf(scope, statement.target);
      const [first] = places;
      if (places.length === 1 && first!.when === undefined) return assignTo(first!.place);
      const arms = places.flatMap(({ when, place }) => [`if (${when ?? '1'}) {`, ...assignTo(place), '} else']);
      return [...arms, `fail(${quote(`${where(statement.span)}: no field to assign to`)});`];
    }
    case 'let': {
      const value = expressionAs(scope, statement.value, statement.domain);
      return [declaration(scope, statement.name, statement.domain, value)];
    }
    case 'if': {
      const condition = conditionText(scope, statement.condition);
      const whenTrue = block(statement.whenTrue);
      const otherwise = block(statement.whenFalse);
      return [
        `if (${unwrapped(condition)}) {`,
        ...whenTrue,
        ...(otherwise.length === 0 ? ['}'] : ['} else {', ...otherwise, '}']),
      ];
    }
    case 'for':
      return eachElement(scope, statement.over, statement, () => `\n${block(statement.body).join('\n')}\n`).split('\n');
    case 'loop': {
      const rounds = scope.names.take('rounds');
      const message = quote(`${where(statement.span)}: the loop does not end within ${statement.bound} rounds`);
      return [
        `for (int ${rounds} = 0; ; ${rounds}++) {`,
        `if (${rounds} == ${statement.bound}) fail(${message});`,
        ...block(statement.body),
        '}',
      ];
    }
    case 'block': {
      const label = scope.names.take(`after_${statement.label}`);
      scope.labels.set(statement.label, label);
      return ['{', ...block(statement.body), '}', `${label}: ;`];
    }
    case 'exit':
      return [`goto ${scope.labels.get(statement.label)!};`];
    case 'when':
      return [`when(${unwrapped(conditionText(scope, statement.condition))});`];
    case 'verify': {
      const message = quote(`${where(statement.span)}: verify failed: ${statement.message}`);
      return [`verify(${grouped(conditionText(scope, statement.condition))}, ${message});`];
    }
    case 'choose':
      return choose(scope, statement);
    case 'either': {
      const arms = statement.branches.flatMap((branch, index) => [`case ${index}: {`, ...block(branch), 'break; }']);
      return [`switch (choose(${statement.branches.length})) {`, ...arms, '}'];
    }
  }

  function choose(inside: FunctionScope, one: Statement & { kind: 'choose' }): string[] {
    const position = inside.names.take('choice');
    const choices = (count: string): string[] => [`int ${position} = choose(${count});`, `when(${position} >= 0);`];
    const bind = (value: CValue): string[] => {
      const text = conversions.convert(
        value.text,
        value.domain,
        one.domain,
        `${where(one.span)}: a choice outside its domain`,
      );
      return [declaration(inside, one.name, one.domain, text)];
    };
    if (one.from.kind === 'domain') {
      const size = cardinality(one.from.domain);
      if (MAX_ELEMENTS < size) throw new Unshapable(`a choice among ${size} values`);
      const values = [...valuesOf(one.from.domain)];
      const text = conversions.valueAt(position, one.from.domain, values);
      return [...choices(String(size)), ...bind({ text, domain: one.from.domain })];
    }
    const from = collectionValue(inside, one.from);
    const shape = shapes.of(from.domain);
    const all = inside.names.take('all');
    const declared = `${shape.type} ${all} = ${from.text};`;
    if (shape.kind === 'array') {
      return [
        declared,
        ...choices(lengthText(all, shape)),
        ...bind({ text: `${all}.at[${position}]`, domain: shape.element }),
      ];
    }
    if (shape.kind === 'set') {
      const count = shape.elements.length;
      return [
        declared,
        `int ${position} = choose_from(${all}.has, ${count});`,
        `when(${position} >= 0);`,
        ...bind({ text: conversions.valueAt(position, shape.element, shape.elements), domain: shape.element }),
      ];
    }
    if (shape.kind === 'tuple') {
      const name = inside.names.take(one.name);
      const arms = shape.items.map((item, index) => {
        const value = conversions.convert(`${all}.${item.member}`, item.domain, one.domain, where(one.span));
        return `case ${index}: ${name} = ${value}; break;`;
      });
      inside.locals.set(one.name, { text: name, domain: one.domain });
      const declaredName = `${shapes.of(one.domain).type} ${name};`;
      return [declared, ...choices(String(arms.length)), declaredName, `switch (${position}) {`, ...arms, '}'];
    }
    throw new Error(`a choice from ${shape.kind}`);
  }
}

/** `place = place ∪ { … }` and `place = place ∖ { … }`, element by element; undefined for anything else. */
function setChange(scope: FunctionScope, place: CValue, value: Expression): string[] | undefined {
  const { conversions, shapes } = scope.writer;
  if (value.kind !== 'operation' || (value.operator !== 'union' && value.operator !== 'difference')) return undefined;
  const [old, change] = value.operands;
  const isRead = old?.kind === 'variable' || old?.kind === 'local' || old?.kind === 'field' || old?.kind === 'index';
  if (!isRead || change?.kind !== 'set' || expressionValue(scope, old).text !== place.text) return undefined;
  const shape = shapes.of(place.domain);
  if (shape.kind !== 'set' || shape.elements.length === 0) return undefined;
  const elements = change.elements.map((element) => expressionValue(scope, element));
  if (value.operator === 'union')
    return elements.map((element) => addTo(scope, place.text, place.domain, element, change.span));
  return elements.map((element) => {
    const position = conversions.position(element.text, element.domain, shape.element, shape.elements);
    if (isSubdomain(element.domain, shape.element)) return `${place.text}.has[${position}] = 0;`;
    const at = scope.names.take('at');
    return `{ int ${at} = ${position}; if (${at} >= 0) ${place.text}.has[${at}] = 0; }`;
  });
}

/** Whether a step can go several ways. */
export function makesChoices(statement: Statement): boolean {
  return fold<boolean>(
    statement,
    (node, parts) => node.kind === 'choose' || node.kind === 'either' || parts.includes(true),
  );
}

/** `int name = value;`, with the local's name as close to the author's as C allows. */
function declaration(scope: FunctionScope, name: string, domain: Domain, value: string): string {
  const text = scope.names.take(name);
  scope.locals.set(name, { text, domain });
  return `${scope.writer.shapes.of(domain).type} ${text} = ${value};`;
}

interface Alternative {
  /** C for when this is the place; undefined: always. */
  readonly when: string | undefined;
  readonly place: CValue;
}

/**
 * The C lvalues of a place, and the domains of what is stored there: more than one where the cases of a variant have
 * fields of one name but of different types.
 */
function placesOf(scope: FunctionScope, target: Place): readonly Alternative[] {
  const { root } = target;
  const start: CValue =
    root.kind === 'variable'
      ? {
          text: `s->${scope.writer.variables.get(root.name)!.member}`,
          domain: scope.writer.variables.get(root.name)!.domain,
        }
      : scope.locals.get(root.name)!;
  let places: readonly Alternative[] = [{ when: undefined, place: { ...start, isPlace: true } }];
  for (const segment of target.path) {
    places = places.flatMap((one) =>
      segment.kind === 'field'
        ? fieldPlaces(scope, one, segment.name, target)
        : [{ when: one.when, place: indexValue(scope, one.place, segment.index, segment.index.span) }],
    );
    for (const { place } of places) {
      if (place.isPlace || place.domain.kind === 'never') continue;
      scope.writer.refusals.add('an assignment into a tuple of unlike items', 'C has no one place for it', target.span);
    }
  }
  return places;
}

function fieldPlaces(
  scope: FunctionScope,
  { when, place }: Alternative,
  name: string,
  target: Place,
): readonly Alternative[] {
  const value = fieldValue(scope, place, name, target.span);
  const shape = scope.writer.shapes.of(place.domain);
  const domains = shape.kind === 'variant' ? domainsOfField(shape, name) : [];
  // What the cases share a member for may still have other values in each.
  const areAlike = domains.every((domain) => equalDomains(domain, domains[0]!));
  if ((value.isPlace && areAlike) || shape.kind !== 'variant') return [{ when, place: value }];
  return shape.cases.flatMap((one) => {
    const field = one.fields.find((candidate) => candidate.name === name);
    if (field === undefined) return [];
    const isCase = `${place.text}.${shape.discriminator.member} == ${scalarText(scope.writer.shapes, one.tag)}`;
    const inCase: CValue = { text: `${place.text}.${field.member}`, domain: field.domain, isPlace: true };
    return [{ when: when === undefined ? isCase : `${when} && ${isCase}`, place: inCase }];
  });
}

function domainsOfField({ cases }: Shape & { readonly kind: 'variant' }, name: string): readonly Domain[] {
  return cases.flatMap(({ fields }) => fields.filter((field) => field.name === name).map(({ domain }) => domain));
}

/** `lease[…].owner`, for messages. */
function describe(target: Place): string {
  return target.root.name + target.path.map((one) => (one.kind === 'field' ? `.${one.name}` : '[]')).join('');
}

/** Whether the parenthesis that a text starts with closes at its end. */
function isOneGroup(text: string): boolean {
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] === '(') depth += 1;
    if (text[index] === ')') depth -= 1;
    if (depth === 0) return index === text.length - 1;
  }
  return false;
}

/** In parentheses, so that a macro takes its commas as one argument. */
export function grouped(text: string): string {
  return text.startsWith('(') && isOneGroup(text) ? text : `(${text})`;
}

/** Without the parentheses around the whole. */
function unwrapped(text: string): string {
  return text.startsWith('(') && !text.startsWith('({') && isOneGroup(text) ? text.slice(1, -1) : text;
}
