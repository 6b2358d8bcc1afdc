import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { noBrowser, openBrowser, openPage } from '../../support/browser.ts';
import { builtCommand, fairlead, fairleadProcess, folderWith, LOCK } from './command.ts';

const PING = `import { spec, when, z } from 'fairlead';
/** Ping and pong. */
export const game = spec('game', { state: () => ({ ball: z.enum(['here', 'there']) }) });
/** There. */
export const ping = game.action((s) => { when(s.ball === 'here'); s.ball = 'there'; });
export const stuck = game.model({}, { deadlocks: true });
`;

interface Serving {
  readonly child: ChildProcess;
  readonly url: string;
  /** All that was printed so far. */
  readonly out: () => string;
  readonly error: () => string;
  readonly ended: Promise<number | null>;
}

const serving: Serving[] = [];
afterEach(() => {
  for (const { child } of serving.splice(0)) child.kill('SIGKILL');
});

/** Starts the built command on a free port, and waits until it says where. */
async function serve(cwd: string, ...args: string[]): Promise<Serving> {
  const child = spawn(process.execPath, [builtCommand(), 'docs', ...args, '--serve', '0', '--no-cache'], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, error] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (error += text));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  await expect.poll(() => out + error, { timeout: 30_000 }).toMatch(/pages at http/);
  const one = { child, url: /http:\S+\//.exec(out)![0], out: () => out, error: () => error, ended };
  serving.push(one);
  return one;
}

const patiently = { timeout: 40_000, interval: 100 };
const textAt = async (url: string): Promise<string> => (await fetch(url)).text();

describe('fairlead docs --serve', () => {
  it('serves pages that follow their specs, and checks only what has changed', async () => {
    const folder = folderWith({ 'specs/lock.ts': LOCK, 'specs/more/ping.ts': PING });
    const { url, out, child, ended } = await serve(folder);
    await expect.poll(out, patiently).toContain('checked 3 of 3 models\n');
    expect(await textAt(url)).toContain('<title>Specs</title>');
    expect(await textAt(`${url}more/ping.html`)).toContain('Ping and pong.');
    expect(await textAt(`${url}style.css`)).toContain('.drawing');
    expect(await textAt(`${url}search-index.js`)).toContain('more/ping.html');
    expect(existsSync(join(folder, 'docs'))).toBe(false);

    writeFileSync(join(folder, 'specs/more/ping.ts'), PING.replace('Ping and pong.', 'Only ping.'));
    await expect.poll(() => textAt(`${url}more/ping.html`), patiently).toContain('Only ping.');
    expect(out()).toContain('checked 1 of 3 models\n');

    writeFileSync(join(folder, 'specs/new.ts'), PING.replaceAll('game', 'match'));
    await expect.poll(() => textAt(url), patiently).toContain('new.html');
    rmSync(join(folder, 'specs/lock.ts'));
    await expect.poll(() => textAt(url), patiently).not.toContain('lock.html');
    expect((await fetch(`${url}lock.html`)).status).toBe(404);

    child.kill('SIGINT');
    expect(await ended).toBe(0);
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });

  it('shows what is wrong with a spec above the pages from before, and recovers', async () => {
    const folder = folderWith({ 'specs/ping.ts': PING });
    const { url, out, error } = await serve(folder);
    await expect.poll(out, patiently).toContain('checked 1 of 1 models\n');
    writeFileSync(join(folder, 'specs/ping.ts'), PING.replace("= 'there'; }", "= 'nowhere'; }"));
    await expect.poll(() => textAt(`${url}ping.html`), patiently).toMatch(/role="alert"[^]*nowhere[^]*Ping and pong/);
    expect(error()).toContain('nowhere');
    expect(await textAt(url)).toContain('role="alert"');

    rmSync(join(folder, 'specs/ping.ts'));
    await expect.poll(() => textAt(url), patiently).toContain('there is no spec in specs');
    writeFileSync(join(folder, 'specs/ping.ts'), PING);
    await expect.poll(() => textAt(url), patiently).not.toContain('role="alert"');
  });

  it('begins with a spec that is wrong, and with the page that says so', async () => {
    const folder = folderWith({ 'ping.ts': 'export const' });
    const { url } = await serve(folder, 'ping.ts');
    await expect.poll(() => textAt(`${url}ping.html`), patiently).toMatch(/role="alert"[^]*ping\.ts:1/);
    writeFileSync(join(folder, 'ping.ts'), PING);
    await expect.poll(() => textAt(`${url}ping.html`), patiently).toContain('Ping and pong.');
  });

  it('serves the sources that its pages link to, and no other file', async () => {
    const folder = folderWith({ 'specs/ping.ts': PING, 'specs/secret.txt': 'secret', 'secret.txt': 'secret' });
    const { url, out } = await serve(folder);
    await expect.poll(out, patiently).toContain('checked 1 of 1 models\n');
    const [, source] = /href="\/(~source\/[^"#]*)#L\d+"/.exec(await textAt(`${url}ping.html`))!;
    expect(await textAt(url + source)).toMatch(/<span id="L3">export const game = spec/);
    for (const path of ['secret.txt', '~source/secret.txt', '~source/specs/secret.txt', '~source/../secret.txt']) {
      expect((await fetch(url + path)).status).toBe(404);
    }
  });

  it('ends at once when a model is being checked', async () => {
    const slow = `import { spec, z } from 'fairlead';
export const counters = spec('counters', { state: () => ({ a: z.int().min(0).max(9999), b: z.int().min(0).max(9999) }) });
export const first = counters.action((s) => { s.a = (s.a + 1) % 10000; });
export const second = counters.action((s) => { s.b = (s.b + 1) % 10000; });
export const large = counters.model();
`;
    const { url, child, ended } = await serve(folderWith({ 'slow.ts': slow }), 'slow.ts');
    expect(await textAt(url)).toContain('The models are being checked');
    child.kill('SIGINT');
    expect(await ended).toBe(0);
  });

  it('says that its port is in use', async () => {
    const other = createServer();
    await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening));
    const { port } = other.address() as { readonly port: number };
    const folder = folderWith({ 'ping.ts': PING });
    const { code, error } = await fairlead(['docs', 'ping.ts', '--serve', String(port)], { cwd: folder });
    other.close();
    expect(error).toBe(
      `error: port ${port} is in use\nName another one, or 0 for any that is free: fairlead docs --serve 0\n`,
    );
    expect(code).toBe(2);
  });

  it.each([
    [['--serve', '70000'], 'error: 70000 is no port: it has to be a number from 0 to 65535\n'],
    [['--serve', '--check'], "error: option '--serve [port]' cannot be used with option '--check'\n"],
    [['--open', '--check'], "error: option '--open' cannot be used with option '--check'\n"],
    [['--open', '--format', 'markdown'], "error: a browser shows HTML: leave out '--format markdown'\n"],
  ])('refuses %j', async (args, message) => {
    const { code, error } = await fairlead(['docs', ...args]);
    expect(error).toBe(message);
    expect(code).toBe(2);
  });
});

describe.skipIf(noBrowser !== undefined)('a page that is served', () => {
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  it('loads itself again when its spec changes', async () => {
    const folder = folderWith({ 'specs/ping.ts': PING });
    const { url, out } = await serve(folder);
    await expect.poll(out, patiently).toContain('checked 1 of 1 models\n');
    const { page } = await openPage(browser.context, join(folder, 'specs/ping.ts'));
    await page.goto(`${url}ping.html`);
    await page.getByText('Ping and pong.').waitFor();
    writeFileSync(join(folder, 'specs/ping.ts'), PING.replace('Ping and pong.', 'Only ping.'));
    await page.getByText('Only ping.').waitFor(patiently);
    writeFileSync(join(folder, 'specs/ping.ts'), 'export const');
    await page.getByRole('alert').waitFor(patiently);
    writeFileSync(join(folder, 'specs/ping.ts'), PING);
    await page.getByText('Ping and pong.').waitFor(patiently);
    await page.close();
  });
});

describe.skipIf(process.platform !== 'linux')('fairlead docs --open', () => {
  const folder = folderWith({ 'ping.ts': PING });
  const docs = (path: string) =>
    fairleadProcess(['docs', 'ping.ts', '-o', 'pages', '--open', '--quiet'], {
      cwd: folder,
      environment: { PATH: path },
    });

  it('opens the contents with the program for that', async () => {
    mkdirSync(join(folder, 'bin'));
    writeFileSync(join(folder, 'bin/xdg-open'), '#!/bin/sh\nprintf %s "$1" > opened\n');
    chmodSync(join(folder, 'bin/xdg-open'), 0o755);
    expect(await docs(join(folder, 'bin'))).toEqual({ code: 0, out: '', error: '' });
    expect(readFileSync(join(folder, 'opened'), 'utf8')).toBe('pages/index.html');
  });

  it('says what to open where there is no such program, or it finds no browser', async () => {
    expect(await docs('/nowhere')).toEqual({
      code: 0,
      out: '',
      error: 'no browser could be opened (xdg-open is not installed); open it yourself: pages/index.html\n',
    });
    writeFileSync(join(folder, 'bin/xdg-open'), '#!/bin/sh\nexit 3\n');
    expect((await docs(join(folder, 'bin'))).error).toBe(
      'no browser could be opened (xdg-open ended with 3); open it yourself: pages/index.html\n',
    );
  });
});
