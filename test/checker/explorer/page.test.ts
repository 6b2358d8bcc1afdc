import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { pageModels } from '../../../checker/explorer/page-data.ts';
import type { PageData } from '../../../checker/explorer/page-data.ts';
import { DATA_ELEMENT, pageOf } from '../../../checker/explorer/page.ts';
import { fromPool } from '../../../checker/explorer/pool.ts';
import type { Pool } from '../../../checker/explorer/pool.ts';
import { check } from '../../../checker/check.ts';
import * as ir from '../../support/ir.ts';

const HOSTILE = `</script><script>alert(1)</script><!-- <script> \u2028\u2029 & " ' ]]> \ud800`;

function hostile() {
  const system = ir.system(
    { [HOSTILE]: ir.enumDomain(HOSTILE, 'b') },
    {
      actions: [
        ir.action(HOSTILE, {}, ir.assign(ir.variablePlace(HOSTILE, ir.enumDomain(HOSTILE, 'b')), ir.literal('b'))),
      ],
    },
  );
  return { ...system, name: HOSTILE, doc: HOSTILE, files: [{ path: HOSTILE, text: HOSTILE }] };
}

function dataOf(systems: readonly ReturnType<typeof hostile>[]): PageData {
  const models = systems.map((system) => {
    const result = check(system);
    return { path: 'spec.ts', system, changed: [], result };
  });
  return { fairlead: '0', opensAt: 'results', models: pageModels(models) };
}

describe('a page', () => {
  it('holds its data whatever names a spec has', () => {
    const data = dataOf([hostile()]);
    const page = pageOf(data, HOSTILE, { script: 'run()', style: 'body {}' });
    expect(page.match(/<\/script>/g)?.length).toBe(2);
    expect(page.match(/<script/g)?.length).toBe(2);
    expect(page).not.toContain('<!--');
    const [, json] = new RegExp(`id="${DATA_ELEMENT}">(.*?)</script>`, 's').exec(page) ?? [];
    expect(json).not.toMatch(/[\u2028\u2029]/);
    expect(fromPool(JSON.parse(json!) as Pool)).toEqual(data);
  });

  it('holds a script and a style whatever is in their strings', () => {
    const script = 'const a = "</script>", b = "<!--<script>"';
    const page = pageOf(dataOf([]), 'x', { script, style: 'a::before { content: "</style>" }' });
    expect(page.match(/<\/script>/g)?.length).toBe(2);
    expect(page.match(/<\/style>/g)?.length).toBe(1);
    const [, inPage] = /<script>(.*)<\/script>/s.exec(page) ?? [];
    expect(runInNewContext(`${inPage}; a + b`)).toBe('</script><!--<script>');
  });

  it('names models of one name apart', () => {
    const ids = dataOf([hostile(), hostile(), hostile()]).models.map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
  });
});
