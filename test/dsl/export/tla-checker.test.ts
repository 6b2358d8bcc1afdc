import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import * as tla from 'tla-checker';
import { check } from '../../../checker/check.ts';
import { isRefusal } from '../../../dsl/export/refusal.ts';
import { exportTla } from '../../../dsl/export/tlaplus.ts';
import type { System } from '../../../dsl/ir/index.ts';
import { hasStepsOfOthers, specModels } from '../../support/specs.ts';
import { fewOfEach } from './selection.ts';

/*
 * A TLA+ model checker that shares no code with this project reads the modules and explores them: tla-rs, compiled to
 * WebAssembly. It is asked about states, invariants and deadlocks. It is not asked about temporal properties: SPIN, the
 * miniature of TLC and this checker agree with each other where it does not agree with them.
 */
const MOST_STATES = process.env['TLC'] === 'whole' ? 5000 : 420;

/**
 * What it has no words for: a function that is defined by recursion within a step; or too slow. And it goes past the guard
 * `channel[i] # <<>>` where that is an empty sequence in a tuple, as the miniature of TLC and SPIN do not.
 */
const LEFT_OUT = /^classic\/(missionaries-and-cannibals|leader-election|line-sort)$/;

interface Answer {
  readonly success: boolean;
  readonly error_type: string | null;
  readonly error_message: string | null;
  readonly states_explored: number;
}

tla.initSync({ module: readFileSync(createRequire(import.meta.url).resolve('tla-checker/tla_checker_bg.wasm')) });

/** Runs a module with these lines of its configuration besides the constants and the specification. */
function run(module: string, config: string, lines: readonly string[], allowsDeadlock = true): Answer {
  const kept = config.split('\n').filter((line) => !/^(INVARIANT|PROPERTY|CHECK_DEADLOCK)/.test(line));
  const options = {
    constants: {},
    cfg_source: [...kept, ...lines].join('\n'),
    max_states: 1_000_000,
    max_depth: 100_000,
    allow_deadlock: allowsDeadlock,
  };
  return JSON.parse(tla.check_spec_with_options(module, JSON.stringify(options))) as Answer;
}

/** Distinct states, and what is violated of invariants and deadlocks, by the other checker. */
function told(system: System): { distinct: number; violated: readonly string[] } {
  const exported = exportTla(system);
  if (isRefusal(exported)) throw new Error(JSON.stringify(exported.reasons));
  const { module, config } = exported;
  const all = run(module, config, []);
  expect(all.error_message).toBeNull();
  const violated = (lines: readonly string[], allowsDeadlock: boolean, kind: string): boolean => {
    const { error_type: type, error_message: message } = run(module, config, lines, allowsDeadlock);
    if (type !== null && type !== kind) throw new Error(`${type}: ${message}`);
    return type === kind;
  };
  const invariants = [...config.matchAll(/^INVARIANT (\w+)/gm)].filter(([line]) =>
    violated([line], true, 'InvariantViolation'),
  );
  const deadlocks = config.includes('CHECK_DEADLOCK TRUE') && violated([], false, 'Deadlock');
  const names = invariants.map(([, name]) => (name === 'NoDeadlock' ? 'deadlock' : name!.replace(/_$/, '')));
  return { distinct: all.states_explored, violated: [...names, ...(deadlocks ? ['deadlock'] : [])].sort() };
}

function own(system: System): ReturnType<typeof told> {
  const { statistics, verdicts } = check(system);
  const violated = verdicts.filter(
    ({ kind, outcome }) => (kind === 'invariant' || kind === 'deadlock') && outcome.kind === 'violated',
  );
  return { distinct: statistics.distinct, violated: violated.map(({ name }) => name).sort() };
}

describe('an independent TLA+ checker', () => {
  const seen = { models: 0, violated: 0 };
  const models = fewOfEach(
    specModels().filter(
      (one) =>
        (one.system().model.distinct ?? Infinity) <= MOST_STATES && !hasStepsOfOthers(one) && !LEFT_OUT.test(one.file),
    ),
    ({ file }) => (file.startsWith('vmm-drv/') ? 1 : 2),
  );

  it.each(models.map((one) => [one.file, one.model, one] as const))(
    'finds the states and violations of %s %s',
    (_, __, one) => {
      const mine = own(one.system());
      expect(told(one.system())).toEqual(mine);
      seen.models += 1;
      seen.violated += mine.violated.length;
    },
  );

  it('has something to find', () => {
    expect(seen.models).toBeGreaterThan(50);
    expect(seen.violated).toBeGreaterThan(12);
  });
});
