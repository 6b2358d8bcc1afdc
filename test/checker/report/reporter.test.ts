import { describe, expect, it } from 'vitest';
import { allOf } from '../../../checker/report/reporter.ts';
import type { Explained, Reporter, RunEnd } from '../../../checker/report/reporter.ts';

const END: RunEnd = { rejected: [], skipped: 0, elapsed: 1, diagnostics: [], exitCode: 0 };

/** Notes what it is called with; without what a reporter may do without. */
function noting(name: string, explained: Explained, notes: string[]): Reporter {
  return {
    start: ({ specs }) => {
      notes.push(`${name} start ${specs.map((spec) => spec.name).join()}`);
      return explained;
    },
    model: () => void notes.push(`${name} model`),
    end: ({ exitCode }) => void notes.push(`${name} end ${exitCode}`),
  };
}

describe('several reporters', () => {
  it('are each called, in order', () => {
    const notes: string[] = [];
    const all = allOf([noting('a', 'unexpected', notes), noting('b', 'unexpected', notes)]);
    all.start({ specs: [{ name: 'lock', models: 1 }] });
    all.startSpec({ path: 'lock.ts', name: 'lock', models: [] });
    all.endSpec({ warnings: [], uncounted: [] });
    all.end(END);
    expect(notes).toEqual(['a start lock', 'b start lock', 'a end 0', 'b end 0']);
  });

  it.each([
    ['unexpected', 'unexpected', 'unexpected'],
    ['all', 'unexpected', 'all'],
    ['unexpected', 'all', 'all'],
  ] as const)('that need %s and %s explained need %s', (first, second, expected) => {
    const notes: string[] = [];
    expect(allOf([noting('a', first, notes), noting('b', second, notes)]).start({ specs: [] })).toBe(expected);
    expect(notes).toHaveLength(2);
  });

  it('end with the first that fails', () => {
    const notes: string[] = [];
    const failing: Reporter = {
      ...noting('a', 'all', notes),
      end: () => {
        throw new Error('full');
      },
    };
    expect(() => allOf([failing, noting('b', 'all', notes)]).end(END)).toThrow('full');
    expect(notes).toEqual([]);
  });
});
