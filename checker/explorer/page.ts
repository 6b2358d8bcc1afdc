import { visible } from '../../dsl/diagnostics/visible.ts';
import type { Value } from '../../dsl/ir/index.ts';
import type { PageData } from './page-data.ts';
import { toPool } from './pool.ts';

/** The parts of a page that are the same in all pages, made when Fairlead is built. */
interface PageAssets {
  readonly script: string;
  readonly style: string;
}

/** One self-contained page: it needs nothing but itself, and asks the network for nothing. */
export function pageOf(data: PageData, title: string, { script, style }: PageAssets): string {
  const json = JSON.stringify(toPool(data as unknown as Value));
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    `<meta name="generator" content="fairlead ${escapeHtml(data.fairlead)}">`,
    `<title>${escapeHtml(title)}</title>`,
    `<style>${style.replaceAll('</style', '<\\/style')}</style>`,
    '</head>',
    '<body>',
    '<div id="page"><noscript>This page shows its contents by a script of its own, and scripts are off.</noscript></div>',
    `<script type="application/json" id="${DATA_ELEMENT}">${escapeJson(json)}</script>`,
    `<script>${escapeScript(script)}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** The element that holds the data. */
export const DATA_ELEMENT = 'fairlead-data';

/** Nothing is fetched from anywhere; `unsafe-eval` is for the generated code of the models, which is in the page. */
const POLICY =
  "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** JSON that can stand in a script element, whatever names a spec has: no `<`, and no line ends but those of HTML. */
function escapeJson(json: string): string {
  return visible(json).replaceAll('<', '\\u003c');
}

/** A program that can stand in a script element: what would end or nest one only occurs in its strings. */
function escapeScript(script: string): string {
  return script.replaceAll(/<(?=\/script|script|!--)/gi, '\\x3c');
}

function escapeHtml(text: string): string {
  return visible(text).replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
