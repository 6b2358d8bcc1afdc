/** Which files a command that goes on has to look at again, and when. */
import { statSync, watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { UsageProblem } from './problem.ts';
import { findSpecFiles } from './spec-files.ts';
import type { SpecMemory } from './spec-memory.ts';

/** Which spec files there are, and the date and size of all that was read. */
export interface Signature {
  /** As the user would write them. */
  readonly specs: readonly string[];
  /** By absolute path; empty where there is no file. */
  readonly files: ReadonlyMap<string, string>;
}

/** @param paths - files and folders of specs; none: `specs/`. */
export function signatureOf(paths: readonly string[], memory: SpecMemory): Signature {
  const specs = specsAt(paths);
  const places = new Set([...specs.map((path) => resolve(path)), ...memory.places()]);
  return { specs, files: new Map(Array.from(places, (path) => [path, dateOf(path)])) };
}

/** The spec files at some paths; none where these are not there. */
function specsAt(paths: readonly string[]): readonly string[] {
  try {
    return findSpecFiles(paths).map(({ path }) => path);
  } catch (failure) {
    if (failure instanceof UsageProblem) return [];
    throw failure;
  }
}

export function areSameSpecs(before: Signature, now: Signature): boolean {
  return before.specs.join('\n') === now.specs.join('\n');
}

/** Files of which both say something, and not the same; and specs that have come or gone. From the current folder. */
export function changedBetween(before: Signature, now: Signature): readonly string[] {
  const edited = [...now.files].filter(([path, date]) => (before.files.get(path) ?? date) !== date);
  const isNew = (path: string, old: Signature): boolean => !old.specs.includes(path);
  const moved = [
    ...now.specs.filter((path) => isNew(path, before)),
    ...before.specs.filter((path) => isNew(path, now)),
  ];
  return [...new Set([...edited.map(([path]) => path), ...moved.map((path) => resolve(path))])].map((path) =>
    relative('', path),
  );
}

function dateOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isFile() === true ? `${stat.mtimeMs} ${stat.size}` : '';
}

/** Milliseconds between two looks at files whose folders tell nothing: on some file systems none does. */
const LOOK_EVERY = 500;

/** Milliseconds without another change after which files are as they are meant; an editor may empty one, then write it. */
const SETTLED = { usually: 10, empty: 60 };

/** What is waited for, beside files. */
interface Waiting {
  readonly look: () => Signature;
  /** Asked at least every {@link ASK_EVERY} milliseconds, and after {@link ChangeAlarm.ring}. */
  readonly isOver: () => boolean;
  readonly alarm: ChangeAlarm;
}

const ASK_EVERY = 50;

/**
 * Waits for a change, and then until there was none for a moment: several saves at once are one.
 *
 * @returns how files are now; undefined when the waiting is over without a change.
 */
export async function untilChanged(before: Signature, waiting: Waiting): Promise<Signature | undefined> {
  let last = before;
  let looked = performance.now();
  for (;;) {
    const settling = last === before ? undefined : isAnyEmpty(before, last) ? SETTLED.empty : SETTLED.usually;
    const isRung = await waiting.alarm.within(settling ?? ASK_EVERY);
    if (waiting.isOver()) return undefined;
    if (settling === undefined && !isRung && performance.now() - looked < LOOK_EVERY) continue;
    const now = waiting.look();
    looked = performance.now();
    const isSame = changedBetween(last, now).length === 0;
    if (isSame && settling !== undefined) return now;
    if (!isSame) last = now;
  }
}

function isAnyEmpty(before: Signature, now: Signature): boolean {
  return [...now.files].some(([path, date]) => before.files.get(path) !== date && (date === '' || date.endsWith(' 0')));
}

/** Wakes whoever waits for something in certain folders. Keeps no process alive. */
export class ChangeAlarm {
  readonly #watchers = new Map<string, FSWatcher>();
  #isRung = false;
  #wake = (): void => {};

  /** From now on changes in the folders of these files ring, and those in no others. */
  follow({ files }: Signature): void {
    const folders = new Set(Array.from(files.keys(), (path) => dirname(path)));
    for (const [folder, watcher] of this.#watchers) {
      if (folders.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of folders) if (!this.#watchers.has(folder)) this.#watch(folder);
  }

  ring(): void {
    this.#isRung = true;
    this.#wake();
  }

  /** Waits until it rings, but no longer. @returns whether it has, since it was last asked. */
  async within(milliseconds: number): Promise<boolean> {
    if (!this.#isRung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    const isRung = this.#isRung;
    this.#isRung = false;
    return isRung;
  }

  close(): void {
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #watch(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, () => this.ring());
      const end = (): void => {
        watcher.close();
        if (this.#watchers.get(folder) === watcher) this.#watchers.delete(folder);
      };
      // A folder may go; files in it are looked at all the same.
      watcher.on('error', end);
      this.#watchers.set(folder, watcher);
    } catch {
      // There is no such folder, or the system watches no more of them.
    }
  }
}
