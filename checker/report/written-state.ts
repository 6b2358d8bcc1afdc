import * as z from 'zod';

/** A state as a file has it, by name. Zod's own records and objects would leave out a variable that is called `__proto__`. */
export const writtenState = z.custom<Readonly<Record<string, unknown>>>(
  (state) => typeof state === 'object' && state !== null && !Array.isArray(state),
  { error: 'a state is an object' },
);
