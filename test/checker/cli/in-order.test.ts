import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { inOrder } from '../../../checker/cli/in-order.ts';

async function gathered<Result>(results: AsyncIterable<Result>): Promise<Result[]> {
  const all: Result[] = [];
  for await (const result of results) all.push(result);
  return all;
}

it.each([1, 2, 5, 100])('gives what came of items in their order, with at most %i begun', async (atOnce) => {
  let open = 0;
  let most = 0;
  const results = await gathered(
    inOrder(Array(20).keys(), atOnce, async (item) => {
      open += 1;
      most = Math.max(most, open);
      await setTimeout((item * 7) % 5);
      open -= 1;
      return item;
    }),
  );
  expect(results).toEqual([...Array(20).keys()]);
  expect(most).toBeLessThanOrEqual(atOnce);
  if (1 < atOnce) expect(most).toBeGreaterThan(1);
});

it('gives what is done at once, before anything else is begun', async () => {
  const events: string[] = [];
  for await (const item of inOrder([1, 2, 3], 10, (one) => {
    events.push(`begin ${one}`);
    return Promise.resolve(one);
  })) {
    events.push(`give ${item}`);
  }
  expect(events).toEqual(['begin 1', 'give 1', 'begin 2', 'give 2', 'begin 3', 'give 3']);
});

it('throws where an item fails, after those before it, and leaves no failure to nobody', async () => {
  const given: number[] = [];
  const failing = async (): Promise<void> => {
    for await (const item of inOrder([1, 2, 3, 4], 4, async (one) => {
      await setTimeout(1);
      if (1 < one) throw new Error(`no ${one}`);
      return one;
    })) {
      given.push(item);
    }
  };
  await expect(failing()).rejects.toThrow('no 2');
  expect(given).toEqual([1]);
});
