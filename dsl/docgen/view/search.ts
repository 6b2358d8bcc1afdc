/**
 * The search field of the pages: browser code, bundled into `search.js`. Without it nothing on a page is missing but the
 * field, and on a narrow screen the contents are not folded. The index is another script, `search-index.js`, loaded when somebody is about to search: a page that is opened
 * from a file may not fetch, but it may load scripts.
 */
import { searchIn } from '../search.ts';
import type { Hit, SearchIndex } from '../search.ts';

declare global {
  interface Window {
    fairleadSearchIndex?: SearchIndex;
  }
}

/** More than this nobody looks through. */
const MOST_SHOWN = 50;

/** The folder of all pages. */
const root = new URL('.', (document.currentScript as HTMLScriptElement).src).href;

// On a narrow screen the contents stand between the title and the text.
if (!window.matchMedia('(min-width: 70rem)').matches) document.querySelector('nav details')?.removeAttribute('open');

const place = document.querySelector<HTMLElement>('.search');
if (place !== null) start(place);

function start(place: HTMLElement): void {
  const field = document.createElement('input');
  field.type = 'search';
  field.placeholder = 'Search all pages ( / )';
  field.ariaLabel = 'Search all pages';
  field.autocomplete = 'off';
  const status = document.createElement('p');
  status.role = 'status';
  const list = document.createElement('ol');
  list.ariaLabel = 'Sections that were found';
  place.role = 'search';
  place.append(field, status, list);

  let search: ReturnType<typeof searchIn> | undefined;
  const show = (): void => {
    const query = field.value.trim();
    if (search === undefined || query === '') {
      status.textContent = query === '' ? '' : 'The index is being loaded …';
      list.replaceChildren();
      return;
    }
    const hits = search(query);
    status.textContent = wordCount(hits.length);
    list.replaceChildren(...hits.slice(0, MOST_SHOWN).map(itemOf));
  };
  const load = once(() => {
    const script = document.createElement('script');
    script.src = `${root}search-index.js`;
    script.addEventListener('load', () => {
      search = searchIn(window.fairleadSearchIndex!);
      show();
    });
    script.addEventListener('error', () => {
      status.textContent = 'The index is missing: search-index.js is not beside index.html';
    });
    document.head.append(script);
  });

  field.addEventListener('focus', load);
  field.addEventListener('input', show);
  place.addEventListener('keydown', (event) => move(event, field, list));
  document.addEventListener('keydown', (event) => {
    const isWriting = event.target instanceof HTMLInputElement;
    if (event.key !== '/' || isWriting || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
  // A result on the same page is gone to without leaving it.
  list.addEventListener('click', () => {
    field.value = '';
    show();
  });
}

/** Arrows go from the field through the results and back; Escape goes back to the field, and then empties it. */
function move(event: KeyboardEvent, field: HTMLInputElement, list: HTMLElement): void {
  const stops: readonly HTMLElement[] = [field, ...list.querySelectorAll('a')];
  const at = stops.findIndex((stop) => stop === document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 1, End: stops.length - 1 }[event.key];
  if (event.key === 'Enter' && at === 0) {
    event.preventDefault();
    stops[1]?.click();
  } else if (event.key === 'Escape' && 0 < at) {
    event.preventDefault();
    field.focus();
  } else if (event.key === 'Escape') {
    field.value = '';
    field.dispatchEvent(new Event('input'));
  } else if (next !== undefined && (0 < at || event.key.startsWith('Arrow'))) {
    event.preventDefault();
    stops[Math.min(Math.max(next, 0), stops.length - 1)]!.focus();
  }
}

function itemOf({ href, page, section }: Hit): HTMLElement {
  const item = document.createElement('li');
  const link = document.createElement('a');
  link.href = root + href;
  const where = document.createElement('span');
  where.textContent = page;
  link.append(section === '' ? page : section, ...(section === '' ? [] : [where]));
  item.append(link);
  return item;
}

function wordCount(count: number): string {
  if (count === 0) return 'No section has all of these words';
  if (count === 1) return 'One section';
  return `${count} sections${count > MOST_SHOWN ? `; the first ${MOST_SHOWN} of them` : ''}`;
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) work();
    isDone = true;
  };
}
