import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fairlead } from './checker/cli/command.ts';
import { WITH_SPIN } from './dsl/export/spin.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = readFileSync(join(root, 'docs/beyond-one-machine.md'), 'utf8');

/** The commands of the page, those that go over several lines as one, without comments. */
const commands = [...page.matchAll(/^```sh\n([^]*?)^```$/gm)]
  .flatMap(([, block]) => block!.replaceAll('\\\n', ' ').split('\n'))
  .map((line) => line.replace(/\s+#.*$/, '').trim())
  .filter((line) => line !== '');
const by = (...programs: readonly string[]): string[] =>
  commands.filter((one) => programs.includes(one.split(' ')[0]!));

const folder = mkdtempSync(join(tmpdir(), 'fairlead-beyond-'));

beforeAll(async () => {
  symlinkSync(join(root, 'specs'), join(folder, 'specs'));
  for (const line of by('fairlead')) {
    const { code, error } = await fairlead(line.split(/\s+/).slice(1), { cwd: folder });
    expect({ line, code, error }).toEqual({ line, code: 0, error: expect.not.stringContaining('error') });
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('the page about other machines', () => {
  it('has commands of every kind', () => {
    expect(commands.length).toBe(by('fairlead', 'java', 'apalache-mc', 'spin', 'gcc', './pan').length);
    expect(by('fairlead').length).toBe(2);
    expect(by('java').length).toBe(4);
    expect(by('apalache-mc').length).toBe(4);
    expect(by('spin', 'gcc', './pan').length).toBeGreaterThan(7);
  });

  it.each(by('java', 'apalache-mc'))('names modules, configurations and operators that are there: %s', (line) => {
    const files = [...line.matchAll(/\S*?(\w+\.(?:tla|cfg))\b/g)].map(([, name]) => join(folder, 'out', name!));
    const isServer = line.includes('tool.distributed') && !line.includes('TLCServer ');
    expect(files.length > 0 || isServer).toBe(true);
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
    const module = files.find((file) => file.endsWith('.tla'));
    for (const [, name] of line.matchAll(/--(?:inv|init)=(\w+)/g)) {
      // `Ind` is the reader's own.
      if (name !== 'Ind') expect(readFileSync(module!, 'utf8')).toMatch(new RegExp(`^${name} ==`, 'm'));
    }
  });

  it.skipIf(WITH_SPIN.includes('skipped'))(
    `has commands for SPIN that do what they say, ${WITH_SPIN}`,
    () => {
      for (const line of by('spin', 'gcc', './pan')) {
        // A table that continuous integration has room for, and as many searches as it has time for.
        const given = line.replace('-w33', '-w24').replace('-swarm8,16', '-swarm2,2');
        const { status, stdout, stderr } = spawnSync('sh', ['-c', given], { cwd: folder, encoding: 'utf8' });
        expect({ line, status, said: stdout + stderr }).toEqual({
          line,
          status: 0,
          said: expect.not.stringMatching(
            /syntax error|max search depth too small|out of memory|errors: [1-9]/,
          ) as string,
        });
      }
    },
    120_000,
  );
});
