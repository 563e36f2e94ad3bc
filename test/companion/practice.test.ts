import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Project } from './project.ts';
import { fooling, smallPractice, twice } from './small-practice.ts';

let project: Project;
beforeAll(() => {
  project = new Project();
  project.write('tutorial/practice/01-hashing.ts', smallPractice);
});
afterEach(() => project.clear());
afterAll(() => project.remove());

describe('`learn attack`', () => {
  it('makes the file to write, and says what to do with it', async () => {
    const { code, output } = await project.learn('attack', '1');
    expect(output).toContain('Write your attack in my/attacks/01-same-length.ts');
    expect(output).toContain('Make two payments with one hash.');
    expect(output).toContain('./learn attack 1');
    expect(project.read('my/attacks/01-same-length.ts')).toContain('payments');
    expect(code).toBe(0);
  });

  it('says that the naive program believes an attack, and that the step stops it', async () => {
    project.write('my/attacks/01-same-length.ts', fooling);
    const { code, output } = await project.learn('attack', '1');
    expect(output).toContain("Step 1 is the reference's: your code has not passed");
    expect(output).toContain('✓ The naive program believes it. The hashes are 6 and 6.');
    expect(output).toMatch(
      /✓ The reference's step 1 stops it\. The hashes are \w{4} and/,
    );
    expect(code).toBe(0);
  });
});

describe('`learn exercise`', () => {
  it('says that a solution is right', async () => {
    project.write('my/exercises/1.2-twice.ts', twice);
    const { code, output } = await project.learn('exercise', '1.2');
    expect(output).toContain('✓ Exercise 1.2 is solved.');
    expect(code).toBe(0);
  });
});
