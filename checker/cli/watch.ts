/** `fairlead check --watch`: checks again whatever a change touches, until somebody quits. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { PutOff } from '../../dsl/compiler/evaluation.ts';
import { runCheck } from './check.ts';
import { ModelChecker } from './check-model.ts';
import type { CheckRequest } from './check-request.ts';
import type { ExitCode } from './exit-code.ts';
import { EXIT } from './exit-code.ts';
import { tellFailure } from './failure.ts';
import { areSameSpecs, ChangeAlarm, changedBetween, signatureOf, untilChanged } from './file-changes.ts';
import type { Signature } from './file-changes.ts';
import type { Host } from './host.ts';
import { interruptOn } from './interrupt.ts';
import { NO_KERNELS } from './kernel-cache.ts';
import { openInBrowser } from './open-in-browser.ts';
import { optimizeFromNowOn } from './optimizer.ts';
import { UsageProblem } from './problem.ts';
import { ResultMemory } from './result-memory.ts';
import { specMemory } from './spec-memory.ts';
import { narrowed } from './watch-filter.ts';
import { WatchKeys } from './watch-keys.ts';
import { WatchOrder } from './watch-order.ts';
import { WatchScreen } from './watch-screen.ts';

/** Seconds that evaluating a spec may take: nothing else is heard meanwhile. */
const PATIENCE = 5;

/** Milliseconds between two looks at whether a signal came. */
const LISTEN_EVERY = 50;

/**
 * Checks, and checks again when a file has changed that a spec is made of. A change while something is checked ends that.
 *
 * @returns 0, whatever the verdicts: who quits has seen them.
 * @throws UsageProblem when the request names something that is not there to begin with.
 */
export async function watchCheck(request: CheckRequest, host: Host): Promise<ExitCode> {
  const watcher = new Watcher(request, host);
  const leave = host.interrupt.attend();
  try {
    await watcher.run();
    return EXIT.asExpected;
  } finally {
    leave();
    watcher.close();
  }
}

class Watcher {
  readonly #request: CheckRequest;
  readonly #host: Host;
  readonly #memory = specMemory();
  #results = new ResultMemory();
  readonly #alarm = new ChangeAlarm();
  readonly #order = new WatchOrder();
  readonly #keys: WatchKeys;
  readonly #screen: WatchScreen;
  /** Of the checks of all rounds: a round is stopped by it, and it is taken back when all have ended. */
  readonly #stop = new Int32Array(new SharedArrayBuffer(4));
  readonly #checker: ModelChecker;
  readonly #roundHost: Host;
  readonly #listening: NodeJS.Timeout;
  #filter = '';
  #isAdvised = false;
  /** Where a page is to be written. */
  #page: string | undefined;
  #isForgotten = false;

  constructor(request: CheckRequest, host: Host) {
    this.#request = request;
    this.#host = host;
    this.#screen = new WatchScreen(host);
    this.#keys = new WatchKeys(host, () => this.#alarm.ring());
    const interrupt = interruptOn(this.#stop.buffer);
    this.#roundHost = {
      ...host,
      ...this.#screen.outputs(() => this.#isForgotten),
      interrupt,
      gitHub: undefined,
      evaluation: { patience: PATIENCE },
    };
    this.#checker = new ModelChecker(this.#roundHost, NO_KERNELS);
    this.#listening = setInterval(() => {
      if (host.interrupt.requested) this.#alarm.ring();
    }, LISTEN_EVERY);
  }

  async run(): Promise<void> {
    let why = 'first run';
    for (let isFirst = true; !this.#isOver; isFirst = false) {
      const before = this.#look();
      this.#memory.keepOnly(before.specs);
      this.#alarm.follow(before);
      const round = this.#round(why, isFirst);
      const isEnded = await this.#untilSomething(before, round);
      if (!isEnded) this.#stopRound();
      const code = await round;
      if (this.#isOver) return;
      if (isFirst) optimizeFromNowOn();
      const now = this.#look();
      if (!isEnded) why = (await this.#obey()) ?? wordChange(before, now);
      else if (!this.#memory.isCurrent() || !areSameSpecs(before, now)) why = wordChange(before, now);
      else {
        this.#alarm.follow(now);
        this.#screen.end(code, this.#order.left);
        why = await this.#untilNext(now);
      }
    }
  }

  close(): void {
    clearInterval(this.#listening);
    this.#keys.close();
    this.#alarm.close();
    this.#checker.close();
  }

  get #isOver(): boolean {
    return this.#host.interrupt.requested || this.#keys.isQuit;
  }

  #look(): Signature {
    return signatureOf(this.#request.paths, this.#memory);
  }

  /** Waits while a round is at work. @returns whether it has come to its end; otherwise there is something else to do. */
  async #untilSomething(before: Signature, round: Promise<unknown>): Promise<boolean> {
    let isDone = false;
    const done = (): void => {
      isDone = true;
      this.#alarm.ring();
    };
    round.then(done, done);
    const isOver = (): boolean => isDone || this.#isOver || this.#keys.isWishing;
    await untilChanged(before, { look: () => this.#look(), alarm: this.#alarm, isOver });
    return isDone;
  }

  /** Waits until there is a reason to check again. @returns the reason. */
  async #untilNext(now: Signature): Promise<string> {
    const isOver = (): boolean => this.#isOver || this.#keys.isWishing;
    for (;;) {
      this.#screen.wait({ filter: this.#filter, isAdvised: this.#isAdvised });
      const change = await untilChanged(now, { look: () => this.#look(), alarm: this.#alarm, isOver });
      if (this.#isOver) return '';
      const why = change === undefined ? await this.#obey() : wordChange(now, change);
      if (why !== undefined || this.#isOver) return why ?? '';
    }
  }

  #stopRound(): void {
    this.#isForgotten = true;
    Atomics.store(this.#stop, 0, 1);
  }

  /** Checks all that is to be checked. */
  async #round(why: string, isFirst: boolean): Promise<ExitCode> {
    Atomics.store(this.#stop, 0, 0);
    this.#isForgotten = false;
    this.#screen.begin(why);
    return this.#check(isFirst).finally(() => Atomics.store(this.#stop, 0, 0));
  }

  async #check(isFirst: boolean): Promise<ExitCode> {
    try {
      const page = this.#page;
      const asked = { ...this.#request, ...(this.#isAdvised && { advise: true }), ...(page && { htmlFile: page }) };
      const request = await narrowed(asked, this.#filter, this.#roundHost, this.#memory);
      const code = await runCheck(request, this.#roundHost, {
        cache: this.#memory,
        checker: this.#checker,
        results: this.#results,
        isForgotten: () => this.#isForgotten,
        ...this.#order.of(request),
      });
      if (page !== undefined && !this.#isForgotten) await this.#open(page);
      return code;
    } catch (failure) {
      if (isFirst && failure instanceof UsageProblem) throw failure;
      if (!(failure instanceof PutOff)) return tellFailure(failure, this.#roundHost);
      const what = `${failure.message} takes more than ${PATIENCE} seconds to be evaluated`;
      this.#roundHost.error(`error: ${what}\ncheck it without --watch, which waits longer\n`);
      return EXIT.rejected;
    }
  }

  /** Does what was wished by a key. @returns why there is to be another round; undefined: there is no reason. */
  async #obey(): Promise<string | undefined> {
    const wish = await this.#keys.next();
    if (wish === undefined || wish.kind === 'nothing') return undefined;
    this.#order.forget();
    switch (wish.kind) {
      case 'filter':
        this.#filter = wish.text;
        return wish.text === '' ? 'all, without a filter' : `what has ${wish.text} in its name`;
      case 'advise':
        this.#isAdvised = !this.#isAdvised;
        return this.#isAdvised ? 'with advice on fairness' : 'without advice on fairness';
      case 'all':
        this.#filter = '';
        this.#results = new ResultMemory();
        return 'all again';
      case 'page':
        this.#page = pageFor(this.#request.paths);
        return 'for a page to look at';
    }
  }

  async #open(page: string): Promise<void> {
    this.#page = undefined;
    this.#host.error(`\npage: ${page}\n`);
    await openInBrowser(page, this.#host);
  }
}

function wordChange(before: Signature, now: Signature): string {
  const [first, ...more] = changedBetween(before, now);
  if (first === undefined) return 'again';
  return more.length > 0 ? `${first} and ${more.length} more changed` : `${first} changed`;
}

/** In a new folder for what is temporary. */
function pageFor([path, ...more]: readonly string[]): string {
  const name = path === undefined || more.length > 0 ? 'specs' : basename(path).replace(/\.\w+$/, '') || 'specs';
  return join(mkdtempSync(join(tmpdir(), 'fairlead-')), `${name}.html`);
}
