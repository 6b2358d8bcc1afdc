import { Ansis } from 'ansis';
import { counted } from '../report/wording.ts';
import type { ExitCode } from './exit-code.ts';
import { EXIT } from './exit-code.ts';
import type { Host } from './host.ts';

/** What holds for the rounds from now on. */
interface Mode {
  readonly filter: string;
  readonly isAdvised: boolean;
}

/** What `check --watch` shows around the reports: a line before each, and what is to be done after it. */
export class WatchScreen {
  readonly #host: Host;
  readonly #paint: Ansis;
  #heading: string | undefined;
  #started = 0;

  constructor(host: Host) {
    this.#host = host;
    this.#paint = new Ansis(host.terminal.color.error ? 1 : 0);
  }

  /** Begins a round. What was shown before stays until there is something else to show. */
  begin(why: string): void {
    this.#started = performance.now();
    this.#heading = why;
  }

  /** Where a round prints. @param isForgotten - whether it is given up, so that what it says is nothing to anybody. */
  outputs(isForgotten: () => boolean): Pick<Host, 'out' | 'error' | 'progress'> {
    const after =
      (print: (text: string) => void) =>
      (text: string): void => {
        if (isForgotten()) return;
        this.#head();
        print(text);
      };
    return { out: after(this.#host.out), error: after(this.#host.error), progress: after(this.#host.progress) };
  }

  /**
   * After a round.
   *
   * @param code - what it came to.
   * @param left - how many specs were as before.
   */
  end(code: ExitCode, left: number): void {
    this.#head();
    const elapsed = Math.round(performance.now() - this.#started);
    const badge = code === EXIT.asExpected ? this.#paint.green('PASS') : this.#paint.red(WORDS[code] ?? 'FAIL');
    if (left > 0) this.#host.error(this.#paint.dim(`${counted(left, 'other spec')} as expected, unchanged\n`));
    this.#host.error(`\n${badge}  ${this.#paint.dim(`${elapsed} ms, waiting for changes`)}\n`);
  }

  /** What can be done now. */
  wait({ filter, isAdvised }: Mode): void {
    const { dim, bold } = this.#paint;
    const modes = [filter === '' ? undefined : `filter: ${filter}`, isAdvised ? 'with advice' : undefined];
    const held = modes.filter((mode) => mode !== undefined);
    if (held.length > 0) this.#host.error(`${dim(held.join(', '))}\n`);
    if (this.#host.keyboard === undefined) return;
    const keys = KEYS.map(([key, what]) => `${bold(key)} ${dim(what)}`).join(dim(' · '));
    this.#host.error(`${keys}\n`);
  }

  #head(): void {
    const heading = this.#heading;
    if (heading === undefined) return;
    this.#heading = undefined;
    this.#host.clear?.();
    const room = this.#host.terminal.width - 'CHECK  '.length;
    const shown = heading.length <= room ? heading : `…${heading.slice(1 - room)}`;
    this.#host.error(`${this.#paint.cyan('CHECK')}  ${shown}\n\n`);
  }
}

const WORDS: Readonly<Partial<Record<ExitCode, string>>> = { [EXIT.stopped]: 'STOPPED', [EXIT.rejected]: 'REJECTED' };

const KEYS = [
  ['f', 'filter'],
  ['v', 'advise'],
  ['o', 'open page'],
  ['a', 'all again'],
  ['q', 'quit'],
] as const;
