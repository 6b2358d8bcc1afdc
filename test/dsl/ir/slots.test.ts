import { describe, expect, it } from 'vitest';
import { glossaryOf, listedIn, slotsOf } from '../../../dsl/ir/slots.ts';

describe('the slots of a comment', () => {
  const doc = [
    'What it is.',
    '',
    'More of it, with an @notice and mail@example.org.',
    '',
    '@variants variant',
    'This is still the comment.',
    '@notModeled',
    '- Crashes.',
    '- Time:',
    '  none.',
    '@glossary',
    '- W2: blocks leases,',
    '  all of them',
    '- `F1`: a deadlock: the first',
    '@remarks',
    'A tag of TSDoc.',
  ].join('\n');

  it('are taken out of its text, which keeps all the rest', () => {
    expect(slotsOf(doc).text).toBe(
      'What it is.\n\nMore of it, with an @notice and mail@example.org.\n\nThis is still the comment.\n@remarks\nA tag of TSDoc.',
    );
  });

  it('have what follows their tag: on its line, or up to the next one', () => {
    const slots = slotsOf(doc);
    expect(slots.of('variants')).toEqual(['variant']);
    expect(slots.of('notModeled')).toEqual(['- Crashes.\n- Time:\n  none.']);
    expect(slots.of('mutations')).toEqual([]);
  });

  it('explain short names', () => {
    expect([...glossaryOf(slotsOf(doc))]).toEqual([
      ['W2', 'blocks leases, all of them'],
      ['F1', 'a deadlock: the first'],
    ]);
  });

  it('of a label may stand behind what is said of it', () => {
    const slots = slotsOf('W2 @source vmm_lease_block');
    expect([slots.text, slots.of('source')]).toEqual(['W2', ['vmm_lease_block']]);
    expect(slotsOf('@source a\n@source b').of('source')).toEqual(['a', 'b']);
  });

  it('are not found in code', () => {
    const code = '```ts\n@variants x\n```';
    expect([slotsOf(code).text, slotsOf(code).of('variants')]).toEqual([code, []]);
  });

  it('may be empty, which is another thing than to be missing', () => {
    expect(slotsOf('@notModeled').of('notModeled')).toEqual(['']);
    expect(slotsOf('Nothing.').of('notModeled')).toEqual([]);
  });
});

it('lists several names behind a tag', () => {
  expect(listedIn(slotsOf('@mutations mutation, order\n@mutations late').of('mutations'))).toEqual([
    'mutation',
    'order',
    'late',
  ]);
});
