import type { ts as TS } from 'ts-morph';
import type { Module } from './source.ts';
import { boundNames, isAmbient } from './source.ts';
import { ts } from './typescript.ts';

/**
 * A module as the body of a function of `exports`, `require` and `__all`, which adds to `exports` what another module
 * exports; undefined when it takes more than leaving types out: classes, enums, default exports.
 *
 * Types become blanks: every token stays on its line, and in its column unless an import or export stands before it.
 * TypeScript's emitter, which does this too, takes another program and ten times as long. What is imported is looked up
 * once: that is enough where {@link isSettled}.
 */
export function erased(module: Module): string | undefined {
  try {
    return new Eraser(module).run();
  } catch (error) {
    if (error instanceof MoreThanTypes) return undefined;
    throw error;
  }
}

/**
 * Whether what a module exports is complete when another begins, and never changes: no imports in a circle, and no
 * exports that can be assigned.
 */
export function isSettled(modules: readonly Module[]): boolean {
  const done = new Set<Module>();
  const isInCircle = (module: Module, above: readonly Module[]): boolean => {
    if (above.includes(module)) return true;
    if (done.has(module) || module.own) return false;
    done.add(module);
    return [...module.imports.values()].some((imported) => isInCircle(imported, [...above, module]));
  };
  const isChanging = ({ own, scope, exports }: Module): boolean =>
    !own &&
    [...exports.values()].some((exported) => {
      const top = exported.kind === 'local' ? scope.get(exported.name) : undefined;
      return top?.kind === 'variable' && top.mutable;
    });
  return !modules.some((module) => isInCircle(module, []) || isChanging(module));
}

class MoreThanTypes extends Error {}

class Eraser {
  readonly #module: Module;
  readonly #text: string;
  readonly #edits: { readonly start: number; readonly end: number; readonly text: string }[] = [];
  #blankUntil = 0;
  /** What stands where values do, or names properties: what is imported and not here is a type. */
  readonly #used = new Set<string>();
  readonly #imported = new Set<string>();
  /** What stands at the beginning instead of a statement. */
  readonly #hoisted = new Map<TS.Statement, string>();
  /** By exported name, the names here. */
  readonly #exported = new Map<string, string>();

  constructor(module: Module) {
    this.#module = module;
    this.#text = module.syntax.text;
  }

  run(): string {
    if (RESERVED.some((name) => this.#module.scope.has(name))) throw new MoreThanTypes();
    const { statements } = this.#module.syntax;
    for (const statement of statements) this.#visit(statement);
    for (const statement of statements) if (ts.isImportDeclaration(statement)) this.#import(statement);
    const evaluated = this.#importOrder();
    const exports = [...this.#exported].filter(([, name]) => this.#isValue(name));
    return `${evaluated}${this.#edited()}\n;${exports.map(([name, local]) => `exports.${name} = ${local};`).join(' ')}`;
  }

  /**
   * What is imported, before everything else and in the order of the statements, wherever they stand: a module is
   * evaluated after those that it imports.
   */
  #importOrder(): string {
    return this.#module.syntax.statements
      .flatMap((statement) => this.#hoisted.get(statement) ?? [])
      .map((text) => `${text} `)
      .join('');
  }

  #isValue(name: string): boolean {
    const kind = this.#module.scope.get(name)?.kind;
    return kind === 'import' ? this.#imported.has(name) : kind !== undefined && kind !== 'type';
  }

  #edited(): string {
    let done = 0;
    let result = '';
    for (const { start, end, text } of this.#edits.sort((left, right) => left.start - right.start)) {
      result += this.#text.slice(done, start) + text;
      done = end;
    }
    return result + this.#text.slice(done);
  }

  readonly #visit = (node: TS.Node): void => {
    if (ts.isIdentifier(node)) this.#used.add(node.text);
    else if (isOnlyType(node)) this.#drop(node);
    else if (ts.isImportDeclaration(node))
      return; // when it is known what is used
    else if (ts.isExportDeclaration(node)) this.#export(node);
    else if (isMoreThanTypes(node)) throw new MoreThanTypes();
    else if (ts.isFunctionLike(node)) this.#function(node);
    else if (ts.isVariableDeclaration(node)) {
      if (node.exclamationToken !== undefined) this.#blank(node.name.end, node.exclamationToken.end);
      this.#blankAnnotation(node.type);
      this.#visitAll([node.name, node.initializer]);
    } else if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      this.#blankList(node.typeArguments);
      this.#visitAll([node.expression, ...(node.arguments ?? [])]);
    } else if (ts.isTaggedTemplateExpression(node)) {
      this.#blankList(node.typeArguments);
      this.#visitAll([node.tag, node.template]);
    } else if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isNonNullExpression(node)) {
      this.#visit(node.expression);
      this.#blank(node.expression.end, node.end);
    } else {
      if (ts.isVariableStatement(node)) {
        const names = node.declarationList.declarations.flatMap(({ name }) => boundNames(name));
        this.#exportWord(node, names);
      }
      ts.forEachChild(node, this.#visit);
      // A line that only TypeScript knows to end there might go on with the next.
      if (ts.isStatement(node) && this.#blankUntil === node.end && this.#text[node.end - 1] !== ';') {
        throw new MoreThanTypes();
      }
    }
  };

  #visitAll(nodes: readonly (TS.Node | undefined)[]): void {
    for (const node of nodes) if (node !== undefined) this.#visit(node);
  }

  #function(node: TS.SignatureDeclaration): void {
    const { body } = node as TS.FunctionLikeDeclaration;
    if (body === undefined) throw new MoreThanTypes();
    if (ts.isFunctionDeclaration(node) && node.name !== undefined) this.#exportWord(node, [node.name.text]);
    const before = this.#edits.length;
    this.#blankList(node.typeParameters);
    this.#blankAnnotation(node.type);
    // Neither `async` nor `=>` may be parted by a line from what belongs to it.
    const isParted = this.#edits.slice(before).some(({ text }) => /[\n\r\u2028\u2029]/.test(text));
    if (isParted && ts.isArrowFunction(node)) throw new MoreThanTypes();
    for (const { name, questionToken, type, initializer } of node.parameters) {
      if (ts.isIdentifier(name) && name.text === 'this') throw new MoreThanTypes();
      if (questionToken !== undefined) this.#blank(name.end, questionToken.end);
      this.#blankAnnotation(type);
      this.#visitAll([name, initializer]);
    }
    this.#visitAll([node.name, body]);
  }

  /** Takes `export` away from a declaration, and notes what it exports. */
  #exportWord(node: TS.VariableStatement | TS.FunctionDeclaration, names: readonly string[]): void {
    const word = node.modifiers?.find(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (word === undefined) return;
    this.#blank(word.getStart(), word.end);
    for (const name of names) this.#exported.set(name, name);
  }

  #export(node: TS.ExportDeclaration): void {
    const { exportClause, moduleSpecifier } = node;
    const from = moduleSpecifier && `require(${moduleSpecifier.getText()})`;
    if (from !== undefined) this.#hoisted.set(node, `${from};`);
    if (exportClause === undefined) return this.#replace(node, `__all(${from});`);
    if (ts.isNamespaceExport(exportClause)) {
      return this.#replace(node, `exports.${plain(exportClause.name)} = ${from};`);
    }
    const elements = exportClause.elements.filter(({ isTypeOnly }) => !isTypeOnly);
    const pairs = elements.map(({ name, propertyName }) => [plain(name), plain(propertyName ?? name)] as const);
    if (from !== undefined) {
      const copies = pairs.map(([name, there]) => `exports.${name} = ${from}.${there};`);
      return this.#replace(node, copies.join(' '));
    }
    for (const [name, here] of pairs) {
      this.#exported.set(name, here);
      this.#used.add(here);
    }
    this.#replace(node, ';');
  }

  /** To be called when everything else has been visited. */
  #import(node: TS.ImportDeclaration): void {
    const { importClause } = node;
    const from = `require(${node.moduleSpecifier.getText()});`;
    if (importClause === undefined) return this.#hoist(node, from);
    if (importClause.name !== undefined || node.attributes !== undefined) throw new MoreThanTypes();
    const { namedBindings } = importClause;
    const isUsed = ({ text }: TS.Identifier): boolean => !importClause.isTypeOnly && this.#used.has(text);
    let names = '';
    if (namedBindings !== undefined && ts.isNamespaceImport(namedBindings)) {
      if (isUsed(namedBindings.name)) names = namedBindings.name.text;
      if (names !== '') this.#imported.add(names);
    } else if (namedBindings !== undefined) {
      const used = namedBindings.elements.filter((element) => !element.isTypeOnly && isUsed(element.name));
      for (const { name } of used) this.#imported.add(name.text);
      const parts = used.map(({ name, propertyName }) => `${plain(propertyName ?? name)}: ${name.text}`);
      if (parts.length > 0) names = `{ ${parts.join(', ')} }`;
    }
    this.#hoist(node, names === '' ? '' : `const ${names} = ${from}`);
  }

  #hoist(node: TS.Statement, text: string): void {
    this.#hoisted.set(node, text);
    this.#replace(node, ';');
  }

  #blankAnnotation(type: TS.TypeNode | undefined): void {
    if (type !== undefined) this.#blank(type.pos - ':'.length, type.end);
  }

  /** Type parameters or arguments, with the brackets around them. */
  #blankList(list: TS.NodeArray<TS.Node> | undefined): void {
    if (list === undefined) return;
    const close = this.#text.indexOf('>', list.end);
    if (this.#text.slice(list.end, close).trim() !== '') throw new MoreThanTypes(); // a comment
    this.#blank(list.pos - '<'.length, close + 1);
  }

  #blank(start: number, end: number): void {
    this.#edits.push({ start, end, text: this.#text.slice(start, end).replace(/[^\n\r\u2028\u2029]/g, ' ') });
    this.#blankUntil = Math.max(this.#blankUntil, end);
  }

  #drop(node: TS.Node): void {
    this.#replace(node, ';');
  }

  /** Writes something else on the first line of a statement. */
  #replace(node: TS.Node, text: string): void {
    const start = node.getStart();
    const lines = this.#text.slice(start, node.end).replace(/[^\n\r\u2028\u2029]/g, '');
    this.#edits.push({ start, end: node.end, text: text + lines });
  }
}

/** What the functions around modules call their own. */
const RESERVED = ['exports', 'require', '__all', '__tell'];

function plain(name: TS.ModuleExportName): string {
  if (!ts.isIdentifier(name)) throw new MoreThanTypes();
  return name.text;
}

/** A statement that leaves nothing in JavaScript. */
function isOnlyType(node: TS.Node): boolean {
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true;
  if (ts.isFunctionDeclaration(node) && node.body === undefined) return true;
  return ts.isExportDeclaration(node) ? node.isTypeOnly : ts.isStatement(node) && isAmbient(node);
}

/** What the emitter writes in other words, or what could not be told from types. */
function isMoreThanTypes(node: TS.Node): boolean {
  const { kind } = node;
  const isType = ts.SyntaxKind.FirstTypeNode <= kind && kind <= ts.SyntaxKind.LastTypeNode;
  if (isType || OTHERS.has(kind)) return true;
  return ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.Using) !== 0;
}

const OTHERS: ReadonlySet<TS.SyntaxKind> = new Set([
  ts.SyntaxKind.ClassDeclaration,
  ts.SyntaxKind.ClassExpression,
  ts.SyntaxKind.EnumDeclaration,
  ts.SyntaxKind.ModuleDeclaration,
  ts.SyntaxKind.ExportAssignment,
  ts.SyntaxKind.ImportEqualsDeclaration,
  ts.SyntaxKind.TypeAssertionExpression,
  ts.SyntaxKind.ExpressionWithTypeArguments,
  ts.SyntaxKind.MetaProperty,
  ts.SyntaxKind.ImportKeyword,
]);
