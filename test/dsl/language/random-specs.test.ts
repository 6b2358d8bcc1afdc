import { describe, expect, it } from 'vitest';
import { compareRandomSpecs } from '../../support/random-spec/compare.ts';
import { randomSpecs } from '../../support/random-spec/spec.ts';

/** `RANDOM_SPECS=20000 npx vitest run test/dsl/language/random-specs.test.ts` looks at more of them. */
const TOTAL = Number(process.env['RANDOM_SPECS'] ?? 2000);
const FIRST = Number(process.env['RANDOM_SPECS_FROM'] ?? 0);
const IN_A_MODULE = 50;

const modules = Array.from({ length: Math.ceil(TOTAL / IN_A_MODULE) }, (_, index) => ({
  size: index % 4,
  first: FIRST + index * IN_A_MODULE,
}));

/** What was compared, so that a generator of dull specs does not go unnoticed. */
const seen = { specs: 0, refused: 0, interpretedOnly: 0, processes: 0, states: 0, transitions: 0, failures: 0 };

/** What the generator has to make often enough, as it looks in the text of a spec. */
const KINDS: Readonly<Record<string, RegExp>> = {
  'a part of a local object or list is given another object': /^x\d+(\.first|\.second|\[[01]\]) = /m,
  'two parts of a local are swapped': /^\[x\d+(\.first|\[0\]), /m,
  'an object within a local is changed': /^x\d+(\.first|\.second|\[[01]\])\.\w+.* = /m,
  'a method gives an object of the state': /= x\d+\.(pop|shift|at|slice|splice|concat|find|filter|reduce|map)\(/,
  'an element comes out of `reduce`': /reduce\(\(best, /,
  'a search begins somewhere': /\.(includes|indexOf)\([^()]*, (-?\d|\()/,
  'a slice has an end': /\.slice\(-?\d+, -?\d+\)/,
  'a callback has the array': /, at, whole\) =>/,
  'a search goes from the end': /\.(findLast|findLastIndex|lastIndexOf)\(/,
  'arguments are spread': /\.push\(\.\.\.|Math\.max\(\.\.\./,
  'an object goes to a second place': /^(s\.\S+) = s\.\S+;\ns\.\S+ = [{]/m,
  'a name stands for what has left its place': /^const (x\d+): any = (s\.\S+);\n\2 = .*;\n.* = \1;/m,
  'an object leaves its place before a part of it is assigned': /^(s\.\S+)\.\w+ = \(\(\1 = /m,
  'what is looked up is changed by what is worked out after it':
    /(\.slice\(\)\.indexOf|\.concat|\[\.\.\.\S+,)[ ([]*s\.\S+\.(pop|shift)\(\)/,
  'a spread is followed by what changes it': /more: \(\(s\./,
  'an object meets a larger one': /more: [^}]*}.*{ \.\.\.|{ \.\.\..*more: /m,
  'an array is made anew while a name stands for an element':
    /^const (x\d+): any = (s\.\S+)\.(at|find|findLast)\(.*\nif \(\1\) {\n\2 = /m,
  'a callback takes the rest': /\(\.\.\.all: any\[\]\) =>|, \.\.\.rest: any\[\]\) =>/,
  'an iterator is gone through': /\.(keys|values|entries)\(\)[\]) ]/,
  'a number is a text where it is a key': /\['[01]'\]|'[07]' in /,
  'a key is asked for': / in (s|x\d+)\S*\)/,
  'the fields of an object are gone through': /Object\.keys\(/,
  'a constant is read': /\bp\.c\d/,
  'a part of a constant is one that only a step knows': /\bp\.c\d(\.\w+)*\[(?!\d+\])/,
  'a variable starts with a value of its own': /^ *state: .*\.default\(/m,
  'a variable starts anywhere': /^ *state: .*anyOf\(/m,
  'a thread is put at its beginning or its end': /process\d+_\d\.(restart|stop)\(/,
  'a thread remembers something at its first label': /process\(.*\n(const me.*\n)?let x\d+.*\nyield 'first'/m,
  'a step may time out': /yield\* mayTimeOut\(/,
  'integers have gaps':
    /z\.literal\(\[1, 2, 5\]\)|z\.union\(\[z\.(literal\(0\)|int\(\)\.min\(0\)\.max\(2\), z\.literal)/,
  'integers with gaps are chosen from': /pick\(z\.(literal\(\[1|literal\(\[-1|union\(\[z\.(literal|int))/,
  'integers with gaps are keys': /z\.record\(z\.literal\(\[0, 1, 7\]\)/,
  'a variable starts with any of integers with gaps, or a text': /anyOf\(z\.literal\(\[2/,
  'integers with gaps meet true alone': /z\.literal\(\[2, 0, true/,
  'integers with gaps meet a text': /typeof [^ ]+ === 'number'/,
  'keys look like integers': /'constructor': |'10': |'2': /,
};

/**
 * What the compiler may refuse of a well-typed spec: what it is not certain of, or cannot keep between steps; and where
 * types are not checked, what TypeScript would refuse: a field or a method of an element of `[]` or `new Set([])`, or
 * looking for something among integers that need not be one.
 */
const REFUSED =
  /^FL(030 (this|`in` on an object|going through the fields|spreading)|033|036|040|041|042|045|046 (.* nothing$|`concat`|`\( \)` .* not a function$|`(includes|indexOf)` takes an integer, and this is an integer or )|049|052 .* nothing$|054|061|062)/;

describe('random specs', () => {
  it.each(modules)('mean the same to JavaScript, interpreter and generated code (from $first)', ({ first, size }) => {
    const seeds = Array.from({ length: IN_A_MODULE }, (_, offset) => first + offset);
    for (const one of compareRandomSpecs(seeds, size)) {
      seen.specs += 1;
      expect({ name: one.name, size, difference: one.difference }).toEqual({ name: one.name, size, difference: undefined });
      if (one.refused !== undefined) {
        expect(one.refused).toMatch(REFUSED);
        seen.refused += 1;
      }
      if (one.interpretedOnly) seen.interpretedOnly += 1;
      seen.processes += one.processes;
      seen.states += one.states;
      seen.transitions += one.transitions;
      seen.failures += one.failures;
    }
  }, 600_000); // prettier-ignore

  it('are of every kind', () => {
    const texts = modules.flatMap(({ first, size }) =>
      Array.from({ length: IN_A_MODULE }, (_, offset) => randomSpecs([first + offset], size)),
    );
    const made = Object.entries(KINDS).map(([kind, pattern]) => [
      kind,
      texts.filter((one) => pattern.test(one)).length,
    ]);
    expect(made.filter(([, count]) => Number(count) < texts.length / 200)).toEqual([]);
  });

  it('are worth comparing', () => {
    expect(seen.specs).toBe(modules.length * IN_A_MODULE);
    expect(seen.refused / seen.specs).toBeLessThan(0.07);
    expect(seen.interpretedOnly / seen.specs).toBeLessThan(0.05);
    expect(seen.processes / seen.specs).toBeGreaterThan(0.5);
    expect(seen.states / seen.specs).toBeGreaterThan(3);
    expect(seen.transitions).toBeGreaterThan(5 * seen.states);
    expect(seen.failures / seen.specs).toBeGreaterThan(0.5);
  });
});
