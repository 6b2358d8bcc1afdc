import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fairlead } from '../checker/cli/command.ts';
import { noBrowser, openBrowser, openPage } from '../support/browser.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const shots = join(root, '.fairlead/screenshots');
const out = join(root, '.fairlead/pages');

describe.skipIf(noBrowser !== undefined)(
  `pages of fairlead docs in a browser${noBrowser === undefined ? '' : ` (${noBrowser})`}`,
  () => {
    let browser: { readonly context: BrowserContext; close(): Promise<void> } | undefined;

    beforeAll(async () => {
      mkdirSync(shots, { recursive: true });
      const { code, error } = await fairlead(['docs', 'specs/classic/producer-consumer.ts', '-o', out, '-q'], {
        cwd: root,
      });
      expect(error).toBe('');
      expect(code).toBe(0);
      browser = await openBrowser();
    });

    afterAll(() => browser?.close());

    const open = (file: string) => openPage(browser!.context, join(out, file));

    it.each([
      [1280, 'light'],
      [1280, 'dark'],
      [400, 'light'],
      [400, 'dark'],
    ] as const)('need no network, complain of nothing and fit into %i pixels, %s', async (width, colorScheme) => {
      const { page, complaints } = await open('producer-consumer.html');
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      await page.reload();
      await page.screenshot({ path: join(shots, `docs-${width}-${colorScheme}.png`), fullPage: true });
      expect(complaints).toEqual([]);
      expect(await overflow(page)).toBe(0);
      expect(await contrastOf(page, 'body')).toBeGreaterThan(7);
      expect(await contrastOf(page, 'main a')).toBeGreaterThan(4.5);
      await page.close();
    });

    it.each([400, 1280])(
      'say their title before anything else, and scroll to the side nowhere, at %i pixels',
      async (width) => {
        for (const file of ['index.html', 'producer-consumer.html']) {
          const { page } = await open(file);
          await page.setViewportSize({ width, height: 900 });
          await page.reload();
          await page.evaluate(`document.querySelectorAll('main details').forEach((one) => { one.open = true; })`);
          await page.screenshot({ path: join(shots, `${file}-${width}.png`), fullPage: true });
          expect(await overflow(page)).toBe(0);
          const tops = await page.evaluate<readonly number[]>(
            `['h1', '.search', 'nav', 'main'].map((name) => document.querySelector(name)?.getBoundingClientRect().top ?? Infinity)`,
          );
          expect(tops[0]).toBe(Math.min(...(width === 400 ? tops : [tops[0]!, tops[1]!, tops[3]!])));
          // What is wider than the page scrolls by itself.
          const wide = await page.evaluate(
            `[...document.querySelectorAll('main *')].filter((one) => one.getBoundingClientRect().right > innerWidth && one.closest('.wide, pre') === null).map((one) => one.outerHTML.slice(0, 80))`,
          );
          expect(wide).toEqual([]);
          const frames = await page.evaluate<readonly number[]>(
            `[...document.querySelectorAll('.wide, pre')].map((one) => one.getBoundingClientRect().right)`,
          );
          expect(Math.max(...frames)).toBeLessThanOrEqual(width);
          await page.close();
        }
      },
    );

    it('turn the rows of a table with sentences into a list where there is little room', async () => {
      const { page } = await open('index.html');
      await page.setViewportSize({ width: 400, height: 900 });
      const row = page.locator('tbody tr').first();
      const [name, about] = await row.locator('td').all();
      expect((await about!.boundingBox())!.y).toBeGreaterThan((await name!.boundingBox())!.y);
      const label = await page.evaluate<string>(
        `getComputedStyle(document.querySelector('tbody td:nth-child(2)'), '::before').content`,
      );
      expect(label.replaceAll('"', '')).toBe('What it models: ');
      expect(await page.locator('thead').first().isVisible()).toBe(false);
      await page.setViewportSize({ width: 1280, height: 900 });
      expect((await about!.boundingBox())!.y).toBe((await name!.boundingBox())!.y);
      await page.close();
    });

    it('are searched by keys alone, over all pages and without a server', async () => {
      const { page, complaints } = await open('producer-consumer.html');
      const field = page.locator('.search input');
      // Keys that come before the script are nobody's.
      await field.waitFor();
      await page.keyboard.press('/');
      await page.keyboard.type('wakingone deadl');
      const found = page.locator('.search li a');
      await found.first().waitFor();
      expect(await found.first().innerText()).toBe('wakingOne: deadlock\nproducer and consumer');
      expect(await page.getByRole('status').innerText()).toMatch(/^(One section|\d+ sections)$/);
      await page.screenshot({ path: join(shots, 'search.png') });
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('Enter');
      await expect.poll(() => page.url()).toMatch(/producer-consumer\.html#wakingone-deadlock$/);
      expect(await found.count()).toBe(0);

      await page.keyboard.press('/');
      await page.keyboard.type('all specs checked');
      await page.keyboard.press('Escape');
      expect(await found.count()).toBe(0);
      await page.keyboard.type('specs');
      await page.keyboard.press('Enter');
      await expect.poll(() => page.url()).toMatch(/index\.html$/);
      await field.waitFor();
      await page.keyboard.press('/');
      await page.keyboard.type('nosuchword');
      await page.getByText('No section has all of these words').waitFor();
      expect(complaints).toEqual([]);
      await page.close();
    });

    it('miss nothing but the search field without scripts', async () => {
      const plain = await browser!.context.browser()?.newContext({ javaScriptEnabled: false });
      const page = await (plain ?? browser!.context).newPage();
      if (plain === undefined) await page.route('**/*.js', (route) => route.abort());
      await page.goto(pathToFileURL(join(out, 'producer-consumer.html')).href);
      expect(await page.locator('h1').innerText()).toBe('producer and consumer');
      expect(await page.locator('.search input').count()).toBe(0);
      await page.locator('nav').getByRole('link', { name: 'Results' }).click();
      expect(page.url()).toMatch(/#results$/);
      await page.close();
      await plain?.close();
    });

    it('draw the control flow of each process and the lanes of a counterexample', async () => {
      const { page } = await open('producer-consumer.html');
      const drawings = await page
        .locator('svg.drawing')
        .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));
      expect(drawings).toContain('control flow of producer');
      expect(drawings).toContain('control flow of consumer');
      expect(drawings).toContain('testedOnce: production');
      const { width, height } = (await page.getByLabel('control flow of producer').boundingBox())!;
      expect(Math.min(width, height)).toBeGreaterThan(100);
      await page.close();
    });

    it('lead from a verdict to its counterexample, from a drawing to a step, and back to the contents', async () => {
      const { page, complaints } = await open('index.html');
      await page.getByRole('link', { name: 'producer and consumer' }).click();
      await page.getByRole('link', { name: 'deadlock', exact: true }).click();
      expect(page.url()).toMatch(/#wakingone-deadlock$/);
      expect(await isInView(page, '#wakingone-deadlock')).toBe(true);
      await page.getByLabel('control flow of producer').locator('a').first().click();
      expect(page.url()).toMatch(/#producer/);
      await page.getByRole('link', { name: 'All specs' }).click();
      expect(page.url()).toMatch(/index\.html$/);
      expect(complaints).toEqual([]);
      await page.close();
    });
  },
);

/** Pixels by which the page is wider than its window: wide tables and drawings have to scroll by themselves. */
function overflow(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

function isInView(page: Page, selector: string): Promise<boolean> {
  return page.evaluate(
    `(() => { const { top } = document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect(); return 0 <= top && top < innerHeight; })()`,
  );
}

/** The contrast of an element's text with the background of the page, as WCAG defines it. */
async function contrastOf(page: Page, selector: string): Promise<number> {
  const colors = await page.evaluate<[string, string]>(
    `[getComputedStyle(document.querySelector(${JSON.stringify(selector)})).color, getComputedStyle(document.body).backgroundColor]`,
  );
  const [light, dark] = colors.map(luminance).sort((left, right) => right - left) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const [red, green, blue] = color.match(/[\d.]+/g)!.map((part) => {
    const value = Number(part) / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
