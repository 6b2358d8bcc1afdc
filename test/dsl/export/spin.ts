import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What SPIN's generated verifier said of a model. */
export interface SpinRun {
  readonly stored: number;
  /** Stored and matched: our transitions and the initial states. */
  readonly transitions: number;
  readonly errors: number;
  /** What the model itself reported, each once: names of properties, messages of failures. */
  readonly violated: readonly string[];
  /** The first error, as SPIN puts it: `invalid end state`, `acceptance cycle`, … */
  readonly firstError: string | undefined;
  readonly output: string;
}

/** Whether `spin` and `gcc` are here. In continuous integration they must be. */
export function isSpinHere(): boolean {
  const found = ['spin', 'gcc'].every((program) => spawnSync(program, ['--version']).error === undefined);
  if (!found && process.env['CI'] === 'true') throw new Error('spin and gcc are needed in continuous integration');
  return found;
}

export interface SpinOptions {
  /** Macros for the model: `PROPERTY_x`, `REACH`. */
  readonly defines?: readonly string[];
  /** Flags of the C compiler. */
  readonly compile?: readonly string[];
  /** Flags of the verifier. */
  readonly run?: readonly string[];
}

/**
 * Runs SPIN for real: generates the verifier, compiles and runs it, all in a folder of its own.
 *
 * @throws Error when any of the three does not do its work.
 */
export function runSpin(text: string, options: SpinOptions = {}): SpinRun {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-spin-'));
  try {
    writeFileSync(join(folder, 'model.pml'), text);
    const spin = spawnSync('spin', ['-a', ...(options.defines ?? []).map((one) => `-D${one}`), 'model.pml'], {
      cwd: folder,
      encoding: 'utf8',
    });
    if (spin.status !== 0 || /\bError\b|syntax error/.test(spin.stdout + spin.stderr)) {
      throw new Error(`spin: ${spin.stdout}${spin.stderr}`);
    }
    execFileSync('gcc', ['-w', '-O0', '-DNOREDUCE', ...(options.compile ?? ['-DSAFETY']), '-o', 'pan', 'pan.c'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const run = spawnSync('./pan', ['-m1000000', '-w18', ...(options.run ?? ['-c0'])], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    return readRun(run.stdout + run.stderr);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readRun(output: string): SpinRun {
  const number = (pattern: RegExp): number => {
    const found = pattern.exec(output);
    if (!found) throw new Error(`the verifier did not say ${pattern.source}:\n${output}`);
    return Number(found[1]);
  };
  if (/max search depth too small|out of memory|VECTORSZ/.test(output)) throw new Error(`not exhaustive:\n${output}`);
  return {
    stored: number(/^\s*(\d+) states, stored/m),
    transitions: number(/^\s*(\d+) transitions \(=/m),
    errors: number(/errors: (\d+)/),
    violated: [...output.matchAll(/^violated: (.*)$/gm)].map((match) => match[1]!),
    firstError: /^pan:1: (.*?)(?: \(at depth \d+\))?$/m.exec(output)?.[1],
    output,
  };
}
