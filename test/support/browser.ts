import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import type { BrowserContext, Page } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';

/** Why pages cannot be opened here, to be the name of a skipped test; undefined where they can, and in CI, where they must. */
export const noBrowser = existsSync(CHROMIUM) || process.env.CI === 'true' ? undefined : `${CHROMIUM} is not installed`;

const FLAGS =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';

/** A browser of its own, with a fresh profile. */
export async function openBrowser(): Promise<{ readonly context: BrowserContext; close(): Promise<void> }> {
  const profile = mkdtempSync(join(tmpdir(), 'fairlead-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    headless: true,
    args: FLAGS.split(' '),
  });
  return {
    context,
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

export interface OpenOptions {
  /** With its `#`. */
  readonly fragment?: string;
  /** Pixels. */
  readonly width?: number;
  readonly height?: number;
  readonly colors?: 'light' | 'dark';
}

export interface OpenPage {
  readonly page: Page;
  readonly complaints: string[];
}

/** A page from a file, with everything that it complains of or asks the network for. */
export async function openPage(
  context: BrowserContext,
  path: string,
  { fragment = '', width = 1280, height = 860, colors = 'light' }: OpenOptions = {},
): Promise<OpenPage> {
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!/^(file|data|blob):/.test(request.url())) complaints.push(`request to ${request.url()}`);
  });
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: colors, reducedMotion: 'reduce' });
  await page.goto(pathToFileURL(path).href + fragment);
  return { page, complaints };
}
