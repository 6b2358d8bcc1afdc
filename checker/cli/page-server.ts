/**
 * A server of pages for the browser on this machine: it answers with what it is given and nothing else, so that no path
 * leads to a file.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { UsageProblem } from './problem.ts';

/** Where the pages ask whether they are still what would be served. */
export const CHANGES = '/~changes';

/** An answer. */
export interface Served {
  readonly type: 'text/html' | 'text/css' | 'text/javascript';
  readonly text: string;
}

export interface PageServer {
  /** With a slash at its end. */
  readonly url: string;
  /** Tells all pages that are open to load themselves again. */
  readonly tellChange: () => void;
  /** Ends at once, whoever is connected. */
  readonly close: () => void;
}

/**
 * Listens on 127.0.0.1.
 *
 * @param port - 0: any that is free.
 * @param find - what to answer for a path, which begins with a slash; undefined: nothing is there.
 * @throws UsageProblem when the port cannot be had.
 */
export async function openPageServer(port: number, find: (path: string) => Served | undefined): Promise<PageServer> {
  const { createServer } = process.getBuiltinModule('node:http');
  const listeners = new Set<ServerResponse>();
  let version = 0;
  const server = createServer((request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'only GET and HEAD');
    // A page of somebody else may have its name lead here, and would then read the answers.
    if (!isOurs(request.headers.host, portOf(server)))
      return refuse(response, 403, `ask for 127.0.0.1:${portOf(server)}`);
    const path = pathOf(request);
    if (path === CHANGES) return listen(response);
    const found = path === undefined ? undefined : find(path);
    if (found === undefined) return refuse(response, 404, 'there is no such page');
    response.writeHead(200, { ...HEADERS, 'content-type': `${found.type}; charset=utf-8` });
    response.end(request.method === 'HEAD' ? undefined : found.text);
  });

  const listen = (response: ServerResponse): void => {
    response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' });
    response.write(event(version));
    listeners.add(response);
    response.on('close', () => listeners.delete(response));
  };
  await listening(server, port);
  return {
    url: `http://127.0.0.1:${portOf(server)}/`,
    tellChange() {
      version += 1;
      for (const response of listeners) response.write(event(version));
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** Which pages these are: another server on the same port has others. */
function event(version: number): string {
  return `data: ${process.pid}.${version}\n\n`;
}

function refuse(response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${why}\n`);
}

function isOurs(host: string | undefined, port: number): boolean {
  return host === `127.0.0.1:${port}` || host === `localhost:${port}`;
}

function pathOf({ url = '/' }: IncomingMessage): string | undefined {
  try {
    return decodeURIComponent(new URL(url, 'http://localhost').pathname);
  } catch {
    return undefined;
  }
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', ({ code, message }: NodeJS.ErrnoException) => {
      const why = code === 'EADDRINUSE' ? `port ${port} is in use` : `port ${port} cannot be used: ${message}`;
      reject(new UsageProblem(why, 'Name another one, or 0 for any that is free: fairlead docs --serve 0'));
    });
    server.listen(port, '127.0.0.1', resolve);
  });
}
