export * from './domain.ts';
export * from './effect.ts';
export * from './enumerate.ts';
export * from './expression.ts';
export * from './state-place.ts';
export * from './system.ts';
export * from './temporal.ts';
export * from './value.ts';
