import { freedMutex, guardPartWords } from '../../../dsl/docgen/guard-words.ts';
import { code, plainText, text } from '../../../dsl/docgen/document.ts';
import type { Inlines } from '../../../dsl/docgen/document.ts';
import { lineOf } from '../../../dsl/diagnostics/span.ts';
import { sourceNameOf } from '../../../dsl/ir/told-names.ts';
import type { Action, Expression, System } from '../../../dsl/ir/index.ts';
import type { StepWait, WaitedFor } from '../../waits/wait-use.ts';
import type { StepName } from '../../plan/step-name.ts';
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
  /** By group: the nearest state from which nothing that can follow ends such a wait. */
  readonly forever: ReadonlyMap<string, EndlessWait>;
}

/** Where a wait is ended by nothing any more. */
export interface EndlessWait {
  /** The model in which it is. */
  readonly label: string;
  /** Whose wait. */
  readonly step: string;
  /** Steps to it. */
  readonly depth: number;
  /** These steps, where they are known. */
  readonly way: readonly StepName[] | undefined;
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

/**
 * What is waited for in some models, first sleeps and locks, then other conditions; each in the order in which it is met.
 * Processes whose waits for the same are ended by other steps, as those of a writer and a signer may be, have rows of their
 * own.
 */
export function waitRows(groups: readonly WaitingGroup[]): readonly WaitRow[] {
  const told = groups.flatMap(({ name, models }) =>
    models.flatMap(({ label, system, result }) => {
      const actions = new Map(system.actions.map((action) => [action.name, action]));
      const of: StepOf = (step) => ({ system, action: actions.get(step)! });
      return (result.waits?.waits ?? []).map((wait) => {
        const subject = subjectOf(system, wait.subject);
        return { group: name, label, wait, subject, words: wordsOf(system, subject), of };
      });
    }),
  );
  // Whose steps end the waits of a process for something.
  const endings = new Map<string, Set<string>>();
  const waiterIn = ({ wait, words, of }: (typeof told)[number]): string =>
    `${plainText(words)} ${of(wait.step).action.process?.name ?? ''}`;
  for (const one of told) {
    const waiter = waiterIn(one);
    const known = endings.get(waiter) ?? new Set();
    endings.set(waiter, known);
    for (const ender of one.wait.enders) known.add(sourceNameOf(ender));
  }
  const drafts = new Map<string, Draft>();
  for (const one of told) {
    const { subject, words } = one;
    const apart = [...endings.get(waiterIn(one))!].sort().join();
    const key = `${plainText(words)} ${apart}`;
    const draft = drafts.get(key) ?? new Draft(words, subject.kind);
    drafts.set(key, draft);
    draft.add(one);
  }
  const rows = [...drafts.values()];
  const met = new Map(rows.toReversed().map(({ words }, index) => [plainText(words), rows.length - index]));
  const placeOf = ({ words }: Draft): number => met.get(plainText(words))!; // of the first row in these words
  return rows.toSorted(
    (left, right) => ORDER.indexOf(left.kind) - ORDER.indexOf(right.kind) || placeOf(left) - placeOf(right),
  );
}

/** A wait of a model, and the group that the model is in. */
interface ToldWait {
  readonly group: string;
  readonly label: string;
  readonly wait: StepWait;
  readonly of: StepOf;
}

type StepOf = (step: string) => Pick<StepIn, 'system' | 'action'>;

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
  readonly forever = new Map<string, EndlessWait>();
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

  add({ group, label, wait, of }: ToldWait): void {
    this.groups.add(group);
    note(this.#waiting, group, wait.step, of).timesOut ||= wait.timesOut;
    for (const ender of wait.enders) note(this.#enders, group, ender, of);
    const depth = wait.forever;
    if (depth !== undefined && depth < (this.forever.get(group)?.depth ?? Infinity)) {
      this.forever.set(group, { label, step: sourceNameOf(wait.step), depth, way: wait.foreverBy });
    }
  }
}

function note(steps: Map<string, DraftStep>, group: string, step: string, of: StepOf): DraftStep {
  const name = sourceNameOf(step);
  let known = steps.get(name);
  if (known === undefined) steps.set(name, (known = { name, ...of(step), groups: new Set(), timesOut: false }));
  known.groups.add(group);
  return known;
}

/** A mutex that is waited for by its owner, as the author may write it, is waited for like any other. */
function subjectOf(system: System, subject: WaitedFor): WaitedFor {
  const { condition } = subject.kind === 'condition' ? subject : {};
  const mutex = condition && freedMutex(system, condition);
  return mutex === undefined ? subject : { kind: 'mutex', object: mutex.replaceAll(/\[[^\]]*\]/g, '[·]') };
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
