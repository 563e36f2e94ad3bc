/** Returns the key that was pressed as a command: not while writing, nor with another key. */
export function pressed(event: KeyboardEvent): string | undefined {
  const { key, target, altKey, ctrlKey, metaKey, defaultPrevented } = event;
  if (altKey || ctrlKey || metaKey || defaultPrevented || isField(target))
    return undefined;
  return key;
}

/** Whether somebody who presses keys there is writing, or choosing. */
function isField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}
