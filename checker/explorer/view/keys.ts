/** Whether a key belongs to the element that has the focus. */
export function isTyping(event: KeyboardEvent): boolean {
  const { target } = event;
  return (
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    (target instanceof HTMLElement && target.closest('input, select, textarea, dialog') !== null)
  );
}
