/** Specs in the tests of a project: matchers about models, and a test for each property of each model. */
import { expect } from 'vitest';
import { matchers } from './matchers.ts';
import type { ModelMatchers } from './matchers.ts';

export { describeSpec } from './describe-spec.ts';
export type { DescribeOptions } from './describe-spec.ts';
export type { ModelMatchers } from './matchers.ts';

declare module 'vitest' {
  // oxlint-disable-next-line typescript/no-explicit-any -- it has to be declared as vitest declares it
  interface Matchers<T = any> extends ModelMatchers<T> {}
}

expect.extend(matchers);
