/** A comment of the spec: paragraphs at empty lines, names between backquotes as code. */
export function Prose({ text }: { readonly text: string }) {
  return (
    <>
      {text.split(/\n\s*\n/).map((paragraph, index) => (
        <p key={index} class="doc">
          <Marked text={paragraph} />
        </p>
      ))}
    </>
  );
}

/** One line with its code marked. */
export function Marked({ text }: { readonly text: string }) {
  return <>{text.split('`').map((part, index) => (index % 2 === 0 ? part : <code key={index}>{part}</code>))}</>;
}
