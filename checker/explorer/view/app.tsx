import { useEffect, useMemo, useState } from 'preact/hooks';
import type { ObjectValue } from '../../../dsl/ir/index.ts';
import type { Address } from '../address.ts';
import type { PageData, PageModel } from '../page-data.ts';
import { subjectOf } from '../subject.ts';
import type { Subject } from '../subject.ts';
import { GraphView } from './graph-view.tsx';
import { Help } from './help.tsx';
import { ModelIndex, ModelPicker } from './models.tsx';
import { useAddress } from './navigation.ts';
import type { Navigate } from './navigation.ts';
import { Player } from './player.tsx';
import { Results } from './results.tsx';
import { ThemeButton } from './theme.tsx';
import { nameOfVerdict, StandingBadge, tracesOf } from './verdict.tsx';
import { shown } from './visible-text.ts';
import { formatParameters } from './words.ts';
import { isTyping } from './keys.ts';

/** The whole page. */
export function App({ data }: { readonly data: PageData }) {
  const [address, navigate] = useAddress();
  const [helping, setHelping] = useState(false);
  const only = data.models.length === 1 ? data.models[0] : undefined;
  const [opened] = useState(() => (location.hash === '' ? { from: address, start: firstOf(data) } : undefined));
  const start = opened?.from === address ? opened.start : undefined; // until the reader goes somewhere
  const model = start !== undefined ? start.model : (data.models.find(({ id }) => id === address.model) ?? only);
  const place = start !== undefined ? start.address : model === undefined ? address : placed(data, model, address);

  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.key === '?' && !isTyping(event)) setHelping(true);
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);

  return (
    <>
      <a class="skip" href="#content" onClick={skipToContent}>
        Skip to the content
      </a>
      <header class="bar">
        <span class="brand">Fairlead</span>
        {data.models.length > 1 && <ModelPicker models={data.models} current={model} navigate={navigate} />}
        <span class="grow" />
        <button
          type="button"
          class="quiet"
          onClick={() => setHelping(true)}
          aria-label="Keyboard and help"
          title="Keyboard and help (?)"
        >
          ?
        </button>
        <ThemeButton />
      </header>
      <main id="content" tabIndex={-1}>
        {model === undefined ? (
          <ModelIndex models={data.models} navigate={navigate} />
        ) : (
          <ModelPage key={model.id} model={model} address={place} navigate={navigate} />
        )}
      </main>
      {helping && <Help onClose={() => setHelping(false)} />}
    </>
  );
}

/**
 * Where a report opens when its address says nothing: at the end of the counterexample that nobody expected, or else of
 * one that hangs, if there is only one model to choose from.
 */
function firstOf({ models, opensAt }: PageData): { readonly model: PageModel; readonly address: Address } | undefined {
  if (opensAt === 'explore') return undefined;
  const told = models.flatMap((model) => tracesOf(model).map((verdict) => ({ model, verdict })));
  const isViolated = ({ verdict }: (typeof told)[number]): boolean => verdict.outcome.kind === 'violated';
  const violated = told.filter(isViolated);
  const first =
    violated.find(({ verdict }) => !verdict.asExpected) ??
    (models.length === 1 ? (violated.find(({ verdict }) => verdict.kind === 'property') ?? violated[0]) : undefined);
  if (first === undefined) return undefined;
  const { model, verdict } = first;
  const { outcome } = verdict;
  if (outcome.kind !== 'violated') return undefined;
  const at = model.behaviors[outcome.behavior]!.instances.length;
  return { model, address: { model: model.id, view: { kind: 'behavior', property: verdict.name }, at } };
}

/** A page that was made to explore with opens there when its address says nothing. */
function placed(data: PageData, model: PageModel, address: Address): Address {
  const opened = data.opensAt === 'explore' && address.model === undefined && location.hash.length < 3;
  return { ...address, model: model.id, ...(opened && { view: { kind: 'explore', initial: 0 } as const }) };
}

interface ModelPageProps {
  readonly model: PageModel;
  readonly address: Address;
  readonly navigate: Navigate;
}

function ModelPage({ model, address, navigate }: ModelPageProps) {
  const subject = useMemo(() => subjectOf(model), [model]);
  const { system } = model;
  useEffect(() => {
    document.title = shown(`${system.name} · ${system.model.name} · Fairlead`);
  }, [system]);
  return (
    <>
      <div class="heading">
        <h1>
          {system.name} <span class="model">{system.model.name}</span>
        </h1>
        <StandingBadge standing={model.standing} />
        <Parameters values={model.result.parameters} />
      </div>
      <Tabs model={model} address={address} navigate={navigate} />
      {subject === undefined ? (
        <Results model={model} navigate={navigate} />
      ) : (
        <ViewOf subject={subject} address={address} navigate={navigate} />
      )}
    </>
  );
}

/** So many parameters stand in the heading; more are folded away. */
const FEW_PARAMETERS = 5;

function Parameters({ values }: { readonly values: ObjectValue }) {
  const entries = Object.entries(values);
  if (entries.length <= FEW_PARAMETERS) return <span class="parameters">{formatParameters(values)}</span>;
  return (
    <details class="parameters">
      <summary>
        {formatParameters(Object.fromEntries(entries.slice(0, 1)))} and {entries.length - 1} more parameters
      </summary>
      {formatParameters(Object.fromEntries(entries.slice(1)))}
    </details>
  );
}

function ViewOf({ subject, address, navigate }: { subject: Subject; address: Address; navigate: Navigate }) {
  switch (address.view.kind) {
    case 'results':
      return <Results model={subject.model} navigate={navigate} />;
    case 'graph':
      return <GraphView subject={subject} navigate={navigate} />;
    case 'explore':
    case 'behavior':
      return <Player subject={subject} address={address} navigate={navigate} />;
  }
}

function Tabs({ model, address, navigate }: ModelPageProps) {
  const { view } = address;
  const traces = tracesOf(model);
  const to = (next: Address['view']): void => navigate({ model: model.id, view: next, at: 0 });
  const first = traces[0];
  const tab = (name: string, selected: boolean, open: () => void) => (
    <button type="button" aria-current={selected ? 'page' : undefined} class="tab" onClick={open}>
      {name}
    </button>
  );
  return (
    <nav class="tabs" aria-label="Views">
      {tab('Results', view.kind === 'results', () => to({ kind: 'results' }))}
      {first !== undefined &&
        tab(`Behaviors (${traces.length})`, view.kind === 'behavior', () =>
          to({ kind: 'behavior', property: first.name }),
        )}
      {tab('Explore', view.kind === 'explore', () => to({ kind: 'explore', initial: 0 }))}
      {tab('Graph', view.kind === 'graph', () => to({ kind: 'graph' }))}
      {view.kind === 'behavior' && traces.length > 1 && (
        <label class="choose">
          <span class="visually-hidden">Behavior</span>
          <select
            value={view.property}
            onChange={(event) => to({ kind: 'behavior', property: event.currentTarget.value })}
          >
            {traces.map((verdict) => (
              <option key={verdict.name} value={verdict.name}>
                {nameOfVerdict(verdict)}
              </option>
            ))}
          </select>
        </label>
      )}
    </nav>
  );
}

/** The fragment is an address of ours, so the link must not become one. */
function skipToContent(event: Event): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}
