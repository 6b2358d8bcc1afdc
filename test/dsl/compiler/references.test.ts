import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../../../dsl/compiler/compile.ts';

/* Where it is not known which object a name stands for, or a change would be lost, the spec is refused. */

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'fairlead-'))));
afterAll(() => rmSync(folder, { recursive: true }));

/** The codes of what is wrong with a step, with the text that each points at. */
function refusals(body: string): string[] {
  const text = `
    import { spec, z } from 'fairlead';
    const Box = z.object({ x: z.int().min(0).max(9) });
    const one = spec('one', { state: () => ({
      n: z.int().min(0).max(9), box: Box, items: z.array(Box).max(3), rows: z.array(z.int().min(0).max(9)).max(3),
      boxes: z.record(z.enum(['a', 'b']), Box),
    }) });
    export const step = one.action((s) => { ${body} });`;
  const path = join(folder, `${String(body.length)}-${body.replaceAll(/\W/g, '').slice(0, 40)}.ts`);
  writeFileSync(path, text);
  const { specs, diagnostics } = compile(path, { typecheck: false });
  const found = [...diagnostics, ...(specs[0]?.instantiate(undefined).diagnostics ?? [])];
  return found
    .filter(({ severity }) => severity === 'error')
    .map(({ code, primary: { span } }) => `${code} ${text.slice(span.start, span.end)}`);
}

describe('an object in a local', () => {
  it('is not changed by a path that leads to an object of the state', () => {
    expect(refusals('const a = { b: { x: 0 } }; a.b = s.box; a.b.x = 1;')).toEqual(['FL041 a.b.x']);
    expect(refusals('const a = [{ x: 0 }]; a[0] = s.items[0]!; a[0]!.x = 1;')).toEqual(['FL041 a[0]!.x']);
    expect(refusals('const a = [...s.items, s.box]; a[0]!.x = 1;')).toEqual(['FL041 a[0]!.x']);
  });

  it('is not changed by a path that leads to another local', () => {
    expect(refusals('const o = { x: 0 }; const a: { x: number }[] = []; a.push(o); a[0]!.x = 1;')).toEqual([
      'FL041 a[0]!.x',
    ]);
  });

  it('is not read after what it shares has changed', () => {
    expect(refusals('const a = [...s.items, s.box]; s.box.x = 1; s.n = a[0]!.x;')).toEqual(['FL042 a']);
    expect(refusals('const a = { ...s.boxes, a: s.box }; s.box.x = 1; s.n = a.a.x;')).toEqual(['FL042 a']);
  });
});

describe('a collection that a loop goes through', () => {
  it('is not replaced where the loop changes its elements', () => {
    expect(refusals('for (const b of s.items) { b.x = 1; s.items = []; }')).toEqual(['FL049 s.items = []']);
  });

  it('does not change in places that the loop has still to come to', () => {
    expect(refusals('for (const n of s.rows) { s.rows[2] = n; }')).toEqual(['FL049 s.rows[2] = n']);
  });
});
