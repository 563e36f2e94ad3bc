/**
 * Step 8: signatures. A text has an owner, and everybody can check who that is.
 *
 * @module
 */
export { isSigned, newKeys, sign, type Keys } from './keys.ts';
export { MAX_LINE, parseLine } from './line.ts';
export { pay, parsePayment } from './payment.ts';
export { paymentId, paymentLine, paymentText } from './payment.ts';
export type { Order, Payment } from './payment.ts';
