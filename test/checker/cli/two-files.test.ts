import { describe, expect, it } from 'vitest';
import { fairlead, folderWith } from './command.ts';

const folder = folderWith({
  'lock.ts': `import { spec, z } from 'fairlead';
export const lock = spec('lock', { state: () => ({ on: z.boolean() }) });
`,
  'writer.ts': `import { lock } from './lock.ts';
export const start = lock.action((s) => {
  s.on = true;
});
`,
  'reader.ts': `import { lock } from './lock.ts';
import './writer.ts';
export { lock };
export const start = lock.action((s) => {
  s.on = false;
});
`,
});

describe('a spec in two files', () => {
  it('is refused where both declare one name, with both places', async () => {
    const { code, error } = await fairlead(['check', 'reader.ts'], { cwd: folder });
    expect(error).toMatchInlineSnapshot(`
      "error[FL011]: two declarations of one spec are called \`start\`
       --> reader.ts:4:14
        |
      4 | export const start = lock.action((s) => {
        |              ^^^^^ second
       ::: writer.ts:2:14
        |
      2 | export const start = lock.action((s) => {
        |              ----- first
        |
        = help: rename one of them
        = more: fairlead explain FL011

      "
    `);
    expect(code).toBe(2);
  });
});
