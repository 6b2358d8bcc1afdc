import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { compile } from '../../../dsl/compiler/index.ts';

let folder = '';

/** Writes files, and compiles the one called `spec.ts`: the number of its states, or what is said about it. */
function statesOf(files: Readonly<Record<string, string>>, links: Readonly<Record<string, string>> = {}) {
  folder = mkdtempSync(join(tmpdir(), 'fairlead-imports-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  for (const [name, target] of Object.entries(links)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    symlinkSync(join(folder, target), join(folder, name));
  }
  const entry = files['app/spec.ts'] === undefined ? 'spec.ts' : 'app/spec.ts';
  const { specs, diagnostics, inputs } = compile(join(folder, entry));
  const model = specs[0]?.instantiate(undefined);
  const said = [...diagnostics, ...(model?.diagnostics ?? [])].filter(({ severity }) => severity === 'error');
  return {
    states: model?.system === undefined ? undefined : check(model.system).statistics.distinct,
    said: said.map(({ code, message }) => `${code} ${message}`),
    read: inputs.read.map(({ path }) => path.slice(folder.length + 1)).sort(),
  };
}

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const COUNTER = (imports: string, most: string, step = 's.n + 1') => `
import { spec, when, z } from 'fairlead';
${imports}
const m = spec('counter', { state: () => ({ n: z.int().min(0).max(9) }) });
export const up = m.action((s) => { when(s.n < ${most}); s.n = ${step}; });
`;

it('are evaluated first, wherever they stand', () => {
  const late = `${COUNTER('', '3')}\nexport const fair = m.fairness(strong(up));\nimport { strong } from 'fairlead';`;
  expect(statesOf({ 'spec.ts': late })).toMatchObject({ states: 4, said: [] });
  const withEnum = `${COUNTER('', 'Most.Two')}\nenum Most { Two = 2 }\nimport { one } from './one.ts';\nexport const of = one;`;
  expect(statesOf({ 'spec.ts': withEnum, 'one.ts': 'export const one = 1;' })).toMatchObject({ states: 3, said: [] });
});

it.each([
  ['JSON', `import data from './data.json';`, 'data.most', { 'data.json': '{ "most": 2 }' }],
  [
    'JSON, by an attribute',
    `import data from './data.json' with { type: 'json' };`,
    'data.most',
    { 'data.json': '{ "most": 2 }' },
  ],
  ['a list in JSON', `import data from './data.json';`, 'data.list[1]!', { 'data.json': '{ "list": [7, 2] }' }],
  ['JavaScript', `import { most } from './lib.js';`, 'most', { 'lib.js': 'export const most = 2;' }],
  ['JavaScript, all of it', `import * as lib from './lib.mjs';`, 'lib.most', { 'lib.mjs': 'export const most = 2;' }],
  ['CommonJS', `import lib from './lib.cjs';`, 'lib.most', { 'lib.cjs': 'module.exports = { most: 2 };' }],
  [
    'TypeScript under the name of its JavaScript',
    `import { most } from './lib.js';`,
    'most',
    { 'lib.ts': 'export const most: number = 2;' },
  ],
])('give constants from %s', (_, imports, most, files) => {
  const found = statesOf({ 'spec.ts': COUNTER(imports, most), ...files });
  expect(found).toMatchObject({ states: 3, said: [] });
  expect(found.read).toEqual(expect.arrayContaining(Object.keys(files)));
});

it('give functions from JavaScript, whose source can be read', () => {
  const found = statesOf({
    'spec.ts': COUNTER(`import { after } from './lib.js';`, '4', 'after(s.n)'),
    'lib.js': 'export const after = (n) => n + 2;',
  });
  expect(found).toMatchObject({ states: 3, said: [] });
});

it('find packages of a workspace, whose source is TypeScript', () => {
  const found = statesOf(
    {
      'app/spec.ts': COUNTER(
        `import { most } from 'limits';\nimport { step } from '@team/steps/one';`,
        'most',
        'step(s.n)',
      ),
      'packages/limits/package.json': '{ "name": "limits", "exports": "./src/index.ts" }',
      'packages/limits/src/index.ts': `export { most } from './most.js';`,
      'packages/limits/src/most.ts': 'export const most = 2;',
      'packages/steps/package.json':
        '{ "name": "@team/steps", "exports": { "./one": { "types": "./one.ts", "default": "./one.ts" } } }',
      'packages/steps/one.ts': 'export function step(n: number): number { return n + 1; }',
    },
    { 'node_modules/limits': 'packages/limits', 'node_modules/@team/steps': 'packages/steps' },
  );
  expect(found).toMatchObject({ states: 3, said: [] });
  expect(found.read).toEqual(
    expect.arrayContaining([
      'packages/limits/src/most.ts',
      'packages/steps/one.ts',
      'node_modules/limits/package.json',
    ]),
  );
});

it('go by the `paths` of a tsconfig, and of those that it extends', () => {
  const found = statesOf({
    'app/spec.ts': COUNTER(`import { most } from '#shared/most';`, 'most'),
    'app/tsconfig.json': '{ "extends": "../tsconfig.base.json", /* comment */ "compilerOptions": { "strict": true } }',
    'tsconfig.base.json': '{ "compilerOptions": { "paths": { "#shared/*": ["./lib/*.ts"] } } }',
    'lib/most.ts': 'export const most = 2;',
  });
  expect(found).toMatchObject({ states: 3, said: [] });
  expect(found.read).toEqual(expect.arrayContaining(['app/tsconfig.json', 'lib/most.ts', 'tsconfig.base.json']));
});

it.each([
  ['a file that is not there', `import data from './data.json';`, {}, 'FL004 cannot find the module `./data.json`'],
  ['JSON that is none', `import data from './data.json';`, { 'data.json': '{ most: 2 }' }, 'FL002 '],
  [
    'a function whose source is not at hand',
    `import { most } from './lib.cjs';`,
    { 'lib.cjs': 'exports.most = () => 2;' },
    'FL0',
  ],
])('say what is wrong with %s', (_, imports, files, said) => {
  const most = imports.includes('data') ? 'data.most' : 'most()';
  const found = statesOf({ 'spec.ts': COUNTER(imports, most), ...files });
  expect(found.states).toBeUndefined();
  expect(found.said[0]).toContain(said);
});

it('are looked for only where there is a spec', () => {
  folder = mkdtempSync(join(tmpdir(), 'fairlead-imports-'));
  const { specs, diagnostics } = compile(join(folder, 'spec.ts'));
  expect(specs).toEqual([]);
  expect(diagnostics.map(({ code, help }) => `${code} ${help}`)).toEqual([
    'FL001 check the path; specs are TypeScript files',
  ]);
});
