import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { DEFAULT_SIMULATION } from '../simulation/options.ts';
import type { SimulationOptions } from '../simulation/options.ts';
import { FORMATS } from './check-request.ts';
import type { CheckRequest } from './check-request.ts';
import type { CompileRequest } from './compile.ts';
import type { DocsRequest } from './docs.ts';
import type { GraphRequest } from './graph.ts';
import type { ExploreRequest } from './explore.ts';
import type { ReplayRequest } from './replay.ts';

/** What the arguments ask for. */
type Request =
  | { readonly kind: 'check'; readonly check: CheckRequest }
  | { readonly kind: 'compile'; readonly compile: CompileRequest }
  | { readonly kind: 'replay'; readonly replay: ReplayRequest }
  | { readonly kind: 'docs'; readonly docs: DocsRequest }
  | { readonly kind: 'graph'; readonly graph: GraphRequest }
  | { readonly kind: 'explore'; readonly explore: ExploreRequest }
  /** Help or the version: printed on standard output. */
  | { readonly kind: 'text'; readonly text: string }
  /** Used wrongly: a message for standard error. */
  | { readonly kind: 'misused'; readonly message: string };

const ABOUT = `Fairlead checks protocols written in TypeScript: every state they can reach, every property they claim.`;

const EXAMPLES = `
Examples:
  fairlead check                              every model of every spec in specs/
  fairlead check specs/vmm-drv                … in one folder
  fairlead check lease.ts --model asShipped   one model, with its counterexamples in full
  fairlead check lease.ts --set rings=3       the same models with another value for a parameter
  fairlead check lease.ts --set rings=1..3    … with each of these values in turn
  fairlead check lease.ts --property writeLockEventuallyAcquired
  fairlead check lease.ts --html lease.html   a page to look at and step through
  fairlead check lease.ts --format json       for programs

A model says which properties it expects to be violated; everything else it expects to hold.
With --set its expectations no longer apply: then every property is expected to hold.

Exit codes:
   0  every property is as its model expects
   1  some property is not; with --strict also: there is a warning
   2  a spec was rejected, or the command was used wrongly
   3  stopped before an answer: a limit, Ctrl-C, lack of memory
  70  a bug in Fairlead
`;

const COMPILE_EXAMPLES = `
Examples:
  fairlead compile lease.ts --model asShipped --emit text      what the compiler understood
  fairlead compile lease.ts --model asShipped -o lease.ir.json
  fairlead check lease.ir.json                                 … checked without its source
`;

const REPLAY_EXAMPLES = `
Examples:
  fairlead check lease.ts --model asShipped --property writeLock --trace hang.itf.json
  fairlead replay hang.itf.json lease.ts
  fairlead replay report.json lease.ts --model asShipped --property writeLock

Exit codes: 0 the spec behaves so, 1 it does not, 2 the trace or the spec cannot be read.
`;

const SIMULATE_EXAMPLES = `
Examples:
  fairlead simulate specs/vmm-drv --set rings=4
  fairlead simulate lease.ts --model asShipped --runs 100000 --depth 500 --seed 7
  fairlead simulate lease.ts --scheduler uniform

What is found wrong is wrong; finding nothing proves nothing, and every verdict is bounded. The same seed makes the same
runs. Exit codes: 0 nothing is wrong that the model does not expect, 1 something is, 2 rejected, 3 interrupted.
`;

const GRAPH_EXAMPLES = `
Examples:
  fairlead graph lease.ts --model asShipped -o states.svg
  fairlead graph lease.ts --model asShipped --project writer,worker -o who-is-where.svg
  fairlead graph lease.ts --model asShipped --process worker --format mermaid

Exit codes: 0 drawn, 2 the spec was rejected or the command was used wrongly, 3 there is more than the limit allows.
`;

const DOCS_EXAMPLES = `
Examples:
  fairlead docs                        a page for each spec in specs/, in docs/specs
  fairlead docs specs/vmm-drv -o out   … for some specs, elsewhere
  fairlead docs --format html          only HTML: pages, and the style that they share
  fairlead docs --check                say which pages are not what would be written
  fairlead docs --open                 … and open the contents in a browser
  fairlead docs lease.ts --serve       pages at http://127.0.0.1:4747/ that follow the spec while it is edited

Every model is checked for it. Exit codes: 0 written, or up to date; 1 a page is stale, or a property is not as its
model expects (the page says so); 2 a spec was rejected; 3 stopped before an answer.
`;

const EXPLORE_EXAMPLES = `
Examples:
  fairlead explore specs/classic/peterson.ts                  peterson.html
  fairlead explore lease.ts --model asShipped -o lease.html

Exit codes: 0 the page is written, whatever the verdicts; 2 the spec was rejected.
`;

/** Reads the arguments (without `node` and the script). Never prints and never exits. */
export function readCommandLine(args: readonly string[]): Request {
  let text = '';
  let errors = '';
  let request: Request | undefined;
  const program = new Command('fairlead')
    .description(ABOUT)
    .version(manifest.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .configureOutput({ writeOut: (part) => (text += part), writeErr: (part) => (errors += part) })
    .exitOverride()
    .addHelpText('after', '\nStart with: fairlead check --help');

  program
    .command('check')
    .summary('check the models of some specs')
    .description('Checks every model of the given specs against what it expects.')
    .argument('[paths...]', 'files, and folders to be searched for specs (default: specs/)')
    .option('-m, --model <name>', 'check only the models of this name (repeatable)', collect)
    .option(
      '-s, --set <name=value>',
      'give a parameter this value in every model; 1..3: each in turn (repeatable)',
      collect,
    )
    .option('-p, --property <name>', 'judge only the properties of this name (repeatable)', collect)
    .option('--max-states <n>', 'stop after storing n states', positiveInteger)
    .option('--time <seconds>', 'stop the search of a model after this time', positiveNumber)
    .option(
      '--memory <size>',
      'use no more memory than this, such as 500m or 16g (default: most of what is free)',
      size,
    )
    .option('--compact', 'tell states apart by 64-bit fingerprints; what holds is then only very likely')
    .option('--workers <n>', 'threads that search large models (default: one for each processor)', positiveInteger)
    .addOption(
      new Option('--engine <engine>', 'how successors are computed; auto: webassembly, where the model allows it')
        .choices(['auto', 'webassembly', 'compiled', 'interpreted'])
        .default('auto'),
    )
    .addOption(new Option('--format <format>', 'what to print').choices(FORMATS).default('text'))
    .option(
      '--traces [full]',
      'show expected counterexamples and witnesses step by step too (otherwise only the counterexamples of up to two models); full: with all that they change, and all steps of long ones',
    )
    .option(
      '--verbose',
      'tell everything of every model (otherwise those of more than two that are as expected in a line)',
    )
    .option('--trace <file>', 'write each counterexample and witness in the Informal Trace Format')
    .option('--html <file>', 'write a page with everything that was found, to look at and step through in a browser')
    .option('--advise', 'say what fairness each temporal property needs; judges it several times over')
    .option(
      '--fairness <sets>',
      'judge under these fairness sets, with commas between, in place of what the spec says; none: without fairness',
      names,
    )
    .option(
      '--coverage',
      'say how often each action happened, how many states it was the first to find, and by which branches',
    )
    .option('--all', 'tell of each violated invariant all the ways in which it is, and in how many states')
    .option('--strict', 'fail when there is a warning')
    .option('-q, --quiet', 'print only what is not as expected, and no progress')
    .addHelpText('after', EXAMPLES)
    .exitOverride()
    .action((paths: string[], options: CheckFlags) => {
      request = { kind: 'check', check: toRequest(paths, options) };
    });

  program
    .command('compile')
    .summary('write a model in another form')
    .description('Compiles one model of a spec and writes it in another form, on standard output or to a file.')
    .argument('<path>', 'the spec')
    .addOption(
      new Option(
        '--emit <form>',
        'ir: the transition system as JSON; text: for people to read; promela: for SPIN; tla: for TLC; wat: the code that a check runs; dot: the states, drawn',
      )
        .choices(['ir', 'text', 'promela', 'tla', 'wat', 'dot'])
        .default('ir'),
    )
    .option('-m, --model <name>', 'which model (needed when there are several)')
    .option('-s, --set <name=value>', 'give a parameter this value (repeatable)', collect)
    .option('-o, --output <path>', 'write to this file; for tla: a module and a .cfg of each model into this folder')
    .addHelpText('after', COMPILE_EXAMPLES)
    .exitOverride()
    .action(
      (path: string, options: Omit<CompileRequest, 'path' | 'settings'> & { readonly set?: readonly string[] }) => {
        const { emit, model, output, set } = options;
        request = { kind: 'compile', compile: { path, emit, model, output, settings: set ?? [] } };
      },
    );

  program
    .command('replay')
    .summary('run a trace again')
    .description('Runs traces that `check` wrote against a spec as it is now, step by step, and shows them.')
    .argument('<trace>', 'a file in the Informal Trace Format, or a report of --format json')
    .argument('<path>', 'the spec')
    .option('-m, --model <name>', 'which model (default: the one that the trace names)')
    .option('-p, --property <name>', 'of a report: only the traces that tell of this property')
    .option('-s, --set <name=value>', 'give a parameter this value (repeatable)', collect)
    .addHelpText('after', REPLAY_EXAMPLES)
    .exitOverride()
    .action((trace: string, path: string, { model, property, set }: ReplayFlags) => {
      request = { kind: 'replay', replay: { trace, path, model, property, settings: set ?? [] } };
    });

  program
    .command('simulate')
    .summary('make random runs of models that are too large')
    .description(
      'Makes random runs of every model of the given specs and judges each property by the states they come to.',
    )
    .argument('[paths...]', 'files, and folders to be searched for specs (default: specs/)')
    .option('-m, --model <name>', 'only the models of this name (repeatable)', collect)
    .option('-s, --set <name=value>', 'give a parameter this value in every model (repeatable)', collect)
    .option('-p, --property <name>', 'judge only the properties of this name (repeatable)', collect)
    .option('--runs <n>', 'runs to make', positiveInteger, DEFAULT_SIMULATION.runs)
    .option('--depth <n>', 'steps of a run at most', positiveInteger, DEFAULT_SIMULATION.depth)
    .option('--seed <n>', 'which runs; the same seed makes the same ones', seedNumber, DEFAULT_SIMULATION.seed)
    .addOption(
      new Option('--scheduler <scheduler>', 'who takes the next step; pct: by priorities that change at random')
        .choices(['pct', 'uniform'])
        .default(DEFAULT_SIMULATION.scheduler),
    )
    .option('--max-states <n>', 'begin no run when n states have been visited', positiveInteger)
    .addOption(new Option('--format <format>', 'what to print').choices(FORMATS).default('text'))
    .option(
      '--traces [full]',
      'show expected counterexamples and witnesses step by step too; full: leaving nothing out',
    )
    .option('--trace <file>', 'write each counterexample and witness in the Informal Trace Format')
    .option('-q, --quiet', 'print only what is not as expected, and no progress')
    .addHelpText('after', SIMULATE_EXAMPLES)
    .exitOverride()
    .action((paths: string[], { runs, depth, seed, scheduler, ...flags }: SimulateFlags) => {
      const check = toRequest(paths, { ...flags, engine: 'auto' });
      request = { kind: 'check', check: { ...check, simulation: { runs, depth, seed, scheduler } } };
    });

  program
    .command('graph')
    .summary('draw states, or a process')
    .description('Draws the states of a model and the steps between them, or the control flow of one of its processes.')
    .argument('<path>', 'the spec')
    .option('-m, --model <name>', 'which model (needed when there are several)')
    .option('-s, --set <name=value>', 'give a parameter this value (repeatable)', collect)
    .option('--process <name>', 'draw the control flow of this process instead of the states')
    .option(
      '--project <variables>',
      'merge states that agree on these variables: a,b; a process stands for where it is',
    )
    .option('--limit <n>', 'draw no more nodes than this', positiveInteger, MOST_DRAWN)
    .addOption(
      new Option('--format <format>', 'default: what the name of the output says, else svg').choices([
        'svg',
        'dot',
        'mermaid',
      ]),
    )
    .option('-o, --output <file>', 'write to this file')
    .addHelpText('after', GRAPH_EXAMPLES)
    .exitOverride()
    .action((path: string, { set, project, ...options }: GraphFlags) => {
      const variables = project?.split(',').map((name) => name.trim()) ?? [];
      request = { kind: 'graph', graph: { path, settings: set ?? [], project: variables, ...options } };
    });

  program
    .command('docs')
    .summary('write pages about specs')
    .description(
      'Checks every model of the given specs and writes a page for each spec, as Markdown and as HTML: what it models, what holds and what does not, each counterexample, every step of every process.',
    )
    .argument('[paths...]', 'files, and folders to be searched for specs (default: specs/)')
    .option('-o, --output <folder>', 'where the pages are', DOCS_FOLDER)
    .addOption(
      new Option('--format <format>', 'markdown: for GitHub and editors; html: for browsers')
        .choices(['markdown', 'html', 'both'])
        .default('both'),
    )
    .option('--check', 'write nothing, but say which pages are stale; HTML may be left out of what is kept')
    .addOption(new Option('--open', 'open the contents in a browser').conflicts('check'))
    .addOption(
      new Option(
        '--serve [port]',
        `write nothing, but serve HTML to this machine (port ${DOCS_PORT}, or the one that is given), and follow the specs as they change`,
      ).conflicts('check'),
    )
    .option('--max-states <n>', 'store n states of a model at most; what is cut is called bounded', positiveInteger)
    .option('-q, --quiet', 'print only what is wrong, and no progress')
    .addHelpText('after', DOCS_EXAMPLES)
    .exitOverride()
    .action((paths: string[], options: DocsFlags, command: Command) => {
      const { output, format, check, maxStates, quiet } = options;
      if (format === 'markdown' && (options.open ?? options.serve) !== undefined) {
        command.error("error: a browser shows HTML: leave out '--format markdown'");
      }
      const { serve, given } = servedAt(options.serve, paths);
      if (serve !== undefined && !(0 <= serve && serve <= MOST_PORT)) {
        command.error(`error: ${serve} is no port: it has to be a number from 0 to ${MOST_PORT}`);
      }
      const flags = { check: check ?? false, open: options.open ?? false, quiet: quiet ?? false };
      request = { kind: 'docs', docs: { paths: given, output, format, serve, maxStates, ...flags } };
    });

  program
    .command('explore')
    .summary('write a page to step through a spec')
    .description(
      'Writes one HTML file that holds the models of a spec: it lists what can happen in any state, takes it, says what holds and why the rest is not possible. It works without a network.',
    )
    .argument('<path>', 'the spec')
    .option('-m, --model <name>', 'only the models of this name (repeatable)', collect)
    .option('-s, --set <name=value>', 'give a parameter this value (repeatable)', collect)
    .addOption(
      new Option('--max-states <n>', 'search so many states of each model for behaviors to show')
        .argParser(positiveInteger)
        .default(100_000),
    )
    .option('-o, --output <file>', 'where to write it (default: the name of the spec, in this folder)')
    .addHelpText('after', EXPLORE_EXAMPLES)
    .exitOverride()
    .action((path: string, { model, set, maxStates, output }: ExploreFlags) => {
      request = { kind: 'explore', explore: { path, models: model ?? [], settings: set ?? [], maxStates, output } };
    });

  // Read before anything else is loaded, in launch.ts; here it only has to be known.
  for (const command of program.commands) {
    command.option('--no-cache', 'neither use nor keep what earlier runs found out');
  }

  try {
    program.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'text', text };
    // Without a command commander prints the help where errors go.
    return { kind: 'misused', message: errors.trimEnd() };
  }
  return request ?? { kind: 'misused', message: errors.trimEnd() };
}

type SimulateFlags = Omit<CheckFlags, 'engine'> & SimulationOptions;

/** Dagre needs about a second for so many nodes, and an eye much longer. */
const MOST_DRAWN = 300;

type GraphFlags = Omit<GraphRequest, 'path' | 'settings' | 'project'> & {
  readonly set?: readonly string[];
  readonly project?: string;
};

const DOCS_FOLDER = 'docs/specs';

interface DocsFlags {
  readonly output: string;
  readonly format: DocsRequest['format'];
  readonly check?: true;
  readonly open?: true;
  readonly serve?: true | string;
  readonly maxStates?: number;
  readonly quiet?: true;
}

/** Where pages are served; a path that stands behind `--serve` is no port. */
function servedAt(
  serve: DocsFlags['serve'],
  paths: readonly string[],
): { readonly serve: number | undefined; readonly given: readonly string[] } {
  if (serve === undefined) return { serve, given: paths };
  if (serve === true) return { serve: DOCS_PORT, given: paths };
  if (!/^-?\d+$/.test(serve)) return { serve: DOCS_PORT, given: [serve, ...paths] };
  return { serve: Number(serve), given: paths };
}

const DOCS_PORT = 4747;
const MOST_PORT = 65_535;

interface ExploreFlags {
  readonly model?: readonly string[];
  readonly set?: readonly string[];
  readonly maxStates: number;
  readonly output?: string;
}

interface ReplayFlags {
  readonly model?: string;
  readonly property?: string;
  readonly set?: readonly string[];
}

interface CheckFlags {
  readonly model?: readonly string[];
  readonly set?: readonly string[];
  readonly property?: readonly string[];
  readonly maxStates?: number;
  readonly time?: number;
  readonly memory?: number;
  readonly workers?: number;
  readonly compact?: true;
  readonly engine: CheckRequest['engine'];
  readonly format: CheckRequest['format'];
  /** A path that stands after it is none of its values. */
  readonly traces?: true | string;
  readonly verbose?: true;
  readonly trace?: string;
  readonly html?: string;
  readonly advise?: true;
  readonly fairness?: readonly string[];
  readonly coverage?: true;
  readonly all?: true;
  readonly strict?: true;
  readonly quiet?: true;
}

function toRequest(paths: readonly string[], flags: CheckFlags): CheckRequest {
  const { traces } = flags;
  return {
    paths: typeof traces === 'string' && traces !== 'full' ? [traces, ...paths] : paths,
    models: flags.model ?? [],
    settings: flags.set ?? [],
    properties: flags.property ?? [],
    maxStates: flags.maxStates,
    maxTime: flags.time,
    memory: flags.memory,
    workers: flags.workers,
    compact: flags.compact ?? false,
    engine: flags.engine,
    format: flags.format,
    traces: traces === 'full' ? 'full' : traces !== undefined,
    verbose: flags.verbose ?? false,
    traceFile: flags.trace,
    htmlFile: flags.html,
    advise: flags.advise ?? false,
    fairness: flags.fairness,
    coverage: flags.coverage ?? false,
    allWays: flags.all ?? false,
    strict: flags.strict ?? false,
    quiet: flags.quiet ?? false,
  };
}

/** Gathers a repeatable option; no default, which the help would show. */
function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** A list with commas, also repeated. */
function names(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), ...text.split(',').map((name) => name.trim())];
}

function seedNumber(text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(value < 2 ** 32)) throw new InvalidArgumentError('It has to be a whole number from 0 to 4294967295.');
  return value;
}

/** Also `1e6` and `1_000_000`. */
function positiveInteger(text: string): number {
  const value = /^\d[\d_]*(e\d+)?$/i.test(text) ? Number(text.replaceAll('_', '')) : NaN;
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('It has to be a number from 1 up.');
  return value;
}

/** Bytes: `500m`, `16g`, `1.5 GiB`; powers of 1024. */
function size(text: string): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([kmgt])(?:i?b)?\s*$/i.exec(text);
  const bytes = match === null ? NaN : Number(match[1]) * 1024 ** ('kmgt'.indexOf(match[2]!.toLowerCase()) + 1);
  if (!(1 <= bytes)) throw new InvalidArgumentError('It has to be a size, such as 500m or 16g.');
  return Math.round(bytes);
}

function positiveNumber(text: string): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (!(value > 0 && value < Infinity)) throw new InvalidArgumentError('It has to be a number above 0.');
  return value;
}
