import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { compile } from '../../../dsl/compiler/compile.ts';
import type { System } from '../../../dsl/ir/index.ts';
import { stepsOf } from '../../../checker/engine/interpreter/steps.ts';
import { isRefused, planOf } from '../../../checker/plan/plan.ts';
import type { Page } from 'playwright-core';
import { noBrowser, openBrowser, openPage } from '../../support/browser.ts';
import type { OpenOptions, OpenPage } from '../../support/browser.ts';
import { fairlead, folderWith, LOCK } from '../cli/command.ts';

/** Looked at by people: one picture of each view, wide and narrow, light and dark. */
const PICTURES = fileURLToPath(new URL('../../../.fairlead/pictures/', import.meta.url));

/** Made with `PAGES=write`. */
const README_PICTURE = fileURLToPath(new URL('../../../docs/pictures/livelock.png', import.meta.url));

/** Ten thousand steps of three runners in turn, under names that would end a script or open a comment. */
const LONG = `import { ids, spec, when, z } from 'fairlead';

const Runner = ids('Runner', () => 3);
export const long = spec('long </script><!--', {
  state: () => ({ count: z.int().min(0).max(10000), last: Runner, '<b>"\\u2028': z.enum(['</script>', '<script>']) }),
});
export const run = long.action({ r: Runner }, (s, { r }) => {
  when(s.count < 10000 && s.last !== r);
  s.count = s.count + 1;
  s.last = r;
  s['<b>"\\u2028'] = s.count % 2 === 0 ? '</script>' : '<script>';
});
export const ended = long.invariant((s) => s.count < 10000 || s['<b>"\\u2028'] === '<script>');
export const far = long.model({}, { violates: [ended], deadlocks: true });
`;

/** Words that JavaScript, CSS, HTML or addresses know, and characters that are obeyed instead of shown, as names and values. */
const ODD = `import { ids, spec, when, z } from 'fairlead';

const Thread = ids('Thread', () => 2);
const WORDS = ['red', 'constructor', '__proto__', '</script>', 'javascript:alert(1)', '\\u202edlrow', 'a\\u0007b\\u200bc'] as const;
export const odd = spec('odd \\u202eesrever', {
  state: () => ({
    red: z.enum(WORDS),
    constructor: z.enum(['toString', '__proto__']),
    'a\\u202eb': z.nullable(Thread),
    record: z.record(z.enum(WORDS), z.boolean()),
    hasOwnProperty: z.set(z.enum(WORDS)),
  }),
});
/** Turns \u202e around. */
export const go = odd.action({ t: Thread, to: z.enum(WORDS) }, (s, { t, to }) => {
  when(s.red !== to && s.constructor !== 'x\u2066' as string);
  s.red = to;
  s.record[to] = true;
  s.hasOwnProperty.add(to);
  s['a\\u202eb'] = t;
  s.constructor = '__proto__';
});
export const never = odd.invariant((s) => s.hasOwnProperty.size < 7);
export const red = odd.model({}, { violates: [never] });
`;

/** What of a page would be obeyed instead of shown: in its texts, its title, and its attributes. */
const OBEYED_IN_PAGE = String.raw`(() => {
  const obeyed = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;
  const texts = [document.title];
  const walker = document.createTreeWalker(document.querySelector('#page'), NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) texts.push(node.data);
    else for (const { name, value } of node.attributes) if (!/^(id|href|for|aria-(controls|activedescendant))$/.test(name)) texts.push(value);
  }
  return texts.filter((text) => obeyed.test(text)).map((text) => JSON.stringify(text));
})()`;

const folder = folderWith({ 'lock.ts': LOCK, 'long.ts': LONG, 'odd.ts': ODD });
const lock = systemIn('lock.ts', 'two');

function systemIn(file: string, model: string): System {
  const { system } = compile(join(folder, file), { typecheck: false }).specs[0]!.instantiate(model);
  if (system === undefined) throw new Error(`${model} was rejected`);
  return system;
}

async function pageFor(...args: string[]): Promise<string> {
  const path = join(folder, `${args.join(' ').replaceAll(/[^\w]+/g, '-')}.html`);
  const { code, error } = await fairlead([...args, args[0] === 'check' ? '--html' : '-o', path], { cwd: folder });
  if (code !== 0) throw new Error(error);
  return path;
}

/** The color behind everything. */
function groundOf(page: Page): Promise<string> {
  return page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
}

describe.skipIf(noBrowser !== undefined)(
  `a page in a browser${noBrowser === undefined ? '' : `: ${noBrowser}`}`,
  () => {
    let browser: Awaited<ReturnType<typeof openBrowser>>;
    let lockPage: string;
    let longPage: string;
    let oddPage: string | undefined;
    const opened: OpenPage[] = [];
    const open = async (path: string, options?: OpenOptions) => {
      const one = await openPage(browser.context, path, options);
      opened.push(one);
      return one.page;
    };

    beforeAll(async () => {
      browser = await openBrowser();
      lockPage = await pageFor('check', 'lock.ts');
      longPage = await pageFor('check', 'long.ts');
      mkdirSync(PICTURES, { recursive: true });
    });
    afterAll(async () => {
      await browser?.close();
    });

    it('shows the models and what came of them', async () => {
      const page = await open(lockPage);
      await page.getByRole('button', { name: 'two' }).click();
      const rows = await page.getByRole('table').first().getByRole('row').allInnerTexts();
      const found = rows.map((row) => row.replaceAll(/\s+/g, ' ').trim());
      expect(found[1]).toBe('✓ served Whoever asks gets it. violated as expected 4 steps, 3 forever');
      expect(found.filter((row) => row.includes('holds')).length).toBe(3);
      expect(await page.locator('.plot canvas').count()).toBe(1);
      expect(await page.locator('.coverage tbody').allInnerTexts()).toHaveLength(3);
    });

    it('steps to the loop of a livelock and around it by keys alone', async () => {
      const page = await open(lockPage, { fragment: '#/two/served/0' });
      const chosen = () => page.locator('[role=option][aria-selected=true]').getAttribute('aria-label');
      const position = () => page.locator('.position').innerText();
      const told: (string | null)[] = [await chosen()];
      for (let step = 0; step < 4; step += 1) {
        await page.keyboard.press('ArrowRight');
        told.push(await chosen());
      }
      expect(told).toEqual([
        '0: initially',
        '1: ask(t0), waiting: {} → {t0}',
        '2: ask(t1), waiting: {t0} → {t0, t1}',
        '3: take(t1), owner: null → t1, waiting: {t0, t1} → {t0}',
        '4: release, owner: t1 → null',
      ]);
      expect(await page.locator('.row.in-loop').count()).toBe(3);
      await page.keyboard.press('ArrowRight');
      expect(await chosen()).toBe(told[2]);
      expect(await position()).toContain('round 2');
      await page.keyboard.press('End');
      expect(await chosen()).toBe(told[4]);
      await page.keyboard.press('Home');
      expect(await chosen()).toBe(told[0]);
      await page.keyboard.press('Space');
      await expect.poll(chosen, { timeout: 5000 }).toBe(told[2]);
      await page.keyboard.press('Space');
    });

    it('says of a state where an invariant is false what makes it so', async () => {
      const spec = fileURLToPath(new URL('../../../specs/classic/fast-mutex.ts', import.meta.url));
      const page = await open(await pageFor('check', spec, '-m', 'impatient'), {
        fragment: '#/impatient/mutualExclusion/0',
      });
      expect(await page.locator('.falsity').count()).toBe(0);
      await page.keyboard.press('End');
      const reasons = await page.locator('.falsity li').allInnerTexts();
      expect(reasons.map((text) => text.replaceAll(/\s+/g, ' ').trim())).toEqual([
        expect.stringMatching(
          /^count\(Process, .*\) <= 1 is false — count\(…\): 2 \(1, 2\), process\.pc\[1\]: critical, process\.pc\[2\]: critical$/,
        ),
      ]);
      await page.screenshot({ path: join(PICTURES, 'false-1280-light.png'), fullPage: true });
    });

    it('opens a link to a step, goes three steps away from it, and back', async () => {
      const page = await open(lockPage, { fragment: '#/two/served/2' });
      const steps = () =>
        page.locator('[role=option]').evaluateAll((rows) => rows.map((row) => row.ariaLabel?.split(',')[0]));
      expect(await page.locator('[role=option][aria-selected=true]').getAttribute('aria-posinset')).toBe('3');
      for (const key of ['1', '1', '1']) await page.keyboard.press(key);
      const away = ['0: initially', '1: ask(t0)', '2: ask(t1)', '3: take(t0)', '4: ask(t0)', '5: release'];
      expect((await steps()).length).toBe(6);
      expect((await steps()).slice(0, 4)).toEqual(away.slice(0, 4));
      await expect.poll(() => new URL(page.url()).hash).toMatch(/^#\/two\/served\/5\/2\+\d+\.\d+\.\d+$/);
      const there = await page.locator('.state').innerText();
      const again = await open(lockPage, { fragment: new URL(page.url()).hash });
      expect(await again.locator('.state').innerText()).toBe(there);
      for (let undone = 0; undone < 3; undone += 1) await page.keyboard.press('Backspace');
      expect(await steps()).toEqual(['0: initially', '1: ask(t0)', '2: ask(t1)', '3: take(t1)', '4: release']);
      await expect.poll(() => new URL(page.url()).hash).toBe('#/two/served/2');
    });

    it('lists the steps that the interpreter finds possible, in every state of a behavior', async () => {
      const plan = planOf(lock);
      if (isRefused(plan)) throw new Error('refused');
      const { outcome } = check(lock).verdicts.find(({ name }) => name === 'served')!;
      if (outcome.kind !== 'violated') throw new Error('holds');
      const page = await open(lockPage, { fragment: '#/two/served/0' });
      expect(await page.locator('.player').getAttribute('data-engine')).toBe('javascript');
      for (const state of outcome.trace.states) {
        const possible = plan.instances.filter((instance) => stepsOf(plan, state, instance).successors.length > 0);
        expect(await page.locator('.move .label').allInnerTexts()).toEqual(possible.map(({ label }) => label));
        const impossible = await page.locator('.blocked .label').allTextContents();
        expect(impossible.length).toBe(plan.instances.length - possible.length);
        await page.keyboard.press('ArrowRight');
      }
    });

    it('says which part of a guard is false, and what it reads', async () => {
      const page = await open(lockPage, { fragment: '#/two/served/2' });
      const reasons = await page.locator('.blocked li').allInnerTexts();
      expect(reasons.map((reason) => reason.replaceAll(/\s+/g, ' '))).toContain(
        'release s.owner !== null is false — owner is null',
      );
    });

    it('marks what a step adds to a set and takes from it', async () => {
      const page = await open(lockPage, { fragment: '#/two/served/3' });
      const row = page.locator('.variables tr.touched', { hasText: 'waiting' });
      expect(await row.locator('del').allInnerTexts()).toEqual(['t1']);
      expect(await row.locator('ins').allInnerTexts()).toEqual([]);
      const owner = page.locator('.variables tr.touched', { hasText: 'owner' });
      expect([await owner.locator('del').innerText(), await owner.locator('ins').innerText()]).toEqual(['null', 't1']);
    });

    it('keeps a behavior of ten thousand steps smooth: only the rows in sight are there', async () => {
      const page = await open(longPage, { fragment: '#/far/ended/0' });
      const rows = () => page.locator('[role=option]').count();
      const elements = () => page.evaluate<number>(`document.querySelectorAll('*').length`);
      const before = await elements();
      await page.keyboard.press('End');
      expect(await page.locator('[role=option][aria-selected=true]').getAttribute('aria-label')).toMatch(
        /^10000: run\(r\d\)/,
      );
      await page.locator('.timeline').evaluate((list) => list.scrollTo(0, 5000 * 30));
      await page.locator('#row-5005').waitFor();
      expect(await rows()).toBeLessThan(60);
      expect(await elements()).toBeLessThan(before + 200);
      for (let step = 0; step < 30; step += 1) await page.keyboard.press('ArrowLeft');
      expect(await page.locator('[role=option][aria-selected=true]').getAttribute('aria-posinset')).toBe('9971');
      expect(await page.locator('.row.selected').isVisible()).toBe(true);
    });

    it('shows hostile names as what they are', async () => {
      const page = await open(longPage, { fragment: '#/far/ended/1' });
      expect(await page.getByRole('heading', { level: 1 }).innerText()).toContain('long </script><!--');
      expect(await page.locator('.variables tr').last().locator('ins').innerText()).toBe('<script>');
    });

    it.each(['#/', '#/red', '#/red/never/0', '#/red/never/7', '#/red/never/5/2+0.0', '#/red/~graph', '#/red/~explore'])(
      'shows marks of direction and control characters as what they are, at %s',
      async (fragment) => {
        oddPage ??= await pageFor('check', 'odd.ts');
        const page = await open(oddPage, { fragment });
        expect(await page.locator('#page').innerText()).toMatch(/odd \\u202eesrever/);
        expect(await page.evaluate(OBEYED_IN_PAGE)).toEqual([]);
      },
    );

    it('takes names that are words of JavaScript or CSS for names', async () => {
      oddPage ??= await pageFor('check', 'odd.ts');
      const page = await open(oddPage, { fragment: '#/red/never/0' });
      await page.keyboard.press('End');
      const names = await page.locator('.variables tr > :first-child').allInnerTexts();
      expect(names.map((name) => name.trim())).toEqual(['red', 'constructor', 'a\\u202eb', 'record', 'hasOwnProperty']);
      const text = await page.locator('.variables').innerText();
      for (const word of ['red', 'constructor', '__proto__', '</script>', 'javascript:alert(1)', '\\u202edlrow'])
        expect(text).toContain(word);
    });

    it('draws the graph of a small model, and says why not of a large one', async () => {
      const page = await open(lockPage, { fragment: '#/two/~graph' });
      await page.locator('.graph .node').first().waitFor();
      expect(await page.locator('.graph .node').count()).toBe(8);
      await page.locator('.graph .node').nth(3).click();
      await page.getByRole('button', { name: 'Explore from here' }).click();
      await expect.poll(() => new URL(page.url()).hash).toMatch(/^#\/two\/~explore\/\d+\/0\+/);
      const large = await open(longPage, { fragment: '#/far/~graph' });
      await large.getByText('graphs are drawn up to 300').waitFor();
    });

    it('opens a spec to explore at an initial state', async () => {
      const page = await open(await pageFor('explore', 'lock.ts', '--model', 'alone'));
      expect(await page.locator('[role=option]').count()).toBe(1);
      await page.keyboard.press('1');
      expect(await page.locator('[role=option]').count()).toBe(2);
    });

    it('steps through the hang of vmm_drv to where nobody moves again, and shows who waits for whom', async () => {
      const specs = fileURLToPath(new URL('../../../specs/vmm-drv/', import.meta.url));
      const spec = readdirSync(specs, { recursive: true, encoding: 'utf8' }).find((name) =>
        name.endsWith('one-ring.ts'),
      )!;
      const path = await pageFor('check', join(specs, spec), '-m', 'beforeTheFix');
      const page = await open(path, { fragment: '#/beforeTheFix/writeLockIsGot/0' });
      const chosen = () => page.locator('[role=option][aria-selected=true]').getAttribute('aria-label');
      const labels = [await chosen()];
      for (let step = 0; step < 12; step += 1) {
        await page.keyboard.press('ArrowRight');
        labels.push(await chosen());
      }
      expect(labels[0]).toBe('0: initially');
      expect(labels.filter((label) => /: worker\.sleep\(/.test(label ?? ''))).toHaveLength(1);
      await page.keyboard.press('ArrowRight');
      expect(await chosen()).toBe(labels[12]);
      expect(await page.locator('.row.tail').innerText()).toBe('↻ nothing more happens, forever');
      expect(await page.locator('.waits').getAttribute('open')).not.toBeNull();
      const hopeless = await page.locator('.waits .node.bad').allTextContents();
      expect(hopeless.map((name) => name.replace(/\(.*/s, ''))).toEqual(['worker']);
      expect(await page.locator('.waits li').allInnerTexts()).toEqual([
        expect.stringMatching(/^writer\(w0\) waits to enter rw as a writer; only worker\(.*\) can end that$/),
        'worker(rx0) is asleep on ring[rx0].cv since step 12; nobody can end that any more: writer.call(w0) has already run, at step 8',
      ]);
      expect(await page.locator('.move').count()).toBe(0);
      const folded = page.locator('.moves details');
      const counted = Number(/^\d+/.exec(await folded.locator('summary').innerText())![0]);
      expect(await folded.locator('li').count()).toBe(0);
      await folded.locator('summary').click();
      await expect.poll(() => folded.locator('li').count()).toBe(counted);
      await page.getByText('writeLockIsGot temporal').click();
      await page.locator('.truths code', { hasText: /^s\.rw\.writer === w0$/ }).waitFor();
      await page.screenshot({ path: join(PICTURES, 'hang-1280-light.png'), fullPage: true });
    });

    it('opens on one screen that says how vmm_drv hangs, who waits and why fairness does not help', async () => {
      const spec = fileURLToPath(new URL('../../../specs/vmm-drv/models/one-ring.ts', import.meta.url));
      const path = await pageFor('check', spec, '-m', 'beforeTheFix', '-p', 'writeLockIsGot');
      const page = await open(path, { width: 1280, height: 800 });
      const isOnScreen = async (selector: string, text: string | RegExp): Promise<void> => {
        const box = await page.locator(selector, { hasText: text }).first().boundingBox();
        expect([text, box !== null && 0 <= box.y && box.y + box.height <= 800]).toEqual([text, true]);
      };
      await isOnScreen(
        '.hang',
        /worker\(rx0\) is asleep on ring\[rx0\]\.cv .* writer\.call\(w0\) has already run, at step 8/,
      );
      await isOnScreen('.hang', /No fairness of actions, processes or their steps makes it hold/);
      await isOnScreen('.waits li', /^writer\(w0\) waits to enter rw as a writer/);
      await isOnScreen('.waits li', /^worker\(rx0\) is asleep/);
      await isOnScreen('.formula', /leadsTo\(.*\) B never comes$/);
      // The steps that missed each other: the test, the call that came before the sleep, and the sleep.
      expect(await page.locator('.row.crossing').allInnerTexts()).toEqual([
        expect.stringMatching(/^2\s+test/),
        expect.stringMatching(/^8\s+call/),
        expect.stringMatching(/^12\s+sleep/),
      ]);
      const picture = join(PICTURES, 'hang-screen.png');
      await page.screenshot({ path: picture });
      if (process.env['PAGES'] === 'write') copyFileSync(picture, README_PICTURE);
      expect(existsSync(README_PICTURE)).toBe(true);
    });

    it('has a legend of the graph, in which the counterexample is drawn and proper ends are no deadlocks', async () => {
      const page = await open(lockPage, { fragment: '#/two/~graph' });
      await page.locator('.graph .node').first().waitFor();
      const legend = await page.locator('.graph-legend').innerText();
      expect(legend).toMatch(/initial/);
      expect(legend).toMatch(/is violated|deadlock/);
      expect(await page.locator('.graph .edge.bad').count()).toBeGreaterThan(1);
    });

    it('can be used by keyboard: everything is reached by Tab, and the focus is seen', async () => {
      const page = await open(lockPage, { fragment: '#/two/served/1' });
      const reached: string[] = [];
      for (let tab = 0; tab < 40; tab += 1) {
        await page.keyboard.press('Tab');
        const focus = await page.evaluate<{ name: string; isSeen: boolean; tag: string }>(`(() => {
        const element = document.activeElement;
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        const name = element.ariaLabel ?? element.textContent ?? '';
        return { name: name.trim(), isSeen: outlineStyle !== 'none' && outlineWidth !== '0px', tag: element.tagName };
      })()`);
        if (focus.tag === 'BODY') break;
        expect(focus).toMatchObject({ isSeen: true });
        reached.push(focus.name);
      }
      for (const name of ['Skip to the content', 'Step on', 'Play', 'Steps', 'Results'])
        expect(reached).toContain(name);
      expect(reached.some((name) => name.includes('ask(t1)'))).toBe(true);
    });

    it('does not move its controls while it steps', async () => {
      const page = await open(lockPage, { fragment: '#/two/served/0' });
      const places = async () => {
        const boxes = await page.locator('.controls button, .timeline, .tabs, .right > .panel:first-child > h2').all();
        return Promise.all(boxes.map((box) => box.boundingBox()));
      };
      const before = await places();
      for (const key of ['ArrowRight', 'ArrowRight', '1', '1', 'ArrowLeft']) {
        await page.keyboard.press(key);
        expect(await places()).toEqual(before);
      }
    });

    it.each([
      [1280, 'light'],
      [1280, 'dark'],
      [400, 'light'],
      [400, 'dark'],
    ] as const)('fits %i pixels, %s', async (width, colors) => {
      const height = width < 600 ? 850 : 860;
      const grounds = new Set<string>();
      for (const [name, fragment] of [
        ['models', '#/'],
        ['results', '#/two'],
        ['loop', '#/two/served/3'],
        ['own-steps', '#/two/served/4/2+0.0'],
        ['graph', '#/two/~graph'],
      ] as const) {
        const page = await open(lockPage, { fragment, width, height, colors });
        if (name === 'graph') await page.locator('.graph .node').first().waitFor();
        expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
        grounds.add(await groundOf(page));
        await page.screenshot({ path: join(PICTURES, `${name}-${width}-${colors}.png`), fullPage: true });
        await page.close();
      }
      expect([...grounds]).toEqual([colors === 'light' ? 'rgb(246, 247, 249)' : 'rgb(15, 18, 22)']);
    });

    it('has its own switch for colors, which it remembers', async () => {
      const page = await open(lockPage, { colors: 'light' });
      const ground = () => groundOf(page);
      expect(await ground()).toBe('rgb(246, 247, 249)');
      await page.getByRole('button', { name: /^Colors/ }).click();
      await page.getByRole('button', { name: /^Colors: light/ }).click();
      await expect.poll(ground).toBe('rgb(15, 18, 22)');
      await page.reload();
      expect(await ground()).toBe('rgb(15, 18, 22)');
      await page.getByRole('button', { name: /^Colors: dark/ }).click();
    });

    it('never complains, and asks for nothing but itself', () => {
      expect(opened.length).toBeGreaterThan(20);
      expect(opened.flatMap(({ complaints }) => complaints)).toEqual([]);
    });
  },
);
