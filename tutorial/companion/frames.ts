import { fileURLToPath } from 'node:url';
import type { Frame } from './runner.ts';

/** Returns where the files of people stand in the stack of an error, the innermost first. */
export function framesOf({ stack = '' }: Error): Frame[] {
  const frames: Frame[] = [];
  for (const line of stack.split('\n')) {
    const [, url = '', row, column] =
      /[( ]((?:file:\/\/|\/|[A-Z]:\\)[^<>]*):(\d+):(\d+)\)?$/.exec(line) ?? [];
    if (url === '' || line.includes('node:') || url.includes('node_modules')) continue;
    const file = url.startsWith('file:') ? fileURLToPath(url) : url;
    frames.push({ file, line: Number(row), column: Number(column) });
  }
  return frames;
}
