import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { ExitCode } from './exit-code.ts';
import { EXIT } from './exit-code.ts';
import { FIRST_SPEC, SPECS_TSCONFIG } from './first-spec.ts';
import type { Host } from './host.ts';
import { UsageProblem } from './problem.ts';
import { DEFAULT_FOLDER } from './spec-files.ts';
import { writeAsked } from './write-file.ts';

/** `fairlead init`, as the arguments say it. */
export interface InitRequest {
  /** Also a workflow for GitHub. */
  readonly ci: boolean;
}

/**
 * Gives the project in the current folder a first spec, and scripts to check it with. What is there already is left as it
 * is, and named.
 *
 * @throws UsageProblem where there is no project, or something cannot be written.
 */
export function runInit({ ci }: InitRequest, host: Host): ExitCode {
  const manifest = readManifest();
  const workflow = ci ? [workflowOf(process.cwd())] : [];
  const files = [
    {
      path: join(DEFAULT_FOLDER, 'lock.ts'),
      text: FIRST_SPEC,
      what: 'a lock that two threads take, and how it goes wrong',
    },
    {
      path: join(DEFAULT_FOLDER, 'tsconfig.json'),
      text: SPECS_TSCONFIG,
      what: 'so that editors see what the command sees',
    },
    ...workflow,
  ];
  // A folder with specs needs no first one.
  const hasSpecs = existsSync(DEFAULT_FOLDER);
  for (const { path, text, what } of files) {
    const isOfSpecs = dirname(path) === DEFAULT_FOLDER;
    if (existsSync(path)) host.out(`left alone  ${path}, which is there already\n`);
    else if (isOfSpecs && hasSpecs) host.out(`left alone  ${DEFAULT_FOLDER}/, which is there already: no ${path}\n`);
    else {
      writeAsked(path, text);
      host.out(`written     ${path}: ${what}\n`);
    }
  }
  addScripts(manifest, host);
  if (!hasSpecs) host.out(`\n${NEXT}\n`);
  return EXIT.asExpected;
}

const SCRIPTS = { 'check:specs': 'fairlead check', 'docs:specs': 'fairlead docs' };

const NEXT = `Next: npx fairlead check
It tells how two threads get in at once; node_modules/fairlead/docs/tutorial.md goes on from there.`;

interface Manifest {
  readonly text: string;
  readonly content: Readonly<Record<string, unknown>>;
}

function readManifest(): Manifest {
  if (!existsSync(MANIFEST)) throw new UsageProblem('there is no package.json here', 'Begin with: npm init');
  const text = readFileSync(MANIFEST, 'utf8');
  try {
    const content: unknown = JSON.parse(text);
    if (typeof content === 'object' && content !== null && !Array.isArray(content))
      return { text, content: { ...content } };
  } catch (error) {
    throw new UsageProblem(`package.json cannot be read: ${(error as Error).message}`);
  }
  throw new UsageProblem('package.json is no object');
}

const MANIFEST = 'package.json';

/** Adds what is not there; the file keeps its indentation, its line breaks and the order of all else. */
function addScripts({ text, content }: Manifest, host: Host): void {
  const before = content['scripts'] ?? {};
  if (typeof before !== 'object') throw new UsageProblem('the scripts in package.json are no object');
  const known = before as Readonly<Record<string, unknown>>;
  for (const [name, command] of Object.entries(SCRIPTS)) {
    if (known[name] === command) host.out(`left alone  the script ${name} in package.json, which is there already\n`);
    else if (name in known) host.out(`left alone  the script ${name} in package.json, which does something else\n`);
    else host.out(`added       the script ${name} to package.json: ${command}\n`);
  }
  const scripts = { ...SCRIPTS, ...known };
  if (Object.keys(scripts).length === Object.keys(known).length) return;
  const indentation = /^[{]\s*?\n([ \t]+)/.exec(text)?.[1] ?? 2;
  const ordered = { ...known, ...scripts };
  const written = `${JSON.stringify({ ...content, scripts: ordered }, undefined, indentation)}${text.endsWith('\n') ? '\n' : ''}`;
  writeAsked(MANIFEST, text.includes('\r\n') ? written.replaceAll('\n', '\r\n') : written);
}

/** @param folder - of the project; GitHub looks for workflows where the repository begins. */
function workflowOf(folder: string): { readonly path: string; readonly text: string; readonly what: string } {
  const root = above(folder, '.git') ?? above(folder, 'package-lock.json') ?? folder;
  const own = relative(root, folder).replaceAll('\\', '/');
  const manager = MANAGERS.find(({ lock }) => above(folder, lock) !== undefined) ?? NPM;
  return {
    path: join(relative(folder, root), '.github', 'workflows', 'fairlead.yml'),
    text: workflow(own, manager),
    what: 'checks the specs at every push',
  };
}

/** The nearest folder that holds a file or folder of this name. */
function above(folder: string, name: string): string | undefined {
  if (existsSync(join(folder, name))) return resolve(folder);
  const parent = dirname(folder);
  return parent === folder ? undefined : above(parent, name);
}

interface PackageManager {
  readonly lock: string;
  readonly prepare?: string;
  readonly install: string;
  readonly run: string;
}

const NPM: PackageManager = { lock: 'package-lock.json', install: 'npm ci', run: 'npx fairlead check' };

const MANAGERS: readonly PackageManager[] = [
  {
    lock: 'pnpm-lock.yaml',
    prepare: 'corepack enable',
    install: 'pnpm install --frozen-lockfile',
    run: 'pnpm exec fairlead check',
  },
  { lock: 'yarn.lock', prepare: 'corepack enable', install: 'yarn install --immutable', run: 'yarn fairlead check' },
  NPM,
];

function workflow(folder: string, { prepare, install, run }: PackageManager): string {
  const where = folder === '' ? '' : `\n        working-directory: ${JSON.stringify(folder)}`;
  return `name: specs
on: [push, pull_request]
permissions:
  contents: read
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 22
${prepare === undefined ? '' : `      - run: ${prepare}\n`}      - run: ${install}
      - run: ${run}${where}
`;
}
