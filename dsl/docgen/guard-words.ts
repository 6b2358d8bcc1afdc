import type { Span } from '../diagnostics/span.ts';
import { withAuthorsNames } from '../ir/authors-names.ts';
import type { Action, Domain, Expression, System } from '../ir/index.ts';
import { primitiveAt } from '../ir/primitive.ts';
import { code, joined, text } from './document.ts';
import type { Inlines } from './document.ts';
import { Notation } from './notation.ts';
import { guardOf } from './pseudocode.ts';

/**
 * The conditions of a step in words, by how they are written: those that must all hold one after the other, what is
 * denied as false, and what the primitives of `fairlead/sync` keep inside as what that means: `cv.sleepers.has(me)` as
 * "`me` is asleep on `cv`". What is written best as it is written is left out.
 */
export function guardWords(system: System, action: Action): ReadonlyMap<string, Inlines> {
  const { guard, notation } = guardOf(system, action);
  const isOfSync = ofSyncIn(system);
  return new Map(
    guard.flatMap((condition) => {
      const words = wordCondition(condition, notation, isOfSync);
      return words === undefined ? [] : [[notation.expression(condition), words] as const];
    }),
  );
}

/**
 * A part of the guard of a step that stands in a sentence: in words where there are some, and else as it is written. Here
 * a comparison with a value, membership and what is asked for all of some have words as well.
 */
export function guardPartWords(system: System, part: Expression): Inlines {
  const condition = withAuthorsNames(part);
  const notation = new Notation(system, [condition]);
  const isOfSync = ofSyncIn(system);
  const words = wordCondition(condition, notation, isOfSync) ?? wordComparison(condition, notation);
  return words ?? [code(notation.expression(condition))];
}

/** `ring[r].state` is `RESET`; `r` is not in `list`; `up[n]` for every `n`. */
function wordComparison(condition: Expression, notation: Notation): Inlines | undefined {
  const isUnequal = condition.kind === 'operation' && condition.operator === 'notEqual';
  const isDenied = condition.kind === 'not' || isUnequal;
  const asked = condition.kind === 'not' ? condition.operand : condition;
  const not = isDenied ? 'not ' : '';
  if (asked.kind === 'comprehension' && asked.operator === 'all' && asked.over.kind === 'domain' && !isDenied) {
    const each = wordComparison(asked.body, notation) ?? [code(notation.expression(asked.body))];
    return asked.indexBinder === undefined ? [...each, text(' for every '), code(asked.binder)] : undefined;
  }
  if (asked.kind !== 'operation') return undefined;
  const [left, right] = asked.operands;
  if (left === undefined || right === undefined || !isPlace(left)) return undefined;
  const place = code(notation.expression(left));
  if (asked.operator === 'includes') return [code(bare(notation.expression(right))), text(` is ${not}in `), place];
  const isValue = right.kind === 'literal' && typeof right.value !== 'boolean';
  if (!isValue || (asked.operator !== 'equal' && !isUnequal)) return undefined;
  return [place, text(` is ${not}`), code(bare(notation.expression(right)))];
}

/** The mutex that a condition asks to be free, as it is written; undefined for another condition. */
export function freedMutex(system: System, part: Expression): string | undefined {
  const condition = withAuthorsNames(part);
  if (condition.kind !== 'operation' || condition.operator !== 'equal') return undefined;
  const [place, value] = condition.operands;
  const isOwner = place?.kind === 'field' && place.name === 'owner' && fieldsOf(place.object.type) === 'owner';
  if (!isOwner || value?.kind !== 'literal' || value.value !== null) return undefined;
  return new Notation(system, [condition]).expression(place.object);
}

function ofSyncIn({ files }: System): IsOfSync {
  return (span) => primitiveAt(files, span) !== undefined;
}

/** Whether a part was written in `fairlead/sync`. */
type IsOfSync = (span: Span) => boolean;

/** Undefined where the words are only the condition as it is written. */
function wordCondition(condition: Expression, notation: Notation, isOfSync: IsOfSync): Inlines | undefined {
  if (condition.kind === 'and') {
    const parts = conjuncts(condition);
    return joined(
      parts.map((part) => wordCondition(part, notation, isOfSync) ?? [code(notation.expression(part))]),
      ' and ',
    );
  }
  const isDenied = condition.kind === 'not';
  const asked = isDenied ? condition.operand : condition;
  // An object with a count may be anybody's, and mean something else.
  const isKnown = isOfSync(condition.span) || fieldsIn(asked) !== 'count';
  const known = isKnown ? ofPrimitive(asked, isDenied, notation) : undefined;
  if (known !== undefined) return known;
  return isDenied && isPlace(asked) ? [code(notation.expression(asked)), text(' is false')] : undefined;
}

function conjuncts(condition: Expression): readonly Expression[] {
  return condition.kind === 'and' ? [...conjuncts(condition.left), ...conjuncts(condition.right)] : [condition];
}

function isPlace(expression: Expression): boolean {
  if (expression.kind === 'field' || expression.kind === 'index') return isPlace(expression.object);
  return expression.kind === 'variable';
}

/** What a condition asks of a primitive of `fairlead/sync`, which is known by all of its fields. */
function ofPrimitive(condition: Expression, isDenied: boolean, notation: Notation): Inlines | undefined {
  if (condition.kind !== 'operation') return undefined;
  const [place, value] = condition.operands;
  if (place?.kind !== 'field' || value === undefined) return undefined;
  const { operator } = condition;
  const fields = fieldsOf(place.object.type);
  const object = code(notation.expression(place.object));
  const who = code(bare(notation.expression(value)));
  const not = isDenied ? 'not ' : '';
  switch (`${fields}: ${operator} ${place.name}`) {
    case 'owner: equal owner': {
      if (value.kind !== 'literal' || value.value !== null) return isDenied ? undefined : [who, text(' has '), object];
      return [object, text(isDenied ? ' is taken' : ' is free')];
    }
    case 'sleepers: includes sleepers':
      return [who, text(` is ${not}asleep on `), object];
    case 'count: greater count':
      return isDenied || value.kind !== 'literal' || value.value !== 0 ? undefined : [object, text(' is not used up')];
    case 'arrived: includes arrived':
      return [who, text(isDenied ? ' has been let through ' : ' waits at '), object];
    case 'pending: includes pending':
      return [text(`a signal of `), object, text(` is ${not}pending for `), who];
    case 'readers, waitingReaders, waitingWriters, writer: includes readers':
      return [who, text(isDenied ? ' does not read ' : ' reads '), object];
    case 'readers, waitingReaders, waitingWriters, writer: equal writer':
      if (value.kind === 'literal' && value.value === null)
        return [text(isDenied ? 'somebody writes ' : 'nobody writes '), object];
      return [who, text(isDenied ? ' does not write ' : ' writes '), object];
    default:
      return undefined;
  }
}

/** Of the object whose field a condition asks for. */
function fieldsIn(condition: Expression): string {
  const place = condition.kind === 'operation' ? condition.operands[0] : undefined;
  return place?.kind === 'field' ? fieldsOf(place.object.type) : '';
}

/** The names of the fields of an object, in alphabetical order. */
function fieldsOf(domain: Domain): string {
  if (domain.kind !== 'object') return '';
  return domain.fields
    .map(({ name }) => name)
    .toSorted()
    .join(', ');
}

/** Without the quotation marks of a text: values stand without them everywhere else. */
function bare(expression: string): string {
  return /^"[\w-]+"$/.test(expression) ? expression.slice(1, -1) : expression;
}
