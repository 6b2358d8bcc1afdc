/**
 * What keeps a page from being read as it was meant, found without a browser: for texts of {@link documentToHtml}, which
 * close what they open and quote what they say, and not for whatever HTML there is.
 */

/** Markup, or a character that would have to be written otherwise. */
const TOKEN =
  /<!--.*?-->|<!doctype [^>]*>|<(?<close>\/?)(?<name>[a-z][\w-]*)(?<attributes>(?:\s+[\w:-]+(?:="[^"<]*")?)*)\s*(?<selfClosed>\/?)>|<|&(?!#?\w+;)|\n/gis;

/** Elements that have no end. */
const VOID: ReadonlySet<string> = new Set(['meta', 'link', 'br', 'wbr', 'hr', 'img', 'input']);

/** Elements that end a paragraph where they begin, so that its own end would be one too many. */
const BLOCKS: ReadonlySet<string> = new Set([
  'blockquote',
  'div',
  'details',
  'h2',
  'h3',
  'h4',
  'ol',
  'p',
  'pre',
  'table',
  'ul',
]);

/** Lines about what is not well formed: elements that are not closed, names given twice, characters that mean something. */
export function htmlFaults(page: string): readonly string[] {
  const faults: string[] = [];
  const open: { readonly name: string; readonly line: number }[] = [];
  const ids = new Set<string>();
  let line = 1;
  for (const { 0: token, groups = {} } of page.matchAll(TOKEN)) {
    const { close, name, attributes = '', selfClosed } = groups;
    if (name === undefined) {
      if (token === '<' || token === '&') faults.push(`line ${line}: a bare ${token}`);
    } else if (close === '/') {
      const last = open.pop();
      if (last?.name !== name) faults.push(`line ${line}: </${name}> where ${wordOpen(last)}`);
    } else {
      if (BLOCKS.has(name) && open.some((one) => one.name === 'p')) faults.push(`line ${line}: <${name}> inside <p>`);
      if (!VOID.has(name) && selfClosed !== '/') open.push({ name, line });
      for (const [, id] of attributes.matchAll(/\sid="([^"]*)"/g)) {
        if (ids.has(id!)) faults.push(`line ${line}: a second id ${id}`);
        ids.add(id!);
      }
    }
    line += token.split('\n').length - 1;
  }
  return [...faults, ...open.map((one) => `line ${one.line}: <${one.name}> is never closed`)];
}

function wordOpen(last: { readonly name: string; readonly line: number } | undefined): string {
  return last === undefined ? 'nothing is open' : `<${last.name}> of line ${last.line} is open`;
}

/** The names in a page that links can lead to. */
export function htmlIds(page: string): ReadonlySet<string> {
  return new Set(Array.from(page.matchAll(/\sid="([^"]*)"/g), ([, id]) => unescapeXml(id!)));
}

/** Where a page leads to, and what it loads. */
export function htmlTargets(page: string): readonly string[] {
  return Array.from(page.matchAll(/<[^>]*\s(?:href|src)="([^"]*)"/g), ([, target]) => unescapeXml(target!));
}

function unescapeXml(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}
