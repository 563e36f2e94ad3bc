import type { Promises } from './promises.ts';

export const promises: Promises = {
  'Task 1: newKeys': [
    [
      'The public key: 64 hex digits, which everybody may know.',
      ['gives an address and a secret of 64 hex digits each'],
    ],
    [
      'The private key: 64 hex digits, which nobody else may know.',
      ['gives an address and a secret of 64 hex digits each'],
    ],
    [
      'Draws new keys at random, for Ed25519 (RFC 8032).',
      ['draws other keys each time', 'draws every digit of a secret at random'],
    ],
    [
      'The address belongs to the secret, and nobody can find the secret from it.',
      ['gives the address that belongs to the secret'],
    ],
  ],
  'Task 2: sign': [
    [
      'Signs the UTF-8 bytes of a text with Ed25519.',
      [
        'signs %s as RFC 8032 says',
        'gives other texts other signatures, however long they are alike',
      ],
    ],
    [
      'The same text and keys always give the same signature.',
      [
        'always gives the same signature for the same text and keys',
        'leaves the keys as they were',
      ],
    ],
    ['@returns 128 hex digits', ['gives 128 hex digits for any text and any keys']],
    [
      '@throws TypeError that says why, if the text holds half a character (a lone surrogate): it has no UTF-8 form',
      ['refuses half a character: %j'],
    ],
  ],
  'Task 3: isSigned': [
    [
      'Tells whether the owner of `address` signed this very text',
      [
        'knows what was signed with the secret of the address',
        'knows a signature that was made elsewhere',
        'refuses every other text',
        'looks at the whole text, however long',
        'tells texts apart that a screen shows alike',
        'refuses the address of somebody else',
        'refuses a signature with any digit changed',
        'refuses an address with any digit changed',
      ],
    ],
    [
      'signed this very text, as OpenSSL decides it.',
      [
        'refuses a second way to write a signature: with the order of the curve added',
        'decides as OpenSSL does about odd ones: %s is a text %s',
      ],
    ],
    [
      'What is no signature of 128 lowercase hex digits, no address of 64, or no text that has a UTF-8 form, is answered with false',
      [
        'says no to a signature, and to an address, %s',
        'says no to half a character: %j',
      ],
    ],
    ['the function never throws.', ['never throws, whatever it is shown']],
  ],
  'Task 4: parseLine': [
    [
      'Reads a line of at most MAX_LINE characters as the list of fields that it is.',
      [
        'reads back what canonicalJson writes',
        'keeps the largest and the smallest exact numbers',
      ],
    ],
    [
      'Returns undefined for any text that `canonicalJson` does not write in just this way, even if it means the same',
      [
        'refuses another way to write a list: %s',
        'refuses a number that JavaScript does not keep exactly: %s',
        'refuses what is no list of texts and numbers: %s',
        'refuses half a character, written as an escape',
      ],
    ],
    [
      'How many characters a line has at most. Longer ones are not even read as JSON.',
      [
        'reads lines of up to 400 characters, and no longer ones',
        'does not even read a very long line: %j…',
      ],
    ],
    ['The function never throws.', ['never throws, whatever text it is shown']],
  ],
  'Task 5: paymentText, paymentLine and paymentId': [
    [
      'Returns the text that a payer signs, as canonical JSON: `["network","from","to",amount,fee,count]`.',
      [
        'writes what is signed: the network first, and no signature',
        'writes the fields in this order, whatever order an object has them in',
        'writes different payments in different ways',
        'lets no digit go over from one number to the next',
      ],
    ],
    [
      'Returns the line that a payment is in a block, as canonical JSON: `["from","to",amount,fee,count,"signature"]`.',
      ['writes the line: the signature last, and no network'],
    ],
    [
      'Returns the name of a payment, 64 hex digits: the SHA-256 digest of its line.',
      ['names a payment by the digest of its line'],
    ],
  ],
  'Task 6: pay': [
    [
      'Makes a payment and signs its paymentText.',
      [
        'makes a payment of an order, from the address of the keys',
        'signs its text, so that anybody can check it',
        'makes a signature that is good for this %s alone',
        'makes a signature that is good in this network alone',
      ],
    ],
    ['And what of the keys belongs in a payment?', ['does not give the secret away']],
    ['What a payer decides.', ['takes nothing of an order but its four fields']],
    [
      '@throws RangeError if the order is none: `to` is no address, or a number is not as Payment says',
      ['lets one pay %s', 'refuses to pay %s'],
    ],
  ],
  'Task 7: parsePayment': [
    [
      'Reads a line as paymentLine writes it, with fields as Payment says.',
      [
        'reads back what paymentLine writes',
        'reads the longest payment that there can be',
        'refuses %s',
        'refuses a line %s',
      ],
    ],
    [
      'Returns undefined for any other text, even if it means the same: so each payment has one line.',
      ['refuses a second way to write a payment: %s'],
    ],
    [
      'Whether the signature is right is not asked',
      ['does not ask whether the signature is right'],
    ],
    [
      'the function never throws.',
      ['never throws, and reads nothing that is not written in just this way'],
    ],
  ],
};
