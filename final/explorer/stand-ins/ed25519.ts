import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes } from '@noble/hashes/utils.js';

/** A JSON Web Key of Ed25519 (RFC 8037): `x` is the public key, `d` the private one. */
export interface WebKey {
  readonly kty?: string;
  readonly crv?: string;
  readonly x?: string;
  readonly d?: string;
}

interface KeyInput {
  readonly key: WebKey;
  readonly format: 'jwk';
}

const LENGTH = 32;

/** Makes a private key of random bytes. They do not come from `crypto.subtle`, which plain http lacks. */
export function generateKeyPairSync() {
  const d = globalThis.crypto.getRandomValues(new Uint8Array(LENGTH));
  const x = base64Url(ed25519.getPublicKey(d));
  const publicKey = { crv: 'Ed25519', x, kty: 'OKP' };
  const privateKey = { ...publicKey, d: base64Url(d) };
  return { publicKey: keyObject(publicKey), privateKey: keyObject(privateKey) };
}

/** What step 8 uses of a key object. */
function keyObject(key: WebKey): { export(options: { format: 'jwk' }): WebKey } {
  return { export: () => key };
}

/** The public half of a private key. */
export function publicHalf({ d }: WebKey): string {
  return base64Url(ed25519.getPublicKey(keyBytes(d)));
}

/** Signs as RFC 8032 says. What the key says of its public half is not used, as in Node. */
export function sign(_algorithm: null, data: Uint8Array, { key }: KeyInput): Uint8Array {
  return ed25519.sign(data, keyBytes(key.d));
}

/** Whether a signature is right, as OpenSSL has it. */
export function verify(
  _algorithm: null,
  data: Uint8Array,
  { key }: KeyInput,
  signature: Uint8Array,
): boolean {
  return isSignatureOf(data, keyBytes(key.x), signature);
}

/**
 * Implementations of Ed25519 differ about signatures that nobody makes by accident, and where nodes
 * and pages differ a network can be split. So this computes just what OpenSSL does, from the points:
 * S must be less than the order of the base point B, and S·B − k·A must be written as R is, byte for
 * byte. The verify of the library is kinder to some, and stricter to others.
 */
function isSignatureOf(data: Uint8Array, address: Uint8Array, signature: Uint8Array) {
  if (signature.length !== 2 * LENGTH) return false;
  const { Point } = ed25519;
  const order = Point.Fn.ORDER;
  const r = signature.subarray(0, LENGTH);
  const s = numberOf(signature.subarray(LENGTH));
  const a = pointOf(address);
  if (s >= order || a === undefined) return false;
  const k = numberOf(sha512(concatBytes(r, address, data))) % order;
  const found = times(Point.BASE, s).subtract(times(a, k)).toBytes();
  return found.every((byte, i) => byte === r[i]);
}

type Point = typeof ed25519.Point.BASE;

const times = (point: Point, n: bigint) =>
  n === 0n ? ed25519.Point.ZERO : point.multiplyUnsafe(n);

/** The point that 32 bytes stand for, though there may be other ways to write it; or undefined. */
function pointOf(bytes: Uint8Array): Point | undefined {
  try {
    return ed25519.Point.fromBytes(bytes, true);
  } catch {
    return undefined;
  }
}

/** The number that bytes stand for, the lowest first. */
function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduceRight((n, byte) => (n << 8n) | BigInt(byte), 0n);
}

function keyBytes(text = ''): Uint8Array {
  const base64 = text.replaceAll('-', '+').replaceAll('_', '/');
  const bytes = Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0));
  if (bytes.length !== LENGTH) throw new TypeError('Invalid JWK data');
  return bytes;
}

function base64Url(bytes: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...bytes));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
