import type { CodeBuilder, LocalIndex } from '../../engine/wasm/code-builder.ts';
import type { Mention, Occurrence } from '../../reduction/occurrence.ts';
import type { StateLocals } from './exchange-code.ts';
import * as v from './values.ts';
import type { Effect, Value } from './values.ts';

/*
 * Ids are told apart by keys of 64 bits. From the top: which of those that could not be told apart otherwise it was taken
 * for; its class; what is known of it; and, for none of this, which id it was at first.
 *
 * What is known is a sum of hashes. Two ids of which different things are known may have one sum: then they are not told
 * apart here, and all orders of them are tried.
 */
export const KEY = { colorShift: 59, classShift: 56, idBits: 6 } as const;
const KNOWN_BITS = KEY.classShift - KEY.idBits;
const KNOWN_MASK = ((1n << BigInt(KNOWN_BITS)) - 1n) << BigInt(KEY.idBits);

/** How many ids, and classes of them, there is room for in keys. */
export const MOST_IDS = 31;
export const MOST_CLASSES = 8;

/** Puts what is known by facts about each id alone into the keys at an address. */
export function signatureCode(
  code: CodeBuilder,
  state: StateLocals,
  occurrences: readonly Occurrence[],
  { ids, keys }: { readonly ids: number; readonly keys: Value },
): Effect {
  const sums = Array.from({ length: ids }, () => code.newLocal('i64'));
  const scratch = code.newLocal('i64');
  const add = (id: number, value: Value): Effect => v.set(sums[id]!, v.add64(v.local(sums[id]!), value));
  const visit = (one: Occurrence): Effect => {
    switch (one.kind) {
      case 'case':
        return state.when(one.condition, v.sequence(...one.occurrences.map(visit)));
      case 'code':
        return withCode(state, one.leaf, scratch, (value) =>
          v.sequence(...one.owners.map((owner) => add(owner.id, v.multiply64(value, weightOf(one.label, owner.role))))),
        );
      case 'element':
        return v.sequence(
          v.set(scratch, bitOf(state, one.leaf, one.bit)),
          ...one.mentions.map((mention) =>
            add(mention.id, v.multiply64(v.local(scratch), weightOf(one.label, mention.role))),
          ),
        );
      case 'id':
        return withCode(state, one.leaf, scratch, (value) => {
          const hits = [...one.ids].flatMap(([idCode, id]) => {
            const hit = v.widen(v.equal64(value, v.long(0, idCode)));
            const own = one.owners.filter((owner) => owner.id === id);
            const pattern = own.map(({ role }) => role).join();
            return [
              add(id, v.multiply64(hit, weightOf(one.label, `value ${pattern}`))),
              ...own.map((owner) => add(id, v.multiply64(hit, weightOf(one.label, `self ${owner.role}`)))),
            ];
          });
          const others = one.others.flatMap((other) =>
            one.owners.map((owner) =>
              add(
                owner.id,
                v.multiply64(
                  v.widen(v.equal64(value, v.long(0, other))),
                  weightOf(one.label, `${owner.role} is ${other}`),
                ),
              ),
            ),
          );
          return v.sequence(...hits, ...others);
        });
    }
  };
  return v.sequence(...occurrences.map(visit), storeKnown(sums, keys));
}

/**
 * Adds to what is known of each id what is known of those that facts join it with. Undefined where no fact is about
 * several ids.
 *
 * @see Weisfeiler and Leman, "The reduction of a graph to canonical form", 1968; McKay, "Practical graph isomorphism", 1981.
 */
export function refinementCode(
  code: CodeBuilder,
  state: StateLocals,
  occurrences: readonly Occurrence[],
  { ids, keys }: { readonly ids: number; readonly keys: Value },
): Effect {
  const known = Array.from({ length: ids }, () => code.newLocal('i64'));
  const sums = Array.from({ length: ids }, () => code.newLocal('i64'));
  const scratch = code.newLocal('i64');
  /** One id learns what is known of another. */
  const learn = (from: Mention, to: Mention, label: string, fact: Value): Effect => {
    const news = v.multiply64(
      v.multiply64(v.local(known[from.id]!), weightOf(label, `${from.role} > ${to.role}`)),
      fact,
    );
    return v.set(sums[to.id]!, v.add64(v.local(sums[to.id]!), news));
  };
  const learnAll = (mentions: readonly Mention[], label: string, fact: Value): readonly Effect[] =>
    mentions.flatMap((to, index) =>
      mentions.flatMap((from, other) => (other === index ? [] : [learn(from, to, label, fact)])),
    );
  const visit = (one: Occurrence): Effect => {
    switch (one.kind) {
      case 'case':
        return state.when(one.condition, v.sequence(...one.occurrences.map(visit)));
      case 'code':
        if (one.owners.length < 2) return v.sequence();
        return withCode(state, one.leaf, scratch, (value) => v.sequence(...learnAll(one.owners, one.label, value)));
      case 'element':
        if (one.mentions.length < 2) return v.sequence();
        return v.sequence(
          v.set(scratch, bitOf(state, one.leaf, one.bit)),
          ...learnAll(one.mentions, one.label, v.local(scratch)),
        );
      case 'id':
        if (one.owners.length === 0) return v.sequence();
        return withCode(state, one.leaf, scratch, (value) =>
          v.sequence(
            ...[...one.ids].flatMap(([idCode, id]) => {
              const hit = v.widen(v.equal64(value, v.long(0, idCode)));
              const itself = { id, role: 'value' };
              return one.owners.flatMap((owner) => [
                learn(owner, itself, one.label, hit),
                learn(itself, owner, one.label, hit),
              ]);
            }),
          ),
        );
    }
  };
  const begin = known.map((id, index) => {
    const key = v.shiftRight64(v.load64(keys, 8 * index), v.long(0, KEY.idBits));
    const mixed = v.multiply64(key, weightOf('known', ''));
    return v.sequence(
      v.set(id, mixed),
      v.set(id, v.xor64(v.local(id), v.shiftRight64(v.local(id), v.long(0, 29)))),
      v.set(sums[index]!, v.multiply64(v.local(id), weightOf('known', 'before'))),
    );
  });
  return v.sequence(...begin, ...occurrences.map(visit), storeKnown(sums, keys));
}

/** Whether some fact is about several ids, so that one can tell others apart. */
export function hasLinks(occurrences: readonly Occurrence[]): boolean {
  return occurrences.some((one) => {
    switch (one.kind) {
      case 'case':
        return hasLinks(one.occurrences);
      case 'code':
        return 1 < one.owners.length;
      case 'element':
        return 1 < one.mentions.length;
      case 'id':
        return 0 < one.owners.length;
    }
  });
}

/** How much code there will be, roughly. */
export function sizeOf(occurrences: readonly Occurrence[]): number {
  return occurrences.reduce((sum, one) => {
    switch (one.kind) {
      case 'case':
        return sum + sizeOf(one.occurrences);
      case 'code':
        return sum + one.owners.length ** 2;
      case 'element':
        return sum + one.mentions.length ** 2;
      case 'id':
        return sum + one.ids.size * (1 + one.owners.length);
    }
  }, 0);
}

function withCode(state: StateLocals, leaf: number, scratch: LocalIndex, use: (value: Value) => Effect): Effect {
  const constant = state.constantOf(leaf);
  if (constant === 0) return use(v.long(0, 0));
  if (constant !== undefined) return use(v.long(0, constant));
  return v.sequence(v.set(scratch, state.codeOf(leaf)), use(v.local(scratch)));
}

function bitOf(state: StateLocals, leaf: number, bit: number): Value {
  const constant = state.constantOf(leaf);
  if (constant !== undefined) return v.long(0, (constant >>> bit) & 1);
  const field = state.fieldOf(leaf);
  const shifted = v.shiftRight64(v.local(state.wordOf(field)), v.long(0, field.shift + bit));
  return v.and64(shifted, v.long(0, 1));
}

/** The high bits of sums are the better ones. */
function storeKnown(sums: readonly LocalIndex[], keys: Value): Effect {
  return v.sequence(
    ...sums.map((sum, id) => {
      const kept = v.and64(v.load64(keys, 8 * id), v.long64(~KNOWN_MASK));
      const known = v.shiftRight64(v.local(sum), v.long(0, 64 - KNOWN_BITS));
      return v.store64(keys, 8 * id, v.or64(kept, v.shiftLeft64(known, v.long(0, KEY.idBits))));
    }),
  );
}

/**
 * An odd number that a label and a role stand for.
 *
 * @see Fowler, Noll and Vo, FNV-1a, and Steele, Lea and Flood, OOPSLA 2014, for the finalizer.
 */
function weightOf(label: string, role: string): Value {
  let hash = 0xcbf29ce484222325n;
  for (const character of `${label}\n${role}`) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(character.codePointAt(0)!)) * 0x100000001b3n);
  }
  hash = BigInt.asUintN(64, (hash ^ (hash >> 30n)) * 0xbf58476d1ce4e5b9n);
  hash = BigInt.asUintN(64, (hash ^ (hash >> 27n)) * 0x94d049bb133111ebn);
  return v.long64((hash ^ (hash >> 31n)) | 1n);
}
