import type { ts as TS } from 'ts-morph';
import { textForId, textForSerial } from '../diagnostics/catalog.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { type Module, spanOf } from './source.ts';
import { ts } from './typescript.ts';

/**
 * Texts that TypeScript takes for ids. The type of an id has to be one that can be a key, which is one of texts; so there
 * are two for each set that it lets pass, and which nobody writes who does not know of them.
 */
export function textsForIds(module: Module): Diagnostic[] {
  // A text can be written with escapes; without them, what is sought can be seen.
  if (!/\bid of |, not a number|\\/.test(module.syntax.text)) return [];
  const found: Diagnostic[] = [];
  const visit = (node: TS.Node): void => {
    const text = ts.isStringLiteralLike(node) ? node.text : '';
    const [id, serial] = [ID.exec(text)?.[1], SERIAL.exec(text)?.[1]];
    if (id !== undefined) found.push(textForId(spanOf(module.file, node), id));
    if (serial !== undefined) found.push(textForSerial(spanOf(module.file, node), serial));
    ts.forEachChild(node, visit);
  };
  visit(module.syntax);
  return found;
}

/** As `Id` and `SerialValue` say (dsl/language). */
const SERIAL = /^(?:a value of|another) (.*), not a number$/s;
const ID = /^an(?:other)? id of (.*), not a text$/s;
