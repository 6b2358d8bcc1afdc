import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Domain, Value } from '../../../dsl/ir/index.ts';
import { cardinality, setOf, valueAt } from '../../../dsl/ir/index.ts';
import { decodeValue, encodeValue, systemFromJson, systemToJson } from '../../../dsl/ir/json.ts';
import { sample } from './sample.ts';

/** What is wrong with the sample after a change to its JSON. */
function problemsAfter(change: (data: Json) => void): readonly string[] {
  const data = JSON.parse(systemToJson(sample));
  change(data);
  const read = systemFromJson(JSON.stringify(data));
  return read.kind === 'invalid' ? read.problems : [];
}
// oxlint-disable-next-line typescript/no-explicit-any -- the tests break it in every way
type Json = any;

describe('a system written as JSON', () => {
  it('is the same system when it is read back', () => {
    expect(systemFromJson(systemToJson(sample))).toEqual({ kind: 'read', system: sample });
  });

  it('holds every domain once', () => {
    const { domains } = JSON.parse(systemToJson(sample)) as { domains: unknown[] };
    expect(new Set(domains.map((domain) => JSON.stringify(domain))).size).toBe(domains.length);
    expect(domains.filter((domain) => (domain as Domain).kind === 'boolean')).toHaveLength(1);
  });

  it('is read from text that JSON.stringify has indented', () => {
    expect(systemFromJson(JSON.stringify(JSON.parse(systemToJson(sample)), undefined, 2)).kind).toBe('read');
  });
});

describe('damaged JSON', () => {
  it.each<[string, string, string]>([
    ['cut off', '{"format": "fairlead-ir", ', 'this is not JSON: '],
    ['something else', '{"compilerOptions": {}}', 'this is not a Fairlead IR file'],
    ['no object', '[1, 2]', 'this is not a Fairlead IR file'],
    ['of another version', '{"format":"fairlead-ir","version":99,"domains":[],"system":{}}', 'this is version 99'],
  ])('that is %s is refused', (_, text, problem) => {
    const read = systemFromJson(text);
    expect(read.kind === 'invalid' && read.problems[0]).toContain(problem);
  });

  it('is refused with the path of what is wrong', () => {
    expect(problemsAfter((data) => (data.system.actions[0].body[0].kind = 'whenever'))[0]).toMatch(
      /^at system\.actions\[0\]\.body\[0\]\.kind: /,
    );
    expect(problemsAfter((data) => delete data.system.variables[1].domain)[0]).toContain(
      'at system.variables[1].domain: ',
    );
    expect(problemsAfter((data) => (data.system.extra = 1))[0]).toContain('"extra"');
    expect(problemsAfter((data) => (data.system.parameters[0].value = { '#bag': [] }))[0]).toContain('"#bag"');
  });

  it('is refused when it refers to a domain that is not there', () => {
    expect(problemsAfter((data) => (data.system.variables[0].domain = 999))[0]).toContain('there is no domain 999');
    expect(problemsAfter((data) => data.domains.push({ kind: 'set', element: data.domains.length }))[0]).toMatch(
      /^at domains\[\d+\]\.element: there is no domain/,
    );
  });

  it('is refused when it has the right shape and means nothing', () => {
    expect(problemsAfter((data) => (data.system.model.expectations[0].property = 'serve'))).toEqual([
      'model `asWritten`: there is no property `serve` that it could expect of "violates"',
    ]);
  });

  it('shows the first few of many problems', () => {
    const problems = problemsAfter((data) => {
      for (const variable of data.system.variables) delete variable.name;
    });
    expect(problems).toHaveLength(6);
    expect(problems.at(-1)).toBe('and 3 more');
  });

  it('never throws', () => {
    const text = systemToJson(sample);
    fc.assert(
      fc.property(
        fc.nat(text.length - 1),
        fc.constantFrom('0', '"', 'null', '{}', '[]', '-1', '}', ''),
        (at, piece) => {
          systemFromJson(text.slice(0, at) + piece + text.slice(at + 1));
        },
      ),
    );
  });
});

describe('a value', () => {
  const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(true, false, null, undefined, 0, -7, 2 ** 31 - 1, '', 'r0', '#set', '__proto__'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.array(tie('value'), { maxLength: 3 }).map(setOf),
      fc.dictionary(fc.constantFrom('a', 'b', '#set', '#undefined', '#map', '__proto__'), tie('value'), {
        maxKeys: 3,
        noNullPrototype: true,
      }),
    ),
  })).value;

  it('survives being written and read, whatever it is', () => {
    fc.assert(
      fc.property(value, (given) => {
        expect(decodeValue(JSON.parse(JSON.stringify(encodeValue(given))))).toEqual(given);
      }),
    );
  });

  it('of every domain of the sample survives too', () => {
    for (const { domain } of sample.variables) {
      for (let code = 0; code < Math.min(cardinality(domain), 50); code += 1) {
        const given = valueAt(domain, code);
        expect(decodeValue(JSON.parse(JSON.stringify(encodeValue(given))))).toEqual(given);
      }
    }
  });
});
