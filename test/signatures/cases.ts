/**
 * The signatures about which implementations of Ed25519 differ, and some that are plain. They are
 * made by arithmetic, so every program that runs this gets the same ones.
 *
 * @module
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';

/** A signature that somebody is to judge. */
export interface SignatureCase {
  readonly text: string;
  /** 128 hex digits. */
  readonly signature: string;
  /** 64 hex digits. */
  readonly address: string;
}

const { Point } = ed25519;
const ORDER = Point.Fn.ORDER;
const FIELD = Point.Fp.ORDER;
type CurvePoint = typeof Point.BASE;

/** All cases, always in this order. */
export function signatureCases(): SignatureCase[] {
  const small = smallOrder();
  const written = waysToWrite(small);
  return [
    ...written.flatMap((address) => written.map((r) => empty(r, address))),
    ...mixedOrder(small),
    ...plain(),
    ...nearTheField().flatMap((address) => written.map((r) => empty(r, address))),
  ];
}

/** A signature whose number is 0. */
function empty(r: Uint8Array, address: Uint8Array): SignatureCase {
  return made('Zcash', concatBytes(r, bytesOf(0n)), address);
}

/** The eight points that give nothing when they are taken eight times. */
function smallOrder(): CurvePoint[] {
  for (let y = 1; ; y += 1) {
    const point = pointAt(y);
    const torsion = point?.multiplyUnsafe(ORDER - 1n).add(point);
    if (torsion === undefined || torsion.multiplyUnsafe(4n).is0()) continue;
    return Array.from({ length: 8 }, (_, i) =>
      i === 0 ? Point.ZERO : torsion.multiplyUnsafe(BigInt(i)),
    );
  }
}

function pointAt(y: number): CurvePoint | undefined {
  try {
    return Point.fromBytes(bytesOf(BigInt(y)), true);
  } catch {
    return undefined;
  }
}

/** Some ways to write each point, and what looks like one: other signs, numbers past the field. */
function waysToWrite(points: readonly CurvePoint[]): Uint8Array[] {
  const all = points.flatMap((point) => {
    const bytes = point.toBytes();
    const y = numberOf(bytes) & ((1n << 255n) - 1n);
    const past = y + FIELD < 1n << 255n ? bothSigns(bytesOf(y + FIELD)) : [];
    return [...bothSigns(bytes), ...past];
  });
  return [...new Map(all.map((bytes) => [bytesToHex(bytes), bytes])).values()];
}

function bothSigns(bytes: Uint8Array): Uint8Array[] {
  const flipped = Uint8Array.from(bytes, (byte, i) => (i === 31 ? byte ^ 0x80 : byte));
  return [bytes, flipped];
}

/** Right signatures but for points of small order, which are added to the key and to R. */
function mixedOrder(small: readonly CurvePoint[]): SignatureCase[] {
  const [secret, nonce] = [1_234_567n, 7_654_321n];
  return small.flatMap((toKey) =>
    small.flatMap((toR) =>
      ['m0', 'm1', 'm2', 'm3'].map((text) => {
        const address = Point.BASE.multiply(secret).add(toKey).toBytes();
        const r = Point.BASE.multiply(nonce).add(toR).toBytes();
        const k = numberOf(sha512(concatBytes(r, address, utf8ToBytes(text)))) % ORDER;
        const s = (nonce + k * secret) % ORDER;
        return made(text, concatBytes(r, bytesOf(s)), address);
      }),
    ),
  );
}

/** Honest ones, and the same with one bit changed, in the signature or in the address; and S + L. */
function plain(): SignatureCase[] {
  return Array.from({ length: 150 }, (_, i) => {
    const secret = sha256(utf8ToBytes(`secret ${i}`));
    const text = `text ${i}`;
    const signature = ed25519.sign(utf8ToBytes(text), secret);
    const address = ed25519.getPublicKey(secret);
    const more = bytesOf(numberOf(signature.subarray(32)) + ORDER);
    return [
      made(text, signature, address),
      made(text, flipBit(signature, i), address),
      made(text, signature, flipBit(address, i)),
      made(text, concatBytes(signature.subarray(0, 32), more), address),
    ];
  }).flat();
}

function flipBit(bytes: Uint8Array, i: number): Uint8Array {
  const at = i % bytes.length;
  return Uint8Array.from(bytes, (byte, n) => (n === at ? byte ^ (1 << (i % 8)) : byte));
}

/** Addresses that write the numbers from the field's own to the last that 255 bits hold. */
function nearTheField(): Uint8Array[] {
  return Array.from({ length: 19 }, (_, y) =>
    bothSigns(bytesOf(FIELD + BigInt(y))),
  ).flat();
}

function made(text: string, signature: Uint8Array, address: Uint8Array): SignatureCase {
  return { text, signature: bytesToHex(signature), address: bytesToHex(address) };
}

/** The number that bytes stand for, the lowest first. */
function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduceRight((n, byte) => (n << 8n) | BigInt(byte), 0n);
}

function bytesOf(n: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((n >> BigInt(8 * i)) & 0xffn));
}
