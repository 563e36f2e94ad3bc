/** A terminal for tests: it remembers each screen, and presses keys. */
import { EventEmitter, once } from 'node:events';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import type { Terminal } from '../../tutorial/companion/loop.ts';

/** How long to wait for a screen before saying what was shown instead, in milliseconds. */
const PATIENCE = 40_000;

export class TestTerminal {
  /** All that was drawn, one text for each screen. */
  readonly screens: string[] = [];
  readonly stdin = Object.assign(new PassThrough(), { setRawMode: () => undefined });
  /** The same, with what clears the terminal. */
  readonly written: string[] = [];
  readonly stdout: Terminal['stdout'];
  readonly env: NodeJS.ProcessEnv;
  readonly #events = new EventEmitter();
  #seen = 0;

  /** @param size - how large it is; unless given, it does not say */
  constructor(
    size: { columns?: number; rows?: number } = {},
    env: NodeJS.ProcessEnv = { TERM: 'xterm' },
  ) {
    this.env = env;
    const write = (text: string) => {
      this.written.push(text);
      this.screens.push(stripVTControlCharacters(text));
      this.#events.emit('screen');
    };
    this.stdout = { ...size, write };
  }

  press(key: string): void {
    this.stdin.write(key);
  }

  /** Waits for the next screen with these words, after the one that was waited for last. */
  async until(words: RegExp): Promise<string> {
    const signal = AbortSignal.timeout(PATIENCE);
    for (;;) {
      const found = this.screens.findIndex(
        (one, i) => i >= this.#seen && words.test(one),
      );
      if (found !== -1) {
        this.#seen = found + 1;
        return this.screens[found] ?? '';
      }
      await once(this.#events, 'screen', { signal }).catch(() => {
        throw new Error(`No screen has ${words}:\n${this.screens.join('\n---\n')}`);
      });
    }
  }

  /** Presses a key and waits for the screen that it leads to. */
  async shows(key: string, words: RegExp): Promise<string> {
    this.#seen = this.screens.length;
    this.press(key);
    return this.until(words);
  }
}
