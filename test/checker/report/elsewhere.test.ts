import { expect, it } from 'vitest';
import { fairlead, folderWith } from '../cli/command.ts';

const SPEC = `import { eventually, spec, weak, when, z } from 'fairlead';
export const sleeper = spec('sleeper', {
  params: { signals: z.boolean().default(false), beds: z.int().min(1).max(2).default(1) },
  state: () => ({ asleep: z.boolean().default(true), up: z.boolean() }),
});
export const rise = sleeper.action((s) => { when(!s.asleep && !s.up); s.up = true; });
export const signal = sleeper.action((s, p) => { when(p.signals && s.asleep); s.asleep = false; });
export const fair = sleeper.fairness(weak(rise, signal));
export const done = sleeper.terminal((s) => s.up);
export const rises = sleeper.property((s) => eventually(s.up));
export const plain = sleeper.model({}, { violates: [rises], deadlocks: true });
export const larger = sleeper.model({ beds: 2 }, { violates: [rises], deadlocks: true });
export const signaled = sleeper.model({ signals: true });
`;

const cwd = folderWith({ 'sleeper.ts': SPEC });
const told = async (...args: string[]): Promise<string> =>
  (await fairlead(['check', 'sleeper.ts', ...args], { cwd })).out.replaceAll(/\s+/g, ' ');

it('names the value of a parameter with which something more can happen, where no fairness helps', async () => {
  expect(await told('--verbose')).toContain(
    'rises holds with signals=true (signaled), where rise, signal can happen; no fairness makes it hold in plain',
  );
  // `larger` differs in two parameters from the model in which it holds.
  expect(await told('--verbose')).not.toContain('no fairness makes it hold in larger');
});

it('says it only of what is told in full or unexpected', async () => {
  expect(await told()).not.toContain('rises holds with');
  expect(await told('--model', 'plain', '--verbose')).not.toContain('rises holds with');
});
