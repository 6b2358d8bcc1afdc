import { expect, it } from 'vitest';
import { isIgnored } from '../../../checker/verdict/ignored.ts';
import type { Warning } from '../../../checker/verdict/verdict.ts';

function ignores(text: string, kind: Warning['kind'] = 'actionNeverEnabled'): boolean {
  const start = text.indexOf('HERE');
  return isIgnored({ kind, span: { file: 0, start, end: start + 4 } }, [{ path: 'a.ts', text }]);
}

it.each([
  ['at the end of the line', 'HERE(); // fairlead-ignore'],
  ['above the line', 'x();\n  // fairlead-ignore: it is about the others\n  HERE();'],
  [
    'in the TSDoc above the line',
    '/**\n * What it does.\n * fairlead-ignore actionNeverEnabled\n */\nconst a = HERE();',
  ],
  ['among the kinds that a comment names', '// fairlead-ignore branchNeverTaken, actionNeverEnabled\nHERE();'],
])('ignores a warning when a comment %s says so', (_, text) => expect(ignores(text)).toBe(true));

it.each([
  ['without a comment', 'x();\nHERE();'],
  ['when the comment names other kinds', '// fairlead-ignore branchNeverTaken\nHERE();'],
  ['when the comment is about the line before', 'x(); // fairlead-ignore\nHERE();'],
  ['when there is something between', '// fairlead-ignore\n\nHERE();'],
  ['when a text that is no comment says so', 'HERE("fairlead-ignore");'],
])('keeps a warning %s', (_, text) => expect(ignores(text)).toBe(false));
