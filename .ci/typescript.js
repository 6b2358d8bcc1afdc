// The part of TypeScript that the command uses, made of the copy that ts-morph carries: what parses and what checks types.
// Neither its emitter nor what editors ask for is among it; its messages are made when somebody has to read them. It is
// start-up time: a third of the whole. Every step says so when a new version of TypeScript is not as it expects.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runInNewContext } from 'node:vm';

/** As an ECMAScript module, with an export for each word of it that the compiler says, so that the rest can be left out. */
export function typescriptModule() {
  const text = readFileSync(typescriptSource(), 'utf8');
  const compiler = between(text, '// src/compiler/corePublic.ts', '// src/jsTyping/_namespaces/ts.JsTyping.ts');
  const [notice] = text.split('*/', 1);
  return [
    `${notice}*/`,
    EXPORT,
    [withPureNamespaces, withoutSystem, withoutNamesOfFlags, withoutEmitter, withTextsAtNeed].reduce(
      (so, step) => step(so),
      compiler,
    ),
    NODE_METHODS,
    `export { ${wordsUsed().join(', ')} };`,
  ].join('\n');
}

/** Where the compiler of ts-morph is. */
export function typescriptSource() {
  const fromTsMorph = createRequire(createRequire(import.meta.url).resolve('ts-morph'));
  return join(dirname(fromTsMorph.resolve('@ts-morph/common')), 'typescript.js');
}

function wordsUsed() {
  const folder = 'dsl/compiler';
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  const words = files.flatMap((name) => readFileSync(join(folder, name), 'utf8').match(/(?<=\bts\.)[a-zA-Z]+/g) ?? []);
  return [...new Set(words)].filter((word) => word !== 'transpileModule');
}

const EXPORT = `
function __export(target, all) {
  for (const name in all) Object.defineProperty(target, name, { get: all[name], enumerable: true });
  return target;
}`;

/** Objects that stand for modules keep all of these alive, unless nobody uses the objects either. */
function withPureNamespaces(text) {
  return replaced(text, /var (\w+) = \{\};\n__export\(\1, \{/g, 'var $1 = /* @__PURE__ */ __export({}, {');
}

/** As in a browser that has no clock: files are the business of whoever asks TypeScript, and nobody asks for times. */
function withoutSystem(text) {
  return withFunction(withFunction(text, 'isNodeLikeSystem', 'return false;'), 'tryGetPerformanceHooks', 'return;');
}

/** TypeScript's own bugs are told with numbers where it would know names: those take long to gather. */
function withoutNamesOfFlags(text) {
  const plain = replaced(
    text,
    /(?<=function formatEnum\(value = 0, enumObject, isFlags\) \{\n)/,
    'return String(value);\n',
  );
  return replaced(plain, /(?<=formatEnum\(\s*[\w.]+,\s*)[\w.]+(?=,)/g, '{}');
}

function withoutEmitter(text) {
  return ['emitFiles', 'getTransformers', 'transformNodes', 'getDeclarationDiagnostics'].reduce(
    (so, name) => withFunction(so, name, `throw new Error('${name} is left out');`),
    text,
  );
}

/** Two thousand messages, of which a spec that is right needs none: their texts are read when somebody asks for one. */
function withTextsAtNeed(text) {
  const [whole, literal] = /^var Diagnostics = (\{\n[^]*?\n\});\n/m.exec(text) ?? [];
  if (whole === undefined) throw new Error('TypeScript has no table of messages');
  const messages = runInNewContext(`(${literal})`, { diag: (...parts) => parts });
  const places = new Map(Object.keys(messages).map((name, index) => [name, index]));
  const texts = Object.values(messages).map(([, , key, message]) => [key, message]);
  const rest = replaced(text.replace(whole, ''), /\bDiagnostics\.(\w+)/g, (_, name) => {
    const [code, category, , , ...marks] = messages[name];
    return `fairleadMessage(${[places.get(name), code, category, ...marks.map(String)].join(', ')})`;
  });
  return `
class FairleadMessage {
  constructor(index, code, category, reportsUnnecessary, elidedInCompatabilityPyramid, reportsDeprecated) {
    this.index = index;
    this.code = code;
    this.category = category;
    this.reportsUnnecessary = reportsUnnecessary;
    this.elidedInCompatabilityPyramid = elidedInCompatabilityPyramid;
    this.reportsDeprecated = reportsDeprecated;
  }
  get key() { return fairleadTable()[this.index][0]; }
  get message() { return fairleadTable()[this.index][1]; }
}
function fairleadTable() {
  return (fairleadTexts ??= ${JSON.stringify(texts)});
}
var fairleadTexts;
var fairleadMessages = [];
function fairleadMessage(index, ...parts) {
  return (fairleadMessages[index] ??= new FairleadMessage(index, ...parts));
}
${rest}`;
}

/** The few methods of nodes that editors' part of TypeScript gives them and that the compiler uses. */
const NODE_METHODS = `
for (const name of ['Node', 'Token', 'Identifier', 'PrivateIdentifier', 'SourceFile']) {
  Object.assign(objectAllocator['get' + name + 'Constructor']().prototype, {
    getSourceFile() { return getSourceFileOfNode(this); },
    getStart(file, includesDoc) { return getTokenPosOfNode(this, file, includesDoc); },
    getFullStart() { return this.pos; },
    getEnd() { return this.end; },
    getText(file) { return (file ?? getSourceFileOfNode(this)).text.slice(this.getStart(file), this.end); },
    getLineStarts() { return getLineStarts(this); },
    forEachChild(visit, visitList) { return forEachChild(this, visit, visitList); },
  });
}
Object.defineProperty(objectAllocator.getIdentifierConstructor().prototype, 'text', {
  get() { return idText(this); },
});`;

function between(text, start, end) {
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`TypeScript has no part between "${start}" and "${end}"`);
  return text.slice(from, to);
}

/** Gives a function at the top level another body. */
function withFunction(text, name, body) {
  return replaced(text, new RegExp(`(?<=^function ${name}\\(.*\\) \\{\n)[^]*?(?=^\\}$)`, 'm'), `  ${body}\n`);
}

function replaced(text, pattern, by) {
  const result = text.replace(pattern, by);
  if (result === text) throw new Error(`TypeScript has nothing like ${pattern}`);
  return result;
}
