import { setImmediate } from 'node:timers/promises';

/**
 * Begins work on items, several ahead of the first that is not done, and gives what came of each in their order, as soon
 * as those before it have been given.
 *
 * @param atOnce - how many may have been begun and not given; at least 1.
 * @param begin - called once for each item, in order. Between two calls signals are heard.
 */
export async function* inOrder<Item, Result>(
  items: Iterable<Item>,
  atOnce: number,
  begin: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const begun: { readonly work: Promise<Result>; isDone: boolean }[] = [];
  for (const item of items) {
    await setImmediate();
    const one = { work: begin(item), isDone: false };
    const done = (): void => void (one.isDone = true);
    one.work.then(done, done);
    begun.push(one);
    await setImmediate();
    while (begun[0]?.isDone === true || atOnce <= begun.length) yield await begun.shift()!.work;
  }
  for (const { work } of begun) yield await work;
}
