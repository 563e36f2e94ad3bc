import { describe, expect, it } from '@jest/globals';
import { prettyJson } from './pretty.ts';

describe('Data for people to read', () => {
  it('is laid out where it is a JSON object or list', () => {
    expect(prettyJson('{"from":"Ada","coins":[1,2]}')).toBe(
      '{\n  "from": "Ada",\n  "coins": [\n    1,\n    2\n  ]\n}',
    );
    expect(prettyJson(' [true]')).toBe('[\n  true\n]');
  });

  it.each(['', 'hello', '7', '"text"', 'null', '{"cut', '[1] and more'])(
    'stays as it is where it is none: %s',
    (data) => expect(prettyJson(data)).toBeUndefined(),
  );

  it('stays as it is where it is laid out already, or too long to be read', () => {
    expect(prettyJson('[\n  true\n]')).toBeUndefined();
    expect(prettyJson(`["${'x'.repeat(200_000)}"]`)).toBeUndefined();
  });
});
