/** What `fairlead docs --serve` answers: the pages as they are, and what is wrong with the specs now. */
import { join, relative } from 'node:path';
import { escapeXml } from '../../dsl/diagram/svg.ts';
import { CHANGES } from './page-server.ts';
import type { Served } from './page-server.ts';
import type { PageFile } from './docs-pages.ts';
import type { CheckedSpec } from './docs-specs.ts';

/** Where the sources are, which on the disk stand outside of the folder of the pages. */
const SOURCES = '/~source/';

export interface Site {
  /** By path: `/index.html`. */
  readonly files: ReadonlyMap<string, Served>;
  /** What stands above each page: why the pages are not those of the specs as they are now. */
  readonly notice?: string;
}

/** Before anything was checked. */
export const NO_SITE: Site = { files: new Map() };

/** The address of a source. */
export function sourceHref(path: string): string {
  return SOURCES + path.split(/[\\/]/).map(encodeURIComponent).join('/');
}

/** The pages by where they are, and the sources that they link to. */
export function siteOf(pages: readonly PageFile[], output: string, specs: readonly CheckedSpec[]): Site {
  const sources = new Map(
    specs.flatMap(({ models }) => models.flatMap(({ system }) => system.files)).map(({ path, text }) => [path, text]),
  );
  return {
    files: new Map<string, Served>([
      ...pages.map(({ path, text }): [string, Served] => [
        `/${relative(output, path).replaceAll('\\', '/')}`,
        { type: typeOf(path), text },
      ]),
      ...Array.from(sources, ([path, text]): [string, Served] => [
        join(SOURCES, path.replaceAll('\\', '/')),
        { type: 'text/html', text: sourcePage(path, text) },
      ]),
    ]),
  };
}

function typeOf(path: string): Served['type'] {
  if (path.endsWith('.css')) return 'text/css';
  return path.endsWith('.js') ? 'text/javascript' : 'text/html';
}

/** What to answer for a path. With a notice a page is never missing: there it stands alone. */
export function answerOf({ files, notice }: Site, path: string): Served | undefined {
  const found = files.get(path === '/' ? '/index.html' : path);
  const isPage = found === undefined ? /(\/|\.html)$/.test(path) && notice !== undefined : found.type === 'text/html';
  if (!isPage) return found;
  return { type: 'text/html', text: live(found?.text ?? plainPage('Fairlead', '<main></main>'), notice) };
}

/** A page that loads itself again when it has changed, with a notice in front of its text. */
function live(page: string, notice: string | undefined): string {
  const shown =
    notice === undefined
      ? ''
      : `<section role="alert" aria-label="Not up to date"><pre>${escapeXml(notice)}</pre></section>`;
  return page.replace('<main>', () => `<main>\n${shown}`).replace('</body>', () => `${RELOAD}\n</body>`);
}

/** The first answer says which pages these are; a connection that was lost is made again by itself. */
const RELOAD = `<script>
let shown;
new EventSource('${CHANGES}').onmessage = ({ data }) => {
  if (shown !== undefined && shown !== data) location.reload();
  shown = data;
};
</script>`;

function sourcePage(path: string, text: string): string {
  const lines = text.split('\n').map((line, index) => `<span id="L${index + 1}">${escapeXml(line)}</span>`);
  return plainPage(path, `<main>\n<h1>${escapeXml(path)}</h1>\n<pre>${lines.join('\n')}</pre>\n</main>`);
}

function plainPage(title: string, body: string): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<link rel="icon" href="data:,">',
    `<title>${escapeXml(title)}</title>`,
    '<link rel="stylesheet" href="/style.css">',
    '<style>:target { outline: 2px solid }</style>',
    '</head>',
    `<body>${body}`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}
