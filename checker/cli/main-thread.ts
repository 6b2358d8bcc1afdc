import { isatty } from 'node:tty';
import { PutOff } from '../../dsl/compiler/evaluation.ts';
import { isStackOverflow } from '../../dsl/diagnostics/stack-overflow.ts';
import { visible, visibleIn } from '../../dsl/diagnostics/visible.ts';
import { readCommandLine } from './command-line.ts';
import { findConfigFile } from './config-file.ts';
import type { ExitCode } from './exit-code.ts';
import { EXIT } from './exit-code.ts';
import { tellFailure, tellStray } from './failure.ts';
import { interruptOfProcess } from './interrupt.ts';
import type { Host } from './host.ts';
import { keyboardOf } from './keyboard.ts';
import { terminalOf } from './terminal.ts';

/** Seconds that evaluating a spec may take before it goes on in a thread, so that signals are heard. */
const PATIENCE = 1;

/**
 * The whole command in this process: its arguments, streams and signals.
 *
 * @param entry - see {@link Host}.
 * @param cache - see {@link Host}.
 */
export async function main(args: readonly string[], entry: URL, cache: Host['cache']): Promise<ExitCode> {
  const out = ownStandardOutput();
  endQuietlyOnClosedPipes(out);
  const host: Host = {
    entry,
    cache,
    terminal: terminalOf(out, process.stderr, process.env),
    interrupt: interruptOfProcess(),
    gitHub: gitHubJob(process.env),
    evaluation: { patience: PATIENCE },
    ...consoleOf(out, process.env),
    out: (text) => out.write(text),
    error: (text) => process.stderr.write(text),
    progress: (text) => process.stderr.write(text),
  };
  process.on('uncaughtException', (error) => process.exit(tellStray(error, host)));
  const code = await runCommand(args, host);
  endWhateverIsLeft(out);
  return code;
}

/** What only somebody at a terminal has. */
function consoleOf(out: NodeJS.WriteStream, environment: NodeJS.ProcessEnv): Pick<Host, 'keyboard' | 'clear'> {
  const { live } = terminalOf(out, process.stderr, environment);
  if (!live) return {};
  return {
    ...(isatty(0) && { keyboard: () => keyboardOf(process.stdin) }),
    ...(out.isTTY && { clear: () => void out.write('\u001b[2J\u001b[3J\u001b[H') }),
  };
}

/** @see https://docs.github.com/actions/reference/workflows-and-actions/variables */
function gitHubJob(environment: NodeJS.ProcessEnv): Host['gitHub'] {
  if (environment['GITHUB_ACTIONS'] !== 'true') return undefined;
  return { workspace: environment['GITHUB_WORKSPACE'], summary: environment['GITHUB_STEP_SUMMARY'] };
}

/**
 * Standard output, which from now on is ours alone: a program may read it. What a spec prints when it is evaluated, by
 * `console.log` or into `process.stdout`, in this thread or another, goes to standard error.
 */
function ownStandardOutput(): NodeJS.WriteStream {
  const { stdout } = process;
  Object.defineProperty(process, 'stdout', { get: () => process.stderr, configurable: true, enumerable: true });
  return stdout;
}

/** A spec may have started what never ends, such as a timer; whoever reads our output may be slow. */
function endWhateverIsLeft(out: NodeJS.WriteStream): void {
  const end = (): void => {
    const isWritten = out.writableLength + process.stderr.writableLength === 0;
    if (isWritten) process.exit();
    setTimeout(end, LAST_WORDS).unref();
  };
  setTimeout(end, LAST_WORDS).unref();
}

/** Milliseconds in which a process with nothing left to do ends by itself. */
const LAST_WORDS = 100;

/** Reads the arguments, does what they ask, prints, and says with which code to exit. Never throws. */
export async function runCommand(args: readonly string[], host: Host): Promise<ExitCode> {
  const printed = { out: 0, error: 0 };
  const printing: Host = {
    ...host,
    out(text) {
      printed.out += 1;
      host.out(asText(text, host.terminal.color.out));
    },
    error(text) {
      printed.error += 1;
      host.error(asText(text, host.terminal.color.error));
    },
  };
  try {
    return await perform(args, printing);
  } catch (error) {
    // Loaded here, because nearly all commands end without it.
    if (!isForThread(error) || host.evaluation.patience === undefined) return tellFailure(error, host);
    const { runInThread } = await import('./command-thread.ts');
    return runInThread(args, host, printed).catch((failure: unknown) => tellFailure(failure, host));
  }
}

/** Names, values and paths are others' words: nothing in them is to be obeyed by a terminal. */
function asText(text: string, isPainted: boolean): string {
  return isPainted ? visibleIn(text) : visible(text);
}

/** Whether a command that threw this may do better in a thread that can wait, with a larger stack. */
function isForThread(error: unknown): boolean {
  return isStackOverflow(error) || error instanceof PutOff;
}

async function perform(args: readonly string[], host: Host): Promise<ExitCode> {
  const request = await readWithConfig(args);
  switch (request.kind) {
    case 'text':
      host.out(request.text);
      return EXIT.asExpected;
    case 'complete': {
      const { completionsOf } = await import('./completion.ts');
      for (const one of await completionsOf(request.words, request.program, host)) host.out(`${one}\n`);
      return EXIT.asExpected;
    }
    case 'misused':
      host.error(`${request.message}\n`);
      return EXIT.rejected;
    case 'command':
      return request.asked.run(host);
  }
}

/** The arguments, with what the project says where they do not. */
async function readWithConfig(args: readonly string[]): Promise<ReturnType<typeof readCommandLine>> {
  const request = readCommandLine(args);
  if (request.kind !== 'command' || !request.asked.isConfigurable) return request;
  const file = findConfigFile(process.cwd());
  if (file === undefined) return request;
  const { readConfig } = await import('./config.ts');
  return readCommandLine(args, readConfig(file));
}

/** Whoever reads our output may stop reading (`| head -1`), and a disk may be full: then the rest cannot be told. */
function endQuietlyOnClosedPipes(out: NodeJS.WriteStream): void {
  for (const stream of [out, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(EXIT.stopped);
      if (stream === out) process.stderr.write(`error: the output cannot be written: ${error.message}\n`);
      process.exit(EXIT.rejected);
    });
  }
}
