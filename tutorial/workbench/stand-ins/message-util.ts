/**
 * For `jest-message-util`: what the matchers use of it.
 *
 * @module
 */

/** Takes the places of an error off its words. */
export function separateMessageFromStack(text: string): {
  message: string;
  stack: string;
} {
  const at = text.search(/\n\s*at\s.*:\d+:\d+/);
  const message = at === -1 ? text : text.slice(0, at);
  return {
    message: message.replace(/^Error: /, ''),
    stack: at === -1 ? '' : text.slice(at),
  };
}

/** Gives nothing: the judge takes the places off again, which it finds by itself. */
export const formatStackTrace = (): string => '';

/** Gives the words of an error. */
export const formatExecError = (error: Error): string => error.stack ?? error.message;

/** Gives all that an error tells. */
export const flattenErrorStack = (error: Error): string => error.stack ?? error.message;
