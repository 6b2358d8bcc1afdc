import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** All Markdown and HTML files of a folder, seen from it. */
export function pagesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(md|html)$/.test(name))
    .sort();
}

/** Links of a page, Markdown or HTML, that lead nowhere: to no file beside it, or to no heading. */
export function brokenLinks(path: string): readonly string[] {
  const page = readFileSync(path, 'utf8');
  const links = path.endsWith('.html') ? hrefsIn(page) : targetsIn(page);
  const anchors = new Map<string, ReadonlySet<string>>();
  return links.filter((link) => {
    if (/^(https?|data):/.test(link)) return false;
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? path : join(dirname(path), decodeURIComponent(file));
    if (!existsSync(target)) return true;
    if (anchor === undefined || /^L\d+$/.test(anchor)) return false;
    if (!anchors.has(target)) anchors.set(target, anchorsIn(target)); // pages are long and link to themselves
    return !anchors.get(target)!.has(decodeURIComponent(anchor));
  });
}

function hrefsIn(page: string): readonly string[] {
  return Array.from(page.matchAll(/\shref="([^"]*)"/g), ([, href]) => href!.replaceAll('&amp;', '&'));
}

function targetsIn(page: string): readonly string[] {
  const outside = withoutCode(page).replaceAll(/(`+)[^`].*?\1/g, 'code');
  return Array.from(outside.matchAll(/\]\(([^()\s]+)\)/g), ([, target]) => target!);
}

function withoutCode(page: string): string {
  return page.replaceAll(/^( *)(```+)[^]*?^\1\2$/gm, '');
}

function anchorsIn(path: string): ReadonlySet<string> {
  const page = readFileSync(path, 'utf8');
  const ids = Array.from(page.matchAll(/\sid="([^"]*)"/g), ([, id]) => id!);
  return new Set(path.endsWith('.html') ? ids : [...headingsIn(page), ...ids]);
}

/** The names that GitHub gives to the headings of a page, in order: as its own slugger does it. */
function headingsIn(page: string): readonly string[] {
  const used = new Map<string, number>();
  return Array.from(withoutCode(page).matchAll(/^#{1,6} (.*)$/gm), ([, heading]) => {
    const words = heading!
      .replaceAll(/\\([^\w\s])/g, '$1')
      .replaceAll('&lt;', '<')
      .replaceAll('&amp;', '&');
    const slug = words
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
      .replaceAll(' ', '-');
    const before = used.get(slug);
    used.set(slug, (before ?? -1) + 1);
    return before === undefined ? slug : `${slug}-${before + 1}`;
  });
}

/** Broken links of all pages of a folder, with the page in front. */
export function brokenLinksIn(folder: string): readonly string[] {
  return pagesIn(folder).flatMap((page) =>
    brokenLinks(join(folder, page)).map((link) => `${relative('.', page)} → ${link}`),
  );
}
