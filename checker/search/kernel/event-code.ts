import type { LocalIndex } from '../../engine/wasm/code-builder.ts';
import { EVENT } from './memory-map.ts';
import * as v from './values.ts';
import type { Effect, Value } from './values.ts';
import type { Globals } from './kernel.ts';

/** Appends an event about the state being expanded. */
export function addEvent(globals: Globals, kind: number, instance: Value, place: LocalIndex): Effect {
  const at = v.local(place);
  return v.sequence(
    v.set(place, v.global(globals.event)),
    v.store32(at, EVENT.position, v.global(globals.firstRecord)),
    v.store32(at, EVENT.kind, v.int(kind)),
    v.store32(at, EVENT.state, v.low32(v.shiftRight64(v.global(globals.parent), v.long(0, 32)))),
    v.store32(at, EVENT.instance, instance),
    v.set(place, v.add(at, v.int(EVENT.size))),
    v.setGlobal(globals.event, v.lower(at, v.global(globals.eventLimit))),
  );
}
