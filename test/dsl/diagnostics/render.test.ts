import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Diagnostic, Label } from '../../../dsl/diagnostics/diagnostic.ts';
import { renderDiagnostics } from '../../../dsl/diagnostics/render.ts';
import type { SourceFile } from '../../../dsl/diagnostics/span.ts';
import { NO_SPAN } from '../../../dsl/diagnostics/span.ts';

/**
 * A file and a diagnostic from text in which `‹1:label›…‹/1›` marks spans: number 0 is the primary one.
 * The marks are taken out of the file.
 */
function marked(text: string, rest: Partial<Diagnostic> = {}): [Diagnostic, SourceFile] {
  const labels = new Map<string, { start: number; end: number; text: string }>();
  let plain = '';
  let at = 0;
  for (const tag of text.matchAll(/‹(\/?)(\d)(?::([^›]*))?›/g)) {
    plain += text.slice(at, tag.index);
    at = tag.index + tag[0].length;
    if (tag[1] === '/') labels.get(tag[2]!)!.end = plain.length;
    else labels.set(tag[2]!, { start: plain.length, end: plain.length, text: tag[3] ?? '' });
  }
  plain += text.slice(at);
  const toLabel = (label: { start: number; end: number; text: string }): Label => ({
    span: { file: 0, start: label.start, end: label.end },
    text: label.text,
  });
  const primary = toLabel(labels.get('0')!);
  const related = [...labels].filter(([number]) => number !== '0').map(([, label]) => toLabel(label));
  const diagnostic: Diagnostic = { code: 'FL14', severity: 'error', message: 'two values', primary, related, ...rest };
  return [diagnostic, { path: 'specs/lease.ts', text: plain }];
}

function rendered(text: string, rest: Partial<Diagnostic> = {}, options = {}): string {
  const [diagnostic, file] = marked(text, rest);
  return `\n${renderDiagnostics([diagnostic], [file], { color: false, ...options })}\n`;
}

describe('a diagnostic', () => {
  it('shows the line it is about and what to do', () => {
    const text = 'const a = 1;\n  s.holder = ‹0:not a member of `holder`›"me"‹/0›;\n';
    expect(rendered(text, { help: 'write one of these:\n"none", "r0"' })).toMatchInlineSnapshot(`
      "
      error[FL14]: two values
       --> specs/lease.ts:2:14
        |
      2 |   s.holder = "me";
        |              ^^^^ not a member of \`holder\`
        |
        = help: write one of these:
                "none", "r0"
      "
    `);
  });

  it('shows related places in the order of the file, with the gap between them', () => {
    const text = '‹1:first value here›a = me;‹/1›\nb\nc\nd\n‹0:second value here›a = none;‹/0›\ne\n‹2›f‹/2›\n';
    expect(rendered(text, { severity: 'warning' })).toMatchInlineSnapshot(`
      "
      warning[FL14]: two values
       --> specs/lease.ts:5:1
        |
      1 | a = me;
        | ------- first value here
      ...
      5 | a = none;
        | ^^^^^^^^^ second value here
      6 | e
      7 | f
        | -
      "
    `);
  });

  it('puts several labels of one line under each other', () => {
    const text = 'x = ‹1:an int›left‹/1› ‹0:cannot be compared›<‹/0› ‹2:an id›right‹/2›;';
    expect(rendered(text)).toMatchInlineSnapshot(`
      "
      error[FL14]: two values
       --> specs/lease.ts:1:10
        |
      1 | x = left < right;
        |     ---- ^ ----- an id
        |     |    |
        |     |    cannot be compared
        |     an int
      "
    `);
  });

  it('marks the part of a label that lies inside another', () => {
    expect(rendered('‹1:in this call›pick(‹0:empty›[]‹/0›)‹/1›;')).toMatchInlineSnapshot(`
      "
      error[FL14]: two values
       --> specs/lease.ts:1:6
        |
      1 | pick([]);
        | -----^^- in this call
        |      |
        |      empty
      "
    `);
  });

  it('marks first and last line of a span over several lines', () => {
    expect(rendered('run(‹0:never ends›function* () {\n  one;\n  two;\n  three;\n}‹/0›);')).toMatchInlineSnapshot(`
      "
      error[FL14]: two values
       --> specs/lease.ts:1:5
        |
      1 | run(function* () {
        |     ^^^^^^^^^^^^^^
      ...
      5 | });
        | ^ never ends
      "
    `);
  });

  it('does not run into the next line when the span ends with a line break', () => {
    expect(rendered('a;\n‹0:this›b;\n‹/0›c;\n')).toMatchInlineSnapshot(`
      "
      error[FL14]: two values
       --> specs/lease.ts:2:1
        |
      2 | b;
        | ^^ this
      "
    `);
  });

  it('expands tabs and gives wide characters their two cells', () => {
    expect(rendered('\t"鍵👩‍👩‍👧é": ‹0:here›x‹/0›, // \u001b[31m')).toMatchInlineSnapshot(`
      "
      error[FL14]: two values
       --> specs/lease.ts:1:16
        |
      1 |     "鍵👩‍👩‍👧é": x, // �[31m
        |              ^ here
      "
    `);
  });

  it('cuts a very long line around the mark', () => {
    const text = `${'a, '.repeat(100)}‹0:this one›bad‹/0›${', c'.repeat(100)}`;
    expect(rendered(text, {}, { width: 40 })).toMatchInlineSnapshot(`
      "
      error[FL14]: two values
       --> specs/lease.ts:1:301
        |
      1 | … a, a, a, bad, c, c, c, c, c, c, c, c, c…
        |            ^^^ this one
      "
    `);
  });

  it('points behind the last character at the end of a file', () => {
    expect(rendered('a = (\n  1 + 2‹0:")" expected›‹/0›')).toMatchInlineSnapshot(`
      "
      error[FL14]: two values
       --> specs/lease.ts:2:8
        |
      2 |   1 + 2
        |        ^ ")" expected
      "
    `);
    expect(rendered('a = (\n‹0›‹/0›')).toContain('2 |\n  | ^');
    expect(rendered('‹0:nothing here›‹/0›')).toContain('1 |\n  | ^ nothing here');
  });

  it('survives carriage returns and spans past the end', () => {
    const [diagnostic] = marked('‹0›a‹/0›');
    const wild = { ...diagnostic, primary: { span: { file: 0, start: 4, end: 999 }, text: 'x' } };
    expect(renderDiagnostics([wild], [{ path: 'a.ts', text: 'ab\r\ncd\r\n' }], { color: false })).toContain('2 | cd');
  });

  it('is only a message when it has no place', () => {
    const [diagnostic] = marked('‹0›a‹/0›', { help: 'create it' });
    const nowhere = { ...diagnostic, primary: { span: NO_SPAN, text: '' } };
    expect(renderDiagnostics([nowhere], [], { color: false })).toBe('error[FL14]: two values\n = help: create it');
  });

  it('shows another file below the first', () => {
    const [diagnostic, file] = marked('‹0:used here›a‹/0›');
    const related = [{ span: { file: 1, start: 7, end: 8 }, text: 'declared here' }];
    const other = { path: 'specs/other.ts', text: 'let b; a;' };
    expect(`\n${renderDiagnostics([{ ...diagnostic, related }], [file, other], { color: false })}\n`)
      .toMatchInlineSnapshot(`
        "
        error[FL14]: two values
         --> specs/lease.ts:1:1
          |
        1 | a
          | ^ used here
         ::: specs/other.ts:1:8
          |
        1 | let b; a;
          |        - declared here
        "
      `);
  });

  it('is coloured only when asked', () => {
    const [diagnostic, file] = marked('‹0:x›a‹/0› ‹1:y›b‹/1›');
    const plain = renderDiagnostics([diagnostic], [file], { color: false });
    const colored = renderDiagnostics([diagnostic], [file], { color: true });
    expect(plain).not.toContain('\u001b');
    expect(colored).toContain('\u001b[31m^');
    // oxlint-disable-next-line no-control-regex -- it is what colour is made of
    expect(colored.replaceAll(/\u001b\[\d+m/g, '')).toBe(plain);
  });

  it('never fails, whatever the text and the spans are', () => {
    const span = fc.record({ file: fc.constant(0), start: fc.nat(60), end: fc.nat(60) });
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({ unit: fc.constantFrom('a', '\n', '\t', '鍵', '\r', 'e\u0301'), maxLength: 60 }),
    );
    fc.assert(
      fc.property(
        text,
        fc.array(span, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 8, max: 40 }),
        (source, spans, width) => {
          const labels = spans.map((one, index) => ({ span: one, text: `label ${index}` }));
          const diagnostic: Diagnostic = {
            code: 'FL1',
            severity: 'error',
            message: 'm',
            primary: labels[0]!,
            related: labels.slice(1),
          };
          const out = renderDiagnostics([diagnostic], [{ path: 'p', text: source }], { color: false, width });
          for (const label of labels)
            if (out.split(label.text).length < 2) throw new Error(`lost ${label.text} in\n${out}`);
        },
      ),
    );
  });
});
