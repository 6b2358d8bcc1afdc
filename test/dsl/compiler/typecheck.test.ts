import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSources } from '../../../dsl/compiler/source.ts';
import { bundled, complaints, SMALL, typecheck, WHOLE } from '../../../dsl/compiler/typecheck.ts';
import { typings } from '../../../.ci/typings.js';

const folder = mkdtempSync(join(tmpdir(), 'fairlead-types-'));

function sourcesOf(text: string) {
  const path = join(folder, 'spec.ts');
  writeFileSync(path, text);
  return openSources(path);
}

for (const [name, text] of Object.entries(typings())) writeFileSync(join(folder, name), text);

const messages = (found: readonly (readonly { message: string }[])[]) => found.flat().map(({ message }) => message);

describe('the small typings', () => {
  it('are enough for every spec of the project, and say what the whole ones say', () => {
    const specs = ['classic', 'sync', 'vmm-drv'].flatMap((room) =>
      readdirSync(join('specs', room))
        .filter((file) => file.endsWith('.ts'))
        .map((file) => openSources(join('specs', room, file))),
    );
    expect(specs.length).toBeGreaterThan(20);
    expect(messages(complaints(specs, SMALL))).toEqual([]);
    expect(messages(complaints(specs, bundled(folder, specs)))).toEqual([]);
    expect(messages(complaints(specs, WHOLE))).toEqual([]);
  });

  it('never have the last word: what only the whole library knows is accepted', () => {
    const sources = sourcesOf(`
      import { spec, z } from 'fairlead';
      const sizes = [1, 2, 3].flatMap((n) => [n]).toSorted();
      export const s = spec('odd', { state: () => ({ n: z.int().min(0).max(sizes.length).catch(0) }) });
    `);
    expect(complaints([sources], SMALL).flat()).not.toEqual([]);
    expect(typecheck([sources])).toEqual([[]]);
  });

  it.each([
    ['a member that an enum does not have', `s.mode = 'wat';`],
    ['a variable that does not exist', `s.mod = 'on';`],
    ['an id of another set', `s.owner = c;`],
    ['arithmetic on an id', `s.n = (s.owner as never as typeof r) + 1;`],
    ['an optional that may be absent', `s.n = s.maybe.depth;`],
    ['a case that was not narrowed', `s.n = s.shape.side;`],
    ['a label that a process does not have', `when(worker.at({ r }, 'nowhere'));`],
    ['a record with a key too few', `s.table = { on: 1 };`],
  ])('find %s, as the whole ones do', (_, statement) => {
    const sources = sourcesOf(`
      import { ids, spec, when, z } from 'fairlead';
      const Ring = ids('Ring', 2);
      const Client = ids('Client', 2);
      export const lock = spec('lock', { state: () => ({
        mode: z.enum(['on', 'off']), n: z.int().min(0).max(3), owner: z.nullable(Ring),
        maybe: z.object({ depth: z.int().min(0).max(1) }).optional(),
        table: z.record(z.enum(['on', 'off']), z.int().min(0).max(3)),
        shape: z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('dot') }), z.object({ kind: z.literal('box'), side: z.int().min(0).max(3) }),
        ]),
      }) });
      export const worker = lock.process({ r: Ring }, function* (s, { r }) { yield 'go'; s.owner = r; });
      export const step = lock.action({ r: Ring, c: Client }, (s, { r, c }) => { when(s.owner === r && c !== null); ${statement} });
    `);
    const small = complaints([sources], SMALL).flat();
    const whole = complaints([sources], WHOLE).flat();
    expect(whole).not.toEqual([]);
    const shipped = complaints([sources], bundled(folder, [sources])).flat();
    expect(small.map(({ primary }) => primary.span)).toEqual(whole.map(({ primary }) => primary.span));
    expect(shipped.map(({ primary }) => primary.span)).toEqual(whole.map(({ primary }) => primary.span));
  });
});
