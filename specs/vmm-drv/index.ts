/** The whole spec: actors, what must never happen and what must. Models are in models/. */
export { control } from './control.ts';
export { endOfTransfer, signalWorker } from './environment.ts';
export * from './liveness.ts';
export { purge } from './purge.ts';
export { reader } from './reader.ts';
export * from './safety.ts';
export { leases, Purge, Reader, Ring, RxRing, TxRing, Writer, type Parameters, type State } from './state.ts';
export { vcpu } from './vcpu.ts';
export { worker } from './worker.ts';
export { writer } from './writer.ts';
