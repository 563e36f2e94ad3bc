import type { WrongProgram } from './program.ts';

const text = 'return canonicalJson([network, from, to, amount, fee, count]);';
const isWritten =
  'const isWritten = /^[0-9a-f]{128}$/.test(signature) && /^[0-9a-f]{64}$/.test(address);\n' +
  '  if (!isWritten || !text.isWellFormed()) return false;\n';

export const programs: readonly WrongProgram[] = [
  {
    name: 'swaps the two keys',
    file: 'keys.ts',
    replace: [
      'address: hexOfBase64Url(x), secret: hexOfBase64Url(d)',
      'address: hexOfBase64Url(d), secret: hexOfBase64Url(x)',
    ],
  },
  {
    name: 'forgets the zero in front of a small byte',
    file: 'keys.ts',
    replace: [".padStart(2, '0')", ''],
  },
  {
    name: 'leaves keys in base64url',
    file: 'keys.ts',
    replace: [
      'address: hexOfBase64Url(x), secret: hexOfBase64Url(d)',
      "address: x ?? '', secret: d ?? ''",
    ],
  },
  {
    name: 'draws a secret by Math.random',
    file: 'keys.ts',
    replace: [
      'secret: hexOfBase64Url(d)',
      "secret: Array.from({ length: 64 }, () => Math.floor(16 * Math.random()).toString(16)).join('') + (d ?? '').slice(0, 0)",
    ],
  },
  {
    name: 'draws keys once for all',
    file: 'keys.ts',
    replace: [
      "const { x, d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });",
      "const kept = globalThis as { kept?: ReturnType<typeof generateKeyPairSync> };\n  kept.kept ??= generateKeyPairSync('ed25519');\n  const { x, d } = kept.kept.privateKey.export({ format: 'jwk' });",
    ],
  },
  {
    name: 'signs the JSON of the text',
    file: 'keys.ts',
    replace: [
      'signBytes(null, utf8.encode(text), ',
      'signBytes(null, utf8.encode(JSON.stringify(text)), ',
    ],
  },
  {
    name: 'signs the first 32 bytes only',
    file: 'keys.ts',
    replace: [
      'signBytes(null, utf8.encode(text), ',
      'signBytes(null, utf8.encode(text).slice(0, 32), ',
    ],
  },
  {
    name: 'signs each letter as one byte',
    file: 'keys.ts',
    replace: [
      'signBytes(null, utf8.encode(text), ',
      'signBytes(null, Uint8Array.from(text, (letter) => letter.charCodeAt(0)), ',
    ],
  },
  {
    name: 'asks for a digest',
    file: 'keys.ts',
    replace: ['signBytes(null, ', "signBytes('sha256', "],
  },
  {
    name: 'signs half a character',
    file: 'keys.ts',
    replace: [
      "  if (!text.isWellFormed()) {\n    throw new TypeError('Cannot sign text with a lone surrogate: it has no UTF-8 form.');\n  }\n",
      '',
    ],
  },
  {
    name: 'checks with whatever it is shown',
    file: 'keys.ts',
    replace: [isWritten, ''],
  },
  {
    name: 'looks for hex digits anywhere',
    file: 'keys.ts',
    replace: [
      '/^[0-9a-f]{128}$/.test(signature) && /^[0-9a-f]{64}$/.test(address)',
      '/[0-9a-f]{128}/.test(signature) && /[0-9a-f]{64}/.test(address)',
    ],
  },
  {
    name: 'takes capitals, too',
    file: 'keys.ts',
    replace: [
      '/^[0-9a-f]{128}$/.test(signature) && /^[0-9a-f]{64}$/.test(address)',
      '/^[0-9a-f]{128}$/i.test(signature) && /^[0-9a-f]{64}$/i.test(address)',
    ],
  },
  {
    name: 'checks the first 32 bytes only',
    file: 'keys.ts',
    replace: [
      'return verify(null, utf8.encode(text), ',
      'return verify(null, utf8.encode(text).slice(0, 32), ',
    ],
  },
  {
    name: 'takes half a character for the sign that stands for it',
    file: 'keys.ts',
    replace: ['!isWritten || !text.isWellFormed()', '!isWritten'],
  },
  {
    name: 'normalizes the text first',
    file: 'keys.ts',
    replace: [
      'return verify(null, utf8.encode(text), ',
      "return verify(null, utf8.encode(text.normalize('NFC')), ",
    ],
  },
  {
    name: 'takes any list that JSON knows',
    file: 'line.ts',
    replace: [
      'return canonicalJson(fields as Field[]) === line ? (fields as Field[]) : undefined;',
      'canonicalJson(fields as Field[]);\n    return fields as Field[];',
    ],
  },
  {
    name: 'lets errors out',
    file: 'line.ts',
    replace: ['} catch {\n    return undefined;', '} catch (error) {\n    throw error;'],
  },
  {
    name: 'reads a long line before it refuses it',
    file: 'line.ts',
    replace: ['if (line.length > MAX_LINE) return undefined;', ''],
  },
  {
    name: 'is off by one character',
    file: 'line.ts',
    replace: ['line.length > MAX_LINE', 'line.length >= MAX_LINE'],
  },
  {
    name: 'glues the fields together',
    file: 'payment.ts',
    replace: [text, "return [network, from, to, amount, fee, count].join('');"],
  },
  {
    name: 'signs no network',
    file: 'payment.ts',
    replace: [text, 'return canonicalJson([from, to, amount, fee, count]);'],
  },
  {
    name: 'signs no count',
    file: 'payment.ts',
    replace: [text, 'return canonicalJson([network, from, to, amount, fee]);'],
  },
  {
    name: 'signs the payment as an object',
    file: 'payment.ts',
    replace: [text, 'return JSON.stringify({ network, from, to, amount, fee, count });'],
  },
  {
    name: 'names a payment without its signature',
    file: 'payment.ts',
    replace: [
      'return sha256(paymentLine(payment));',
      "return sha256(paymentLine({ ...payment, signature: '' }));",
    ],
  },
  {
    name: 'pays nothing, and less than nothing',
    file: 'payment.ts',
    replace: ['isCount(amount) && amount > 0 && ', 'Number.isSafeInteger(amount) && '],
  },
  {
    name: 'asks nothing of an order',
    file: 'payment.ts',
    replace: ['if (!isOrder(unsigned)) {', 'if (unsigned.to === undefined) {'],
  },
  {
    name: 'copies whatever an order holds',
    file: 'payment.ts',
    replace: [
      'return { ...unsigned, signature:',
      'return { ...unsigned, ...order, signature:',
    ],
  },
  {
    name: 'hands out the secret',
    file: 'payment.ts',
    replace: [
      'return { ...unsigned, signature:',
      'return { ...unsigned, ...keys, signature:',
    ],
  },
  {
    name: 'reads any six fields',
    file: 'payment.ts',
    replace: [
      'isHash(from) && isOrder(payment) && isSignature(signature)',
      'typeof from === typeof signature',
    ],
  },
  {
    name: 'reads six fields and more',
    file: 'payment.ts',
    replace: [
      'if (fields?.length !== 6) return undefined;',
      'if (!fields) return undefined;',
    ],
  },
  {
    name: 'believes whatever payer a line names',
    file: 'payment.ts',
    replace: ['isHash(from) && isOrder(payment)', 'isOrder(payment)'],
  },
  {
    name: 'reads lines by JSON.parse',
    file: 'payment.ts',
    replace: [
      'const fields = parseLine(line);',
      'const fields = JSON.parse(line) as never[];',
    ],
  },
];
