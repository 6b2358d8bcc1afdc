import { DRAWING_STYLE, TEXT } from '../diagram/svg.ts';

/** With more columns than this a table is not read row by row. */
export const MOST_STACKED = 10;

/** Cells of tables with the names of their columns, which the table gives. */
const NAMES = Array.from({ length: MOST_STACKED - 1 }, (_, index) => index + 2)
  .map((column) => `  .rows td:nth-child(${column})::before { content: var(--c${column}) ": "; }`)
  .join('\n');

/** The looks of pages: light and dark as the reader prefers, one column on narrow screens. */
export const PAGE_STYLE = `:root { color-scheme: light dark; --paper: #ffffff; --raised: #f6f8fa; --ink: #1f2328; --muted: #59636e; --rule: #d1d9e0; --link: #0969da; --good: #1a7f37; --bad: #cf222e; }
@media (prefers-color-scheme: dark) { :root { --paper: #0d1117; --raised: #161b22; --ink: #e6edf3; --muted: #9198a1; --rule: #3d444d; --link: #58a6ff; --good: #3fb950; --bad: #ff7b72; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
header { max-width: 62rem; margin: 0 auto; padding: 1rem 1.25rem 0; }
main { max-width: 62rem; margin: 0 auto; padding: 0 1.25rem 6rem; overflow-wrap: break-word; }
h1, h2, h3, h4 { line-height: 1.25; margin: 2em 0 0.6em; scroll-margin-top: 0.5rem; }
h1 { font-size: 1.9rem; margin-top: 0.6em; overflow-wrap: anywhere; }
h2 { font-size: 1.45rem; border-bottom: 1px solid var(--rule); padding-bottom: 0.25em; }
h3 { font-size: 1.15rem; }
h4 { font-size: 1rem; }
a { color: var(--link); text-decoration: none; }
a:hover, a:focus { text-decoration: underline; }
code, pre { font-family: ${TEXT.family}; font-size: 0.85em; }
code { background: var(--raised); border-radius: 4px; padding: 0.12em 0.2em; }
pre { background: var(--raised); border: 1px solid var(--rule); border-radius: 6px; padding: 0.75rem 1rem; overflow-x: auto; line-height: 1.45; }
pre code { background: none; padding: 0; font-size: 1em; }
.wide { overflow-x: auto; margin: 1em 0; }
.wide svg { display: block; }
.wide svg.fit { max-width: max(100%, 54rem); height: auto; }
table { border-collapse: collapse; font-size: 0.92em; }
th, td { border: 1px solid var(--rule); padding: 0.35em 0.6em; text-align: left; vertical-align: top; }
th { background: var(--raised); }
.right { text-align: right; font-variant-numeric: tabular-nums; }
.center { text-align: center; }
.sides { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0.75rem; margin: 1em 0; }
.sides figure, .sides pre { margin: 0; }
.sides figcaption { color: var(--muted); font-size: 0.88rem; }
.sides mark { background: var(--paper); color: var(--ink); box-shadow: -0.4rem 0 var(--paper), -0.6rem 0 var(--bad); }
.sides figure + figure mark { box-shadow: -0.4rem 0 var(--paper), -0.6rem 0 var(--good); }
blockquote { margin: 1em 0; padding-left: 1rem; border-left: 3px solid var(--rule); color: var(--muted); }
[role="alert"] pre { border-color: var(--bad); white-space: pre-wrap; }
details { margin: 0.8em 0; }
summary { cursor: pointer; }
main details > summary { padding: 0.3em 0; }
main details[open] { border-left: 3px solid var(--rule); padding-left: 1rem; }
.search { max-width: 36rem; margin: 0.6rem 0; }
@media (scripting: enabled) { .search { min-height: 2.4rem; } }
.search input { width: 100%; font: inherit; padding: 0.3rem 0.6rem; border: 1px solid var(--rule); border-radius: 6px; background: var(--paper); color: var(--ink); }
.search p, .search ol { margin: 0.4rem 0; font-size: 0.88rem; }
.search p { color: var(--muted); }
.search p:empty, .search ol:empty { display: none; }
.search ol { max-height: 60vh; overflow-y: auto; list-style: none; padding: 0; border: 1px solid var(--rule); border-radius: 6px; }
.search li a { display: block; padding: 0.3rem 0.6rem; overflow-wrap: anywhere; }
.search li a:hover, .search li a:focus { background: var(--raised); text-decoration: none; }
.search li span { display: block; color: var(--muted); font-size: 0.92em; }
nav { font-size: 0.88rem; padding: 0.75rem 1.25rem 0; max-width: 62rem; margin: 0 auto; }
nav a { display: block; padding: 0.15rem 0; color: var(--ink); overflow-wrap: anywhere; }
nav a code { background: none; padding: 0; }
nav .level3 { padding-left: 1rem; color: var(--muted); }
nav summary { color: var(--muted); padding-bottom: 0.3rem; }
@media (min-width: 70rem) {
  body { display: grid; grid-template: auto 1fr / 17rem minmax(0, 1fr); }
  header, main { grid-column: 2; width: 100%; }
  nav { grid-area: 1 / 1 / 3 / 2; position: sticky; top: 0; height: 100vh; overflow-y: auto; padding-bottom: 2rem; border-right: 1px solid var(--rule); }
}
@media (max-width: 40rem) { body { font-size: 15px; } header { padding: 0.5rem 0.9rem 0; } main { padding: 0 0.9rem 4rem; } nav { padding: 0.5rem 0.9rem 0; } }
@media (max-width: 50rem) { .sides { grid-template-columns: minmax(0, 1fr); } .sides i { display: none; } }
@media (max-width: 40rem) {
  .rows, .rows tbody, .rows tr, .rows td { display: block; }
  .rows thead, .rows td:empty { display: none; }
  .rows tr { border: 1px solid var(--rule); border-radius: 6px; padding: 0.3rem 0.6rem; margin: 0.5rem 0; }
  .rows td { border: 0; padding: 0.15rem 0; text-align: left; overflow-wrap: anywhere; }
  .rows td:first-child { font-weight: 600; }
  .rows td::before { color: var(--muted); }
${NAMES}
}
@media print { nav, .search { display: none; } }
${DRAWING_STYLE}`;
