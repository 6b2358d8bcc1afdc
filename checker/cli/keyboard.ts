/** A keyboard whose keys are told as they are pressed. */
export interface Keyboard {
  /** Called with each key: a character, or `\r`, `\u007f` (Backspace), `\u0003` (Ctrl-C), `\u001b` (Escape). */
  readonly listen: (onKey: (key: string) => void) => void;
  /** Leaves the terminal as it was. */
  readonly close: () => void;
}

/** What is needed of standard input. */
export type KeyInput = Pick<NodeJS.ReadStream, 'setRawMode' | 'setEncoding' | 'on' | 'off' | 'resume' | 'pause'>;

/** The keyboard behind an input that is a terminal. */
export function keyboardOf(input: KeyInput): Keyboard {
  let listener: ((text: string) => void) | undefined;
  return {
    listen(onKey) {
      listener = (text) => keysIn(text).forEach(onKey);
      input.setRawMode(true);
      input.setEncoding('utf8');
      input.on('data', listener);
      input.resume();
    },
    close() {
      if (listener !== undefined) input.off('data', listener);
      input.setRawMode(false);
      input.pause();
    },
  };
}

/** Without those that send a sequence, such as arrows. */
function keysIn(text: string): readonly string[] {
  return Array.from(text.replace(SEQUENCE, ''));
}

// eslint-disable-next-line no-control-regex -- what a terminal sends begins with Escape
const SEQUENCE = /\u001b(\[[0-9;?]*[ -/]*[@-~]|O.|[^\u001b])/g;
