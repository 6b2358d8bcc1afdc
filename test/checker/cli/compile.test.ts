import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fairlead, folderWith } from './command.ts';

const ODD = `
import { spec, until, z } from 'fairlead';
export const odd = spec('odd', { state: () => ({ n: z.int().min(0).max(2) }) });
export const up = odd.action((s) => { s.n = (s.n + 1) % 3; });
export const inTime = odd.property((s) => until(s.n < 2, s.n === 2));
export const plain = odd.model({}, { violates: [inTime] });
`;
const MIXED = ODD.replace('z.int().min(0).max(2)', 'z.union([z.boolean(), z.int().min(0).max(1)])')
  .replace('s.n = (s.n + 1) % 3', 's.n = true')
  .replace('s.n < 2, s.n === 2', 's.n === 0, s.n === true');
const LARGE = ODD.replaceAll('max(2)', 'max(900)').replace('% 3', '% 901');

const folder = folderWith({
  'odd.ts': ODD,
  'mixed.ts': MIXED,
  'large.ts': LARGE,
  'twice/one.ts': ODD,
  'twice/two.ts': LARGE,
});
const compile = (...args: string[]) => fairlead(['compile', ...args], { cwd: folder });

describe('fairlead compile', () => {
  it('names what a TLA+ module has no words for, and writes the rest', async () => {
    const { code, out, error } = await compile('odd.ts', '--emit', 'tla');
    expect(error).toContain('warning: model plain: inTime is left out of the TLA+\nuntil: TLA+ has no such operator');
    expect(out).toContain('\\* The property inTime is left out.');
    expect(out).toContain('Next == up');
    expect(code).toBe(0);
  });

  it('writes modules of one name to files of their own', async () => {
    const { code } = await compile('twice', '--emit', 'tla', '-o', 'tla');
    expect(code).toBe(0);
    const files = readdirSync(join(folder, 'tla')).sort();
    expect(files).toEqual(['Odd_plain.cfg', 'Odd_plain.tla', 'Odd_plain_2.cfg', 'Odd_plain_2.tla']);
    expect(readFileSync(join(folder, 'tla', 'Odd_plain_2.tla'), 'utf8')).toContain('MODULE Odd_plain_2 ');
  });

  it('refuses what a language has no words for, and says what is in the way', async () => {
    const { code, error } = await compile('mixed.ts', '--emit', 'tla', '-o', 'none');
    expect(error).toContain('error: model plain cannot be said in TLA+\na union of booleans and integers: ');
    expect(code).toBe(2);
  });

  it('draws the states for Graphviz, as long as there are few', async () => {
    const few = await compile('odd.ts', '--emit', 'dot');
    expect(few.out).toMatch(/^digraph /);
    expect(few.code).toBe(0);
    const many = await compile('large.ts', '--emit', 'dot');
    expect(many.error).toContain('plain has more than 300 states');
    expect(many.code).toBe(3);
  });
});
