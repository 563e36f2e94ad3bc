import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, hashFields, sha256, type Field } from '#hashing';

/** A list, its canonical text, and the digest of that text. */
interface Vector {
  readonly what: string;
  readonly fields: readonly Field[];
  readonly text: string;
  readonly digest: string;
}

// Text made with Python's json.dumps(fields, separators=(',', ':'), ensure_ascii=False),
// digest with printf '%s' 'text' | sha256sum (hashlib for what a shell cannot type).
// Invisible characters are written here as \u escapes; the text holds them as they are.
const vectors: readonly Vector[] = [
  {
    what: 'no fields',
    fields: [],
    text: '[]',
    digest: '4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945',
  },
  {
    what: 'an empty text',
    fields: [''],
    text: '[""]',
    digest: '055539df4a0b804c58caf46c0cd2941af10d64c1395ddd8e50b5f55d945841e6',
  },
  {
    what: 'small numbers',
    fields: [-1, 0, 1],
    text: '[-1,0,1]',
    digest: '68cd72026f4fc668f11424d0df10bf0bc5c5b6ec0a1add6851bedf1c8e51f6e3',
  },
  {
    what: 'the largest and the smallest number',
    fields: [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER],
    text: '[9007199254740991,-9007199254740991]',
    digest: '84bad60c1793654a7cdca854230af90af531ecc8f7656e2c7b2bd91890017b37',
  },
  {
    what: 'a mix of texts and numbers',
    fields: [1700000000000, 'abababab', -42, 'nonce', 7],
    text: '[1700000000000,"abababab",-42,"nonce",7]',
    digest: 'b1f157a4119d9a6ded3dad3b246ea865e17ea814ee2de73069c5bc0d3c76dc8e',
  },
  {
    what: 'quotes, backslashes and slashes',
    fields: ['"quoted" \\back\\ /slash/'],
    text: String.raw`["\"quoted\" \\back\\ /slash/"]`,
    digest: '89ccff27e8027269f600b3eddb599f6b94bd827aa8d7413e84a863036ad7b33e',
  },
  {
    what: 'text that looks like JSON or HTML',
    fields: ['a","b', '</script>'],
    text: String.raw`["a\",\"b","</script>"]`,
    digest: '76db17d445f2d97e0b5c2ca0fe4d7370c587ff15ff71b3c8b7838171befe2429',
  },
  {
    what: 'control characters',
    fields: ['\0\x01\x07\b\t\n\v\f\r\x1b\x1f \x7f\x80\xa0'],
    text:
      String.raw`["\u0000\u0001\u0007\b\t\n\u000b\f\r\u001b\u001f ` + '\x7f\x80\xa0"]',
    digest: '480bf4ec827330598f5decdf8430e9c4262f4c6ea77ec78f5cb4f57e25c291ec',
  },
  {
    what: 'text beyond ASCII',
    fields: ['é e\u0301 你好 😀 👩\u200d👧'],
    text: '["é e\u0301 你好 😀 👩\u200d👧"]',
    digest: 'cc53254536871fc11aa2f9a0d15628e97db93dd7a51f3572d2a6f4321ffe7113',
  },
  {
    what: 'characters that are invisible or rare',
    fields: ['\u2028\u2029\ufeff\ufffd\uffff\u{10ffff}'],
    text: '["\u2028\u2029\ufeff\ufffd\uffff\u{10ffff}"]',
    digest: 'a059309e4e72832ac1f1504a4d7159f4d286df96ca50ed831c0980a56571f8f7',
  },
];

/** Names the error that `run` throws, or tells what it gave instead. */
function errorOf(run: () => unknown): string {
  try {
    return `no error, but the result ${String(run())}`;
  } catch (error) {
    if (!(error instanceof Error)) return String(error);
    return error.message === '' ? `${error.name} that says nothing` : error.name;
  }
}

/** Characters that JSON treats specially, and some that it does not. */
const special = fc.constantFrom('"', '\\', ',', '[', ']', '\n', '\0', '1', 'a', 'é');
const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: special }));
const anyField: fc.Arbitrary<Field> = fc.oneof(anyText, fc.maxSafeInteger());
const anyFields = fc.array(anyField, { maxLength: 8 });

describe('Task 2: canonicalJson', () => {
  it.each(vectors)('writes a list with $what as Python does', ({ fields, text }) => {
    expect(canonicalJson(fields)).toBe(text);
  });

  it('writes JSON that reads back as the same list', () => {
    fc.assert(
      fc.property(anyFields, (fields) => {
        expect(JSON.parse(canonicalJson(fields))).toEqual(fields);
      }),
    );
  });

  it.each<[Field[], Field[]]>([
    [
      [15, '0 coins'],
      [1, '50 coins'],
    ],
    [[1], ['1']],
    [[1, 2], [12]],
    [
      [1, 2],
      [2, 1],
    ],
    [[], ['']],
    [[''], ['', '']],
    [['a', 'b'], ['a,b']],
    [['a', 'b'], ['a","b']],
    [
      ['a\\', 'b'],
      ['a', '\\b'],
    ],
    [['\n'], ['\\n']],
    [['\u00e9'], ['e\u0301']],
    [[Number.MAX_SAFE_INTEGER], [Number.MAX_SAFE_INTEGER - 1]],
  ])('writes %j otherwise than %j', (one, other) => {
    expect(canonicalJson(one)).not.toBe(canonicalJson(other));
  });

  it('writes different lists as different texts', () => {
    fc.assert(
      fc.property(anyFields, anyFields, (one, other) => {
        fc.pre(one.length !== other.length || one.some((field, i) => field !== other[i]));
        expect(canonicalJson(one)).not.toBe(canonicalJson(other));
      }),
      // Chance alone may miss them.
      {
        examples: [
          [['a', 'b'], ['a,b']],
          [['ab'], ['a', 'b']],
          [['1'], [1]],
        ],
      },
    );
  });

  it('writes one text cut in two at different places as different texts', () => {
    const cuts = fc.uniqueArray(fc.nat(20), { minLength: 2, maxLength: 2 });
    const twenty = fc.string({ unit: special, minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(twenty, cuts, (text, places) => {
        const lists = places.map((place) => [text.slice(0, place), text.slice(place)]);
        const [one, other] = lists.map(canonicalJson);
        expect(one).not.toBe(other);
      }),
    );
  });

  it('writes zero in one way only', () => {
    expect(canonicalJson([-0])).toBe('[0]'); // RFC 8785 knows no -0
  });

  it.each([
    ['not a number', NaN],
    ['endless', Infinity],
    ['endless', -Infinity],
    ['not whole', 0.5],
    ['too large to be exact', Number.MAX_SAFE_INTEGER + 1],
    ['too far below zero to be exact', Number.MIN_SAFE_INTEGER - 1],
    ['too large to be exact', 1e21],
    ['half a character', '\ud83d'],
    ['half a character', 'and the \ude00 other one'],
    ['two halves in the wrong order', '\ude00\ud83d'],
  ])('refuses a field that is %s (%p), wherever it stands', (_why, field) => {
    expect(errorOf(() => canonicalJson([field]))).toBe('TypeError');
    expect(errorOf(() => canonicalJson(['first', field]))).toBe('TypeError');
    expect(errorOf(() => canonicalJson([field, 'last']))).toBe('TypeError');
  });

  it('leaves the list that it is given as it was', () => {
    const fields = Object.freeze([3, 'b', 1, 'a']);
    canonicalJson(fields);
    expect(fields).toEqual([3, 'b', 1, 'a']);
  });
});

describe('Task 3: hashFields', () => {
  it.each(vectors)('hashes a list with $what as sha256sum does', ({ fields, digest }) => {
    expect(hashFields(fields)).toBe(digest);
  });

  it('tells apart what Pychain could not', () => {
    // Pychain glues the fields of a block together: here timestamp and data.
    const fifteen = [15, '0 coins to Bob'];
    const one = [1, '50 coins to Bob'];
    expect(sha256(fifteen.join(''))).toBe(sha256(one.join('')));
    expect(hashFields(fifteen)).not.toBe(hashFields(one));
  });

  it('is the digest of the canonical text of any list', () => {
    fc.assert(
      fc.property(anyFields, (fields) => {
        expect(hashFields(fields)).toBe(sha256(canonicalJson(fields)));
      }),
    );
  });

  it.each([[NaN], [0.5], [Number.MAX_SAFE_INTEGER + 1], ['\ud83d']])(
    'refuses what canonicalJson refuses: %p',
    (field) => {
      expect(errorOf(() => hashFields([field]))).toBe('TypeError');
    },
  );
});
