import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { fairlead, folderWith } from '../cli/command.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** What is looked up in a report; the pages are read as any reader would. */
interface ReportedModel {
  readonly path: string;
  readonly model: string;
  readonly statistics: { readonly distinct: number };
  readonly verdicts: readonly {
    readonly name: string;
    readonly kind: string;
    readonly asExpected: boolean;
    readonly vacuous?: unknown;
    readonly outcome: { readonly kind: string; readonly trace?: { readonly steps: readonly unknown[] } };
  }[];
  readonly advice?: readonly {
    readonly property: string;
    readonly kind: string;
    readonly assumptions: readonly { readonly strength: string; readonly name: string }[];
  }[];
}

/** The rows of the first table with this first head, each as its cells without links. */
function rowsUnder(page: string, head: string): readonly (readonly string[])[] {
  const lines = page.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${head} |`));
  if (start < 0) return [];
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  return lines.slice(start, end).map((line) =>
    line
      .slice(2, -2)
      .split(/ (?<!\\)\| /)
      .map((cell) =>
        cell
          .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
          .replaceAll(/\*\*|`|<a id="[^"]*"><\/a>/g, '')
          .trim(),
      ),
  );
}

/** Rows of a table in which the first cell stands once for all rows that are about the same. */
function byFirstCell(rows: readonly (readonly string[])[]) {
  const groups: { readonly property: string; readonly rows: (readonly string[])[] }[] = [];
  for (const [first, ...rest] of rows) {
    if (first !== '') groups.push({ property: first!, rows: [] });
    groups.at(-1)!.rows.push(rest);
  }
  return groups;
}

/** What is needed in a model, or what would help there, from however many rows. */
function rowsTogether(rows: readonly (readonly string[])[]): readonly (readonly [string, string])[] {
  return byFirstCell(rows).map(({ property: where, rows: own }) => [where, own.map(([needs]) => needs).join('; ')]);
}

const NAMES: Readonly<Record<string, string>> = { deadlock: 'no deadlock', evaluation: 'no failing step' };
const SIGNS: Readonly<Record<string, string>> = {
  holds: '✓',
  violated: '✗',
  reached: '◆',
  unreachable: '◇',
  bounded: '…',
};

function cellFor({ outcome, vacuous }: ReportedModel['verdicts'][number]): string {
  const sign = vacuous === undefined ? SIGNS[outcome.kind]! : '∅';
  return outcome.trace === undefined ? sign : `${sign} ${outcome.trace.steps.length}`;
}

describe('what stands on the pages of a spec', () => {
  const single = ['peterson', 'dining-philosophers', 'robust-mutex', 'timed-wait', 'spin-lock'];
  const paths = single.map((name) => `specs/${name === 'timed-wait' ? 'sync' : 'classic'}/${name}.ts`);
  const several = ['specs/vmm-drv/models/one-ring.ts', 'specs/vmm-drv/models/notify.ts'];
  const folder = folderWith({});
  let models: readonly ReportedModel[];
  const page = (path: string): string => readFileSync(join(folder, 'pages', path), 'utf8');

  beforeAll(async () => {
    const args = ['docs', ...paths, ...several, '--output', join(folder, 'pages'), '--format', 'markdown', '--quiet'];
    expect((await fairlead(args, { cwd: root })).code).toBe(0);
    const { out } = await fairlead(['check', ...paths, ...several, '--format', 'json', '--advise'], { cwd: root });
    ({ models } = JSON.parse(out) as { models: readonly ReportedModel[] });
  }, 300_000);

  const of = (path: string): readonly ReportedModel[] => models.filter((one) => one.path === path);

  const pages = [
    ...paths.map((path) => ({ path, file: `${path.split('/').at(-1)!.replace('.ts', '')}.md` })),
    ...several.map((path) => ({ path, file: `vmm_drv-leases/${path.split('/').at(-1)!.replace('.ts', '')}.md` })),
  ];

  it.each(pages)('is what the report says of each property in each model of $path', ({ path, file }) => {
    const [head, , ...rows] = rowsUnder(page(file), 'Property');
    const byName = new Map(rows.map((row) => [row[0], row]));
    let compared = 0;
    for (const { model, verdicts } of of(path)) {
      for (const verdict of verdicts) {
        const row = byName.get(NAMES[verdict.name] ?? verdict.name)!;
        const expected = cellFor(verdict);
        const column = head!.indexOf(model);
        if (0 < column) expect([model, verdict.name, row[column]]).toEqual([model, verdict.name, expected]);
        else {
          // Many models have no column each: they are named by what came out.
          const part = row[1]!.split('; ').find((one) => one.startsWith(expected[0]!));
          expect({ name: verdict.name, model, isNamed: part !== undefined }).toMatchObject({ isNamed: true });
          const steps = verdict.outcome.trace?.steps.length;
          if (steps !== undefined && !part!.endsWith(' more')) expect(part).toContain(`${model} ${steps}`);
        }
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(3);
  });

  it('is on the first page the worst of all models of a variant, those left out that leave a part out', () => {
    const [head, , ...rows] = rowsUnder(page('vmm_drv-leases.md'), 'Property');
    expect(head).toEqual(['Property', 'beforeTheFix', 'naiveFix', 'shippedFix', 'corrected']);
    expect(rows.find(([name]) => name === 'callIsHeard')).toEqual(['callIsHeard', '✗ 9', '✓', '✓', '✓']);
    expect(rows.find(([name]) => name === 'noLeaseAfterPurge')!.slice(1)).toEqual(['∅', '∅', '∅', '∅']);
    expect(rows.find(([name]) => name === 'writeLockIsGot')![1]).toMatch(/^✗ 12 in \d of \d+$/);
  });

  it('says of fairness what the advice on that model says', () => {
    const texts = [...new Set(pages.map(({ file }) => file))].map(page);
    let compared = 0;
    for (const text of [...texts, page('vmm_drv-leases/fairness-needed.md')]) {
      for (const { property, rows } of byFirstCell(rowsUnder(text, 'Property | Worked out in').slice(2))) {
        for (const [where, needs] of rowsTogether(rows)) {
          if (where === '–') continue;
          const advice = models
            .filter(({ model }) => where.split(', ').some((label) => label.split('/').at(-1) === model))
            .flatMap(({ advice: list = [] }) => list)
            .filter((one) => one.property === property);
          const isSaid = advice.some(({ kind, assumptions }) => {
            // Each stands in a part that begins with how strong it is: `weak a, b (set)`, `strong fairness of c`.
            const parts = needs.split('; ').map((part) => part.replace(/^it would hold (only )?with /, ''));
            const isNamed = ({ strength, name }: (typeof assumptions)[number]): boolean =>
              parts.some((part) => part.startsWith(`${strength} `) && part.includes(name));
            if (!assumptions.every(isNamed)) return false;
            if (kind !== 'needs') return needs.startsWith('fails');
            return assumptions.length === 0 ? needs === 'no fairness' : !needs.startsWith('fails');
          });
          expect({ property, where, needs, isSaid }).toMatchObject({ isSaid: true });
          compared += 1;
        }
      }
    }
    expect(compared).toBeGreaterThan(6);
  });

  it('says in how many models a property says nothing', () => {
    const rows = rowsUnder(page('vmm_drv-leases/limits.md'), 'Property').slice(2);
    const own = several.flatMap(of);
    for (const [property, cell] of rows) {
      const idle = own.flatMap(({ verdicts }) =>
        verdicts.filter((one) => one.name === property && one.vacuous !== undefined),
      );
      expect({ property, isIdle: idle.length > 0 }).toEqual({ property, isIdle: true });
      if (cell!.endsWith(' in all models')) expect(idle).toHaveLength(own.length);
    }
    const said = new Set(rows.map(([name]) => name));
    const idle = own.flatMap(({ verdicts }) => verdicts.filter(({ vacuous }) => vacuous !== undefined));
    expect(new Set(idle.map(({ name }) => name))).toEqual(said);
    expect(rows.length).toBeGreaterThan(5);
  });

  it('asks nothing in the protocol of a variant that the variant settles', () => {
    const names = ['beforeTheFix', 'naiveFix', 'shippedFix', 'corrected'];
    const texts = ['protocol', ...names.map((name) => `protocol-${name}`)].map((name) =>
      page(`vmm_drv-leases/${name}.md`),
    );
    for (const text of texts) {
      const told = text.replaceAll(/^\|.*$/gm, ''); // tables have what is declared, as it is written
      expect(told).not.toMatch(/\bp\.(variant|mutation|vcpuLocks)\b/);
    }
    const worker = texts[4]!.slice(texts[4]!.indexOf('## `worker('));
    expect(worker).toContain('call renewLease@46');
    expect(worker.match(/^#### `lockToSign`$/gm)).toHaveLength(1); // called at four places
    expect(texts[4]).toContain('of `worker` `txSend`, `txBail`, `txExpired`, `txRetake`, `txAsleep`');
  });

  it('leads from the stories of a variant to its steps as they are in that variant', () => {
    const text = page('vmm_drv-leases/one-ring.md');
    const sections = text.split(/^### /m).slice(1);
    const stories = sections.filter((one) => one.includes('](protocol'));
    for (const one of stories) {
      const variant = /^`(beforeTheFix|naiveFix|shippedFix|corrected)/.exec(one)![1]!;
      const its = page(`vmm_drv-leases/protocol-${variant}.md`);
      for (const [, file] of one.matchAll(/\]\((protocol[\w-]*\.md)#/g)) expect(its).toContain(`](${file!}#`);
    }
    expect(stories.length).toBeGreaterThan(2);
  });
});
