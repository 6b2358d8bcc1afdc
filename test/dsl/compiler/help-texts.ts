import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/*
 * All that the compiler can propose, read from its source: the texts that reach the parameter `help` of `error` and
 * `warning` in the catalog, followed back through arguments, constants, results and tables.
 */

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const CATALOG = join(ROOT, 'dsl/diagnostics/catalog.ts');

/** A text in the source that is proposed: `…` stands for what is known only when the compiler runs. */
export interface HelpText {
  readonly text: string;
  /** The file, from the root of the tree, and the line, from 1. */
  readonly place: string;
}

/** Texts before a place is given to them, in the order of the source. */
type Texts = ReadonlyMap<string, ts.Node>;

/** More ways than these to fill the holes of a template are not told apart. */
const MOST_WAYS = 12;

/**
 * Every help in the source, once.
 *
 * @throws Error when an expression that is proposed cannot be followed to the texts it may be.
 */
export function helpTexts(): readonly HelpText[] {
  const files = [CATALOG, ...readdirSync(join(ROOT, 'dsl/compiler')).map((name) => join(ROOT, 'dsl/compiler', name))];
  const program = ts.createProgram(
    files.filter((name) => name.endsWith('.ts')),
    { strict: true, noEmit: true, skipLibCheck: true, target: ts.ScriptTarget.ES2022, types: [] },
  );
  const source = new Flow(program);
  const proposed = source.argumentsOf(program.getSourceFile(CATALOG)!, ['error', 'warning'], 'help');
  return [...merged(proposed.map((argument) => source.textsOf(argument)))].map(([text, node]) => ({
    text,
    place: placeOf(node),
  }));
}

function placeOf(node: ts.Node): string {
  const file = node.getSourceFile();
  return `${file.fileName.slice(ROOT.length)}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

function merged(all: readonly Texts[]): Texts {
  return new Map(all.flatMap((texts) => [...texts]));
}

type Callable = ts.FunctionDeclaration | ts.ArrowFunction | ts.FunctionExpression | ts.MethodDeclaration;

/** How far values are followed: through calls and to callers, or only inside of the function that they are used in. */
type Reach = 'anywhere' | 'function';

type Next = (one: ts.Expression) => readonly ts.Expression[];

/** Where values come from in a program: only as far as texts need it. */
class Flow {
  readonly #checker: ts.TypeChecker;
  readonly #calls = new Map<ts.Node, ts.CallExpression[]>();

  constructor(program: ts.Program) {
    this.#checker = program.getTypeChecker();
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node)) this.#noteCall(node);
      ts.forEachChild(node, visit);
    };
    for (const file of program.getSourceFiles()) if (!file.isDeclarationFile) visit(file);
  }

  #noteCall(call: ts.CallExpression): void {
    const declaration = this.#checker.getResolvedSignature(call)?.declaration;
    if (declaration !== undefined) this.#calls.set(declaration, [...(this.#calls.get(declaration) ?? []), call]);
  }

  /** What is given to a parameter of the functions of a file. */
  argumentsOf(file: ts.SourceFile, functions: readonly string[], parameter: string): readonly ts.Expression[] {
    return file.statements
      .filter((statement) => ts.isFunctionDeclaration(statement))
      .filter(({ name }) => name !== undefined && functions.includes(name.text))
      .flatMap(({ parameters }) => parameters.filter((one) => one.name.getText() === parameter))
      .flatMap((one) => this.#given(one));
  }

  #given(parameter: ts.ParameterDeclaration): readonly ts.Expression[] {
    const callable = parameter.parent;
    const at = callable.parameters.indexOf(parameter);
    const given = (this.#calls.get(callable) ?? []).map((call) => call.arguments[at]);
    return [...given, parameter.initializer].filter((one) => one !== undefined);
  }

  /** The texts that an expression may be. */
  textsOf(expression: ts.Expression): Texts {
    return merged(this.#origins(expression, 'anywhere').map((origin) => this.#textsOfOrigin(origin)));
  }

  #textsOfOrigin(origin: ts.Expression): Texts {
    if (ts.isStringLiteralLike(origin)) return new Map([[origin.text, origin]]);
    if (!ts.isTemplateExpression(origin)) return new Map([['…', origin]]);
    let texts = [origin.head.text];
    for (const { expression, literal } of origin.templateSpans) {
      const inside = this.#origins(expression, 'function').flatMap((part) => [...this.#textsOfOrigin(part).keys()]);
      const ways = inside.length <= MOST_WAYS ? inside : ['…'];
      texts = texts.flatMap((text) => ways.map((way) => text + way + literal.text));
    }
    return new Map(texts.map((text) => [text, origin]));
  }

  /**
   * The expressions whose values an expression may have; those that cannot be followed are their own origin.
   *
   * @param reach - `function`: what comes from callers or calls is not followed.
   */
  #origins(node: ts.Expression, reach: Reach, seen: ReadonlySet<ts.Node> = new Set()): readonly ts.Expression[] {
    if (seen.has(node)) return [];
    const next: Next = (one) => this.#origins(one, reach, new Set([...seen, node]));
    if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isNonNullExpression(node))
      return next(node.expression);
    if (ts.isConditionalExpression(node)) return [node.whenTrue, node.whenFalse].flatMap(next);
    if (ts.isBinaryExpression(node)) return operandsThatMayBe(node).flatMap(next);
    if (ts.isIdentifier(node)) return this.#originsOfName(node, reach, next);
    if (reach === 'anywhere' && ts.isCallExpression(node)) return this.#originsOfCall(node, next);
    return [node];
  }

  #originsOfName(node: ts.Identifier, reach: Reach, next: Next): readonly ts.Expression[] {
    if (node.text === 'undefined') return [];
    const declaration = this.#declarationOf(node);
    if (declaration === undefined) return [node];
    if (ts.isVariableDeclaration(declaration)) {
      return declaration.initializer === undefined ? [node] : next(declaration.initializer);
    }
    if (reach === 'anywhere' && ts.isParameter(declaration)) {
      const given = this.#given(declaration);
      return given.length === 0 ? [node] : given.flatMap(next);
    }
    if (!ts.isBindingElement(declaration)) return [node];
    const pattern = declaration.parent;
    const whole = ts.isVariableDeclaration(pattern.parent) ? pattern.parent.initializer : undefined;
    if (whole === undefined) return [node];
    const part = ts.isArrayBindingPattern(pattern)
      ? String(pattern.elements.indexOf(declaration))
      : (declaration.propertyName ?? declaration.name).getText();
    return this.#fieldOf(next(whole), part, node).flatMap(next);
  }

  #fieldOf(origins: readonly ts.Expression[], name: string, otherwise: ts.Expression): readonly ts.Expression[] {
    return origins.flatMap((origin) => {
      if (ts.isArrayLiteralExpression(origin)) return origin.elements[Number(name)] ?? [];
      if (!ts.isObjectLiteralExpression(origin)) return otherwise;
      const property = origin.properties.find((one) => one.name?.getText() === name);
      if (property === undefined) return [];
      return ts.isPropertyAssignment(property) ? property.initializer : otherwise;
    });
  }

  #originsOfCall(node: ts.CallExpression, next: Next): readonly ts.Expression[] {
    const callee = node.expression;
    if (ts.isPropertyAccessExpression(callee) && callee.name.text === 'get')
      return entriesOf(next(callee.expression), node).flatMap(next);
    const declaration = this.#checker.getResolvedSignature(node)?.declaration;
    if (declaration === undefined || !isCallable(declaration) || declaration.body === undefined) return [node];
    return resultsOf(declaration.body).flatMap(next);
  }

  #declarationOf(node: ts.Identifier): ts.Declaration | undefined {
    const symbol = this.#checker.getSymbolAtLocation(node);
    if (symbol === undefined) return undefined;
    const real = (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : this.#checker.getAliasedSymbol(symbol);
    return real.valueDeclaration;
  }
}

function operandsThatMayBe(node: ts.BinaryExpression): readonly ts.Expression[] {
  switch (node.operatorToken.kind) {
    case ts.SyntaxKind.QuestionQuestionToken:
    case ts.SyntaxKind.BarBarToken:
      return [node.left, node.right];
    case ts.SyntaxKind.AmpersandAmpersandToken:
      return [node.right];
    default:
      return [node];
  }
}

function isCallable(node: ts.Node): node is Callable {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isArrowFunction(node) ||
    ts.isFunctionExpression(node) ||
    ts.isMethodDeclaration(node)
  );
}

/** What a function can return. */
function resultsOf(body: ts.ConciseBody): readonly ts.Expression[] {
  if (!ts.isBlock(body)) return [body];
  const results: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isReturnStatement(node) && node.expression !== undefined) results.push(node.expression);
    ts.forEachChild(node, visit);
  };
  visit(body);
  return results;
}

/** The values of a map that is written out. */
function entriesOf(maps: readonly ts.Expression[], otherwise: ts.Expression): readonly ts.Expression[] {
  return maps.flatMap((map) => {
    const entries = ts.isNewExpression(map) ? map.arguments?.[0] : undefined;
    if (entries === undefined || !ts.isArrayLiteralExpression(entries)) return [otherwise];
    return entries.elements.flatMap((entry) =>
      ts.isArrayLiteralExpression(entry) ? (entry.elements[1] ?? []) : otherwise,
    );
  });
}
