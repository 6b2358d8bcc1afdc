import { describe, expect, it } from 'vitest';
import { readCommandLine } from '../../../checker/cli/command-line.ts';

function misused(...args: string[]): string {
  const request = readCommandLine(args);
  return request.kind === 'misused' ? request.message : `${request.kind}, not misused`;
}

function asked(...args: string[]): unknown {
  const request = readCommandLine(args);
  if (request.kind !== 'command') return request;
  const given = request.asked.request as { readonly request?: unknown };
  // `check` also says whether it goes on at every save.
  return { name: request.asked.name, request: given.request ?? given };
}

describe('fairlead check', () => {
  it('without anything asks for everything in the default folder', () => {
    expect(asked('check')).toEqual({
      name: 'check',
      request: {
        paths: [],
        models: [],
        settings: [],
        properties: [],
        maxStates: undefined,
        maxTime: undefined,
        memory: undefined,
        workers: undefined,
        compact: false,
        reduction: 'auto',
        engine: 'auto',
        format: 'text',
        reports: [],
        shard: undefined,
        bail: undefined,
        baseline: undefined,
        traces: false,
        verbose: false,
        traceFile: undefined,
        advise: false,
        fairness: undefined,
        coverage: false,
        allWays: false,
        strict: false,
        quiet: false,
      },
    });
  });

  it('takes files, names and limits in any order', () => {
    const args =
      'check a.ts --model m b --set x=1 -s y=2 -p safe -m n --max-states 1e6 --time 2.5 --memory 1.5g --workers 3 --format json --traces -q';
    expect(asked(...args.split(' '))).toMatchObject({
      request: {
        paths: ['a.ts', 'b'],
        models: ['m', 'n'],
        settings: ['x=1', 'y=2'],
        properties: ['safe'],
        maxStates: 1_000_000,
        maxTime: 2.5,
        memory: 1.5 * 2 ** 30,
        workers: 3,
        format: 'json',
        traces: true,
        traceFile: undefined,
        quiet: true,
      },
    });
  });
});

describe('misuse', () => {
  it.each([
    [['check', '--modle', 'm'], "error: unknown option '--modle'\n(Did you mean --model?)"],
    [['chekc'], "error: unknown command 'chekc'\n(Did you mean check?)"],
    [
      ['check', '--max-states', '-3'],
      "error: option '--max-states <n>' argument '-3' is invalid. It has to be a number from 1 up.",
    ],
    [
      ['check', '--max-states', '1.5'],
      "error: option '--max-states <n>' argument '1.5' is invalid. It has to be a number from 1 up.",
    ],
    [
      ['check', '--time', 'soon'],
      "error: option '--time <seconds>' argument 'soon' is invalid. It has to be a number above 0.",
    ],
    [
      ['check', '--format', 'xml'],
      "error: option '--format <format>' argument 'xml' is invalid. Allowed choices are text, json, junit, sarif, github.",
    ],
    [['check', '--model'], "error: option '-m, --model <name>' argument missing"],
  ])('%s is told in one message', (args, message) => expect(misused(...args)).toBe(message));

  it('of no command at all shows what there is', () => {
    expect(misused()).toContain('Usage: fairlead [options] [command]');
  });
});

describe('help', () => {
  it.each([[['--help']], [['help']]])('%s shows the commands', (args) => {
    const request = readCommandLine(args);
    expect(request.kind === 'text' && request.text).toContain('check [options] [paths...]');
  });

  it.each([[['check', '--help']], [['help', 'check']]])('%s has examples and exit codes', (args) => {
    const request = readCommandLine(args);
    const text = request.kind === 'text' ? request.text : '';
    expect(text).toContain('fairlead check lease.ts --set rings=3');
    expect(text).toContain(' 70  a bug in Fairlead');
  });

  it('goes with the version', () => {
    const request = readCommandLine(['--version']);
    expect(request.kind === 'text' && request.text).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
