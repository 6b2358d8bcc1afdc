import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { builtCommand, fairlead, folderWith, LOCK } from './command.ts';

const folder = folderWith({ 'specs/lock.ts': LOCK, 'broken.ts': 'export const' });

/** What is offered for the last of some words. */
async function offered(...words: readonly string[]): Promise<readonly string[]> {
  const { code, out, error } = await fairlead(['complete', '--', ...words], { cwd: folder });
  expect([code, error]).toEqual([0, '']);
  return out.split('\n').filter((line) => line !== '');
}

describe('a command line is completed', () => {
  it.each([
    [['ch'], ['check']],
    [['ex'], ['explore', 'explain']],
    [['help', 'gr'], ['graph']],
    [['check', '--max'], ['--max-states']],
    [
      ['check', '--engine', ''],
      ['auto', 'webassembly', 'javascript', 'interpreted'],
    ],
    [
      ['check', 'specs/lock.ts', '--model', ''],
      ['alone', 'two'],
    ],
    [['check', '-m', 'a'], ['alone']],
    [
      ['check', '--model', 'two', 'specs/lock.ts', '-p', ''],
      ['deadlock', 'evaluation', 'apart', 'crowded', 'served'],
    ],
    [['check', 'specs', '--set', ''], ['threads=']],
    [
      ['check', '--fairness', ''],
      ['none', 'scheduler'],
    ],
    [
      ['explain', 'FL02'],
      ['FL020', 'FL021', 'FL022', 'FL023', 'FL024'],
    ],
    [['completion', 'z'], ['zsh']],
  ])('%j', async (words, expected) => expect(await offered(...words)).toEqual(expected));

  it.each([[['check', 'sp']], [['check', '--html', '']], [['check', 'broken.ts', '-m', '']], [['nothing', '']]])(
    'with files, or with nothing: %j',
    async (words) => expect(await offered(...words)).toEqual([]),
  );
});

it('bash completes by the script', () => {
  const script = `
    fairlead() { "${process.execPath}" "${builtCommand()}" "$@"; }
    source <(fairlead completion bash)
    COMP_WORDS=(fairlead check specs/lock.ts --model t) COMP_CWORD=4
    _fairlead fairlead t --model
    echo "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', script.replaceAll('\\$', '$')], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect([stdout, stderr]).toEqual(['two\n', '']);
});
