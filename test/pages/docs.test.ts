import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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
