import { check, renderResult } from 'fairlead/checker';
import type { TextOptions } from 'fairlead/checker';
import { compile } from 'fairlead/compiler';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const path = fileURLToPath(new URL('../../../specs/classic/peterson.ts', import.meta.url));
const [spec] = compile(path, { typecheck: false }).specs;

function rendered(model: string, options?: Partial<TextOptions>): string {
  const system = spec!.instantiate(model).system!;
  const text = renderResult(system, check(system), options);
  return text.replace(/ +\d+(\.\d+)? (ms|s)\b/g, ' TIME').replaceAll(/ +-->.*\//g, ' --> ');
}

describe('a result as text', () => {
  it('is what the command prints of the model', () => {
    expect(rendered('correct')).toMatchInlineSnapshot(`
      "  ✓ correct         42 states          76 transitions  depth  10 TIME
            holds        no deadlock, no failing step, mutualExclusion, wantsLeadsToEntry"
    `);
  });

  it('shows what is asked for', () => {
    const text = rendered('turnFirst', { traces: 'violations' });
    expect(text).toContain('mutualExclusion is violated, as expected: 8 steps\n');
    expect(text).toContain('  8  process.wait(p0)    → critical, because turn is p0\n');
    expect(rendered('turnFirst')).not.toContain('  8  process.wait(p0)');
  });

  it('is colored when asked', () => {
    expect(rendered('correct', { color: true })).toContain('\u001b[');
    expect(rendered('correct')).not.toContain('\u001b[');
  });
});
