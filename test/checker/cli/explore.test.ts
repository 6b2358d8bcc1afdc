import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DATA_ELEMENT } from '../../../checker/explorer/page.ts';
import type { PageData } from '../../../checker/explorer/page-data.ts';
import { fromPool } from '../../../checker/explorer/pool.ts';
import type { Pool } from '../../../checker/explorer/pool.ts';
import { fairlead, folderWith, LOCK } from './command.ts';
import { formatStep } from '../../../checker/plan/step-name.ts';

const folder = folderWith({ 'lock.ts': LOCK, 'broken.ts': LOCK.replace('s.owner = null', 's.owner = Math.random()') });
const run = (...args: string[]) => fairlead(args, { cwd: folder });

function dataIn(path: string): PageData {
  const [, json] = new RegExp(`id="${DATA_ELEMENT}">(.*?)</script>`, 's').exec(
    readFileSync(join(folder, path), 'utf8'),
  )!;
  return fromPool(JSON.parse(json!) as Pool) as unknown as PageData;
}

describe('fairlead explore', () => {
  it('writes a page named after the spec, with all its models', async () => {
    const { code, out, error } = await run('explore', 'lock.ts');
    expect([code, out, error]).toEqual([0, 'lock.html: 2 models to explore. Open it in a browser.\n', '']);
    const { opensAt, models } = dataIn('lock.html');
    expect(opensAt).toBe('explore');
    expect(models.map(({ id, path }) => `${path} ${id}`)).toEqual(['lock.ts alone', 'lock.ts two']);
    expect(models[1]!.code?.source).toContain('successors');
  });

  it('searches no more states than it is told, and says so in the page', async () => {
    await run('explore', 'lock.ts', '-m', 'two', '--max-states', '3', '-o', 'out/some.html');
    const [two] = dataIn('out/some.html').models;
    expect(two!.result.statistics).toMatchObject({ distinct: 3, cut: { kind: 'states', limit: 3 } });
    expect(two!.result.verdicts.map(({ outcome }) => outcome.kind)).not.toContain('holds');
  });

  it('writes nothing for a spec that is rejected, or not there', async () => {
    const broken = await run('explore', 'broken.ts');
    expect([broken.code, broken.out, existsSync(join(folder, 'broken.html'))]).toEqual([2, '', false]);
    const missing = await run('explore', 'lock.ts', '-m', 'tow');
    expect(missing.error).toContain('there is no model tow (did you mean two?)');
  });
});

describe('fairlead check --html', () => {
  it('writes a page with what was found, beside what it prints', async () => {
    const { code, out } = await run('check', 'lock.ts', '--html', 'report.html');
    expect([code, out.includes('2 models of 1 spec, all as expected')]).toEqual([0, true]);
    const [, two] = dataIn('report.html').models;
    expect(two!.result.statistics.levels).toEqual([1, 2, 3, 2]);
    expect(two!.result.coverage.map((one) => `${formatStep(one)} ${one.fired}`)).toContain('release 4');
    expect(two!.behaviors.map(({ loop }) => loop)).toEqual([undefined, 1]);
  });

  it.each(['--html', '--trace'])('says what %s may not write to before it searches', async (option) => {
    for (const [place, reason] of [
      ['lock.ts/report.json', 'lock.ts is no folder'],
      ['.', 'it is a folder'],
    ] as const) {
      const { code, out, error } = await run('check', 'lock.ts', option, place);
      expect([code, out, error.includes(`error: ${place} cannot be written: `)]).toEqual([2, '', true]);
      expect(error.trim().endsWith(reason)).toBe(true);
    }
  });
});
