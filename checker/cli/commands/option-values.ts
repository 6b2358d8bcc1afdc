import { InvalidArgumentError } from 'commander';
import { FORMATS } from '../check-request.ts';
import type { Format, ReportFile, Shard } from '../check-request.ts';

/** Gathers a repeatable option; no default, which the help would show. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** A list with commas, also repeated. */
export function names(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), ...text.split(',').map((name) => name.trim())];
}

export function seedNumber(text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(value < 2 ** 32)) throw new InvalidArgumentError('It has to be a whole number from 0 to 4294967295.');
  return value;
}

/** Also `1e6` and `1_000_000`. */
export function positiveInteger(text: string): number {
  const value = /^\d[\d_]*(e\d+)?$/i.test(text) ? Number(text.replaceAll('_', '')) : NaN;
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('It has to be a number from 1 up.');
  return value;
}

/** Bytes: `500m`, `16g`, `1.5 GiB`; powers of 1024. */
export function size(text: string): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([kmgt])(?:i?b)?\s*$/i.exec(text);
  const bytes = match === null ? NaN : Number(match[1]) * 1024 ** ('kmgt'.indexOf(match[2]!.toLowerCase()) + 1);
  if (!(1 <= bytes)) throw new InvalidArgumentError('It has to be a size, such as 500m or 16g.');
  return Math.round(bytes);
}

export function positiveNumber(text: string): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (!(value > 0 && value < Infinity)) throw new InvalidArgumentError('It has to be a number above 0.');
  return value;
}

/** `junit=out.xml`; repeatable. */
export function reportFile(text: string, before: readonly ReportFile[] | undefined): readonly ReportFile[] {
  const [, format, path] = /^([a-z]+)=(.+)$/s.exec(text) ?? [];
  if (path === undefined || !FORMATS.includes(format as Format)) {
    throw new InvalidArgumentError(
      `It has to be a format and a file, such as junit=out.xml; formats are ${FORMATS.join(', ')}.`,
    );
  }
  return [...(before ?? []), { format: format as Format, path }];
}

/** `2/5`. */
export function shardOf(text: string): Shard {
  const [, number, parts] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? [];
  const shard = { number: Number(number), parts: Number(parts) };
  if (!(1 <= shard.number && shard.number <= shard.parts)) {
    throw new InvalidArgumentError('It has to be a part and how many there are, such as 2/5.');
  }
  return shard;
}
