import * as z from 'zod';
import type { SourceFile } from '../../dsl/diagnostics/span.ts';
import { textOf } from '../../dsl/diagnostics/span.ts';
import { formatPlace } from '../../dsl/ir/index.ts';
import type { FalsePart, Falsity, Read } from '../counterexample/behavior.ts';
import { place, placeOf, value, valueToJson } from './json-part.ts';

const read = z.object({
  path: z.string(),
  value,
  isNext: z.literal(true).optional().describe('Of a step property: it is read in the state after the step.'),
  element: value.optional().describe('It is only asked whether this is in it.'),
});

/** A part of a condition, with what makes it true or false. */
export const conditionPart = z.object({
  place,
  source: z.string(),
  isTrue: z.boolean().describe('What the part is: true for one that is denied.'),
  bound: z
    .array(z.object({ name: z.string(), value, reads: z.array(read) }))
    .describe('The elements at which the quantifiers around it are decided, outermost first.'),
  reads: z.array(read).describe('What it reads, with the values there.'),
  sides: z
    .array(
      z.object({
        source: z.string(),
        value,
        counted: z.array(value).optional().describe('Where elements are counted: those that are.'),
      }),
    )
    .describe('What it compares, as far as that is neither a place of the state nor written out.'),
});

export const falsity = z.object({
  parts: z
    .array(conditionPart)
    .describe('While these read what they read, the predicate is false, whatever else there is.'),
  brokenBy: z
    .int()
    .optional()
    .describe('The index of the step by which it became false; absent: from the beginning, or within a step.'),
  changes: z
    .array(z.object({ path: z.string(), from: value, to: value }))
    .describe('Of what that step changed, what the parts read.'),
});

export function falsityToJson(given: Falsity, files: readonly SourceFile[]): z.infer<typeof falsity> {
  return {
    parts: given.parts.map((part) => conditionPartToJson(part, files)),
    ...(given.brokenBy !== undefined && { brokenBy: given.brokenBy }),
    changes: given.changes.map(({ place, from, to }) => ({
      path: formatPlace(place),
      from: valueToJson(from),
      to: valueToJson(to),
    })),
  };
}

export function conditionPartToJson(part: FalsePart, files: readonly SourceFile[]): z.infer<typeof conditionPart> {
  return {
    place: placeOf(part.span, files),
    source: textOf(files, part.span),
    isTrue: part.isTrue,
    bound: part.bound.map(({ name, value, reads }) => ({
      name,
      value: valueToJson(value),
      reads: readsToJson(reads),
    })),
    reads: readsToJson(part.reads),
    sides: part.sides.map(({ span, value, counted }) => ({
      source: textOf(files, span),
      value: valueToJson(value),
      ...(counted !== undefined && { counted: counted.map(valueToJson) }),
    })),
  };
}

function readsToJson(reads: readonly Read[]): z.infer<typeof read>[] {
  return reads.map(({ place, value, isNext, element }) => ({
    path: formatPlace(place),
    value: valueToJson(value),
    ...(isNext === true && { isNext }),
    ...(element !== undefined && { element: valueToJson(element) }),
  }));
}
