/** What the streams of this process can show, asked once at the start. */
export interface Terminal {
  /** Whether what goes to standard output, and what goes to standard error, may be coloured. */
  readonly color: { readonly out: boolean; readonly error: boolean };
  /** Cells in a line of standard output. */
  readonly width: number;
  /** Whether standard error is a terminal that can rewrite its last line. */
  readonly live: boolean;
  /** Whether standard error is a terminal that is known to show links. */
  readonly links: boolean;
}

interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const DEFAULT_WIDTH = 100;

/**
 * Colours: never with `NO_COLOR` or `TERM=dumb`, always with `FORCE_COLOR`, otherwise on terminals. Being in a
 * continuous integration is no reason for colours: its logs are files to whoever searches them.
 */
export function terminalOf(out: Stream, error: Stream, environment: NodeJS.ProcessEnv): Terminal {
  const set = (name: string): boolean => (environment[name] ?? '') !== '';
  const dumb = environment['TERM'] === 'dumb';
  const forced = set('FORCE_COLOR') && environment['FORCE_COLOR'] !== '0';
  const colorOf = (stream: Stream): boolean =>
    !set('NO_COLOR') && environment['FORCE_COLOR'] !== '0' && (forced || (stream.isTTY === true && !dumb));
  return {
    color: { out: colorOf(out), error: colorOf(error) },
    width: Math.min(Math.max(out.columns ?? DEFAULT_WIDTH, 60), 140),
    live: error.isTTY === true && !dumb && !set('CI'),
    links: colorOf(error) && hasLinks(error, environment),
  };
}

/** As far as a terminal says who it is; `FORCE_HYPERLINK` says it for it. */
function hasLinks(stream: Stream, environment: NodeJS.ProcessEnv): boolean {
  const { FORCE_HYPERLINK, TERM_PROGRAM = '', TERM = '', VTE_VERSION = '0' } = environment;
  if (FORCE_HYPERLINK !== undefined) return FORCE_HYPERLINK !== '0';
  if (stream.isTTY !== true) return false;
  const has = (name: string): boolean => (environment[name] ?? '') !== '';
  return (
    /^(iTerm\.app|WezTerm|vscode|ghostty|Hyper|Tabby|rio)$/.test(TERM_PROGRAM) ||
    /^(xterm-kitty|alacritty|foot|xterm-ghostty)/.test(TERM) ||
    5000 <= Number(VTE_VERSION) ||
    ['WT_SESSION', 'KONSOLE_VERSION', 'DOMTERM'].some(has)
  );
}
