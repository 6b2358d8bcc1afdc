import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../dsl/compiler/package-root.ts';
import { loadProgram } from '../cli/program.ts';
import type { Session } from '../cli/session.ts';

/**
 * What compiles and checks the specs of a test file: the program of the command, which is there sooner than the modules of
 * the package would be.
 *
 * @param testFile - by absolute path; undefined: of whatever file this is.
 */
export function sessionFor(testFile: string | undefined): Promise<Session> {
  const purpose = testFile === undefined ? '' : relative('', testFile);
  const known = sessions.get(purpose) ?? begin(purpose);
  sessions.set(purpose, known);
  return known;
}

/** Files may share a process. */
const sessions = new Map<string, Promise<Session>>();

async function begin(purpose: string): Promise<Session> {
  const entry = pathToFileURL(join(packageRoot(), 'dist/cli.cjs'));
  const { main, cache, save } = loadProgram(entry, () => 'test', []);
  const session = await main.openSession(entry, cache, `test ${purpose}`);
  return { ...session, open: (path) => session.open(path).finally(save) };
}
