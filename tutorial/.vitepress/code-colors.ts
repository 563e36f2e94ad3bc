// The colors of code. Each has a contrast of at least 4.5 to 1 against its background.

/** Which color each kind of word has. */
export interface Palette {
  readonly ground: string;
  readonly ink: string;
  readonly output: string;
  readonly comment: string;
  readonly keyword: string;
  readonly text: string;
  readonly number: string;
  readonly type: string;
  readonly call: string;
}

function theme(name: string, type: 'light' | 'dark', palette: Palette) {
  const rule = (scope: string[], foreground: string, fontStyle = '') => ({
    scope,
    settings: { foreground, fontStyle },
  });
  return {
    name,
    type,
    colors: { 'editor.background': palette.ground, 'editor.foreground': palette.ink },
    tokenColors: [
      rule(['comment', 'punctuation.definition.comment'], palette.comment, 'italic'),
      rule(
        ['keyword', 'storage', 'constant.language', 'variable.language'],
        palette.keyword,
      ),
      rule(
        ['keyword.operator', 'punctuation', 'storage.type.function.arrow'],
        palette.ink,
      ),
      rule(
        [
          'storage.type.class.jsdoc',
          'punctuation.definition.block.tag.jsdoc',
          'variable.other.jsdoc',
        ],
        palette.comment,
        'bold italic',
      ),
      rule(['string', 'punctuation.definition.string', 'string.regexp'], palette.text),
      rule(['punctuation.separator.prompt'], palette.text, 'bold'),
      rule(['meta.output.shell-session'], palette.output),
      rule(['constant.numeric', 'constant.character.escape'], palette.number),
      rule(
        ['entity.name.type', 'support.type', 'support.class', 'entity.name.class'],
        palette.type,
      ),
      rule(
        ['entity.name.function', 'support.function', 'meta.function-call entity.name'],
        palette.call,
      ),
    ],
  };
}

/** The colors of code on light paper. */
export const lightCode: Palette = {
  ground: '#f5f2eb',
  ink: '#2b2a33',
  output: '#4f4b52',
  comment: '#6b675f',
  keyword: '#8a2252',
  text: '#356a3a',
  number: '#9a4a00',
  type: '#0f6674',
  call: '#3d4db3',
};

/** The colors of code on dark paper. */
export const darkCode: Palette = {
  ground: '#1c1e26',
  ink: '#e4e2dc',
  output: '#bdbab5',
  comment: '#9a978f',
  keyword: '#f291b8',
  text: '#a5d6a0',
  number: '#f2b277',
  type: '#7fd3dd',
  call: '#aab6ff',
};

export const light = theme('pychain-light', 'light', lightCode);
export const dark = theme('pychain-dark', 'dark', darkCode);
