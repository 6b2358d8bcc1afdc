import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The command as it is shipped, built from the sources under test; or why it could not be built. */
    readonly builtCommand: { readonly path: string } | { readonly failure: string };
  }
}

/** Builds the command once for all tests that run it as a process, outside `dist/`, which may be in use. */
export default function setup(project: TestProject): void {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const build = spawnSync(process.execPath, [`${root}/.ci/build.js`, '.fairlead/under-test'], { encoding: 'utf8' });
  project.provide(
    'builtCommand',
    build.status === 0 ? { path: `${root}/.fairlead/under-test/cli.cjs` } : { failure: build.stderr + build.stdout },
  );
}
