import { escapeXml } from '../diagram/svg.ts';
import type { Inlines } from './document.ts';

/**
 * Text as HTML.
 *
 * @param hrefOf - where a link leads from this page.
 */
export function inlineHtml(content: Inlines, hrefOf: (href: string) => string): string {
  return content
    .map((one): string => {
      switch (one.kind) {
        case 'text':
          return escapeXml(one.text);
        case 'code':
          // A path may go on in the next line: in a table it would make its column wide.
          return `<code>${escapeXml(one.text).replaceAll('/', '/<wbr>')}</code>`;
        case 'strong':
          return `<strong>${inlineHtml(one.content, hrefOf)}</strong>`;
        case 'emphasis':
          return `<em>${inlineHtml(one.content, hrefOf)}</em>`;
        case 'link':
          return `<a href="${escapeXml(hrefOf(one.href))}">${inlineHtml(one.content, hrefOf)}</a>`;
        case 'anchor':
          return `<a id="${escapeXml(one.id)}"></a>`;
        case 'break':
          return '<br>';
      }
    })
    .join('');
}
