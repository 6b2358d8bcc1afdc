import { expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { systemOf } from './compiled.ts';

it('a loop without a yield before the first label is named as what fails, with its process', () => {
  const { verdicts } = check(
    systemOf(`
      export const lock = spec('lock', { state: () => ({ taken: z.boolean() }) });
      export const thread = lock.process(function* (s) {
        let tries = 0;
        while (!s.taken) {
          tries += 1;
        }
        yield 'inside';
        s.taken = true;
      });
    `),
  );
  const failures = verdicts.flatMap(({ outcome }) =>
    outcome.kind === 'violated' && outcome.failure !== undefined ? [outcome.failure] : [],
  );
  expect(failures).toMatchObject([
    { step: { process: 'thread' }, message: 'the loop does not end within 4096 rounds' },
  ]);
});
