import { Ansis } from 'ansis';
import { visible } from '../../dsl/diagnostics/visible.ts';
import { clock } from '../clock.ts';
import { formatCount, formatDuration } from '../report/wording.ts';
import type { Progress } from '../search/progress.ts';
import type { System } from '../../dsl/ir/index.ts';
import type { Host } from './host.ts';
import type { Terminal } from './terminal.ts';

/** What is shown on standard error while a check runs: one line that rewrites itself, or now and then a plain line. */
interface ProgressLine {
  show(progress: Progress): void;
  /** Takes the line away, before anything else is printed. */
  clear(): void;
}

/** Milliseconds between two showings of the live line, and between two plain lines. */
const LIVE_INTERVAL = 100;
const PLAIN_INTERVAL = 10_000;

/**
 * A progress line for one model; `quiet` shows nothing at all.
 *
 * @param states - how many states it is known to have; absent: nothing is known.
 */
export function progressLine(
  model: string,
  terminal: Terminal,
  quiet: boolean,
  write: (text: string) => void,
  states?: number,
): ProgressLine {
  const paint = new Ansis(terminal.color.error ? 1 : 0);
  const started = clock();
  let last = terminal.live ? -Infinity : started;
  let isShown = false;
  return {
    show(progress) {
      const now = clock();
      if (quiet || now - last < (terminal.live ? LIVE_INTERVAL : PLAIN_INTERVAL)) return;
      last = now;
      const text = visible(`${model}: ${word(progress, now - started, states)}`);
      isShown = terminal.live;
      write(terminal.live ? `\r\u001b[2K${paint.dim(text.slice(0, terminal.width - 1))}` : `${text}\n`);
    },
    clear() {
      if (isShown) write('\r\u001b[2K');
      isShown = false;
    },
  };
}

/** Progress of models that are checked side by side: only that of the first is shown. */
export class ProgressOfFirst {
  readonly #quiet: boolean;
  readonly #around: Pick<Host, 'terminal' | 'progress'>;
  readonly #models: number;
  readonly #lines: ProgressLine[] = [];
  #begun = 0;

  /** @param models - how many there are. */
  constructor(quiet: boolean, host: Pick<Host, 'terminal' | 'progress'>, models: number) {
    this.#quiet = quiet;
    this.#around = host;
    this.#models = models;
  }

  /** What is called with the progress of one more model. */
  progressOf({ name, model }: System): (progress: Progress) => void {
    const { terminal, progress: write } = this.#around;
    this.#begun += 1;
    const number = this.#models < 2 ? '' : `[${this.#begun}/${this.#models}] `;
    const line = progressLine(`${number}${name} ${model.name}`, terminal, this.#quiet, write, model.distinct);
    this.#lines.push(line);
    return (progress) => {
      if (this.#lines[0] === line) line.show(progress);
    };
  }

  /** Takes the line away, before something else is printed. */
  clear(): void {
    this.#lines[0]?.clear();
  }

  /** The first is done. */
  next(): void {
    this.clear();
    this.#lines.shift();
  }
}

function word(progress: Progress, elapsed: number, expected: number | undefined): string {
  const states = `${formatCount(progress.distinct)} states`;
  const memory = `${formatCount(Math.round(process.memoryUsage.rss() / 2 ** 20))} MiB`;
  const time = formatDuration(elapsed);
  if (progress.phase === 'liveness') {
    return `${states}, judging ${progress.property ?? 'liveness'} (${memory}, ${time})`;
  }
  const rate = formatCount(Math.round(progress.distinct / (elapsed / 1000)));
  const depth = `depth ${formatCount(progress.depth)}`;
  const left = expected === undefined ? '' : `${wordLeft(progress, expected, elapsed)}, `;
  return `${states} (${rate}/s), ${left}${depth}, ${formatCount(progress.queued)} queued (${memory}, ${time})`;
}

/** `37 %, 12 s left`: how much is expanded of so many states, and how long the rest takes at the same rate. */
function wordLeft(
  { distinct, queued, expanded = distinct - queued }: Progress,
  states: number,
  elapsed: number,
): string {
  const part = Math.min(expanded / states, 0.99);
  if (part === 0) return '0 %';
  return `${Math.floor(100 * part)} %, ${formatDuration((elapsed * (1 - part)) / part)} left`;
}
