// What may be done with values of which only the order counts. Typing knows which operations take them; what is left is
// asked of the whole system when it is made: where such a value meets something else, and where it would be a position.
import { serialMisused } from '../diagnostics/catalog.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Span } from '../diagnostics/span.ts';
import { partsOf as partsOfNode, type Node } from '../ir/fold.ts';
import type { Domain, Expression, Field, SerialDomain, System, Value } from '../ir/index.ts';
import { isArray, isObject, SetValue } from '../ir/index.ts';
import { joinDomains } from '../ir/join.ts';
import { arrayPart, collectionOf, intPart, isFresh, membersOf, partsOf, serialPart, serialWithin } from '../ir/part.ts';
import { describe } from './describe.ts';

/** What is wrong with an operation on values of which only the order counts. */
export function serialOperand(
  { name }: SerialDomain,
  text: string,
  operands: readonly Expression[],
  span: Span,
): Diagnostic {
  if (!ORDERS.has(text)) {
    const message = `\`${text}\` on a value of ${name}, of which only the order counts`;
    const help = `make one above all with \`fresh(${name})\`, and compare with \`<\` and \`===\``;
    return serialMisused(span, message, help);
  }
  const other = operands.find(({ type }) => serialPart(type)?.name !== name);
  return compared(name, other?.type, span);
}

const ORDERS = new Set(['<', '<=', '>', '>=']);

function compared(name: string, other: Domain | undefined, span: Span): Diagnostic {
  const otherwise = other === undefined ? 'one that may be a number' : describe(other);
  const message = `a value of ${name} has nothing in common with ${otherwise}`;
  return serialMisused(span, message, `compare values of one domain; the least is \`first(${name})\``);
}

/** The names that several domains, or a domain and a set of ids, have. */
export function serialsOfOneName(
  serials: readonly { readonly name: string }[],
  sets: readonly { readonly name: string }[],
): readonly string[] {
  const names = [...serials, ...sets].map(({ name }) => name);
  return [...new Set(serials.map(({ name }) => name))].filter(
    (name) => names.indexOf(name) !== names.lastIndexOf(name),
  );
}

/** Every place of a system where more is done with a value of which only the order counts than its order tells. */
export function serialFaults(system: System): readonly Diagnostic[] {
  if (!system.variables.some(({ domain }) => serialWithin(domain)) && !mentionsSerials(system)) return [];
  const found: Diagnostic[] = [];
  for (const { arguments: given, span, body } of system.actions) {
    for (const { name, domain } of given) {
      const serial = serialWithin(domain);
      if (serial === undefined) continue;
      const message = `the argument \`${name}\` is made of values of ${serial.name}, of which there is no end`;
      found.push(serialMisused(span, message, 'take it from the state in the body, or make it with `fresh`'));
    }
    body.forEach((statement) => visit(statement, found));
  }
  system.init.forEach((statement) => visit(statement, found));
  for (const { predicate } of predicatesOf(system)) visit(predicate, found);
  for (const { formula } of system.properties) visit(formula, found);
  return found;
}

function predicatesOf(system: System): readonly { readonly predicate: Expression }[] {
  const guards = system.fairness.flatMap(({ assumptions }) => assumptions.flatMap(({ groups }) => groups));
  return [
    ...[system.invariants, system.steps, system.sometimes, system.terminal, system.within].flat(),
    ...guards.flatMap((group) => (group.when === undefined ? [] : [{ predicate: group.when }])),
  ];
}

/** Where no variable has them, arguments and locals may. */
function mentionsSerials(system: System): boolean {
  const mentions = (node: Node): boolean =>
    ('type' in node && serialWithin(node.type) !== undefined) || partsOfNode(node).some(mentions);
  return (
    system.actions.some(
      ({ arguments: given, body }) => given.some(({ domain }) => serialWithin(domain)) || body.some(mentions),
    ) || [...system.init, ...system.properties.map(({ formula }) => formula)].some(mentions)
  );
}

function visit(node: Node, found: Diagnostic[]): void {
  const before = found.length;
  for (const part of partsOfNode(node)) {
    // All values of a domain are chosen from to make a fresh one, and for nothing else.
    if (!(node.kind === 'choose' && isFresh(node))) visit(part, found);
  }
  const fault = before < found.length ? undefined : faultOf(node);
  if (fault !== undefined) found.push(fault);
}

function faultOf(node: Node): Diagnostic | undefined {
  switch (node.kind) {
    case 'forAll':
    case 'exists': {
      const serial = serialWithin(node.domain);
      if (serial === undefined) return undefined;
      const message = `\`${node.binder}\` would hold a value of ${serial.name} while a behavior goes on`;
      return serialMisused(
        node.span,
        message,
        'keep it in a variable, and speak of that; only states say what is alive',
      );
    }
    case 'domain': {
      const serial = serialWithin(node.domain);
      return serial && noEnd(serial, node.span);
    }
    case 'assign':
      return meeting(node.target.domain, node.value.type, node.span);
    case 'choose':
    case 'let':
      return mixedIn(node.domain, node.span);
    case 'operation':
      return faultOfOperation(node);
    case 'index':
      return positionFault(node.index);
    case 'comprehension': {
      const key = node.operator === 'record' ? collectionOf(node.over.type) : undefined;
      const serial = key && serialWithin(key.element);
      return serial === undefined ? mixedIn(node.type, node.span) : noEnd(serial, node.span);
    }
    case 'literal':
      return numberAt(node.type, node.value) ? literalFault(serialWithin(node.type)!, node.span) : undefined;
    default:
      return 'type' in node ? mixedIn(node.type, node.span) : undefined;
  }
}

function faultOfOperation(node: Extract<Expression, { kind: 'operation' }>): Diagnostic | undefined {
  const [first, second, third] = node.operands.map(({ type }) => type);
  switch (node.operator) {
    case 'equal':
    case 'notEqual':
    case 'union':
    case 'intersection':
    case 'difference':
    case 'subset':
    case 'concat':
      return meeting(first!, second!, node.span);
    case 'includes':
    case 'indexOf':
      return meeting(collectionOf(first!)?.element ?? first!, second!, node.span);
    case 'at':
      return positionFault(node.operands[1]!);
    case 'slice':
      return node.operands
        .slice(1)
        .map(positionFault)
        .find((one) => one !== undefined);
    case 'with': {
      const element = membersOf(first!).map((one) => (one.kind === 'record' ? one.value : arrayPart(one)?.element));
      return (
        positionFault(node.operands[1]!) ??
        meeting(
          element.find((one) => one !== undefined)!,
          third!,
          node.span,
        )
      );
    }
    default:
      return mixedIn(node.type, node.span);
  }
}

/** A value of which only the order counts that would be an index or a length. */
function positionFault(position: Expression): Diagnostic | undefined {
  const serial = serialPart(position.type);
  return serial && serialOperand(serial, '[ ]', [position], position.span);
}

function noEnd({ name }: SerialDomain, span: Span): Diagnostic {
  const message = `there is no end of the values of ${name}: nothing goes through all of them, or picks one`;
  return serialMisused(span, message, `make one with \`fresh(${name})\`, or go through those in the state`);
}

function literalFault({ name }: SerialDomain, span: Span): Diagnostic {
  const message = `a number stands for a value of ${name}, of which only the order counts`;
  return serialMisused(
    span,
    message,
    `write \`first(${name})\` for the least, and \`fresh(${name})\` for one above all`,
  );
}

/** Whether there is a number but the least where a domain has values of which only the order counts. */
function numberAt(domain: Domain, value: Value): boolean {
  if (typeof value === 'number') return value !== 0 && serialPart(domain) !== undefined;
  if (value instanceof SetValue || isArray(value)) {
    const elements = value instanceof SetValue ? value.elements : value;
    return elements.some((one) => partsOf(domain).some((part) => numberAt(part, one)));
  }
  return isObject(value) && Object.values(value).some((one) => partsOf(domain).some((part) => numberAt(part, one)));
}

/** What is wrong where values of two types meet: one is of a domain that the other is not of. */
function meeting(left: Domain, right: Domain, span: Span): Diagnostic | undefined {
  if (serialWithin(left) === undefined && serialWithin(right) === undefined) return undefined;
  const joined = joinDomains(left, right);
  if (joined !== undefined) return mixedIn(joined, span);
  // Shapes that typing cannot name together are looked at part by part.
  const pairs = membersOf(left).flatMap((one) => membersOf(right).flatMap((other) => partsTogether(one, other)));
  return pairs.map(([one, other]) => meeting(one, other, span)).find((one) => one !== undefined);
}

/** The parts of two domains that stand in one place. */
function partsTogether(left: Domain, right: Domain): readonly (readonly [Domain, Domain])[] {
  const [one, other] = [collectionOf(left), collectionOf(right)];
  if (one !== undefined && other !== undefined) return [[one.element, other.element]];
  if (left.kind === 'record' && right.kind === 'record') return [[left.value, right.value]];
  return fieldsIn(left).flatMap(({ name, domain }) =>
    fieldsIn(right).flatMap((field) => (field.name === name ? [[domain, field.domain] as const] : [])),
  );
}

function fieldsIn(domain: Domain): readonly Field[] {
  if (domain.kind === 'variant') return domain.cases.flatMap(({ fields }) => fields);
  return domain.kind === 'object' ? domain.fields : [];
}

/** What is wrong with a type that has values of a domain and numbers, or values of two domains, in one place. */
function mixedIn(domain: Domain, span: Span): Diagnostic | undefined {
  const serials = membersOf(domain).filter((member) => member.kind === 'serial');
  const [one, other] = serials;
  if (one !== undefined && (other !== undefined || intPart(domain) !== undefined)) {
    return compared(one.name, other ?? intPart(domain), span);
  }
  const key = domain.kind === 'record' ? [domain.key] : [];
  return [...key, ...partsOf(domain)].map((part) => mixedIn(part, span)).find((found) => found !== undefined);
}
