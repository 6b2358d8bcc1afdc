import { fileURLToPath } from 'node:url';

/** Something that a test, or its spec, can mend: without our own lines in its stack, so that those of the test are shown. */
export function problem(message: string): Error {
  const error = new Error(message);
  const ours = fileURLToPath(new URL('.', import.meta.url)).replace(/[\\/]$/, '');
  const frames = (error.stack ?? '').slice(`Error: ${message}`.length).split('\n');
  const others = frames.filter((frame) => !frame.includes(ours));
  return Object.defineProperty(error, 'stack', { value: `Error: ${message}${others.join('\n')}` });
}
