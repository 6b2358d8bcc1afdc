import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type TreeSitter from 'web-tree-sitter';

/** A node of a TLA+ syntax tree: its named children, and those that have a role. */
export interface Syntax {
  readonly kind: string;
  readonly text: string;
  readonly parts: readonly Syntax[];
  readonly roles: Readonly<Record<string, readonly Syntax[]>>;
}

const require = createRequire(import.meta.url);
let parser: Promise<TreeSitter> | undefined;

async function parserOf(): Promise<TreeSitter> {
  parser ??= (async () => {
    const Parser = require('web-tree-sitter') as typeof TreeSitter;
    await Parser.init();
    const grammar = require.resolve('@tlaplus/tree-sitter-tlaplus/tree-sitter-tlaplus.wasm');
    const made = new Parser();
    made.setLanguage(await Parser.Language.load(readFileSync(grammar)));
    return made;
  })();
  return parser;
}

/**
 * The syntax tree of a module, by the TLA+ grammar of tree-sitter.
 *
 * @throws Error with the lines around the first place that the grammar does not accept.
 */
export async function parseModule(text: string): Promise<Syntax> {
  const tree = (await parserOf()).parse(text);
  const wrong = firstError(tree.rootNode);
  if (wrong !== undefined) {
    const { row, column } = wrong.startPosition;
    const lines = text.split('\n').slice(Math.max(0, row - 3), row + 3);
    throw new Error(`no TLA+ at ${row + 1}:${column + 1} (${wrong.type}):\n${lines.join('\n')}`);
  }
  const root = convert(tree.rootNode);
  tree.delete();
  return root;
}

function firstError(node: TreeSitter.SyntaxNode): TreeSitter.SyntaxNode | undefined {
  if (!node.hasError) return undefined;
  if (node.type === 'ERROR' || node.isMissing) return node;
  for (const child of node.children) {
    const found = firstError(child);
    if (found !== undefined) return found;
  }
  return node;
}

function convert(node: TreeSitter.SyntaxNode): Syntax {
  const parts: Syntax[] = [];
  const roles: Record<string, Syntax[]> = {};
  const cursor = node.walk();
  if (cursor.gotoFirstChild()) {
    do {
      const child = cursor.currentNode;
      if (!child.isNamed || child.type === 'comment' || child.type === 'block_comment') continue;
      const made = convert(child);
      parts.push(made);
      const role = cursor.currentFieldName;
      if (role) (roles[role] ??= []).push(made);
    } while (cursor.gotoNextSibling());
  }
  const isWhole = parts.length === 0 || node.type === 'string' || node.type === 'fairness';
  return { kind: node.type, text: isWhole ? node.text : '', parts, roles };
}
