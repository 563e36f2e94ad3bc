/**
 * For `node:crypto`: its digests, and its signatures. What Node refuses is refused here in the same words, and another
 * algorithm or another way to write a digest gives what it gives there: wrong code must not pass.
 *
 * @module
 */
import { md5, ripemd160, sha1 } from '@noble/hashes/legacy.js';
import { sha224, sha256, sha384, sha512, sha512_256 } from '@noble/hashes/sha2.js';
import { sha3_224, sha3_256, sha3_384, sha3_512 } from '@noble/hashes/sha3.js';
import { Buffer } from 'buffer';
import { checkText, refusal, wrongType } from './refusals.ts';
import { sha256Hex } from './sha256.ts';
import * as signatures from './signatures.ts';

export * from './signatures.ts';

type Digest = (bytes: Uint8Array) => Uint8Array;

const algorithms = new Map<string, Digest>([
  ['md5', md5],
  ['ripemd160', ripemd160],
  ['sha1', sha1],
  ['sha224', sha224],
  ['sha256', sha256],
  ['sha384', sha384],
  ['sha512', sha512],
  ['sha512256', sha512_256],
  ['sha3224', sha3_224],
  ['sha3256', sha3_256],
  ['sha3384', sha3_384],
  ['sha3512', sha3_512],
]);

const encodings = /^(hex|base64|base64url|utf-?8|latin1|binary|ascii|ucs-?2|utf-?16le)$/i;

/** As in Node. */
export function hash(
  algorithm: string,
  input: unknown,
  encoding: string | undefined = 'hex',
): string | Buffer {
  checkText('algorithm', algorithm);
  checkData('input', input);
  checkText('outputEncoding', encoding);
  if (encoding !== 'buffer' && !encodings.test(encoding)) {
    const words = `The argument 'outputEncoding' is invalid. Received '${encoding}'`;
    throw refusal(TypeError, words, 'ERR_INVALID_ARG_VALUE');
  }
  if (algorithm === 'sha256' && encoding === 'hex') return sha256Hex(plain(input));
  const digest = find(algorithm);
  if (digest === undefined)
    throw new Error(`Digest method ${algorithm} is not supported`);
  return written(digest(bytesOf(input)), encoding);
}

/** As in Node. */
export function createHash(algorithm: string): Hash {
  checkText('algorithm', algorithm);
  const digest = find(algorithm);
  if (digest === undefined) throw new Error('Digest method not supported');
  return new Hash(digest);
}

/** As in Node: it takes data piece by piece. */
class Hash {
  readonly #digest: Digest;
  #parts: Uint8Array[];
  #isOver = false;

  constructor(digest: Digest, parts: readonly Uint8Array[] = []) {
    this.#digest = digest;
    this.#parts = [...parts];
  }

  update(data: unknown, encoding?: string): this {
    if (this.#isOver)
      throw refusal(Error, 'Digest already called', 'ERR_CRYPTO_HASH_FINALIZED');
    checkData('data', data);
    this.#parts.push(
      typeof data === 'string'
        ? Buffer.from(data, encodingOf(encoding))
        : bytesOf(data).slice(),
    );
    return this;
  }

  copy(): Hash {
    if (this.#isOver)
      throw refusal(Error, 'Digest already called', 'ERR_CRYPTO_HASH_FINALIZED');
    return new Hash(this.#digest, this.#parts);
  }

  digest(encoding?: string): string | Buffer {
    if (this.#isOver)
      throw refusal(Error, 'Digest already called', 'ERR_CRYPTO_HASH_FINALIZED');
    this.#isOver = true;
    return written(this.#digest(Buffer.concat(this.#parts)), encoding ?? 'buffer');
  }
}

/** As in Node. */
export const randomBytes = (size: number): Buffer =>
  Buffer.from(globalThis.crypto.getRandomValues(new Uint8Array(size)));

/** As in Node; a page has its own only where its address is a secure one. */
export function randomUUID(): string {
  const bytes = randomBytes(16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const digits = bytes.toString('hex');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function find(name: string): Digest | undefined {
  const plain = name.toLowerCase().replace(/^rsa-|-rsa$/g, '');
  return algorithms.get(plain.replace(/^sha2-/, 'sha').replaceAll(/[-/]/g, ''));
}

type Encoding = Parameters<Buffer['toString']>[0];

/** An encoding of Buffer; for what is none, UTF-8, as Node has it. */
function encodingOf(name: string | undefined): Encoding {
  return name !== undefined && encodings.test(name) ? (name as Encoding) : 'utf8';
}

function written(digest: Uint8Array, encoding: string): string | Buffer {
  const buffer = Buffer.from(digest);
  if (encoding === 'buffer') return buffer;
  if (encoding.toLowerCase() !== 'base64url')
    return buffer.toString(encodingOf(encoding));
  return buffer
    .toString('base64')
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** Text as it is, and of any view its bytes. */
function plain(input: unknown): string | Uint8Array {
  return typeof input === 'string' ? input : bytesOf(input);
}

function bytesOf(input: unknown): Uint8Array {
  if (typeof input === 'string') return new TextEncoder().encode(input);
  if (!ArrayBuffer.isView(input)) return new Uint8Array();
  return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
}

function checkData(name: string, value: unknown): void {
  if (typeof value === 'string' || ArrayBuffer.isView(value)) return;
  const kinds = 'of type string or an instance of Buffer, TypedArray, or DataView';
  throw wrongType(`The "${name}" argument must be ${kinds}.`, value);
}

export default { hash, createHash, randomBytes, randomUUID, ...signatures };
