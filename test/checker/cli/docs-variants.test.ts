import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fairlead, folderWith } from './command.ts';

const SPEC = `
import { spec, when, z } from 'fairlead';

/** @variants variant */
export const gate = spec('gate', {
  params: { variant: z.enum(['open', 'guarded']).default('open') },
  state: () => ({ busy: z.boolean() }),
});
export const left = gate.process({ a: z.enum(['x', 'y']) }, function* (s, { a }, p) {
  yield 'enter';
  if (p.variant === 'guarded') { when(!s.busy); s.busy = true; }
  yield 'leave';
  s.busy = false;
});
export const alone = gate.invariant((s) => !(left.at({ a: 'x' }, 'leave') && left.at({ a: 'y' }, 'leave')));
export const open = gate.model({ variant: 'open' }, { violates: [alone] });
export const guarded = gate.model({ variant: 'guarded' });
`;

it('tells the variants of a small spec apart on its one page', async () => {
  const folder = folderWith({ 'gate.ts': SPEC });
  const { error, code } = await fairlead(['docs', 'gate.ts', '-o', 'out', '--format', 'markdown', '-q'], {
    cwd: folder,
  });
  expect([error, code]).toEqual(['', 0]);
  expect(readdirSync(join(folder, 'out')).sort()).toEqual(['README.md', 'gate.md']);
  const page = readFileSync(join(folder, 'out/gate.md'), 'utf8');
  expect(page).toContain('| [alone](#alone) | [✗ 2](#open-alone) | ✓ |');
  expect(page).toContain('## From `open` to `guarded`');
  expect(page).toContain('Fails in open, and not in guarded: [alone](#alone) [✗ 2](#open-alone).');
});

it('tells the variants of a larger spec apart on several pages although all of its models are in one file', async () => {
  const long = `/**\n * ${'All of this is about a gate. '.repeat(1200)}\n *\n * @variants variant */`;
  const folder = folderWith({ 'gate.ts': SPEC.replace('/** @variants variant */', long) });
  const { error, code } = await fairlead(['docs', 'gate.ts', '-o', 'out', '--format', 'markdown', '-q'], {
    cwd: folder,
  });
  expect([error, code]).toEqual(['', 0]);
  const pages = readdirSync(join(folder, 'out/gate')).sort();
  expect(pages).toEqual([
    'README.md',
    'limits.md',
    'models.md',
    'properties.md',
    'protocol-differences.md',
    'protocol-guarded.md',
    'protocol-open.md',
    'protocol.md',
    'waits.md',
  ]);
  const read = (path: string): string => readFileSync(join(folder, 'out', path), 'utf8');
  expect(read('gate.md')).toContain('| [alone](gate/properties.md#alone) | [✗ 2](gate/models.md#open-alone) | ✓ |');
  expect(read('gate/protocol-differences.md')).toContain(
    'Fails in open, and not in guarded: [alone](properties.md#alone) [✗ 2](models.md#open-alone).',
  );
});
