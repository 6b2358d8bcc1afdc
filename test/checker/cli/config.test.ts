import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fairlead, folderWith, LOCK } from './command.ts';

interface Printed {
  readonly config: string | null;
  readonly paths: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly from: Readonly<Record<string, string>>;
}

/** The options in force in a folder with these files. */
async function inForce(files: Readonly<Record<string, string>>, args: readonly string[] = [], inside = '.') {
  const cwd = join(folderWith(files), inside);
  const { code, out, error } = await fairlead(['check', '--print-config', ...args], { cwd });
  expect([code, error]).toEqual([0, '']);
  return JSON.parse(out) as Printed;
}

const problemOf = async (files: Readonly<Record<string, string>>) => {
  const { code, error } = await fairlead(['check', '--print-config'], { cwd: folderWith(files) });
  expect(code).toBe(2);
  return error;
};

describe('options of a project', () => {
  it.each([
    ['package.json', JSON.stringify({ name: 'x', fairlead: { maxStates: 9, strict: true } })],
    ['fairlead.config.json', JSON.stringify({ maxStates: 9, strict: true })],
    ['fairlead.config.ts', 'const most: number = 9;\nexport default { maxStates: most, strict: true };'],
    ['fairlead.config.js', 'export default { maxStates: 9, strict: true };'],
  ])('stand in %s', async (name, text) => {
    const { config, options, from } = await inForce({ [name]: text });
    expect(config).toBe(name);
    expect(options).toMatchObject({ maxStates: 9, strict: true, engine: 'auto' });
    expect(from).toMatchObject({ maxStates: name, strict: name, engine: 'default' });
  });

  it('count less than the command line, which replaces them', async () => {
    const files = {
      'fairlead.config.json': '{ "maxStates": 9, "memory": "1g", "traces": "full", "paths": ["a", "b"] }',
    };
    const { options, from, paths } = await inForce(files, ['c', '--max-states', '7']);
    expect(options).toMatchObject({ maxStates: 7, memory: 2 ** 30, traces: 'full' });
    expect(from).toMatchObject({ maxStates: 'command line', memory: 'fairlead.config.json' });
    expect(paths).toEqual(['c']);
    expect((await inForce(files)).paths).toEqual(['a', 'b']);
  });

  it('are those of the nearest folder upward, and paths are seen from there', async () => {
    const files = {
      'fairlead.config.json': '{ "maxStates": 1 }',
      'a/package.json': '{ "fairlead": { "maxStates": 2, "paths": ["x"] } }',
      'a/b/package.json': '{}',
    };
    const { config, options, paths } = await inForce(files, [], 'a/b');
    expect([config, options['maxStates'], paths]).toEqual(['../package.json', 2, ['../x']]);
  });

  it('are what a check goes by', async () => {
    const cwd = folderWith({
      'mine/lock.ts': LOCK,
      'package.json': '{ "fairlead": { "paths": ["mine"], "maxStates": 2 } }',
    });
    const { code, out } = await fairlead(['check', '-q'], { cwd });
    expect(out).toContain('2 states');
    expect(code).toBe(3);
    expect((await fairlead(['check', '--max-states', '1000'], { cwd })).code).toBe(0);
    expect((await fairlead(['simulate', '--runs', '2'], { cwd })).code).toBe(0);
  });
});

describe('what a configuration may not say', () => {
  it.each([
    [
      'a name',
      '{\n  "maxStats": 3\n}',
      'fairlead.config.json:2: there is no option maxStats (did you mean maxStates?)',
    ],
    ['a type', '{\n\n  "strict": "yes"\n}', 'fairlead.config.json:3: strict is wrong: '],
    ['a size', '{ "memory": "much" }', 'fairlead.config.json:1: memory is wrong: It has to be a size'],
    ['a choice', '{ "engine": "fast" }', 'fairlead.config.json:1: engine is wrong: '],
    ['no JSON', '{ "engine" ', 'fairlead.config.json cannot be read: '],
    ['no object', '[]', 'fairlead.config.json: it is wrong: '],
  ])('%s', async (_, text, message) => {
    expect(await problemOf({ 'fairlead.config.json': text })).toContain(`error: ${message}`);
  });

  it('is said with its place in TypeScript and in package.json', async () => {
    expect(await problemOf({ 'fairlead.config.ts': 'export default {\n  wokers: 1,\n};' })).toContain(
      'error: fairlead.config.ts:2: there is no option wokers (did you mean workers?)',
    );
    expect(await problemOf({ 'fairlead.config.ts': 'export default {' })).toContain('error: fairlead.config.ts:1: ');
    expect(await problemOf({ 'fairlead.config.ts': 'throw new Error("mine")' })).toContain('cannot be read: mine');
    const manifest = '{\n  "time": "x",\n  "fairlead": {\n    "time": -1\n  }\n}';
    expect(await problemOf({ 'package.json': manifest })).toContain('error: package.json:4: time is wrong: ');
    expect(await problemOf({ 'package.json': '{ "fairlead": {} }', 'fairlead.config.json': '{}' })).toContain(
      'there are two configurations',
    );
  });

  it('does not keep other commands from what they do', async () => {
    const cwd = folderWith({ 'fairlead.config.json': '{ "x": 1 }' });
    expect((await fairlead(['explain', 'FL021'], { cwd })).code).toBe(0);
    expect((await fairlead(['--version'], { cwd })).code).toBe(0);
  });
});
