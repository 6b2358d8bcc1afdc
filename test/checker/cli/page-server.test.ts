import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPageServer } from '../../../checker/cli/page-server.ts';
import type { PageServer } from '../../../checker/cli/page-server.ts';
import { UsageProblem } from '../../../checker/cli/problem.ts';

let server: PageServer;
const asked: string[] = [];

beforeAll(async () => {
  server = await openPageServer(0, (path) => {
    asked.push(path);
    return path === '/a b.html' ? { type: 'text/html', text: '<p>a</p>' } : undefined;
  });
});
afterAll(() => server.close());

/** An answer to a request that is sent as it is written: no path of it is tidied up on the way. */
function answerTo(
  path: string,
  { method = 'GET', host }: { readonly method?: string; readonly host?: string } = {},
): Promise<{ readonly status: number | undefined; readonly text: string; readonly type: string | undefined }> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const headers = host === undefined ? {} : { host };
    const asking = request({ hostname, port, path, method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode, text, type: response.headers['content-type'] }));
    });
    asking.on('error', reject);
    asking.end();
  });
}

describe('a server of pages', () => {
  it('answers with what it is given, for paths as they are meant', async () => {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    const page = { status: 200, text: '<p>a</p>', type: 'text/html; charset=utf-8' };
    expect(await answerTo('/a%20b.html?x=1')).toEqual(page);
    expect(await answerTo('/x/../a%20b.html')).toEqual(page);
    expect(await answerTo('/a%20b.html', { method: 'HEAD' })).toEqual({ ...page, text: '' });
  });

  it.each([
    '/../../../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/..%2f..%2fetc%2fpasswd',
    '/....//etc/passwd',
    '//etc/passwd',
    '/etc/passwd%00.html',
    '/%',
    '/%ff',
    '*',
  ])('has nothing at %s', async (path) => {
    expect((await answerTo(path)).status).toBe(404);
  });

  it('takes no orders', async () => {
    for (const method of ['POST', 'PUT', 'DELETE']) expect((await answerTo('/', { method })).status).toBe(405);
  });

  it('answers to nobody who asks for another name: a page of theirs may stand behind it', async () => {
    const { port } = new URL(server.url);
    expect((await answerTo('/a%20b.html', { host: `evil.example:${port}` })).status).toBe(403);
    expect((await answerTo('/a%20b.html', { host: `localhost:${port}` })).status).toBe(200);
  });

  it('says that a port is in use, and how to get another', async () => {
    const port = Number(new URL(server.url).port);
    const failure: unknown = await openPageServer(port, () => undefined).catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(UsageProblem);
    expect(failure).toMatchObject({
      message: `port ${port} is in use`,
      help: 'Name another one, or 0 for any that is free: fairlead docs --serve 0',
    });
  });

  it('tells those who listen when something has changed, and ends with them connected', async () => {
    const other = await openPageServer(0, () => undefined);
    const response = await fetch(`${other.url}~changes`);
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    const first = (await reader.read()).value;
    expect(first).toMatch(/^data: \d+\.0\n\n$/);
    other.tellChange();
    expect((await reader.read()).value).toMatch(/^data: \d+\.1\n\n$/);
    other.close();
    await expect(reader.read()).rejects.toThrow(/terminated|aborted|closed/);
    await expect(fetch(other.url)).rejects.toThrow('fetch failed');
  });
});
