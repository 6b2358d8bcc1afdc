import { Option } from 'commander';
import type { Command } from 'commander';
import type { DocsRequest } from '../docs.ts';
import { defineCommand } from '../command.ts';
import { positiveInteger } from './option-values.ts';

const EXAMPLES = `
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

/** `fairlead docs`. */
export const docsCommand = defineCommand({
  name: 'docs',
  summary: 'write pages about specs',
  description:
    'Checks every model of the given specs and writes a page for each spec, as Markdown and as HTML: what it models, what holds and what does not, each counterexample, every step of every process.',
  examples: EXAMPLES,
  declare: (command) =>
    command
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
      .option('-q, --quiet', 'print only what is wrong, and no progress'),
  read: (paths: string[], options: DocsFlags, command: Command): DocsRequest => {
    const { output, format, check, maxStates, quiet } = options;
    if (format === 'markdown' && (options.open ?? options.serve) !== undefined) {
      command.error("error: a browser shows HTML: leave out '--format markdown'");
    }
    const { serve, given } = servedAt(options.serve, paths);
    if (serve !== undefined && !(0 <= serve && serve <= MOST_PORT)) {
      command.error(`error: ${serve} is no port: it has to be a number from 0 to ${MOST_PORT}`);
    }
    const flags = { check: check ?? false, open: options.open ?? false, quiet: quiet ?? false };
    return { paths: given, output, format, serve, maxStates, ...flags };
  },
  run: async (request, host) => (await import('../docs.ts')).runDocs(request, host),
});

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
