import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ts } from 'ts-morph';
import { afterAll, describe, expect, it } from 'vitest';
import { erased, isSettled } from '../../../dsl/compiler/erase.ts';
import { load } from '../../../dsl/compiler/load.ts';
import { openSources } from '../../../dsl/compiler/source.ts';
import type { Module } from '../../../dsl/compiler/source.ts';

const folder = mkdtempSync(join(tmpdir(), 'fairlead-erase-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The sources of some modules, the first of which is the entry. */
function sourcesOf(files: Readonly<Record<string, string>>) {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return openSources(join(folder, Object.keys(files)[0]!));
}

function moduleOf(text: string): Module {
  return sourcesOf({ 'module.ts': text }).modules[0]!;
}

/** What a module does, statement by statement, but for its imports and exports. */
function statementsOf(javascript: string): string[] {
  const syntax = ts.createSourceFile('module.js', javascript, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS);
  const printer = ts.createPrinter({ removeComments: true });
  return syntax.statements
    .filter((statement) => !ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement))
    .map((statement) => printer.printNode(ts.EmitHint.Unspecified, statement, syntax).replace(/^export /, ''))
    .filter((text) => !/^(;|"use strict"|const [^=]* = require\(|require\(|__all\(|exports\.)/.test(text))
    .map((text) => text.replace(/\s+/g, ' '));
}

function emittedBy(typescript: string): string {
  const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  return ts.transpileModule(typescript, { compilerOptions: options }).outputText;
}

function specFiles(place: string): string[] {
  return readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter((name) => /(\.ts|\.spec\.txt)$/.test(name))
    .map((name) => join(place, name));
}

describe('erasing types', () => {
  it.each([...specFiles('specs'), ...specFiles('test/cases'), ...specFiles('dsl/sync')])(
    'leaves of %s what the emitter leaves, on the same lines',
    (path) => {
      const text = readFileSync(path, 'utf8');
      const module = moduleOf(text);
      if (openSources(module.path).diagnostics.some(({ code }) => code === 'FL002')) return;
      const result = erased(module);
      if (result === undefined) {
        expect(text).toMatch(/\b(class|enum|default)\b/);
        return;
      }
      expect(statementsOf(result)).toEqual(statementsOf(emittedBy(text)));
      const lines = text.split('\n');
      result.split('\n').forEach((line, index) => {
        const [name] = /(?<=\b(const|function\*?) )\w+/.exec(line) ?? [];
        if (name !== undefined && index < lines.length) expect(lines[index]).toContain(name);
      });
    },
  );

  it.each([
    'const a = (x?: number, ...rest: readonly string[]): x is number => x !== undefined;',
    'function f<T extends { a: 1 }, U = T>(this_: T, { b = 1 as number }: { b?: number }): asserts this_ is T {}',
    'function over(a: string): void;\nfunction over(a: number): void;\nfunction over(a: unknown): void {}',
    'let late!: number; late = 1; const sure = late!, so = late as number; const no = <T,>(x: T) => x;',
    'const o = { m<T>(x: T): T { return x; }, get g(): number { return 1; }, set s(v: number) {}, *h(): Generator<1> {} };',
    'const made = new Map<string, readonly number[]>(), set = new Set<Array<number>>; const t = String.raw<[]>`a`;',
    'interface I { a: number }\ntype T = I["a"];\ndeclare const d: T;\ndeclare function e(): void;\nconst c = 1 satisfies T as T;',
    'for (const x of [1] as number[]) { if (x) { const y: number = x; } } try { } catch (e: unknown) { }',
    'const a: number = 1\ninterface I {}\n(function (): void {})()\nconst b = a < 2 ? a! : -a!;',
    'const f = function* <T>(x: T): Generator<T, void, unknown> { const y: T = yield x; label: while (true) break label; };',
    'const g = async (x: number): Promise<number> => (await x) as number;',
    'const big = { "quoted-key": 1 as const, [`computed`]: <const T,>(x: T) => x }; const { a: { b: renamed } = {} as any }: any = big;',
  ])('knows all places of types: %s', (text) => {
    const result = erased(moduleOf(text));
    expect(statementsOf(result!)).toEqual(statementsOf(emittedBy(text)));
  });

  it.each([
    ['a class', 'class A { constructor(readonly x: number) {} }'],
    ['an enum', 'enum E { a }'],
    ['a namespace', 'namespace N { export const a = 1; }'],
    ['a default export', 'export default 1;'],
    ['an assertion in brackets', 'const a = <number>1;'],
    ['a line that only TypeScript ends', 'let a = 1 as number\n;[1].map(String)'.replace(';[', '[')],
    ['an arrow on a line of its own', 'const f = (): {\n  a: number } => ({ a: 1 });'],
    ['a resource', 'using a = { [Symbol.dispose]() {} };'],
  ])('leaves %s to the emitter', (_, text) => {
    expect(erased(moduleOf(text))).toBeUndefined();
  });

  it.each([
    ['as it is written', ''],
    // The same by the emitter, which is asked when there is a class somewhere.
    ['by the emitter', 'class Unused {}\n'],
  ])('evaluates imports and exports %s', (_, more) => {
    const sources = sourcesOf({
      'main.ts': `${more}import { a as renamed, type T, f } from './names.ts';
import type { U } from './names.ts';
import * as all from './again.ts';
import { onlyType } from './types.ts';
export { renamed, f as g };
export * from './again.ts';
export * as space from './names.ts';
export const own: T = renamed + f(1), [first] = [own];
export type Both = U | onlyType;
export const keys = Object.keys(all).sort();
`,
      'names.ts': `${more}export const a = 1;\nexport type T = number;\nexport interface U { u: T }\nexport function f(x: T): T { return x + a; }\nconst hidden = 2;\nexport { hidden as b };\n`,
      'again.ts': `${more}export { a, b as c } from './names.ts';\nexport const own = 'not this one';\n`,
      'types.ts': `${more}export type onlyType = 1;\nthrow new Error('nobody asks for its values');\n`,
    });
    const loaded = load(sources);
    expect(loaded.diagnostics).toEqual([]);
    const { own, first, keys } = loaded.valuesOf(sources.modules[0]!);
    expect({ own, first, keys }).toEqual({ own: 3, first: 3, keys: ['a', 'c', 'own'] });
  });

  it('looks again at what is imported in a circle, or can be assigned', () => {
    const circle = sourcesOf({
      'one.ts': `import { two } from './two.ts';\nexport const one = () => 1;\nexport const sum = two() + 1;\n`,
      'two.ts': `import { one } from './one.ts';\nexport function two(): number { return typeof one === 'function' ? 2 : 0; }\n`,
    });
    expect(isSettled(circle.modules)).toBe(false);
    expect(load(circle).valuesOf(circle.modules[0]!)).toMatchObject({ sum: 3 });
    const counted = sourcesOf({
      'counted.ts': `import { count, next } from './count.ts';\nnext();\nexport const seen = count;\n`,
      'count.ts': `export let count = 0;\nexport function next(): void { count += 1; }\n`,
    });
    expect(isSettled(counted.modules)).toBe(false);
    expect(load(counted).valuesOf(counted.modules[0]!)).toMatchObject({ seen: 1 });
  });

  it.each([
    ['as it is written', ''],
    ['by the emitter', ' class Unused {}'],
  ])('knows where something was thrown %s', (_, more) => {
    const text = `const lock: number = 1;${more}\nconst a = [\n  lock as number, limit(lock),\n];\nfunction limit(x: number): number { throw new Error('too much'); }\n`;
    const sources = sourcesOf({ 'thrown.ts': text });
    const [diagnostic] = load(sources).diagnostics;
    expect(text.slice(diagnostic!.primary.span.start)).toMatch(/^new Error\('too much'\)/);
  });
});
