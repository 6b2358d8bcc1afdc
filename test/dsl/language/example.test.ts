import { describe, expect, it } from 'vitest';
import { definitionOf } from '../../../dsl/language/definition.ts';
import { expire, lease } from './example.ts';

describe('the example of the language', () => {
  it('leaves a definition of everything it declares, in order', () => {
    const definition = definitionOf(lease);
    if (definition?.kind !== 'spec') throw new Error('no spec');
    expect(definition.declarations.map((declaration) => declaration.kind)).toEqual([
      'process',
      'action',
      'action',
      'invariant',
      'property',
      'fairness',
      'model',
      'model',
    ]);
    expect(definitionOf(expire)).toBe(definition.declarations[2]);
  });
});
