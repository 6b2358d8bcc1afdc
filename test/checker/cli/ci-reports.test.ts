import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import Ajv from 'ajv';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { sequenceDiagram } from '../../../checker/report/sequence-diagram.ts';
import { fairlead, fairleadProcess, folderWith, LOCK } from './command.ts';

/** A lock of which one model is not as it says, and a file that is rejected. */
const WRONG = LOCK.replace('violates: [served]', 'distinct: 7');
const REJECTED = `import { spec, z } from 'fairlead';
export const clock = spec('clock', { state: () => ({ odd: z.boolean() }) });
export const tick = clock.action((s) => { s.odd = Date.now() > 0; });
export const model = clock.model({});`;
/** Names and comments with all that a format might read. */
const ODD = `import { spec, z, when } from 'fairlead';
/** ]]> <b> & "quotes" %0A ::error:: \`\`\` | */
export const odd = spec('a <b> & "c" ::d %0A | \`e\`', { state: () => ({ text: z.enum(['<&>"', 'x]]>y', '::error::%0A']) }) });
export const change = odd.action((s) => { when(s.text === '<&>"'); s.text = '::error::%0A'; });
export const stays = odd.invariant((s) => s.text !== '::error::%0A');
export const model = odd.model({}, { deadlocks: true });`;

async function run(files: Readonly<Record<string, string>>, ...args: string[]) {
  const cwd = folderWith(files);
  const ended = await fairlead(['check', ...args], { cwd });
  return { ...ended, cwd, read: (path: string) => readFileSync(join(cwd, path), 'utf8') };
}

const FILES = { 'specs/lock.ts': WRONG, 'specs/clock.ts': REJECTED, 'specs/odd.ts': ODD };

describe('--report', () => {
  it('writes a document for test services: a suite a model, a test a property', async () => {
    const { code, read } = await run(FILES, '--report', 'junit=out/junit.xml');
    expect(code).toBe(2);
    const text = read('out/junit.xml');
    expect(XMLValidator.validate(text)).toBe(true);
    const parser = new XMLParser({
      ignoreAttributes: false,
      attributeNamePrefix: '',
      isArray: (name) => /suite$|case$/.test(name),
    });
    const { testsuites } = parser.parse(text) as Parsed;
    const all = testsuites.testsuite.flatMap(({ testcase }) => testcase);
    expect(testsuites).toMatchObject({ tests: `${all.length}`, failures: '3', errors: '1' });
    const told = all
      .filter(({ failure, error }) => failure !== undefined || error !== undefined)
      .map(({ name, classname, failure, error }) => `${classname}: ${name}: ${(failure ?? error)!.message}`);
    expect(told).toEqual([
      'lock two: served: served is violated for t = t0: 4 steps, the last 3 of them forever',
      'lock two: distinct states: lock two: 8 distinct states, but the model says 7',
      'a <b> & "c" ::d %0A | `e` model: stays: stays is violated: 1 step',
      expect.stringContaining('specs/clock.ts: compiles: FL'),
    ]);
    expect(all.find(({ name }) => name === 'served')).toBeDefined();
    expect(all.find(({ failure }) => failure !== undefined)!.failure!['#text']).toContain('3│ take(t1)');
  });

  it('writes places and thread flows for services that review', async () => {
    const { read } = await run(FILES, '--report', 'sarif=out.sarif');
    const log = JSON.parse(read('out.sarif')) as Log;
    const require = createRequire(import.meta.url);
    const ajv = new Ajv({ schemaId: 'auto', validateSchema: false });
    ajv.addMetaSchema(require('ajv/lib/refs/json-schema-draft-04.json') as object);
    const isValid = ajv.compile(require('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json') as object);
    expect(isValid(log) ? [] : isValid.errors).toEqual([]);
    expect(isValid({ ...log, runs: [{}] })).toBe(false);
    const results = log.runs[0]!.results;
    expect(results.map(({ ruleId, level }) => `${ruleId} ${level}`)).toEqual([
      expect.stringMatching(/^FL\d+ error$/),
      'temporal-property error',
      'state-count error',
      'invariant error',
      'warning warning',
    ]);
    const served = results[1]!;
    const source = WRONG.split('\n');
    const textAt = ({ physicalLocation: { artifactLocation, region } }: Location): string => {
      expect(artifactLocation.uri).toBe('specs/lock.ts');
      return source[region.startLine - 1]!.slice(region.startColumn - 1, region.endColumn - 1);
    };
    // The property, the last step, the guard that is false, and the steps.
    expect(textAt(served.locations[0]!)).toBe('served');
    const [last, guard] = served.relatedLocations!;
    expect(last!.message.text).toBe('last step: 4  release  owner: t1 → null');
    expect(textAt(last!)).toBe('release');
    expect(textAt(guard!)).toBe('s.owner === null');
    const flow = served.codeFlows![0]!.threadFlows[0]!.locations.map(({ location }) => location);
    expect(flow.map(textAt)).toEqual(['ask', 'ask', 'take', 'release']);
    expect(served.relatedLocations!.map(({ id }) => id)).toEqual(served.relatedLocations!.map((_, index) => index));
  });

  it('writes several at once, beside what is printed', async () => {
    const { out, read } = await run(
      { 'specs/lock.ts': LOCK },
      '--report',
      'json=a.json',
      '--report',
      'text=b.txt',
      '-q',
    );
    expect(JSON.parse(read('a.json'))).toMatchObject({ format: 'fairlead-report', exitCode: 0 });
    expect(read('b.txt')).toContain('✓ 2 models of 1 spec, all as expected');
    expect(out).not.toContain('lock  specs/lock.ts');
  });

  it.each([
    [['--report', 'junit'], 'It has to be a format and a file'],
    [['--report', 'xml=a'], 'formats are text, json, junit, sarif, github'],
    [['--report', 'junit=specs'], 'specs cannot be written: it is a folder'],
  ])('refuses %s', async (args, message) => {
    const { code, error } = await run({ 'specs/lock.ts': LOCK }, ...args);
    expect({ code, error }).toEqual({ code: 2, error: expect.stringContaining(message) as string });
  });
});

describe('in GitHub Actions', () => {
  it('annotates places, and adds a table and charts to the summary of the job', async () => {
    const cwd = folderWith(FILES);
    const environment = {
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: join(cwd, '..'),
      GITHUB_STEP_SUMMARY: join(cwd, 's.md'),
    };
    writeFileSync(join(cwd, 's.md'), 'before\n');
    const { out, code } = await fairleadProcess(['check', 'specs/odd.ts', 'specs/lock.ts'], { cwd, environment });
    expect(code).toBe(1);
    const commands = out.split('\n').filter((line) => line.startsWith('::'));
    const root = cwd.split('/').at(-1)!;
    expect(commands.map((line) => line.slice(0, line.indexOf('::', 2)))).toEqual([
      `::error file=${root}/specs/odd.ts,line=5,endLine=5,col=14,endColumn=19,title=Fairlead%3A invariant`,
      `::warning file=${root}/specs/odd.ts,line=3,endLine=3,col=72,endColumn=76,title=Fairlead%3A warning`,
      `::error file=${root}/specs/lock.ts,line=33,endLine=33,col=14,endColumn=20,title=Fairlead%3A temporal-property`,
      expect.stringContaining('title=Fairlead%3A state-count'),
    ]);
    // A sign of the spec is no command.
    expect(commands[0]).toContain('a <b> & "c" ::d %250A | `e` model: stays is violated: 1 step%0A');
    const summary = readFileSync(join(cwd, 's.md'), 'utf8');
    expect(summary.startsWith('before\n### Fairlead\n')).toBe(true);
    expect(summary).toContain('| ❌ a &lt;b&gt; &amp; "c" ::d %0A \\| \\`e\\` model | 2 states |');
    expect(summary).toContain('loop for ever\n  Note over a1: 2 ask(t1)');
    expect(out).toContain('2 of 3 models of 2 specs are not as expected');
  });

  it('prints only annotations where only they are asked for', async () => {
    const { out } = await run({ 'specs/lock.ts': WRONG }, '--format', 'github');
    expect(out.split('\n').every((line) => line === '' || line.startsWith('::'))).toBe(true);
    expect(out).toContain('title=Fairlead%3A temporal-property::lock two: served is violated');
  });
});

describe('a part of the models', () => {
  it('is each in one part, and the parts are all', async () => {
    const files = { 'specs/lock.ts': LOCK, 'specs/odd.ts': ODD };
    const names = async (...args: string[]): Promise<string[]> => {
      const { out } = await run(files, '--format', 'json', '--set', 'threads=1..3', ...args);
      const report = JSON.parse(out) as { models: { model: string; parameters: object }[] };
      return report.models.map(({ model, parameters }) => model + JSON.stringify(parameters));
    };
    const parts = [];
    for (const number of [1, 2, 3]) parts.push(await names('--shard', `${number}/3`));
    expect(parts.every((part) => part.length >= 2)).toBe(true);
    expect(parts.flat().sort()).toEqual((await names()).sort());
  });

  it('may be empty', async () => {
    expect(await run({ 'specs/odd.ts': ODD }, '--shard', '2/2')).toMatchObject({ code: 0, error: '' });
  });

  it.each(['0/2', '3/2', '1', 'a/b', '1/0'])('is not %s', async (part) => {
    expect((await run({ 'specs/odd.ts': ODD }, '--shard', part)).code).toBe(2);
  });
});

describe('--bail', () => {
  const files = { 'specs/a.ts': ODD, 'specs/lock.ts': LOCK };

  it('begins no other model after one that is not as expected', async () => {
    const { code, out } = await run(files, '--bail');
    expect(out).toContain('? 2 models not checked');
    expect(out).not.toContain('lock  specs/lock.ts');
    expect(code).toBe(1);
  });

  it('or after so many', async () => {
    expect((await run(files, '--bail', '2')).out).not.toContain('not checked');
  });
});

describe('--baseline', () => {
  it('is written, and says which models have grown', async () => {
    const cwd = folderWith({ 'specs/lock.ts': LOCK });
    const check = (...args: string[]) => fairlead(['check', '--baseline', 'states.json', ...args], { cwd });
    expect((await check()).error).toContain('states.json cannot be read');
    expect((await check('--update-baseline')).code).toBe(0);
    const file = join(cwd, 'states.json');
    const states = JSON.parse(readFileSync(file, 'utf8')) as { models: Record<string, number> };
    expect(states.models).toEqual({ 'specs/lock.ts lock alone': 3, 'specs/lock.ts lock two': 8 });
    expect((await check()).out).not.toContain('baseline');
    writeFileSync(
      file,
      JSON.stringify({ ...states, models: { ...states.models, 'specs/lock.ts lock two': 6, gone: 1 } }),
    );
    const grown = 'specs/lock.ts lock two has 8 states, 33 % more than the 6 of the baseline';
    expect(await check()).toMatchObject({ code: 0, out: expect.stringContaining(grown) as string });
    expect((await check('--growth', '40')).out).not.toContain('baseline');
    expect((await check('--strict')).code).toBe(1);
    const json = JSON.parse((await check('--format', 'json')).out) as { grown: unknown };
    expect(json.grown).toEqual([{ model: 'specs/lock.ts lock two', before: 6, now: 8 }]);
    // What was not checked keeps its number.
    await check('--update-baseline', '--model', 'alone');
    expect((JSON.parse(readFileSync(file, 'utf8')) as typeof states).models).toMatchObject({
      gone: 1,
      'specs/lock.ts lock two': 6,
    });
  });

  it.each([
    '{',
    '[]',
    '{"format":"fairlead states","version":2,"models":{}}',
    '{"format":"fairlead states","version":1,"models":{"a":-1}}',
  ])('is not %s', async (text) => {
    const { code, error } = await run({ 'specs/lock.ts': LOCK, 'b.json': text }, '--baseline', 'b.json');
    expect({ code, error }).toEqual({ code: 2, error: expect.stringContaining('b.json is no baseline') as string });
  });
});

describe('the page about continuous integration', () => {
  const page = readFileSync(new URL('../../../docs/ci.md', import.meta.url), 'utf8');
  const files = Array.from(page.matchAll(/```yaml\n(.*?)```/gs), ([, text]) => parse(text!) as unknown);
  const commands = files.flatMap(commandsIn);

  it('has files for two services', () => {
    expect(files).toMatchObject([
      { jobs: { check: { steps: expect.any(Array) as unknown } } },
      { specs: { artifacts: { reports: { junit: 'fairlead.xml' } } } },
    ]);
    expect(commands).toHaveLength(2);
  });

  it.each(commands)('%s', async (command) => {
    const cwd = folderWith({ 'specs/lock.ts': LOCK });
    await fairlead(['check', '--baseline', 'states.json', '--update-baseline'], { cwd });
    const [npx, name, ...args] = command.replaceAll('${{ matrix.part }}', '2').split(' ');
    expect([npx, name]).toEqual(['npx', 'fairlead']);
    expect(await fairlead(args, { cwd })).toMatchObject({ code: 0, error: '' });
    expect(readFileSync(join(cwd, 'fairlead.xml'), 'utf8')).toContain('lock two');
  });
});

/** The lines of a workflow that run Fairlead. */
function commandsIn(part: unknown): readonly string[] {
  if (typeof part === 'string') return part.startsWith('npx fairlead') ? [part] : [];
  return typeof part === 'object' && part !== null ? Object.values(part).flatMap(commandsIn) : [];
}

describe('a chart of a trace', () => {
  it('is empty where there is nothing to draw, or too much', () => {
    expect(sequenceDiagram({ states: [{}], steps: [] })).toBe('');
  });
});

interface Parsed {
  readonly testsuites: { readonly testsuite: readonly { readonly testcase: readonly Case[] }[] };
}

interface Case {
  readonly name: string;
  readonly classname: string;
  readonly failure?: { readonly message: string; readonly '#text': string };
  readonly error?: { readonly message: string };
}

interface Location {
  readonly id?: number;
  readonly message: { readonly text: string };
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string };
    readonly region: { readonly startLine: number; readonly startColumn: number; readonly endColumn: number };
  };
}

interface Log {
  readonly runs: readonly {
    readonly results: readonly {
      readonly ruleId: string;
      readonly level: string;
      readonly locations: readonly Location[];
      readonly relatedLocations?: readonly Location[];
      readonly codeFlows?: readonly {
        readonly threadFlows: readonly { readonly locations: readonly { readonly location: Location }[] }[];
      }[];
    }[];
  }[];
}
