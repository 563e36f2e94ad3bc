import { describe, expect, it } from '@jest/globals';
import { withLoop } from './open-loop.ts';

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
  });
});
