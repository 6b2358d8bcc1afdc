/**
 * Finds sections of pages by words, in a browser and without a server. What is kept is which section has which word, not
 * the text: with it the index would be as large as the pages.
 */

/** Which words stand where: plain data, to be a script beside the pages. */
export interface SearchIndex {
  /** Address and title. */
  readonly pages: readonly (readonly [href: string, title: string])[];
  /** The page, by its place above; the anchor, empty for the top of the page; the heading. */
  readonly sections: readonly (readonly [page: number, id: string, heading: string])[];
  /**
   * Each word with the places of the sections it stands in, but for those whose heading it stands in: `lock 3 1 z|…`.
   * The first place and the distances between them are in base 36.
   */
  readonly words: string;
}

/** A section that was found. */
export interface Hit {
  readonly href: string;
  readonly page: string;
  /** Empty for the top of a page. */
  readonly section: string;
}

/** The words of a text, as they are looked up: letters, digits and `_`, in small letters. Numbers alone find nothing. */
export function wordsOf(text: string): readonly string[] {
  const found = text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
  return found.filter((word) => word.length > 1 && !/^\d+$/.test(word));
}

/** How well a word of the query is met: as it is, by its beginning, or somewhere in the middle. */
const IN_HEADING = { whole: 12, start: 8, part: 5 };
const IN_TEXT = { whole: 3, start: 2, part: 1 };

/** Makes a search out of an index: sections that have all words of a query, the best first. */
export function searchIn(index: SearchIndex): (query: string) => readonly Hit[] {
  const words = index.words.split('|').map((entry) => {
    const space = entry.indexOf(' ');
    return { word: entry.slice(0, space), places: entry.slice(space + 1) };
  });
  const titles = index.pages.map(([, title]) => wordsOf(title));
  const headings = index.sections.map(([page, id, heading]) => (id === '' ? titles[page]! : wordsOf(heading)));
  return (query) => {
    const terms = [...new Set(wordsOf(query))];
    if (terms.length === 0) return [];
    const scores = terms.map((term) => {
      const score = new Map<number, number>();
      const add = (section: number, value: number): void => {
        score.set(section, Math.max(score.get(section) ?? 0, value));
      };
      for (const { word, places } of words) {
        const value = scoreOf(word, term, IN_TEXT);
        if (value > 0) for (const section of decoded(places)) add(section, value);
      }
      headings.forEach((own, section) => {
        // A section is about what its page is about too.
        const title = titles[index.sections[section]![0]]!;
        const value = Math.max(best(own, term, IN_HEADING), best(title, term, IN_TEXT));
        if (value > 0) add(section, value);
      });
      return score;
    });
    const [first, ...others] = scores;
    return [...first!.keys()]
      .filter((section) => others.every((score) => score.has(section)))
      .map((section) => ({ section, score: scores.reduce((sum, score) => sum + score.get(section)!, 0) }))
      .sort((left, right) => right.score - left.score || left.section - right.section)
      .map(({ section }) => hitOf(index, section));
  };
}

function best(words: readonly string[], term: string, scale: typeof IN_TEXT): number {
  return Math.max(0, ...words.map((word) => scoreOf(word, term, scale)));
}

function scoreOf(word: string, term: string, scale: typeof IN_TEXT): number {
  if (word === term) return scale.whole;
  if (word.startsWith(term)) return scale.start;
  return word.includes(term) ? scale.part : 0;
}

function hitOf({ pages, sections }: SearchIndex, place: number): Hit {
  const [page, id, heading] = sections[place]!;
  const [href, title] = pages[page]!;
  return { href: id === '' ? href : `${href}#${id}`, page: title, section: heading };
}

/** Places as they are kept: the first, then the distances. */
export function encoded(places: readonly number[]): string {
  return places.map((place, index) => (place - (places[index - 1] ?? 0)).toString(36)).join(' ');
}

function decoded(places: string): readonly number[] {
  let place = 0;
  return places.split(' ').map((distance) => (place += parseInt(distance, 36)));
}
