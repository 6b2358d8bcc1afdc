import * as z from 'zod';
import type { SourceFile, Span } from '../../dsl/diagnostics/span.ts';
import { positionAt } from '../../dsl/diagnostics/span.ts';
import type { Value } from '../../dsl/ir/index.ts';
import { encodeValue } from '../../dsl/ir/json.ts';

export const place = z
  .object({
    path: z.string(),
    line: z.int(),
    column: z.int(),
    endLine: z.int(),
    endColumn: z.int(),
  })
  .nullable()
  .describe('Where in the sources, counting from 1, the end exclusive; null for what nobody wrote.');

/** A value of the spec: JSON, with sets as `{"#set": […]}` and undefined as `{"#undefined": true}`. */
export const value = z
  .json()
  .describe('A value of the spec; sets are {"#set": […]}, undefined is {"#undefined": true}.');

export type JsonValue = z.infer<typeof value>;

export function valueToJson(given: Value): JsonValue {
  return encodeValue(given) as JsonValue;
}

export function placeOf(span: Span, files: readonly SourceFile[]): z.infer<typeof place> {
  const file = files[span.file];
  if (file === undefined) return null;
  const start = positionAt(file.text, span.start);
  const end = positionAt(file.text, span.end);
  return { path: file.path, line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
}
