import type { Cell, Flat, FlatStatement } from '../flat.ts';
import { unary } from '../flat.ts';
import { visitFlat, visitFlats, visitStatements } from '../flat-walk.ts';
import type { Label } from './code-builder.ts';
import { assume, branchUnless, conjunctionOf, pushCondition } from './condition.ts';
import type { Draft, Knowledge } from './draft.ts';
import { draftRow, fieldOf, resolve } from './frame.ts';
import type { Frame } from './frame.ts';
import { i32, i64, load, store } from './opcodes.ts';
import { maskOf, rowOf } from './state-words.ts';
import type { FieldRow } from './state-words.ts';
import { pushAddress, pushLeafAddress, pushRowShift, pushValue } from './value.ts';

/** What the statements that end a run, or reach out of it, mean for the program that is emitted. */
interface Ends {
  /** Where a step goes that is not possible. */
  readonly impossible: Label;
  /** Emits what a failed check does; it does not return. */
  fail(): void;
  choose(statement: FlatStatement & { op: 'choose' }, count: Flat): void;
  enabled(statement: FlatStatement & { op: 'enabled' }): void;
  mark(branch: number): void;
  answer(value: Flat): void;
}

/** A block that may be left: its label, and what is known at each place where it is. */
interface Block {
  readonly label: Label;
  readonly stored: ReadonlySet<number>;
  readonly ways: Way[];
}

interface Way {
  /** Of the drafts of the state and the next one, as far as there are. */
  readonly drafts: readonly Knowledge[];
  readonly temps: ReadonlyMap<number, number>;
}

/** For who reads the code: what conditions ask about. */
export function askedOf(frame: Frame, conditions: readonly Flat[]): string {
  const names = namesIn(frame, conditions);
  return names === '' ? '…' : `… ${names} …`;
}

/** The parts of the state that are read, each once. */
function namesIn({ tables }: Frame, flats: readonly Flat[]): string {
  const names = new Set<string>();
  for (const flat of flats) {
    visitFlat(flat, (one) => {
      if (one.op !== 'load') return;
      const { space } = one.cell;
      if (space.kind === 'state' || space.kind === 'next') names.add(placeName({ tables }, one.cell));
    });
  }
  return [...names].join(', ');
}

/** The name of a place; of one that is found when the code runs, that of the first it may be. */
function placeName({ tables }: Pick<Frame, 'tables'>, { space, at, index, among }: Cell): string {
  const name = index === undefined || among !== undefined ? tables.nameOf(at) : 'the state';
  return `${name}${index === undefined ? '' : ' or another like it'}${space.kind === 'next' ? "'" : ''}`;
}

/** Emits statements in order; whether their end can be reached. */
export function emitStatements(
  frame: Frame,
  body: readonly FlatStatement[],
  ends: Ends,
  blocks: ReadonlyMap<number, Block> = new Map(),
): boolean {
  for (let at = 0; at < body.length; at += 1) {
    const statement = body[at]!;
    if (statement.op === 'when') {
      // Guards in a row are one conjunction.
      const conditions: Flat[] = [];
      for (let next = body[at]; next?.op === 'when'; next = body[++at]) conditions.push(resolve(frame, next.condition));
      at -= 1;
      frame.code.comment(() => `when ${askedOf(frame, conditions)}`);
      branchUnless(frame, conjunctionOf(frame, conditions), ends.impossible);
      for (const condition of conditions) assume(frame, condition);
      if (conditions.some((one) => one.op === 'const' && one.value === 0)) return false;
    } else if (!emitStatement(frame, statement, ends, blocks)) return false;
  }
  return true;
}

function emitStatement(
  frame: Frame,
  statement: Exclude<FlatStatement, { op: 'when' }>,
  ends: Ends,
  blocks: ReadonlyMap<number, Block>,
): boolean {
  const { code } = frame;
  switch (statement.op) {
    case 'set': {
      const value = resolve(frame, statement.value);
      pushValue(frame, value);
      code.localSet(frame.temp(statement.temp));
      if (value.op === 'const') frame.knownTemps.set(statement.temp, value.value);
      else frame.knownTemps.delete(statement.temp);
      return true;
    }
    case 'store':
      emitStore(frame, statement.cell, statement.value);
      return true;
    case 'if':
      return emitIf(frame, statement, ends, blocks);
    case 'loop':
      emitLoop(frame, statement.body, ends, blocks);
      return false;
    case 'block':
      return emitBlock(frame, statement, ends, blocks);
    case 'leave': {
      const block = blocks.get(statement.label);
      if (block === undefined) throw new Error('a leave of no block');
      settle(frame.state.draft, block.stored);
      block.ways.push(wayOf(frame));
      code.br(block.label);
      return false;
    }
    case 'check': {
      const condition = resolve(frame, statement.condition);
      if (condition.op === 'const') {
        if (condition.value === 0) ends.fail();
        return condition.value !== 0;
      }
      code.comment(() => `check ${askedOf(frame, [condition])}`);
      pushCondition(frame, condition, true);
      code.if(() => ends.fail());
      assume(frame, condition);
      return true;
    }
    case 'choose':
      ends.choose(statement, resolve(frame, statement.count));
      frame.knownTemps.delete(statement.temp);
      return true;
    case 'enabled':
      ends.enabled(statement);
      frame.knownTemps.delete(statement.temp);
      return true;
    case 'mark':
      ends.mark(statement.branch);
      return true;
    case 'answer':
      ends.answer(resolve(frame, statement.value));
      return false;
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Control flow

function emitIf(
  frame: Frame,
  statement: FlatStatement & { op: 'if' },
  ends: Ends,
  blocks: ReadonlyMap<number, Block>,
): boolean {
  const { code } = frame;
  const condition = resolve(frame, statement.condition);
  if (condition.op === 'const') {
    return emitStatements(frame, condition.value === 0 ? statement.whenFalse : statement.whenTrue, ends, blocks);
  }
  const stored = settleAhead(frame, [statement]);
  code.comment(() => `if ${askedOf(frame, [condition])}`);
  pushCondition(frame, condition);
  const before = wayOf(frame);
  const ways: Way[] = [];
  const side = (body: readonly FlatStatement[], known: Flat) => (): void => {
    restore(frame, before);
    assume(frame, known);
    if (!emitStatements(frame, body, ends, blocks)) return;
    settle(frame.state.draft, stored);
    ways.push(wayOf(frame));
  };
  const { whenTrue, whenFalse } = statement;
  if (whenFalse.length === 0) {
    code.if(side(whenTrue, condition));
    restore(frame, before);
    assume(frame, unary('not', condition));
    ways.push(wayOf(frame));
  } else code.if(side(whenTrue, condition), side(whenFalse, unary('not', condition)));
  join(frame, ways);
  return 0 < ways.length;
}

function emitBlock(
  frame: Frame,
  { label, body }: FlatStatement & { op: 'block' },
  ends: Ends,
  blocks: ReadonlyMap<number, Block>,
): boolean {
  const stored = settleAhead(frame, body);
  const ways: Way[] = [];
  frame.code.block((leave) => {
    if (!emitStatements(frame, body, ends, new Map(blocks).set(label, { label: leave, stored, ways }))) return;
    settle(frame.state.draft, stored);
    ways.push(wayOf(frame));
  });
  join(frame, ways);
  return 0 < ways.length;
}

function emitLoop(frame: Frame, body: readonly FlatStatement[], ends: Ends, blocks: ReadonlyMap<number, Block>): void {
  const stored = settleAhead(frame, body);
  frame.state.draft?.forget(stored);
  visitStatements(body, (statement) => {
    if (statement.op === 'set' || statement.op === 'choose' || statement.op === 'enabled') {
      frame.knownTemps.delete(statement.temp);
    }
  });
  frame.code.loop((again) => {
    if (!emitStatements(frame, body, ends, blocks)) return;
    settle(frame.state.draft, stored);
    frame.code.br(again);
  });
}

/** Makes the words ready that statements with several ways through them read or store; returns those they store. */
function settleAhead(frame: Frame, body: readonly FlatStatement[]): ReadonlySet<number> {
  const { draft } = frame.state;
  if (draft === undefined) return NO_WORDS;
  const { read, stored } = wordsOf(body, frame.tables.fields);
  for (const word of read) draft.flush(word);
  settle(draft, stored);
  return stored;
}

interface Words {
  readonly read: ReadonlySet<number>;
  readonly stored: ReadonlySet<number>;
}

const NO_WORDS: ReadonlySet<number> = new Set();

/** Statements within others are asked about again and again. */
const wordsOfBody = new WeakMap<readonly FlatStatement[], Words>();

/** The words of the state that statements access in locals. */
function wordsOf(body: readonly FlatStatement[], fields: Frame['tables']['fields']): Words {
  const known = wordsOfBody.get(body);
  if (known !== undefined) return known;
  const read = new Set<number>();
  const stored = new Set<number>();
  const note = (cell: Cell, words: Set<number>): void => {
    if (cell.space.kind !== 'state') return;
    const place = cell.index === undefined ? fields[cell.at] : rowOf(cell, fields);
    if (place !== undefined) words.add(place.word);
  };
  const noteRead = (flat: Flat): void => {
    if (flat.op === 'load') note(flat.cell, read);
  };
  const include = (inner: readonly FlatStatement[]): void => {
    const words = wordsOf(inner, fields);
    for (const word of words.read) read.add(word);
    for (const word of words.stored) stored.add(word);
  };
  for (const statement of body) {
    if (statement.op === 'store') note(statement.cell, stored);
    visitFlats(statement, noteRead);
    if (statement.op === 'if') {
      include(statement.whenTrue);
      include(statement.whenFalse);
    } else if (statement.op === 'loop' || statement.op === 'block') include(statement.body);
  }
  const words = { read, stored };
  wordsOfBody.set(body, words);
  return words;
}

function settle(draft: Draft | undefined, words: Iterable<number>): void {
  draft?.settleInDraft(words);
}

function draftsOf({ state, next }: Frame): readonly Draft[] {
  return [state.draft, next?.draft].filter((draft) => draft !== undefined);
}

function wayOf(frame: Frame): Way {
  return { drafts: draftsOf(frame).map((draft) => draft.save()), temps: new Map(frame.knownTemps) };
}

function restore(frame: Frame, { drafts, temps }: Way): void {
  draftsOf(frame).forEach((draft, index) => draft.restore(drafts[index]!));
  frame.knownTemps = new Map(temps);
}

/** Goes on with what all ways to here agree on. */
function join(frame: Frame, ways: readonly Way[]): void {
  const [first, ...others] = ways;
  if (first === undefined) return;
  draftsOf(frame).forEach((draft, index) => draft.join(ways.map(({ drafts }) => drafts[index]!)));
  frame.knownTemps = new Map(
    [...first.temps].filter(([temp, value]) => others.every(({ temps }) => temps.get(temp) === value)),
  );
}

// ---------------------------------------------------------------------------------------------------------------------
// Stores

function emitStore(frame: Frame, cell: Cell, value: Flat): void {
  const { code } = frame;
  const { space, at } = cell;
  const index = cell.index === undefined ? undefined : resolve(frame, cell.index);
  const source = resolve(frame, value);
  if (index?.op === 'const') {
    return emitStore(frame, { space, at: at + index.value, index: undefined }, source);
  }
  if (space.kind === 'scratch') {
    const place = frame.region(space.region);
    if (place !== undefined) {
      pushAddress(frame, place, index);
      pushValue(frame, source);
      return code.memory(store.i32, place.offset + 4 * at);
    }
    pushValue(frame, source);
    return code.localSet(frame.cell(space.region, at));
  }
  if (space.kind !== 'state') throw new Error(`a store into ${space.kind} cells`);
  code.comment(
    () => `${placeName(frame, cell)} =${namesIn(frame, [source]) === '' ? '' : ` … ${namesIn(frame, [source])} …`}`,
  );
  const { draft } = frame.state;
  if (draft === undefined)
    return index === undefined ? storeWord(frame, cell, source) : storeLeaf(frame, cell, index, source);
  if (index === undefined) return storeField(frame, draft, cell, source);
  const row = draftRow(frame, { ...cell, index }, frame.state);
  if (row === undefined) throw new Error('a store at a dynamic address into a draft in locals');
  storeInRow(frame, draft, row, source);
}

/** Into a field of a draft in locals; a change of the field's own value becomes one of the word. */
function storeField(frame: Frame, draft: Draft, cell: Cell, source: Flat): void {
  const { code } = frame;
  const field = fieldOf(frame, cell);
  const { word, shift, width } = field;
  if (width === 0) return;
  if (source.op === 'const') return draft.storeConstant(field, source.value);
  const mask = maskOf(field);
  const own = ownChange(source, cell);
  if (own?.op === 'bitOr' && own.operand.op === 'const') {
    const bits = BigInt.asUintN(32, BigInt(own.operand.value)) << BigInt(shift);
    return draft.storeBits(word, bits, bits);
  }
  if (own?.op === 'bitAnd' && own.operand.op === 'const') {
    const kept = BigInt.asUintN(32, BigInt(own.operand.value)) << BigInt(shift);
    return draft.storeBits(word, mask & ~kept, 0n);
  }
  const pushShifted = (flat: Flat): void => {
    pushValue(frame, flat);
    code.op(i64.extend_i32_u);
    if (shift === 0) return;
    code.i64Const(shift);
    code.op(i64.shl);
  };
  if (own !== undefined && own.op !== 'bitAnd' && (own.op !== 'add' || own.operand.op === 'const')) {
    return draft.update(word, mask, () => {
      if (own.op === 'add' && own.operand.op === 'const') {
        // The sum fits the field, so nothing is carried out of it.
        const by = own.operand.value;
        const amount = BigInt(Math.abs(by)) << BigInt(shift);
        code.i64Const(Number(BigInt.asIntN(32, amount)), Number(BigInt.asIntN(32, amount >> 32n)));
        return code.op(by < 0 ? i64.sub : i64.add);
      }
      pushShifted(own.operand);
      code.op(own.op === 'bitOr' ? i64.or : i64.xor);
    });
  }
  draft.storeComputed(word, mask, () => pushShifted(source));
}

interface OwnChange {
  readonly op: 'add' | 'bitAnd' | 'bitOr' | 'bitXor';
  readonly operand: Flat;
}

/** The change that `store(cell, cell op operand)` is. */
function ownChange(source: Flat, cell: Cell): OwnChange | undefined {
  if (source.op !== 'add' && source.op !== 'bitAnd' && source.op !== 'bitOr' && source.op !== 'bitXor')
    return undefined;
  const isOwn = (flat: Flat): boolean =>
    flat.op === 'load' && flat.cell.space.kind === 'state' && flat.cell.index === undefined && flat.cell.at === cell.at;
  if (isOwn(source.left)) return { op: source.op, operand: source.right };
  return isOwn(source.right) ? { op: source.op, operand: source.left } : undefined;
}

function storeInRow(frame: Frame, draft: Draft, row: FieldRow, source: Flat): void {
  const { code, locals } = frame;
  if (row.width === 0) return;
  const shift = locals.take('i64');
  draft.update(row.word, row.mask, () => {
    const mask = (1n << BigInt(row.width)) - 1n;
    code.i64Const(Number(BigInt.asIntN(32, mask)), 0);
    pushRowShift(frame, row);
    code.localTee(shift);
    code.op(i64.shl);
    code.i64Const(-1);
    code.op(i64.xor);
    code.op(i64.and);
    pushValue(frame, source);
    code.op(i64.extend_i32_u);
    code.localGet(shift);
    code.op(i64.shl);
    code.op(i64.or);
  });
  locals.give('i64', shift);
}

/** Into a leaf at a fixed place of a draft in memory. */
function storeWord(frame: Frame, cell: Cell, source: Flat): void {
  const { code } = frame;
  const memory = frame.state.memory!;
  const { word, shift, width } = fieldOf(frame, cell);
  if (width === 0) return;
  const offset = memory.offset + 8 * word + (shift < 32 ? 0 : 4);
  const within = shift & 31;
  memory.push();
  if (width < 32) {
    memory.push();
    code.memory(load.i32, offset);
    code.i32Const(~((2 ** width - 1) << within));
    code.op(i32.and);
  }
  pushValue(frame, source);
  if (0 < within) {
    code.i32Const(within);
    code.op(i32.shl);
  }
  if (width < 32) code.op(i32.or);
  code.memory(store.i32, offset);
}

/** Into a leaf at a dynamic place of a draft in memory. */
function storeLeaf(frame: Frame, cell: Cell, index: Flat, source: Flat): void {
  const { code, locals, tables } = frame;
  const memory = frame.state.memory!;
  const leaf = locals.take('i32');
  const entry = locals.take('i32');
  const address = locals.take('i32');
  pushLeafAddress(frame, memory, cell, index, { leaf, entry });
  code.localTee(address);
  code.localGet(address);
  code.memory(load.i32, memory.offset);
  code.localGet(leaf);
  code.memory(load.i32, tables.leavesAt + 4);
  code.localGet(entry);
  code.op(i32.shl);
  code.i32Const(-1);
  code.op(i32.xor);
  code.op(i32.and);
  pushValue(frame, source);
  code.localGet(entry);
  code.op(i32.shl);
  code.op(i32.or);
  code.memory(store.i32, memory.offset);
  for (const local of [leaf, entry, address]) locals.give('i32', local);
}
