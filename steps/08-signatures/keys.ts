import { generateKeyPairSync, sign as signBytes, verify } from 'node:crypto';

/** What makes somebody the owner of an address. */
export interface Keys {
  /** The public key: 64 hex digits, which everybody may know. */
  readonly address: string;
  /** The private key: 64 hex digits, which nobody else may know. */
  readonly secret: string;
}

/**
 * Draws new keys at random, for Ed25519 (RFC 8032). The address belongs to the secret, and
 * nobody can find the secret from it.
 */
export function newKeys(): Keys {
  const { x, d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return { address: hexOfBase64Url(x), secret: hexOfBase64Url(d) };
}

function hexOfBase64Url(text = ''): string {
  const letters = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return hexOf(Uint8Array.from(letters, (letter) => letter.charCodeAt(0)));
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Signs the UTF-8 bytes of a text with Ed25519. The same text and keys always give the same
 * signature.
 *
 * @returns 128 hex digits
 * @throws TypeError that says why, if the text holds half a character (a lone surrogate): it
 * has no UTF-8 form
 */
export function sign(text: string, keys: Keys): string {
  if (!text.isWellFormed()) {
    throw new TypeError('Cannot sign text with a lone surrogate: it has no UTF-8 form.');
  }
  return hexOf(signBytes(null, utf8.encode(text), webKey(keys.address, keys.secret)));
}

const utf8 = new TextEncoder();

/** Writes keys as `node:crypto` takes them: as a JSON Web Key (RFC 8037). */
function webKey(address: string, secret?: string) {
  const key = { kty: 'OKP', crv: 'Ed25519', x: base64Url(address) };
  const whole = secret === undefined ? key : { ...key, d: base64Url(secret) };
  return { key: whole, format: 'jwk' as const };
}

function base64Url(hex: string): string {
  const base64 = btoa(String.fromCharCode(...bytesOf(hex)));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/**
 * Tells whether the owner of `address` signed this very text, as OpenSSL decides it. What is no
 * signature of 128 lowercase hex digits, no address of 64, or no text that has a UTF-8 form, is
 * answered with false: the function never throws.
 */
export function isSigned(text: string, signature: string, address: string): boolean {
  const isWritten = /^[0-9a-f]{128}$/.test(signature) && /^[0-9a-f]{64}$/.test(address);
  if (!isWritten || !text.isWellFormed()) return false;
  return verify(null, utf8.encode(text), webKey(address), bytesOf(signature));
}
