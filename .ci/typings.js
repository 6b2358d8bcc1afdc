// Everything that a spec is first type-checked against, in as few words as possible: the part of TypeScript's library
// and of zod that specs use, and the declarations of the language, as ambient modules, so that nothing has to be resolved
// or read besides. It says the same as the files it is made of (test/dsl/compiler/typings.test.ts); its size is start-up
// time.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const LANGUAGE = 'dsl/index.ts';
const SYNC = 'dsl/sync/index.ts';
const NAMES = new Map([
  [LANGUAGE, 'fairlead'],
  [SYNC, 'fairlead/sync'],
]);

/** Texts by the name of their file: what every spec needs, and what those need that use `fairlead/sync`. */
export function typings() {
  const modules = new Map();
  for (const path of NAMES.keys()) declarationsOf(path, modules);
  const written = (isSync) =>
    [...modules]
      .filter(([path]) => (dirname(path) === dirname(SYNC)) === isSync)
      .map(([path, file]) => ambient(path, file))
      .join('\n');
  const zod = ambient('zod', parse(readFileSync('dsl/compiler/typings/zod.d.ts', 'utf8')));
  const library = readFileSync('dsl/compiler/typings/lib.d.ts', 'utf8');
  return { 'typings.d.ts': [library, zod, written(false)].join('\n'), 'typings-sync.d.ts': written(true) };
}

function parse(text) {
  return ts.createSourceFile('typings.d.ts', text, ts.ScriptTarget.ES2022, true);
}

/** The declarations of a module and of those it imports, by path. */
function declarationsOf(path, modules) {
  if (modules.has(path)) return;
  const { outputText, diagnostics } = ts.transpileDeclaration(readFileSync(path, 'utf8'), {
    fileName: path,
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, removeComments: true },
  });
  if (diagnostics.length > 0) {
    const texts = diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
    throw new Error(`${path}: ${texts.join('\n')}`);
  }
  const file = parse(outputText);
  modules.set(path, file);
  for (const { moduleSpecifier } of file.statements) {
    if (moduleSpecifier?.text.startsWith('.')) declarationsOf(join(dirname(path), moduleSpecifier.text), modules);
  }
}

/** In an ambient module everything is declared, and nothing can be imported by a relative path. */
function ambient(path, file) {
  const edits = file.statements.flatMap((statement) => {
    const declare = statement.modifiers?.find(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword);
    const specifier = statement.moduleSpecifier;
    return [
      ...(declare === undefined ? [] : [[declare.getStart(), declare.getEnd() + 1, '']]),
      ...(specifier?.text.startsWith('.')
        ? [[specifier.getStart(), specifier.getEnd(), `'${nameOf(join(dirname(path), specifier.text))}'`]]
        : []),
    ];
  });
  const text = edits.reduceRight((so, [start, end, by]) => so.slice(0, start) + by + so.slice(end), file.text);
  return `declare module '${nameOf(path)}' {\n${text}}`;
}

function nameOf(path) {
  return NAMES.get(path) ?? (path.startsWith('dsl/') ? `fairlead:${path}` : path);
}
