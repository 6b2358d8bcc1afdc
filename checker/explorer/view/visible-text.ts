import { options } from 'preact';
import type { VNode } from 'preact';
import { visible } from '../../../dsl/diagnostics/visible.ts';

/*
 * Names and values are others' words. Whatever the page shows of them goes through here, once for all that is made of
 * JSX: marks of direction would change how the words beside them read, and control characters would not be seen.
 */

/** Attributes that are shown or read out. */
const SHOWN = ['title', 'aria-label', 'placeholder', 'alt'];

/** A text in which what would be obeyed is written as `\u202e`; ends of lines are as good in either form. */
export function shown(text: string): string {
  return visible(text.replaceAll('\r\n', '\n'));
}

options.vnode = (node: VNode) => {
  // Preact makes a node without a type of each text; its text takes the place of its properties.
  const made = node as { type: unknown; props: unknown };
  if (typeof made.props === 'string') made.props = shown(made.props);
  else if (typeof made.type === 'string') {
    const attributes = made.props as Record<string, unknown>;
    for (const name of SHOWN) {
      const value = attributes[name];
      if (typeof value === 'string') attributes[name] = shown(value);
    }
  }
};
