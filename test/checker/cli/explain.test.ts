import { describe, expect, it } from 'vitest';
import { terminalOf } from '../../../checker/cli/terminal.ts';
import { visibleIn } from '../../../dsl/diagnostics/visible.ts';
import { fairlead, fairleadProcess, folderWith } from './command.ts';

describe('fairlead explain', () => {
  it.each(['FL021', 'fl021', '21', 'FL21'])('prints the page of %s', async (code) => {
    const { out, code: ended } = await fairlead(['explain', code]);
    expect(ended).toBe(0);
    expect(out).toMatch(/^FL021: a schema that describes no finite domain\n\n {4}import/);
    expect(out).toContain('How to mend it');
    expect(out).not.toContain('```');
  });

  it('lists all without a code', async () => {
    const lines = (await fairlead(['explain'])).out.trimEnd().split('\n');
    expect(lines).toContain('FL021  a schema that describes no finite domain');
    expect(lines.length).toBeGreaterThan(50);
  });

  it('names codes that are near one that there is not', async () => {
    const { code, error } = await fairlead(['explain', 'FL025']);
    expect(code).toBe(2);
    expect(error).toMatch(/^error: there is no diagnostic FL025\nNear it are:\n {2}FL022 .*\n {2}FL023 .*\n {2}FL024 /);
    expect((await fairlead(['explain', 'FL0O1'])).error).toContain('(did you mean FL001?)');
  });
});

describe('a diagnostic', () => {
  const files = {
    'a.ts': `import { spec, z } from 'fairlead';\nexport const a = spec('a', { state: () => ({ n: z.int() }) });\n`,
  };

  it('ends with the command that explains it', async () => {
    const { error } = await fairlead(['check', 'a.ts'], { cwd: folderWith(files) });
    expect(error.trimEnd()).toMatch(/ = help: .*\n +  ?= more: fairlead explain FL006$/);
  });

  it('has a link to its page where the terminal shows links', async () => {
    const environment = { FORCE_COLOR: '1', FORCE_HYPERLINK: '1' };
    const { error } = await fairleadProcess(['check', 'a.ts'], { cwd: folderWith(files), environment });
    expect(error).toMatch(
      /\u001b\]8;;file:\/\/\/\S+\/docs\/diagnostics\/FL006\.md\u001b\\fairlead explain FL006\u001b\]8;;\u001b\\/,
    );
  });
});

it.each([
  [{ TERM_PROGRAM: 'iTerm.app' }, true],
  [{ VTE_VERSION: '7200' }, true],
  [{ VTE_VERSION: '4000' }, false],
  [{ TERM: 'xterm-256color' }, false],
  [{ TERM_PROGRAM: 'vscode', NO_COLOR: '1' }, false],
  [{ TERM_PROGRAM: 'vscode', FORCE_HYPERLINK: '0' }, false],
])('with %j a terminal has links: %s', (environment, links) => {
  expect(terminalOf({ isTTY: true }, { isTTY: true }, environment).links).toBe(links);
  expect(terminalOf({ isTTY: true }, {}, environment).links).toBe(false);
});

it('no other link than ours reaches a terminal', () => {
  const link = (address: string) => `\u001b]8;;${address}\u001b\\`;
  const ours = `${link('file:///a/docs/diagnostics/FL001.md')}x${link('')}`;
  expect(visibleIn(ours)).toBe(ours);
  for (const other of ['https://a.example', 'file:///a/b.md', 'file://host/docs/diagnostics/FL001.md']) {
    expect(visibleIn(link(other))).not.toContain('\u001b');
  }
});
