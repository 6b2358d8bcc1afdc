import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fairlead, folderWith, LOCK } from './command.ts';

const GATE = `import { spec, when, z } from 'fairlead';
export const gate = spec('gate', { params: { cars: z.int().min(1).max(900).default(3) }, state: (p) => ({ open: z.boolean(), passed: z.int().min(0).max(p.cars) }) });
export const guard = gate.process(function* (s, p) {
  while (s.passed < p.cars) {
    yield 'open';
    s.open = true;
    yield 'close';
    when(s.passed > 0);
    s.open = false;
  }
});
export const pass = gate.action((s, p) => { when(s.open && s.passed < p.cars); s.passed += 1; });
export const some = gate.invariant((s) => s.passed < 2);
`;

const folder = folderWith({ 'lock.ts': LOCK, 'gate.ts': GATE });
const run = (...args: string[]) => fairlead(['graph', ...args], { cwd: folder });
const read = (file: string): string => readFileSync(join(folder, file), 'utf8');

describe('fairlead graph', () => {
  it('draws every state and every step between two of them', async () => {
    const { out, code } = await run('lock.ts', '-m', 'two', '--format', 'dot');
    expect(code).toBe(0);
    expect(out.match(/^ {2}n\d+ \[/gm)).toHaveLength(8);
    expect(out.match(/^ {2}n\d+ -> n\d+/gm)).toHaveLength(14); // no step of this spec leaves the state as it is
    expect(out).toContain('n0 [label="0\\nowner: null\\nwaiting: {}", penwidth=2];');
    expect(out).toContain('n0 -> n1 [label="ask(t0)"];');
  });

  it('merges states that agree on the variables of --project', async () => {
    const { out } = await run('lock.ts', '-m', 'two', '--project', 'owner', '--format', 'mermaid');
    expect(out).toMatchInlineSnapshot(`
      "flowchart TD
        n0(["0 (4 states)<br/>owner: null"]):::first
        n1["1 (2 states)<br/>owner: t0"]
        n2["2 (2 states)<br/>owner: t1"]
        n0 -->|"take(t0)"| n1
        n0 -->|"take(t1)"| n2
        n1 -->|"release"| n0
        n2 -->|"release"| n0
        classDef first stroke-width:3px
      "
    `);
  });

  it('takes the name of a process for where it is, and marks what is wrong and what is the end', async () => {
    const { out } = await run('gate.ts', '--project', 'guard,passed', '--format', 'dot');
    expect(out).toContain('[label="0\\nguard.pc: open\\npassed: 0", penwidth=2]');
    expect(out).toMatch(/\[label="\d+( \(\d states\))?\\nguard\.pc: close\\npassed: 2", color=red, fontcolor=red\]/);
  });

  it('draws the control flow of a process', async () => {
    const { out } = await run('gate.ts', '--process', 'guard', '--format', 'mermaid');
    expect(out).toMatchInlineSnapshot(`
      "flowchart TD
        n0(["open"]):::first
        n1["close<br/>when passed #62; 0"]
        n2(["done"]):::last
        n0 --> n1
        n1 -->|"passed #60; p.cars"| n0
        n1 -->|"passed #62;= p.cars"| n2
        classDef first stroke-width:3px
        classDef last stroke-dasharray:4
      "
    `);
  });

  it('takes the form from the name of the file', async () => {
    for (const [file, start] of [
      ['a.svg', '<svg'],
      ['a.dot', 'digraph'],
      ['a.mmd', 'flowchart TD'],
    ] as const) {
      const { code, out } = await run('lock.ts', '-m', 'two', '-o', file);
      expect([code, out]).toEqual([0, '']);
      expect(read(file).startsWith(start)).toBe(true);
    }
  });

  it('says what to do when there is too much to draw', async () => {
    const { code, error } = await run('gate.ts', '--set', 'cars=400');
    expect(error).toBe(
      [
        'error: defaults has more than 300 states; a drawing of more is of no use to anybody',
        'Draw a smaller model (--set), merge states that agree on some variables (--project open,passed),',
        'draw one process (--process guard), or raise the limit (--limit 900).\n',
      ].join('\n'),
    );
    expect(code).toBe(3);
    const merged = await run('gate.ts', '--set', 'cars=400', '--project', 'passed');
    expect(merged.error).toContain('more than 300 combinations of passed');
    const small = await run('gate.ts', '--set', 'cars=400', '--project', 'open', '--format', 'dot');
    expect(small.out.match(/^ {2}n\d+ \[/gm)).toHaveLength(2);
  });

  it.each([
    [['lock.ts'], 'lock.ts has several models'],
    [['gate.ts', '--process', 'gaurd'], 'there is no process gaurd (did you mean guard?)'],
    [['gate.ts', '--project', 'opne'], 'there is no variable opne (did you mean open?)'],
    [['gate.ts', '-o', 'a.png'], 'the name a.png does not say in which form to draw'],
  ])('refuses %j', async (args, message) => {
    const { code, error } = await run(...args);
    expect(error).toContain(message);
    expect(code).toBe(2);
  });
});
