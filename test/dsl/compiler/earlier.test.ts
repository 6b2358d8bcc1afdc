import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Compilation, Earlier, Instantiated } from '../../../dsl/compiler/compilation.ts';
import { compileAll } from '../../../dsl/compiler/compile.ts';

const folder = mkdtempSync(join(tmpdir(), 'fairlead-earlier-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);

const PROTOCOL = `
  import { spec, when, z } from 'fairlead';
  export const limits = { most: 2 };
  export const counter = spec('counter', {
    params: { size: z.int().min(1).max(9).default(3), fast: z.boolean().default(false) },
    state: (p) => ({ n: z.int().min(0).max(p.size) }),
  });
  export const up = counter.action((s, p) => { when(s.n < (p.fast ? p.size : limits.most)); s.n += 1; });
  export const small = counter.invariant((s) => s.n < 2);
  export const unused = 1;
`;
writeFileSync(at('protocol.ts'), PROTOCOL);
writeFileSync(at('other.ts'), `export { counter as copy } from './protocol.ts'; export const given = { size: 4 };`);

const IMPORT = `import { counter, small } from './protocol.ts';\n`;
const ORIGINAL = `${IMPORT}export const one = counter.model({ size: 3 }, { violates: [small] });\nexport const two = counter.model({ size: 4, fast: true });\n`;

function compiled(text: string, earlier?: Earlier, protocol = PROTOCOL): Compilation {
  const overlay = new Map([
    [at('models.ts'), text],
    [at('protocol.ts'), protocol],
  ]);
  return compileAll([at('models.ts')], { overlay, ...(earlier && { earlier: () => earlier }) })[0]!;
}

function answers({ specs }: Compilation): readonly Instantiated[] {
  return specs.flatMap((spec) => spec.models.map(({ name }) => spec.instantiate(name)));
}

/** What a cache would know of it. */
function known(text = ORIGINAL): Earlier & { readonly answers: readonly Instantiated[] } {
  const compilation = compiled(text);
  const all = answers(compilation);
  const { inputs, files } = compilation;
  return { inputs, files, answers: all, recall: (basis) => all.find((one) => one.basis === basis) };
}

describe('a file of models that has changed', () => {
  it.each([
    ['a comment', `// why\n${ORIGINAL}// the end\n`, [0, 1]],
    ['an expectation', ORIGINAL.replace(', { violates: [small] }', ', { deadlocks: true, distinct: 4 }'), [0, 1]],
    ['names, and their order', `${IMPORT}export const first = counter.model({ size: 4, fast: true });\nexport const second = counter.model({ size: 3 });\n`, [1, 0]], // prettier-ignore
    ['a parameter', ORIGINAL.replace('size: 4', 'size: 5'), [0, undefined]],
    ['another model', `${ORIGINAL}export const three = counter.model();\n`, [0, 1, undefined]],
  ])('has the systems that compiling all of it anew would give: %s', (_, text, reused) => {
    const earlier = known();
    const anew = compiled(text);
    const again = compiled(text, earlier);
    expect(again.inputs).toStrictEqual(anew.inputs);
    expect(again.files).toStrictEqual(anew.files);
    const found = answers(again);
    expect(found).toStrictEqual(answers(anew));
    expect(found.every(({ system }) => system !== undefined)).toBe(true);
    const from = found.map(({ system }) => earlier.answers.findIndex((one) => one.system!.actions === system!.actions));
    expect(from).toEqual(reused.map((one) => one ?? -1));
  });

  it.each([
    ['what it gives a model', ORIGINAL.replace('size: 4', 'size: "four"')],
    ['what it expects', ORIGINAL.replace('[small]', '[counter]')],
    ['a value that a schema refuses', ORIGINAL.replace('size: 4', 'size: 44')],
    ['an expectation of the wrong kind', ORIGINAL.replace('violates', 'unreachable')],
    ['a name', ORIGINAL.replace('counter.model({ size: 3', 'contour.model({ size: 3')],
  ])('is refused as ever when something is wrong with %s', (_, text) => {
    const told = (compilation: Compilation) => [compilation.diagnostics, answers(compilation)];
    const anew = told(compiled(text));
    expect(told(compiled(text, known()))).toStrictEqual(anew);
    expect(JSON.stringify(anew)).toMatch('"severity":"error"');
  });

  it('is compiled anew when what it imports has changed, or is something else', () => {
    const changed = PROTOCOL.replace('most: 2', 'most: 1');
    expect(answers(compiled(ORIGINAL, known(), changed))).toStrictEqual(
      answers(compiled(ORIGINAL, undefined, changed)),
    );
    expect(answers(compiled(ORIGINAL, known(), changed))).not.toStrictEqual(answers(compiled(ORIGINAL)));
    const more = `import { given } from './other.ts';\n${ORIGINAL}export const three = counter.model({ size: 3 });\n`;
    const earlier = known();
    const found = answers(compiled(more, earlier));
    expect(found).toStrictEqual(answers(compiled(more)));
    expect(found.some(({ system }) => earlier.answers.some((one) => one.system!.actions === system!.actions))).toBe(
      false,
    );
  });
});

describe('a file that is more than models', () => {
  it.each([
    ['changes what it imports', `import { limits } from './protocol.ts';\nlimits.most = 1;\n${ORIGINAL}`],
    ['changes it in what it gives a model', `import { limits } from './protocol.ts';\n${ORIGINAL}export const three = counter.model({ size: (limits.most = 1) });\n`], // prettier-ignore
    [
      'calls something',
      `${IMPORT}const size = (): number => 3;\nexport const one = counter.model({ size: size() });\n`,
    ],
    ['declares a part', `${ORIGINAL}export const low = counter.invariant((s) => s.n < 9);\n`],
    ['spreads', `import { counter } from './protocol.ts';\nimport { given } from './other.ts';\nexport const one = counter.model({ ...given });\n`], // prettier-ignore
    ['says something to TypeScript', `${ORIGINAL}declare global { interface Array<T> { odd: T } }\n`],
    ['is a spec', PROTOCOL],
  ])('has no systems to be used again: one that %s', (_, text) => {
    const found = answers(compiled(text));
    expect(found.length).toBeGreaterThan(0);
    expect(found.map(({ basis }) => basis)).toEqual(found.map(() => undefined));
    // Nor are systems of another text used in it.
    const earlier = known();
    const again = answers(compiled(text, earlier));
    expect(again).toStrictEqual(found);
    expect(again.some(({ system }) => earlier.answers.some((one) => one.system!.actions === system?.actions))).toBe(
      false,
    );
  });
});
