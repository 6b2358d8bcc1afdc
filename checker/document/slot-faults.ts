import { plainText } from '../../dsl/docgen/document.ts';
import { commentInlines } from '../../dsl/docgen/comment.ts';
import { glossaryOf, listedIn, slotsOf } from '../../dsl/ir/slots.ts';
import type { System } from '../../dsl/ir/index.ts';
import type { CheckResult } from '../verdict/verdict.ts';
import type { DocumentedModel } from './documented-model.ts';

/**
 * What is missing or wrong in what an author fills in for the pages of a spec, a line each: slots that are empty or
 * name what is not there, short names that nothing explains, references to models that are gone.
 */
export function slotFaults(models: readonly [DocumentedModel, ...DocumentedModel[]]): readonly string[] {
  const [{ system }] = models;
  const slots = slotsOf(system.doc);
  const parameters = new Set(models.flatMap((model) => model.system.parameters.map(({ name }) => name)));
  const unknown = (['variants', 'mutations'] as const).flatMap((slot) =>
    listedIn(slots.of(slot)).flatMap((name) =>
      parameters.has(name) ? [] : [`@${slot} names \`${name}\`, which is no parameter`],
    ),
  );
  const isSilent = slots.of('notModeled').every((text) => text === '');
  return [
    ...(isSilent
      ? [
          'nothing says what of the real thing is not modeled: `@notModeled` in the comment of the spec does, be it nothing',
        ]
      : []),
    ...unknown,
    ...danglingNames(models),
    ...danglingModels(models),
  ];
}

/** `W2`, `F3`: a letter and a number, as steps and findings are numbered. */
const SHORT_NAME = /(?<![\w.`/-])[A-Z]\d{1,2}(?![\w`])/g;

function danglingNames(models: readonly DocumentedModel[]): readonly string[] {
  const known = new Set<string>();
  const used = new Map<string, string>();
  for (const { system } of models) {
    for (const [term] of glossaryOf(slotsOf(system.doc))) known.add(term);
    for (const { name, doc } of documented(system)) {
      const text = slotsOf(doc).text;
      // `P1: a thread that …` says itself what it is called.
      for (const [, defined] of text.matchAll(/(?:^|\n)\s*([A-Z]\d{1,2})'?:/g)) known.add(defined!);
      for (const [term] of plainOf(text).matchAll(SHORT_NAME)) if (!used.has(term)) used.set(term, name);
    }
  }
  return [...used].flatMap(([term, where]) =>
    known.has(term) ? [] : [`nothing says what ${term} means, in the comment of \`${where}\`: @glossary can`],
  );
}

/** The words of a comment without its code. */
function plainOf(text: string): string {
  return plainText(commentInlines(text).filter(({ kind }) => kind !== 'code'));
}

function documented(system: System): readonly { readonly name: string; readonly doc: string }[] {
  const { model, parameters, constants, variables, actions, processes } = system;
  const { invariants, steps, sometimes, properties, fairness, terminal, within } = system;
  const lists = [parameters, constants, variables, actions, processes, invariants, steps, sometimes, properties];
  return [{ name: system.name, doc: system.doc }, model, ...lists.flat(), ...fairness, ...terminal, ...within];
}

/** References to models, `one-ring/corrected`, and to their stories, `one-ring/corrected: deadlock`, that are to be links. */
function danglingModels(models: readonly DocumentedModel[]): readonly string[] {
  const files = new Set(models.flatMap(({ file }) => (file === undefined ? [] : [file])));
  const stories = new Map(models.map(({ file, label, result }) => [`${file}/${label}`, storiesOf(result)]));
  const named = [...(models[0]?.system.doc ?? '').matchAll(/`([\w-]+)\/(\w+)(?:: (\w+))?`/g)];
  return named.flatMap(([, file, model, story]): readonly string[] => {
    const known = stories.get(`${file}/${model}`);
    if (!files.has(file!) || (story === undefined ? known : known?.has(story))) return [];
    const missing = known === undefined ? 'model' : 'story';
    const name = known === undefined ? `${file}/${model}` : `${file}/${model}: ${story}`;
    return [`there is no ${missing} \`${name}\` any more`];
  });
}

/** The names of the verdicts of which something is told. */
function storiesOf({ verdicts }: CheckResult): ReadonlySet<string> {
  return new Set(
    verdicts.flatMap(({ name, outcome: { kind } }) => (kind === 'violated' || kind === 'reached' ? [name] : [])),
  );
}
