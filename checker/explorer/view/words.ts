import type { ObjectValue } from '../../../dsl/ir/index.ts';
import { formatValue } from '../../../dsl/ir/index.ts';
import { positionAt } from '../../../dsl/diagnostics/span.ts';
import type { SourceFile, Span } from '../../../dsl/diagnostics/span.ts';

/** `rings=2 notify=unlocked`. */
export function formatParameters(parameters: ObjectValue): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name}=${formatValue(value)}`)
    .join('  ');
}

/** `specs/lease.ts:12`; empty for what nobody wrote. */
export function placeOf(files: readonly SourceFile[], span: Span): string {
  const file = files[span.file];
  return file === undefined ? '' : `${file.path}:${positionAt(file.text, span.start).line}`;
}
