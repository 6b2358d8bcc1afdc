/** Past this many letters a comment is folded after its first paragraph, so that what was found comes into sight. */
const SHORT = 600;

/** A comment of the spec: paragraphs and lists at empty lines, with names between backquotes as code. */
export function Prose({ text }: { readonly text: string }) {
  const [first = '', ...rest] = text.split(/\n\s*\n/);
  const more = rest.map((block, index) => <Block key={index} text={block} />);
  return (
    <>
      <Block text={first} />
      {text.length <= SHORT ? (
        more
      ) : (
        <details class="doc">
          <summary>More</summary>
          {more}
        </details>
      )}
    </>
  );
}

/** A paragraph or list. */
function Block({ text }: { readonly text: string }) {
  if (!ITEM.test(text)) {
    return (
      <p class="doc">
        <Marked text={text} />
      </p>
    );
  }
  return (
    <ul class="doc">
      {text.split(/^[-*] /m).flatMap((item, index) =>
        item.trim() === ''
          ? []
          : [
              <li key={index}>
                <Marked text={item} />
              </li>,
            ],
      )}
    </ul>
  );
}

const ITEM = /^[-*] /;

/** Text with its code and what is strong marked. */
export function Marked({ text }: { readonly text: string }) {
  return (
    <>
      {text.split(/\*\*(.+?)\*\*/s).map((part, index) => {
        const inner = part.split('`').map((piece, at) => (at % 2 === 0 ? piece : <code key={at}>{piece}</code>));
        return index % 2 === 0 ? inner : <strong key={index}>{inner}</strong>;
      })}
    </>
  );
}
