import { guardPartWords } from '../../../dsl/docgen/guard-words.ts';
import { code, plainText, text } from '../../../dsl/docgen/document.ts';
import type { Inlines } from '../../../dsl/docgen/document.ts';
import { lineOf } from '../../../dsl/diagnostics/span.ts';
import { sourceNameOf } from '../../../dsl/ir/told-names.ts';
import type { Action, Expression, System } from '../../../dsl/ir/index.ts';
import type { StepWait, WaitedFor } from '../../waits/wait-use.ts';
import type { DocumentedModel } from '../documented-model.ts';

/** Models that are shown together. */
export interface WaitingGroup {
  readonly name: string;
  readonly models: readonly DocumentedModel[];
}

/** Everything that is waited for in the same words, whoever waits for it. */
export interface WaitRow {
  readonly words: Inlines;
  /** The groups in which somebody waits for it, in their order. */
  readonly groups: ReadonlySet<string>;
  readonly waiting: readonly StepIn[];
  readonly enders: readonly StepIn[];
  /** By group: the steps to the nearest state from which nothing that can follow ends such a wait. */
  readonly forever: ReadonlyMap<string, number>;
}

/** A step, as it is written, and the groups in which it does so. */
export interface StepIn {
  readonly name: string;
  /** What it can be told by in the first of those groups. */
  readonly system: System;
  readonly action: Action;
  readonly groups: ReadonlySet<string>;
  /** Whether it waits and can also time out. */
  readonly timesOut: boolean;
}

/** What is waited for in some models, first sleeps and locks, then other conditions; each in the order in which it is met. */
export function waitRows(groups: readonly WaitingGroup[]): readonly WaitRow[] {
  const drafts = new Map<string, Draft>();
  for (const { name, models } of groups) {
    for (const { system, result } of models) {
      const actions = new Map(system.actions.map((action) => [action.name, action]));
      for (const wait of result.waits?.waits ?? []) {
        const words = wordsOf(system, wait.subject);
        const key = plainText(words);
        let draft = drafts.get(key);
        if (draft === undefined) drafts.set(key, (draft = new Draft(words, wait.subject.kind)));
        draft.add(name, wait, (step) => ({ system, action: actions.get(step)! }));
      }
    }
  }
  return [...drafts.values()].toSorted((left, right) => ORDER.indexOf(left.kind) - ORDER.indexOf(right.kind));
}

const ORDER: readonly WaitedFor['kind'][] = [
  'condvar',
  'reading',
  'writing',
  'barrier',
  'semaphore',
  'mutex',
  'condition',
];

type DraftStep = { groups: Set<string>; timesOut: boolean } & StepIn;

/** A row as it is being gathered. Mutable on purpose. */
class Draft implements WaitRow {
  readonly groups = new Set<string>();
  readonly forever = new Map<string, number>();
  readonly #waiting = new Map<string, DraftStep>();
  readonly #enders = new Map<string, DraftStep>();

  constructor(
    readonly words: Inlines,
    readonly kind: WaitedFor['kind'],
  ) {}

  get waiting(): readonly StepIn[] {
    return [...this.#waiting.values()];
  }

  get enders(): readonly StepIn[] {
    return [...this.#enders.values()];
  }

  add(group: string, wait: StepWait, of: (step: string) => Pick<StepIn, 'system' | 'action'>): void {
    this.groups.add(group);
    note(this.#waiting, group, wait.step, of).timesOut ||= wait.timesOut;
    for (const ender of wait.enders) note(this.#enders, group, ender, of);
    if (wait.forever !== undefined) {
      this.forever.set(group, Math.min(wait.forever, this.forever.get(group) ?? Infinity));
    }
  }
}

function note(
  steps: Map<string, DraftStep>,
  group: string,
  step: string,
  of: (step: string) => Pick<StepIn, 'system' | 'action'>,
): DraftStep {
  const name = sourceNameOf(step);
  let known = steps.get(name);
  if (known === undefined) steps.set(name, (known = { name, ...of(step), groups: new Set(), timesOut: false }));
  known.groups.add(group);
  return known;
}

/** What is waited for: `ring[·].lock to be free`. */
function wordsOf(system: System, subject: WaitedFor): Inlines {
  switch (subject.kind) {
    case 'mutex':
      return [code(subject.object), text(' to be free')];
    case 'condvar':
      return [text('to be woken on '), code(subject.object)];
    case 'semaphore':
      return [text('a permit of '), code(subject.object)];
    case 'barrier':
      return [text('the others at '), code(subject.object)];
    case 'reading':
    case 'writing':
      return [
        text('to be let into '),
        code(subject.object),
        text(subject.kind === 'reading' ? ' as a reader' : ' as a writer'),
      ];
    case 'condition': {
      const { condition } = subject;
      return condition === undefined ? [text('something to choose from')] : conditionWords(system, condition);
    }
  }
}

/** Of what the author has put into a function, where it is long: as it is written where it is called. */
function conditionWords(system: System, condition: Expression): Inlines {
  const words = guardPartWords(system, condition);
  const written = lineOf(system.files, condition.span);
  const isLong = LONGEST < plainText(words).length && written.length < plainText(words).length;
  return [text('until '), ...(isLong ? [code(written)] : words)];
}

const LONGEST = 80;
