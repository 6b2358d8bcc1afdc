import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { compileFunction } from 'node:vm';
import * as z from 'zod';
import { wordThrown } from '../../dsl/diagnostics/thrown.ts';
import { suggest } from '../../dsl/diagnostics/suggest.ts';
import { wholeTypeScript } from '../../dsl/compiler/typescript.ts';
import type { Config } from './applied-config.ts';
import { FORMATS } from './check-request.ts';
import { size } from './commands/option-values.ts';
import { didYouMean, UsageProblem } from './problem.ts';

const SIZE = z.union([z.int().min(1), z.string()]).transform((given, context) => {
  if (typeof given === 'number') return given;
  try {
    return size(given);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
});

/** What a configuration may say: options of `check` and `simulate` by their names, and what to check. */
const CONFIG = z
  .strictObject({
    paths: z.array(z.string()),
    maxStates: z.int().min(1),
    time: z.number().positive(),
    memory: SIZE,
    workers: z.int().min(1),
    compact: z.boolean(),
    reduction: z.enum(['none', 'symmetry', 'order', 'auto']),
    engine: z.enum(['auto', 'webassembly', 'javascript', 'interpreted']),
    format: z.enum(FORMATS),
    traces: z.union([z.boolean(), z.literal('full')]),
    verbose: z.boolean(),
    advise: z.boolean(),
    coverage: z.boolean(),
    all: z.boolean(),
    strict: z.boolean(),
    quiet: z.boolean(),
    runs: z.int().min(1),
    depth: z.int().min(1),
    seed: z
      .int()
      .min(0)
      .max(2 ** 32 - 1),
    scheduler: z.enum(['pct', 'uniform']),
  })
  .partial();

/**
 * Reads a configuration.
 *
 * @throws UsageProblem with the place, for what it may not say and what cannot be read.
 */
export function readConfig(path: string): Config {
  const file = relative('', path);
  const text = readFileSync(path, 'utf8');
  const parsed = CONFIG.safeParse(contentOf(path, text));
  if (!parsed.success) {
    const issues = parsed.error.issues.flatMap((issue) => wordIssue(issue, file, text));
    throw new UsageProblem(issues[0]!, [...issues.slice(1), HELP].join('\n'));
  }
  const { paths = [], ...options } = parsed.data;
  return { file, paths: paths.map((one) => relative('', join(dirname(path), one)) || '.'), options };
}

const HELP = 'Options are called as on the command line, in camel case: { "maxStates": 1000000, "strict": true }';

function wordIssue(issue: z.core.$ZodIssue, file: string, text: string): readonly string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const nearest = suggest(key, Object.keys(CONFIG.shape));
      return `${placeOf([key], file, text)}: there is no option ${key}${didYouMean(nearest)}`;
    });
  }
  const name = issue.path.join('.');
  return [`${placeOf(issue.path, file, text)}: ${name === '' ? 'it' : name} is wrong: ${issue.message}`];
}

/** The file, with the line of the first key that has the name, behind the field where it is a manifest. */
function placeOf(path: readonly PropertyKey[], file: string, text: string): string {
  const [key] = path;
  const start = basename(file) === 'package.json' ? Math.max(0, text.indexOf('"fairlead"')) : 0;
  const found = key === undefined ? -1 : text.slice(start).search(new RegExp(`["']?\\b${String(key)}\\b["']?\\s*:`));
  if (found < 0) return file;
  return `${file}:${text.slice(0, start + found).split('\n').length}`;
}

function contentOf(path: string, text: string): unknown {
  const file = relative('', path);
  try {
    if (basename(path) === 'package.json') return (JSON.parse(text) as { readonly fairlead: unknown }).fairlead;
    return path.endsWith('.json') ? JSON.parse(text) : evaluated(path, text);
  } catch (error) {
    if (error instanceof UsageProblem) throw error;
    throw new UsageProblem(`${file} cannot be read: ${wordThrown(error)}`);
  }
}

/** What a module gives as its default. It may import packages and JSON, but no other TypeScript. */
function evaluated(path: string, text: string): unknown {
  const ts = wholeTypeScript();
  const { outputText, diagnostics = [] } = ts.transpileModule(text, {
    fileName: path,
    reportDiagnostics: true,
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  });
  const [first] = diagnostics;
  if (first !== undefined) {
    const line = text.slice(0, first.start ?? 0).split('\n').length;
    throw new UsageProblem(`${relative('', path)}:${line}: ${ts.flattenDiagnosticMessageText(first.messageText, ' ')}`);
  }
  const module = { exports: {} as { readonly default?: unknown } };
  const names = ['exports', 'require', 'module', '__filename', '__dirname'];
  const run = compileFunction(outputText, names, { filename: path }) as (...given: readonly unknown[]) => void;
  run(module.exports, createRequire(path), module, path, dirname(path));
  return module.exports.default ?? module.exports;
}
