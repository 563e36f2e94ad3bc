import { describe, expect, it } from '@jest/globals';
import { withLoop } from './open-loop.ts';
import { TestTerminal } from './terminal.ts';

const { open } = withLoop();

describe('The loop', () => {
  it('begins with the stubs, and says what to write, what to read and which keys there are', async () => {
    const terminal = open(1);
    const screen = await terminal.until(/not written yet/);
    expect(screen).toContain('Step 1  hashing  Write in my/01-hashing/');
    expect(screen).toContain('A note.');
    expect(screen).toContain('Write sha256 in my/01-hashing/sha256.ts');
    expect(screen).toMatch(/Read {2}tutorial\/01-hashing\.md:\d+, "Task 1: sha256"/);
    expect(screen).toContain(
      '  h hint  d diff  t all tests  r run again  o paths  l list  x reset',
    );
    expect(screen).not.toContain('n next step');
    expect(screen).toContain('by events and by a look each second; r runs');
    expect(terminal.written.at(-1)).toContain('\u001b[2J');
  });

  it('shows the result first on a very small terminal, and no more than it can', async () => {
    const terminal = open(1, new TestTerminal({ columns: 20, rows: 10 }));
    const screen = await terminal.until(/not written yet/);
    const [first, second, ...rest] = screen.trim().split('\n');
    expect([first, second]).toEqual(['○ Task 1: sha256 ', 'not written yet']);
    expect(rest.join(' ')).toMatch(/Write sha256 in\s+my\/01-hashing\/sha256\.ts/);
    const lines = [first, second, ...rest].map((line = '') =>
      Math.ceil(line.length / 20),
    );
    expect(lines.reduce((sum, count) => sum + count)).toBeLessThan(10);
    expect(screen).not.toContain('run again');
  });

  it.each([{ TERM: 'dumb' }, { TERM: 'xterm', NO_COLOR: '1' }])(
    'writes lines below each other, and nothing else, where it is told %j',
    async (env) => {
      const terminal = open(1, new TestTerminal({}, env));
      await terminal.until(/not written yet/);
      expect(terminal.written[0]).toBe('\n  Running the tests …\n');
      expect(terminal.written.at(-1)).toContain('Step 1  hashing');
      const text = terminal.written.join('');
      for (const sign of ['\r', '\u001b[H', '\u001b[2J', '\u001b[3J'])
        expect(text).not.toContain(sign);
    },
  );
});
