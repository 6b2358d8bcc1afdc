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

/** For `describe`: what is skipped says why. */
export const WITH_SPIN = isSpinHere() ? 'with SPIN' : 'with SPIN (skipped: there is no spin or no gcc here)';

/**
 * What makes verifiers: `tcc` where it is here, which takes a tenth of the time that `gcc` takes without optimizing. Most
 * verifiers run for a shorter time than it takes to make them, whoever makes them.
 */
const COMPILER = spawnSync('tcc', ['-v']).error === undefined ? ['tcc', '-w'] : ['gcc', '-w', '-O0'];

/** A verifier that was made of a model; it can be run several times. */
export interface Verifier {
  /** Runs it with these flags. */
  readonly run: (...flags: readonly string[]) => SpinRun;
}

/**
 * Makes SPIN's verifier of a model for real, in a folder of its own, which is gone when `use` returns.
 *
 * @param defines - macros for the model: `PROPERTIES`, `REACH`.
 * @param compile - flags of the C compiler.
 * @throws Error when spin, the compiler or the verifier does not do its work, or the search was not exhaustive.
 */
export function withVerifier<Result>(
  text: string,
  { defines = [], compile = [] }: { readonly defines?: readonly string[]; readonly compile?: readonly string[] },
  use: (verifier: Verifier) => Result,
): Result {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-spin-'));
  try {
    writeFileSync(join(folder, 'model.pml'), text);
    const spin = spawnSync('spin', ['-a', ...defines.map((one) => `-D${one}`), 'model.pml'], {
      cwd: folder,
      encoding: 'utf8',
    });
    if (spin.status !== 0 || /\bError\b|syntax error/.test(spin.stdout + spin.stderr)) {
      throw new Error(`spin: ${spin.stdout}${spin.stderr}`);
    }
    const [compiler, ...flags] = COMPILER;
    execFileSync(compiler!, [...flags, '-DNOREDUCE', ...compile, '-o', 'pan', 'pan.c'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const run = (...flags: readonly string[]): SpinRun => {
      const result = spawnSync('./pan', ['-m1000000', '-w18', ...flags], {
        cwd: folder,
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      });
      return readRun(result.stdout + result.stderr);
    };
    return use({ run });
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
