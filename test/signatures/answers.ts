/** The SHA-256 digest of all cases as JSON: the answers below belong to these, and to no others. */
export const CASES = '29b2cb69c9a2252594f1568633b598d6c7b7bd402c652507baa392a947d1a8d1';

/**
 * Which cases are right: OpenSSL 3.0 was asked once. Each hex digit answers four cases, the first by
 * its highest bit.
 */
const ANSWERS = [
  '80020008002000021000080000000000000080004c0000002f000000000040001402000502460040',
  '0a000000040000503c03000c04805000488888888888888888888888888888888888888888888888',
  '88888888888888888888888888888888888888888888888888888888888888888888888888888888',
  '88888888888888888888888000000080020000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000000000000000000',
].join('');

/** The right answers to all cases, in their order. */
export function rightAnswers(): boolean[] {
  return Array.from(ANSWERS).flatMap((digit) =>
    [8, 4, 2, 1].map((bit) => (parseInt(digit, 16) & bit) > 0),
  );
}
