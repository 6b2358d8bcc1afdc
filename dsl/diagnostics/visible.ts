/**
 * What a terminal obeys instead of showing it, or what changes how other characters are shown: control characters but for
 * tabs and line ends, marks of direction, and characters of no width but for those that join letters.
 */
const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/**
 * A text with all that would be obeyed written as `\u001b`. That means the same within the strings of JSON, and nothing
 * else of JSON has such characters.
 */
export function visible(text: string): string {
  return text.replace(OBEYED, escaped);
}

/** The same for a text that may be painted: the colors and the links that we use ourselves stay. */
export function visibleIn(painted: string): string {
  return painted
    .split(LINK)
    .map((part, at) => (at % 2 === 1 ? part : withColors(part)))
    .join('');
}

function withColors(painted: string): string {
  return painted.replace(OBEYED, (character, at: number) =>
    character === '\u001b' && COLOR.test(painted.slice(at, at + 6)) ? character : escaped(character),
  );
}

/** Begins or ends a link to a page about a diagnostic, on this machine. */
const LINK = /(\u001b\]8;;(?:file:\/\/\/[\w/.~%+@-]+\/docs\/diagnostics\/FL\d+\.md)?\u001b\\)/;

/** Ours are bold, dim, and the eight colors of letters, each with what ends it. */
const COLOR = /^\u001b\[(?:0|1|2|22|3[0-79])m/;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
