import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSources, type Sources } from '../../../dsl/compiler/source.ts';
import { bundled, checkerAgainst, SMALL, typeChecker, WHOLE } from '../../../dsl/compiler/typecheck.ts';
import { typings } from '../../../.ci/typings.js';

const folder = mkdtempSync(join(tmpdir(), 'fairlead-types-'));

function sourcesOf(text: string) {
  const path = join(folder, 'spec.ts');
  writeFileSync(path, text);
  return openSources(path);
}

for (const [name, text] of Object.entries(typings())) writeFileSync(join(folder, name), text);

const complaints = (specs: readonly Sources[], against: typeof SMALL) => {
  const check = checkerAgainst(against, { specs });
  return specs.map((spec) => check(spec).complaints);
};
const messages = (found: readonly (readonly { message: string }[])[]) => found.flat().map(({ message }) => message);

describe('the small typings', () => {
  it('are enough for every spec of the project, and say what the whole ones say', { timeout: 300_000 }, () => {
    const specs = ['classic', 'sync', 'vmm-drv'].flatMap((room) =>
      readdirSync(join('specs', room))
        .filter((file) => file.endsWith('.ts'))
        .map((file) => openSources(join('specs', room, file))),
    );
    expect(specs.length).toBeGreaterThan(20);
    expect(messages(complaints(specs, SMALL))).toEqual([]);
    expect(messages(complaints(specs, bundled(folder, specs)))).toEqual([]);
    expect(messages(complaints(specs, WHOLE))).toEqual([]);
  });

  it('never have the last word: what only the whole library knows is accepted', () => {
    const sources = sourcesOf(`
      import { spec, z } from 'fairlead';
      const sizes = [1, 2, 3].flatMap((n) => [n]).toSorted();
      export const s = spec('odd', { state: () => ({ n: z.int().min(0).max(sizes.length).catch(0) }) });
    `);
    expect(complaints([sources], SMALL).flat()).not.toEqual([]);
    expect(typeChecker({ specs: [sources] })(sources).complaints).toEqual([]);
  });

  it.each([
    ['a member that an enum does not have', `s.mode = 'wat';`],
    ['a variable that does not exist', `s.mod = 'on';`],
    ['an id of another set', `s.owner = c;`],
    ['arithmetic on an id', `s.n = (s.owner as never as typeof r) + 1;`],
    ['an optional that may be absent', `s.n = s.maybe.depth;`],
    ['a case that was not narrowed', `s.n = s.shape.side;`],
    ['a label that a process does not have', `when(worker.at({ r }, 'nowhere'));`],
    ['a record with a key too few', `s.table = { on: 1 };`],
  ])('find %s, as the whole ones do', (_, statement) => {
    const sources = sourcesOf(`
      import { ids, spec, when, z } from 'fairlead';
      const Ring = ids('Ring', 2);
      const Client = ids('Client', 2);
      export const lock = spec('lock', { state: () => ({
        mode: z.enum(['on', 'off']), n: z.int().min(0).max(3), owner: z.nullable(Ring),
        maybe: z.object({ depth: z.int().min(0).max(1) }).optional(),
        table: z.record(z.enum(['on', 'off']), z.int().min(0).max(3)),
        shape: z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('dot') }), z.object({ kind: z.literal('box'), side: z.int().min(0).max(3) }),
        ]),
      }) });
      export const worker = lock.process({ r: Ring }, function* (s, { r }) { yield 'go'; s.owner = r; });
      export const step = lock.action({ r: Ring, c: Client }, (s, { r, c }) => { when(s.owner === r && c !== null); ${statement} });
    `);
    const small = complaints([sources], SMALL).flat();
    const whole = complaints([sources], WHOLE).flat();
    expect(whole).not.toEqual([]);
    const shipped = complaints([sources], bundled(folder, [sources])).flat();
    expect(small.map(({ primary }) => primary.span)).toEqual(whole.map(({ primary }) => primary.span));
    expect(shipped.map(({ primary }) => primary.span)).toEqual(whole.map(({ primary }) => primary.span));
  });
});

/** What TypeScript says, the same whatever it is asked with: each message behind the text that it is about. */
function complaintsAbout(text: string): string[] {
  return errorsIn(text).map(({ about, words }) => `${about}: ${words}`);
}

function errorsIn(text: string): { readonly line: number; readonly about: string; readonly words: string }[] {
  const sources = sourcesOf(text);
  const said = [SMALL, bundled(folder, [sources]), WHOLE].map((typings) =>
    complaints([sources], typings)[0]!.map(({ message, primary: { span } }) => {
      const [words = ''] = message.split('\n');
      return { line: text.slice(0, span.start).split('\n').length, about: text.slice(span.start, span.end), words };
    }),
  );
  expect(said[0]).toEqual(said[2]);
  expect(said[1]).toEqual(said[2]);
  return said[2]!;
}

describe('a text is no id', () => {
  /** Each statement in a step of its own, a line of the text. */
  const spec = (...statements: readonly string[]) =>
    `import { all, enabled, ids, local, pick, record, spec, taken, verify, when, z } from 'fairlead';
    import { enter, mutex } from 'fairlead/sync';
    const Thread = ids('Thread', 2);
    export const lock = spec('lock', { state: () => ({
      owner: Thread, next: Thread.nullable(), waiting: z.set(Thread), queue: z.array(Thread).max(2), lock: mutex(Thread),
      held: z.record(Thread, z.boolean()), message: z.object({ from: Thread, to: Thread.optional() }),
      pair: z.tuple([Thread, z.boolean()]), who: z.union([Thread, z.boolean()]),
    }) });
    export const take = lock.action({ t: Thread }, (s, { t }) => { when(s.owner !== t); s.owner = t; });
    export const walk = lock.process({ t: Thread }, function* (s, { t }) { yield 'go'; s.owner = t; });
${statements
  .map(
    (statement, at) =>
      `export const step${at} = lock.action({ t: Thread, u: Thread }, (s, { t, u }) => { when(s.owner === t || s.next === u); ${statement} });`,
  )
  .join('\n')}`;

  const PLACES: readonly ((id: string) => string)[] = [
    (id) => `s.owner = ${id};`,
    (id) => `s.next = ${id};`,
    (id) => `s.who = ${id};`,
    (id) => `s.queue[0] = ${id};`,
    (id) => `s.pair[0] = ${id};`,
    (id) => `s.pair = [${id}, true];`,
    (id) => `when(s.owner === ${id});`,
    (id) => `when(${id} !== s.next);`,
    (id) => `switch (s.owner) { case ${id}: s.next = null; }`,
    (id) => `s.waiting.add(${id});`,
    (id) => `when(s.waiting.has(${id}));`,
    (id) => `s.waiting.delete(${id});`,
    (id) => `s.waiting = new Set([${id}]);`,
    (id) => `s.queue.push(${id});`,
    (id) => `when(s.queue.includes(${id}));`,
    (id) => `when(s.queue.indexOf(${id}) === 0);`,
    (id) => `s.queue = [${id}];`,
    (id) => `when(s.held[${id}]);`,
    (id) => `s.held[${id}] = true;`,
    (id) => `s.held = { ...s.held, [${id}]: true };`,
    (id) => `s.message = { from: ${id} };`,
    (id) => `s.message.to = ${id};`,
    (id) => `when(enabled(take, { t: ${id} }));`,
    (id) => `when(walk.at({ t: ${id} }, 'go'));`,
    (id) => `let mine = t; mine = ${id}; s.owner = mine;`,
    (id) => `const mine: typeof t = ${id}; s.owner = mine;`,
    (id) => `s.owner = local(Thread, ${id});`,
    (id) => `record(Thread, () => t)[t] = ${id};`,
    (id) => `s.held = record(Thread, (r) => r === ${id});`,
    (id) => `when(all(s.waiting, (w) => w !== ${id}));`,
    (id) => `enter(s.lock, ${id});`,
  ];

  it.each(['u', 's.queue[0]!'])('but %s is one, in any place', (id) => {
    expect(errorsIn(spec(...PLACES.map((place) => place(id))))).toEqual([]);
  });

  it.each(['t0', 'a Thread'])("'%s', in any place where there may be an id", (text) => {
    const first = spec().split('\n').length;
    const lines = errorsIn(spec(...PLACES.map((place) => place(`'${text}'`)))).map(({ line }) => line - first);
    expect(PLACES.map((_, at) => lines.filter((line) => line === at).length)).toEqual(PLACES.map(() => 1));
  });

  it('not even one that TypeScript takes for it', () => {
    const magic = (text: string) => complaintsAbout(spec(`s.owner = ${text};`));
    const words = 'a text is no id of `Thread`, whatever it says';
    for (const text of [
      "'an id of Thread, not a text'",
      '`another id of Thread, not a text`',
      String.raw`'\x61n id o\x66 Thread, not a text'`,
    ]) {
      expect(magic(text)).toEqual([`${text}: ${words}`]);
    }
  });

  it('in words that name the set', () => {
    expect(complaintsAbout(spec(`s.owner = 'a Thread'; when('t0' === t); s.waiting.add('t0');`))).toEqual([
      `s.owner: type '"a Thread"' is not assignable to type 'Id<"Thread">'`,
      `'t0' === t: this comparison appears to be unintentional because the types '"t0"' and 'Id<"Thread">' have no overlap`,
      `'t0': argument of type '"t0"' is not assignable to parameter of type 'Id<"Thread">'`,
    ]);
  });
});

describe('a parameter that there is not', () => {
  const spec = (parts: Partial<Record<'size' | 'state' | 'rest', string>>) => `
    import { always, eventually, ids, spec, weak, when, z } from 'fairlead';
    import * as fl from 'fairlead';
    const MORE = 1;
    const Ring = ids('Ring', ${parts.size ?? '(p) => p.rings'});
    export const lease = spec('lease', {
      params: { rings: z.int().min(1).max(3).default(2), mode: z.enum(['on', 'off']).default('on') },
      state: (p) => ({ owner: Ring.nullable(), n: z.int().min(0).max(${parts.state ?? 'p.rings'}) }),
      init: (s, p) => { s.n = p.rings; },
    });
    export const tick = lease.action({ r: Ring }, (s, { r }, p) => { when(s.owner === r && p.rings > 1); s.n = 1; });
    ${parts.rest ?? ''}`;
  const words = (name: string) =>
    `${name}: property '${name}' does not exist on type '{ readonly rings: number; readonly mode: "on" | "off"; }'. Did you mean 'rings'?`;

  it('is the size of a set of ids', () => {
    for (const size of [
      '(p) => p.rigns',
      'p => p.rigns',
      '(p) => p.rigns + MORE',
      '((p) => (p.rigns))',
      'function (p) { return p.rigns; }',
      '(p) => { const { mode } = p; return mode === "on" ? p.rigns : 1; }',
    ]) {
      expect(complaintsAbout(spec({ size }))).toEqual([words('rigns')]);
    }
    expect(complaintsAbout(spec({ size: '({ rigns }) => rigns' }))).toEqual([
      `rigns: property 'rigns' does not exist on type '{ readonly rings: number; readonly mode: "on" | "off"; }'`,
    ]);
  });

  it.each([
    ['a domain', { state: 'p.rigns' }],
    [
      'an initial state',
      {
        rest: `spec('', { params: { rings: z.int().min(1).max(2).default(1), mode: z.enum(['on', 'off']).default('on') }, state: () => ({ n: z.boolean() }), init: (s, p) => { s.n = p.rigns > 1; } });`,
      },
    ],
    [
      'the domain of an argument',
      { rest: `lease.action((p) => ({ n: z.int().min(0).max(p.rigns) }), (s, { n }) => { s.n = n; });` },
    ],
    ['a step', { rest: `lease.action((s, p) => { s.n = p.rigns; });` }],
    [
      'a step with arguments',
      { rest: `lease.action({ r: Ring }, (s, { r }, p) => { when(p.rigns > 1 && s.owner === r); });` },
    ],
    [
      'a process',
      {
        rest: `lease.process({ r: Ring }, function* (s, { r }, p) { yield 'go'; when(s.owner !== r); s.n = p.rigns; });`,
      },
    ],
    [
      'a local of a process',
      {
        rest: `lease.process(function* (s) { yield 'go'; s.n = 1; }, { locals: (p) => ({ k: z.int().min(0).max(p.rigns) }) });`,
      },
    ],
    ['an invariant', { rest: `lease.invariant((s, p) => s.n <= p.rigns);` }],
    ['a step property', { rest: `lease.step((s, next, p) => s.n + next.n <= p.rigns);` }],
    ['a property', { rest: `lease.property((s, p) => always(eventually(s.n <= p.rigns)));` }],
    ['a limit', { rest: `lease.within((s, p) => s.n <= p.rigns);` }],
    [
      'fairness',
      { rest: `lease.fairness(weak(tick, { per: ['r'], when: (s, { r }, p) => s.owner === r && p.rigns > 1 }));` },
    ],
  ])('is read in %s', (_, parts) => {
    expect(complaintsAbout(spec(parts))).toEqual([words('rigns')]);
  });

  it('is given to a model', () => {
    expect(complaintsAbout(spec({ rest: `export const two = lease.model({ rigns: 2 });` }))).toEqual([
      `rigns: object literal may only specify known properties, but 'rigns' does not exist in type '{ readonly rings?: number | undefined; readonly mode?: "on" | "off" | undefined; }'. Did you mean to write 'rings'?`,
    ]);
  });

  it('is one of another kind than a number of ids', () => {
    expect(complaintsAbout(spec({ size: '(p) => p.mode' }))).toEqual([
      `p.mode: type 'string' is not assignable to type 'number'.`,
    ]);
  });

  it('is known wherever the set and the spec are, and with whatever they are called', () => {
    expect(complaintsAbout(spec({ size: '(p) => p.rings + MORE' }))).toEqual([]);
    expect(complaintsAbout(spec({ size: '(p: { readonly rings: number }) => p.rings' }))).toEqual([]);
    expect(
      complaintsAbout(
        spec({
          rest: `const Far = fl.ids('Far', (q) => q.rigns); const sets = { far: z.set(Far) };
      export const far = lease.action({ f: sets.far }, (s, { f }) => { when(f.size > 0); s.n = 1; });`,
        }),
      ),
    ).toEqual([words('rigns')]);
    writeFileSync(
      join(folder, 'rings.ts'),
      `import { ids } from 'fairlead'; export const Rings = ids('Rings', (p) => p.rigns);`,
    );
    const sources = sourcesOf(
      spec({
        rest: `import { Rings } from './rings.ts'; export const far = lease.action({ r: Rings }, (s, { r }) => { when(r !== null); s.n = 1; });`,
      }),
    );
    const [far] = complaints([sources], WHOLE)[0]!;
    expect(far!.message).toBe(words('rigns').replace(/^rigns: /, ''));
    expect(sources.files[far!.primary.span.file]!.text.slice(far!.primary.span.start, far!.primary.span.end)).toBe(
      'rigns',
    );
  });

  it('may be one that another spec with the same set has', () => {
    const other = `export const other = spec('other', {
      params: { channels: z.int().min(1).max(2).default(1) }, state: () => ({ owner: Ring }) });`;
    expect(complaintsAbout(spec({ size: '(p) => p.channels ?? p.rings', rest: other }))).toEqual([]);
    expect(complaintsAbout(spec({ size: '(p) => p.rigns ?? 2', rest: other }))).toEqual([words('rigns')]);
    expect(complaintsAbout(spec({ size: '(p) => p.channels ?? 2' }))).toHaveLength(1);
  });
});
