import manifest from '../../package.json' with { type: 'json' };
import type { Surroundings } from './check.ts';
import { readCommandLine } from './command-line.ts';
import type { ExitCode } from './exit-code.ts';
import { EXIT } from './exit-code.ts';
import { listenForInterrupts } from './interrupt.ts';
import { UsageProblem } from './problem.ts';
import { terminalOf } from './terminal.ts';

/**
 * The whole command in this process: its arguments, streams and signals.
 *
 * @param entry - see {@link Surroundings}.
 * @param cache - see {@link Surroundings}.
 */
export function main(args: readonly string[], entry: URL, cache: Surroundings['cache']): Promise<ExitCode> {
  endQuietlyOnClosedPipes();
  return runCommand(args, {
    entry,
    cache,
    terminal: terminalOf(process.stdout, process.stderr, process.env),
    interrupt: listenForInterrupts(),
    out: (text) => process.stdout.write(text),
    error: (text) => process.stderr.write(text),
  });
}

/** Reads the arguments, does what they ask, prints, and says with which code to exit. Never throws. */
export async function runCommand(args: readonly string[], around: Surroundings): Promise<ExitCode> {
  try {
    const request = readCommandLine(args);
    switch (request.kind) {
      case 'text':
        around.out(request.text);
        return EXIT.asExpected;
      case 'misused':
        around.error(`${request.message}\n`);
        return EXIT.rejected;
      // Each command loads what it needs, and `--help` none of it.
      case 'check':
        return await (await import('./check.ts')).runCheck(request.check, around);
      case 'compile':
        return await (await import('./compile.ts')).runCompile(request.compile, around);
      case 'replay':
        return await (await import('./replay.ts')).runReplay(request.replay, around);
      case 'graph':
        return await (await import('./graph.ts')).runGraph(request.graph, around);
      case 'docs':
        return await (await import('./docs.ts')).runDocs(request.docs, around);
      case 'explore':
        return await (await import('./explore.ts')).runExplore(request.explore, around);
    }
  } catch (error) {
    if (error instanceof UsageProblem) {
      around.error(`error: ${error.message}\n${error.help === undefined ? '' : `${error.help}\n`}`);
      return EXIT.rejected;
    }
    if (isStackOverflow(error)) {
      around.error(
        'error: what is to be read is nested too deeply\nname its parts by constants and functions of their own\n',
      );
      return EXIT.rejected;
    }
    around.error(wordBug(error));
    return EXIT.bug;
  }
}

/** Whoever reads our output may stop reading (`| head -1`), and a disk may be full: then the rest cannot be told. */
function endQuietlyOnClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(EXIT.stopped);
      if (stream === process.stdout) process.stderr.write(`error: the output cannot be written: ${error.message}\n`);
      process.exit(EXIT.rejected);
    });
  }
}

/** Parsers, and what goes through what they make, call themselves for what is within: as deep as the stack allows. */
function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.startsWith('Maximum call stack');
}

function wordBug(error: unknown): string {
  const detail = error instanceof Error ? (error.stack ?? error.message) : `thrown: ${typeof error}`;
  return [
    '',
    'This is a bug in Fairlead, not in your spec. Please report it, with the spec and the lines below.',
    `fairlead ${manifest.version}, node ${process.version}, ${process.platform} ${process.arch}`,
    detail,
    '',
  ].join('\n');
}
