import { outsideLanguage } from '../diagnostics/catalog.ts';
import type { Span } from '../diagnostics/span.ts';
import type { Domain } from '../ir/index.ts';
import { partsOf } from '../ir/part.ts';
import { inKeyOrder } from './key-order.ts';
import { report, type Unit } from './unit.ts';

/**
 * JavaScript goes through the fields of an object in the order in which they were made. The state knows no such order: its
 * objects have that of their schema. The two are the same unless the body itself makes such an object with its fields in
 * another order, or without one that is optional; then it may not ask for the order.
 */

const HELP = 'write the fields in the order of the schema wherever such an object is made, or name the fields';

/** An object with these fields has been made. */
export function madeInOrder(unit: Unit, names: readonly string[]): void {
  if (names.length < 2 || unit.fieldOrders.made.some((other) => sameNames(other, names))) return;
  unit.fieldOrders.made.push(names);
  const asked = unit.fieldOrders.asked.find((one) => differ(names, one.names));
  if (asked !== undefined) refuseOrder(unit, asked.span);
}

/** Objects of a type, and those in them, may have been made elsewhere. */
export function madeOf(unit: Unit, domain: Domain): void {
  if (domain.kind === 'object') {
    madeInOrder(
      unit,
      inKeyOrder(
        domain.fields.map(({ name }) => name),
        (name) => name,
      ),
    );
  }
  for (const part of domain.kind === 'union' ? domain.members : partsOf(domain)) madeOf(unit, part);
}

/**
 * The fields of an object are gone through, or the keys of a record, which its type has in this order.
 *
 * @param optional - whether some of them may be absent.
 */
export function askedForOrder(unit: Unit, names: readonly string[], span: Span, optional = false): void {
  unit.fieldOrders.asked.push({ names, span });
  for (const domain of unit.model.variables.values()) madeOf(unit, domain);
  if (optional || unit.fieldOrders.made.some((made) => differ(made, names))) refuseOrder(unit, span);
}

function refuseOrder(unit: Unit, span: Span): void {
  const what = 'going through the fields of an object of which it is not certain which it has, and in which order,';
  report(unit, outsideLanguage(span, what, HELP));
}

/** Whether an object has the same fields in another order. */
function differ(made: readonly string[], asked: readonly string[]): boolean {
  return made.length === asked.length && made.every((name) => asked.includes(name)) && !sameNames(made, asked);
}

function sameNames(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((name, at) => name === right[at]);
}
