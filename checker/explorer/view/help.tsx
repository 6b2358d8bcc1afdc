import { useEffect, useRef } from 'preact/hooks';

const KEYS = [
  ['← →, ↑ ↓', 'one step back or on; around the loop, where there is one'],
  ['Page Up, Page Down', 'ten steps'],
  ['Home, End', 'the first state, the last state'],
  ['Space', 'play, and stop'],
  ['1 … 9', 'take one of the steps that are possible'],
  ['Backspace', 'take back the last of your own steps'],
  ['b', 'back to the behavior that was found'],
  ['?', 'this help'],
] as const;

/** The keys, and what the page is. */
export function Help({ onClose }: { readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} onClose={onClose} aria-labelledby="help-title">
      <h2 id="help-title">Keyboard</h2>
      <dl class="keys">
        {KEYS.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p>
        The address of the page always names the state that is shown, your own steps included: copy it to show it to
        somebody who has this file.
      </p>
      <p>
        The page holds the model itself: what can happen next, what holds and why a step is not possible is computed
        here, for any state. It asks the network for nothing.
      </p>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  );
}
