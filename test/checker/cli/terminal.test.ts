import { describe, expect, it } from 'vitest';
import { terminalOf } from '../../../checker/cli/terminal.ts';

const tty = { isTTY: true, columns: 88 };
const pipe = {};

describe('colours', () => {
  it.each<[string, object, NodeJS.ProcessEnv, boolean]>([
    ['on a terminal', tty, {}, true],
    ['into a pipe', pipe, {}, false],
    ['in a continuous integration', pipe, { CI: 'true', GITHUB_ACTIONS: 'true' }, false],
    ['with NO_COLOR', tty, { NO_COLOR: '1' }, false],
    ['with an empty NO_COLOR', tty, { NO_COLOR: '' }, true],
    ['with FORCE_COLOR', pipe, { FORCE_COLOR: '1' }, true],
    ['with FORCE_COLOR=0', tty, { FORCE_COLOR: '0' }, false],
    ['with both', tty, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
    ['on a dumb terminal', tty, { TERM: 'dumb' }, false],
  ])('%s', (_, stream, environment, colored) => {
    expect(terminalOf(stream, stream, environment).color).toEqual({ out: colored, error: colored });
  });
});

it('shows live progress only on a terminal that people watch', () => {
  expect(terminalOf(pipe, tty, {}).live).toBe(true);
  expect(terminalOf(tty, pipe, {}).live).toBe(false);
  expect(terminalOf(tty, tty, { CI: '1' }).live).toBe(false);
});

it('keeps lines readable however wide the terminal is', () => {
  expect([{ columns: 20 }, tty, { columns: 400 }, pipe].map((stream) => terminalOf(stream, stream, {}).width)).toEqual([
    60, 88, 140, 100,
  ]);
});
