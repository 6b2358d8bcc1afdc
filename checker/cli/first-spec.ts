/**
 * What `fairlead init` begins a project with: the lock that the tutorial begins with, as it fails, so that the first check
 * finds something.
 */
export const FIRST_SPEC = `
  import { count, ids, spec, z } from 'fairlead';

  const Thread = ids('Thread', (p) => p.threads);

  export const lock = spec('lock', {
    params: { threads: z.int().min(1).max(4).default(2) },
    state: () => ({ taken: z.boolean() }),
  });

  /** Rests, looks whether the lock is free, takes it, and gives it back. */
  export const thread = lock.process({ t: Thread }, function* (s) {
    while (true) {
      yield 'rest';
      yield 'look';
      if (s.taken) continue;
      yield 'take';
      s.taken = true;
      yield 'inside';
      s.taken = false;
    }
  });

  /** At most one thread is inside. */
  export const exclusion = lock.invariant(() => count(Thread, (t) => thread.at({ t }, 'inside')) <= 1);
`
  .slice(1)
  .replaceAll(/^ {2}/gm, '');

/** For editors: what `docs/typescript.md` advises. The command needs none. */
export const SPECS_TSCONFIG = `{
  "compilerOptions": {
    "strict": true,
    "target": "es2022",
    "lib": ["es2023", "esnext.collection"],
    "module": "nodenext",
    "moduleResolution": "nodenext",
    "types": [],
    "skipLibCheck": true,
    "noEmit": true
  },
  "include": ["."]
}
`;
