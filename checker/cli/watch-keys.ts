import type { Keyboard } from './keyboard.ts';
import type { Host } from './host.ts';

/** What somebody at the keyboard of `check --watch` asks for. */
type Wish =
  { readonly kind: 'filter'; readonly text: string } | { readonly kind: 'advise' | 'page' | 'all' | 'nothing' };

const WISHES: Readonly<Record<string, Wish>> = {
  v: { kind: 'advise' },
  o: { kind: 'page' },
  a: { kind: 'all' },
  '\r': { kind: 'all' },
};

/** Ctrl-C and Ctrl-D, which no signal stands for while keys are read one by one. */
const ENDS = new Set(['q', '\u0003', '\u0004']);
const ENTER = new Set(['\r', '\n']);
const BACKSPACE = new Set(['\u007f', '\b']);
const ESCAPE = '\u001b';

/** The keys of `check --watch`, where there is a keyboard. */
export class WatchKeys {
  readonly #keyboard: Keyboard | undefined;
  readonly #progress: Host['progress'];
  readonly #ring: () => void;
  #wish: Wish | undefined;
  /** What is typed for a filter. */
  #typed: string | undefined;
  #onTyped: () => void = () => {};
  isQuit = false;

  /** @param ring - called whenever there is something new to know. */
  constructor(host: Pick<Host, 'keyboard' | 'progress'>, ring: () => void) {
    this.#progress = host.progress;
    this.#ring = ring;
    this.#keyboard = host.keyboard?.();
    this.#keyboard?.listen((key) => {
      if (this.#typed === undefined) this.#press(key);
      else this.#type(key, this.#typed);
    });
  }

  /** Whether something is asked for, or about to be. */
  get isWishing(): boolean {
    return this.#wish !== undefined || this.#typed !== undefined;
  }

  /** What was asked for, when it has been typed to its end; undefined where that was given up. */
  async next(): Promise<Wish | undefined> {
    while (this.#typed !== undefined && !this.isQuit) {
      await new Promise<void>((resolve) => (this.#onTyped = resolve));
    }
    const wish = this.#wish;
    this.#wish = undefined;
    return wish;
  }

  close(): void {
    this.#keyboard?.close();
  }

  #press(key: string): void {
    if (ENDS.has(key)) this.#quit();
    else if (key === 'f') {
      this.#show('');
      this.#ring();
    } else if (WISHES[key] !== undefined) {
      this.#wish = WISHES[key];
      this.#ring();
    }
  }

  #type(key: string, typed: string): void {
    if (key === '\u0003') this.#quit();
    else if (key === ESCAPE) {
      this.#wish = { kind: 'nothing' };
      this.#endTyping();
    } else if (ENTER.has(key)) {
      this.#wish = { kind: 'filter', text: typed.trim() };
      this.#endTyping();
    } else if (BACKSPACE.has(key)) this.#show(Array.from(typed).slice(0, -1).join(''));
    else if (key >= ' ') this.#show(typed + key);
  }

  #show(typed: string): void {
    this.#typed = typed;
    this.#progress(`\r\u001b[2K filter by a model or property (Enter, or Esc): ${typed}`);
  }

  #endTyping(): void {
    this.#typed = undefined;
    this.#progress('\r\u001b[2K');
    this.#onTyped();
    this.#ring();
  }

  #quit(): void {
    this.isQuit = true;
    this.#onTyped();
    this.#ring();
  }
}
