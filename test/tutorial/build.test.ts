import { afterAll, describe, expect, it } from '@jest/globals';
import { parsePage } from '../../tutorial/sync/markdown.ts';
import { build, removeCopies, testListings, testStep, written } from './build.ts';

// The first step is tested here, all others in build.slow.test.ts.
testListings(written.slice(0, 1));

describe('Building from the listings', () => {
  afterAll(removeCopies);

  const listing = (file: string, text: string) =>
    `\`\`\`ts file=${file}\n${text}\`\`\`\n`;

  it('takes nothing from the sources of a step', async () => {
    const index = listing(
      'steps/01-hashing/index.ts',
      "export const sha256 = () => '';\n",
    );
    const page = parsePage('tutorial/01-hashing.md', index);
    const copy = build([page], ['01-hashing']);
    const { passed, output } = await testStep(copy, '01-hashing');
    expect(passed).toBe(false);
    expect(output).toContain('Tests:');
  });
});
