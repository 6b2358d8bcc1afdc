export { check } from './check.ts';
export type { CheckOptions } from './options.ts';
export type { Progress } from './search/progress.ts';
export type * from './verdict/verdict.ts';
