import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { clock } from '../../../checker/clock.ts';
import { progressLine } from '../../../checker/cli/progress-line.ts';
import type { Terminal } from '../../../checker/cli/terminal.ts';
import type { Progress } from '../../../checker/search/progress.ts';

const progress: Progress = { phase: 'search', distinct: 50_000, transitions: 9, depth: 12, queued: 345 };

/** What is written when progress is shown at these milliseconds. */
function written(live: boolean, times: readonly number[], quiet = false): string[] {
  const terminal: Terminal = { color: { out: false, error: false }, width: 100, live, links: false };
  const texts: string[] = [];
  const line = progressLine('lease asShipped', terminal, quiet, (text) => texts.push(text));
  for (const time of times) {
    vi.setSystemTime(time);
    vi.advanceTimersByTime(time - clock());
    line.show(progress);
  }
  line.clear();
  return texts.map((text) => text.replaceAll(/[\d,]+ MiB/g, '… MiB'));
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['hrtime', 'Date'], now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('progress', () => {
  it('is one line on a terminal that rewrites itself and is taken away at the end', () => {
    expect(written(true, [200, 250, 2000])).toEqual([
      '\r\u001b[2Klease asShipped: 50,000 states (250,000/s), depth 12, 345 queued (… MiB, 200 ms)',
      '\r\u001b[2Klease asShipped: 50,000 states (25,000/s), depth 12, 345 queued (… MiB, 2.0 s)',
      '\r\u001b[2K',
    ]);
  });

  it('is a plain line now and then elsewhere', () => {
    expect(written(false, [200, 9_000, 10_000, 12_000, 20_000])).toEqual([
      'lease asShipped: 50,000 states (5,000/s), depth 12, 345 queued (… MiB, 10.0 s)\n',
      'lease asShipped: 50,000 states (2,500/s), depth 12, 345 queued (… MiB, 20.0 s)\n',
    ]);
  });

  it('is not shown to those who want quiet', () => {
    expect(written(true, [200, 2000], true)).toEqual([]);
  });
});
