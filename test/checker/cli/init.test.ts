import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fairlead, folderWith } from './command.ts';

const textAt = (folder: string, path: string): string => readFileSync(join(folder, path), 'utf8');

describe('fairlead init', () => {
  it('needs a project', async () => {
    const { code, error } = await fairlead(['init'], { cwd: folderWith({}) });
    expect([code, error]).toEqual([2, 'error: there is no package.json here\nBegin with: npm init\n']);
    const broken = folderWith({ 'package.json': '{ "name": ' });
    expect((await fairlead(['init'], { cwd: broken })).error).toMatch(/^error: package.json cannot be read: /);
    expect(existsSync(join(broken, 'specs'))).toBe(false);
  });

  it('adds scripts, and leaves all else in package.json as it is', async () => {
    const before = '{\n\t"name": "x",\n\t"scripts": {\n\t\t"test": "true"\n\t},\n\t"private": true\n}\n';
    const folder = folderWith({ 'package.json': before });
    expect((await fairlead(['init'], { cwd: folder })).code).toBe(0);
    expect(textAt(folder, 'package.json')).toBe(
      before.replace('"true"\n', '"true",\n\t\t"check:specs": "fairlead check",\n\t\t"docs:specs": "fairlead docs"\n'),
    );
  });

  it('changes nothing that is there, and says what that is', async () => {
    const files = {
      'package.json': '{"scripts":{"check:specs":"mine","docs:specs":"fairlead docs"}}',
      'specs/mine.ts': '// mine',
      '.github/workflows/fairlead.yml': '# mine',
    };
    const folder = folderWith(files);
    const { code, out } = await fairlead(['init', '--ci'], { cwd: folder });
    expect(code).toBe(0);
    expect(out.split('\n')).toEqual([
      'left alone  specs/, which is there already: no specs/lock.ts',
      'left alone  specs/, which is there already: no specs/tsconfig.json',
      'left alone  .github/workflows/fairlead.yml, which is there already',
      'left alone  the script check:specs in package.json, which does something else',
      'left alone  the script docs:specs in package.json, which is there already',
      '',
    ]);
    for (const [path, text] of Object.entries(files)) expect(textAt(folder, path)).toBe(text);
    expect(existsSync(join(folder, 'specs/lock.ts'))).toBe(false);
  });

  it.each([
    ['package-lock.json', ['npm ci', 'npx fairlead check']],
    ['pnpm-lock.yaml', ['corepack enable', 'pnpm install --frozen-lockfile', 'pnpm exec fairlead check']],
    ['yarn.lock', ['corepack enable', 'yarn install --immutable', 'yarn fairlead check']],
  ])('writes a workflow where the repository begins, for the package manager of %s', async (lock, commands) => {
    const folder = folderWith({ [lock]: '', 'packages/a/package.json': '{}' });
    mkdirSync(join(folder, '.git'));
    await fairlead(['init', '--ci'], { cwd: join(folder, 'packages/a') });
    const workflow = textAt(folder, '.github/workflows/fairlead.yml');
    expect([...workflow.matchAll(/- run: (.*)/g)].map(([, command]) => command)).toEqual(commands);
    expect(workflow).toContain('working-directory: "packages/a"');
  });
});
