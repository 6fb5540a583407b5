/** Whether a dialog has the keyboard for itself. */
export function isDialogOpen(): boolean {
  return document.querySelector("dialog[open]") !== null;
}

/** Whether a key is meant for a text that is being written, or for a dialog: then it does nothing else. */
export function isTyping(event: KeyboardEvent): boolean {
  if (isDialogOpen()) return true;
  const target = event.composedPath()[0];
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}
