/**
 * For `node:crypto`: signatures of Ed25519, the kind that step 8 uses. Keys are JSON Web Keys, bytes
 * (DER), or objects made of these, as in Node.
 *
 * @module
 */
import { Buffer } from 'buffer';
import * as page from '../../../final/explorer/stand-ins/ed25519.ts';
import { checkText, refusal, wrongType } from './refusals.ts';

type WebKey = page.WebKey;
type Half = 'public' | 'private';

/** What stands before the 32 bytes of a key where it is written as bytes. */
const PREFIX = {
  public: '302a300506032b6570032100',
  private: '302e020100300506032b657004220420',
};
const KIND_OF_BYTES = { public: 'spki', private: 'pkcs8' };

/** Kinds of keys that Node knows, too. */
const OTHER_KINDS = /^(rsa(-pss)?|dsa|ec|ed448|x25519|x448|dh)$/;

/** As in Node. */
export class KeyObject {
  readonly type: Half;
  readonly asymmetricKeyType = 'ed25519';
  readonly #key: WebKey;

  /** @internal */
  constructor(type: Half, key: WebKey) {
    this.type = type;
    this.#key = key;
  }

  equals(other: KeyObject): boolean {
    const [one, two] = [this.#half(), other.#half()];
    return this.type === other.type && one === two;
  }

  export(options?: { readonly format?: string; readonly type?: string }): unknown {
    if (options === undefined)
      throw wrongType('The "options" argument must be of type object.', options);
    if (options.format === 'jwk') return { ...this.#key };
    if (options.format !== 'der' && options.format !== 'pem')
      throw wrongProperty('options.format', options.format);
    if (options.type !== KIND_OF_BYTES[this.type])
      throw wrongProperty('options.type', options.type);
    const bytes = Buffer.concat([Buffer.from(PREFIX[this.type], 'hex'), this.#bytes()]);
    if (options.format === 'der') return bytes;
    const name = `${this.type.toUpperCase()} KEY-----\n`;
    return `-----BEGIN ${name}${bytes.toString('base64')}\n-----END ${name}`;
  }

  #half(): string {
    return (this.type === 'public' ? this.#key.x : this.#key.d) ?? '';
  }

  #bytes(): Buffer {
    return Buffer.from(this.#half(), 'base64');
  }
}

/** As in Node, for keys of Ed25519. */
export function generateKeyPairSync(
  type: unknown,
  options?: Readonly<Partial<Record<`${Half}KeyEncoding`, { format?: string }>>>,
) {
  checkText('type', type);
  if (OTHER_KINDS.test(type))
    throw new Error(`This page makes no keys of type '${type}'.`);
  if (type !== 'ed25519') {
    const words = `The argument 'type' must be a supported key type. Received '${type}'`;
    throw refusal(TypeError, words, 'ERR_INVALID_ARG_VALUE');
  }
  const made = page.generateKeyPairSync();
  const written = (half: Half, key: WebKey) => {
    const object = new KeyObject(half, key);
    const encoding = options?.[`${half}KeyEncoding`];
    return encoding === undefined ? object : object.export(encoding);
  };
  return {
    publicKey: written('public', made.publicKey.export({ format: 'jwk' })),
    privateKey: written('private', made.privateKey.export({ format: 'jwk' })),
  };
}

/** As in Node. */
export function createPrivateKey(key: unknown): KeyObject {
  if (key instanceof KeyObject) {
    const kinds =
      'of type string or an instance of ArrayBuffer, Buffer, TypedArray, or DataView';
    const name = key.type === 'public' ? 'PublicKeyObject' : 'PrivateKeyObject';
    const words = `The "key" argument must be ${kinds}. Received an instance of ${name}`;
    throw refusal(TypeError, words, 'ERR_INVALID_ARG_TYPE');
  }
  return new KeyObject('private', privateKeyOf(key));
}

/** As in Node: of a private key it makes the public one. */
export function createPublicKey(key: unknown): KeyObject {
  if (key instanceof KeyObject && key.type === 'public') throw wrongHalf();
  const { crv, x, kty } = publicKeyOf(key);
  return new KeyObject('public', { crv, x, kty } as WebKey);
}

/** As in Node. */
export function sign(algorithm: unknown, data: unknown, key: unknown): Buffer {
  checkAlgorithm(algorithm);
  const bytes = bytesOf(data);
  if (!key)
    throw refusal(Error, 'No key provided to sign', 'ERR_CRYPTO_SIGN_KEY_REQUIRED');
  const own = privateKeyOf(key);
  checkDigest(algorithm);
  return Buffer.from(page.sign(null, bytes, { key: own, format: 'jwk' }));
}

/** As in Node, and as OpenSSL does it. */
export function verify(
  algorithm: unknown,
  data: unknown,
  key: unknown,
  signature: unknown,
): boolean {
  checkAlgorithm(algorithm);
  const bytes = bytesOf(data);
  if (data instanceof ArrayBuffer)
    throw wrongType(`The "data" argument must be ${VIEWS}.`, data);
  const own = publicKeyOf(key);
  if (!ArrayBuffer.isView(signature))
    throw wrongType(`The "signature" argument must be ${VIEWS}.`, signature);
  checkDigest(algorithm);
  return page.verify(null, bytes, { key: own, format: 'jwk' }, bytesOf(signature));
}

const VIEWS = 'an instance of Buffer, TypedArray, or DataView';
const ANY_BYTES = 'of type string or an instance of ArrayBuffer, Buffer, TypedArray, ';

function checkAlgorithm(algorithm: unknown): void {
  if (algorithm !== null && algorithm !== undefined) checkText('algorithm', algorithm);
}

/** Ed25519 makes its digests itself. */
function checkDigest(algorithm: unknown): void {
  if (typeof algorithm !== 'string') return;
  if (/^(rsa-)?(md5|sha)/i.test(algorithm)) {
    const words = 'error:1C80007A:Provider routines::invalid digest';
    throw refusal(Error, words, 'ERR_OSSL_INVALID_DIGEST');
  }
  throw refusal(TypeError, `Invalid digest: ${algorithm}`, 'ERR_CRYPTO_INVALID_DIGEST');
}

function bytesOf(data: unknown): Uint8Array {
  if (typeof data === 'string') return new TextEncoder().encode(data);
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  if (!ArrayBuffer.isView(data))
    throw wrongType(`The "data" argument must be ${ANY_BYTES}or DataView.`, data);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function privateKeyOf(key: unknown): WebKey {
  if (key instanceof KeyObject && key.type === 'public') throw wrongHalf();
  const { given, isWebKey, type } = look(key);
  if (given instanceof KeyObject) return given.export({ format: 'jwk' }) as WebKey;
  if (!isWebKey) return whole(fromBytes(given, type, 'private'));
  const webKey = checkWebKey(given);
  return whole({ ...webKey, d: checkHalf('key.d', webKey.d) });
}

function publicKeyOf(key: unknown): WebKey {
  const { given, isWebKey, type } = look(key);
  if (given instanceof KeyObject) return given.export({ format: 'jwk' }) as WebKey;
  if (!isWebKey) {
    const half = type === 'pkcs8' ? 'private' : 'public';
    const read = fromBytes(given, type, half);
    return half === 'private' ? whole(read) : read;
  }
  const webKey = checkWebKey(given);
  if (webKey.d !== undefined)
    return whole({ ...webKey, d: checkHalf('key.d', webKey.d) });
  return { ...webKey, x: checkHalf('key.x', webKey.x) };
}

/** The public half of a private key is computed, whatever the key says. */
function whole(key: WebKey): WebKey {
  const x = page.publicHalf(key);
  return { crv: 'Ed25519', d: key.d ?? '', x, kty: 'OKP' };
}

/** What is the key in what was given, and in which form. */
function look(key: unknown): { given: unknown; isWebKey: boolean; type?: unknown } {
  if (key instanceof KeyObject) return { given: key, isWebKey: false };
  if (typeof key === 'string' || ArrayBuffer.isView(key)) throw unreadable();
  if (typeof key !== 'object' || key === null)
    throw wrongType(
      `The "key" argument must be ${ANY_BYTES}DataView, KeyObject, or CryptoKey.`,
      key,
    );
  const {
    key: given,
    format,
    type,
  } = key as { key?: unknown; format?: unknown; type?: unknown };
  if (given instanceof KeyObject) return { given, isWebKey: false };
  if (format === 'jwk') return { given, isWebKey: true };
  if (typeof given !== 'string' && !ArrayBuffer.isView(given))
    throw wrongType(
      `The "key.key" property must be ${ANY_BYTES}DataView, KeyObject, or CryptoKey.`,
      given,
    );
  if (format !== 'der') throw unreadable();
  return { given, isWebKey: false, type };
}

function checkWebKey(given: unknown): WebKey {
  if (typeof given !== 'object' || given === null)
    throw wrongType('The "key.key" property must be of type object.', given);
  const { kty, crv, x } = given as WebKey;
  if (kty === 'RSA' || kty === 'EC')
    throw new Error(`This page knows no keys of ${kty}.`);
  if (kty !== 'OKP') throw notOneOf('key.kty', ['RSA', 'EC', 'OKP'], kty);
  checkProperty('key.crv', crv);
  if (['Ed448', 'X25519', 'X448'].includes(crv))
    throw new Error(`This page knows no keys of ${crv}.`);
  if (crv !== 'Ed25519')
    throw notOneOf('key.crv', ['Ed25519', 'Ed448', 'X25519', 'X448'], crv);
  checkProperty('key.x', x);
  return given;
}

function checkHalf(name: string, text: unknown): string {
  checkProperty(name, text);
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== 32)
    throw refusal(TypeError, 'Invalid JWK data', 'ERR_CRYPTO_INVALID_JWK');
  return base64Url(bytes);
}

function checkProperty(name: string, value: unknown): asserts value is string {
  if (typeof value === 'string') return;
  throw wrongType(`The "${name}" property must be of type string.`, value);
}

function fromBytes(given: unknown, type: unknown, half: Half): WebKey {
  if (type !== KIND_OF_BYTES[half]) throw wrongProperty('options.type', type);
  const hex = Buffer.from(bytesOf(given)).toString('hex');
  const prefix = PREFIX[half];
  if (!hex.startsWith(prefix) || hex.length !== prefix.length + 64) throw unreadable();
  const text = base64Url(Buffer.from(hex.slice(prefix.length), 'hex'));
  return {
    crv: 'Ed25519',
    kty: 'OKP',
    ...(half === 'public' ? { x: text } : { d: text }),
  };
}

const base64Url = (bytes: Buffer) =>
  bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

const wrongHalf = () =>
  refusal(
    TypeError,
    'Invalid key object type public, expected private.',
    'ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE',
  );

const unreadable = () =>
  refusal(Error, 'error:1E08010C:DECODER routines::unsupported', 'ERR_OSSL_UNSUPPORTED');

const quoted = (value: unknown) =>
  typeof value === 'string' ? `'${value}'` : String(value);

const wrongProperty = (name: string, value: unknown) =>
  refusal(
    TypeError,
    `The property '${name}' is invalid. Received ${quoted(value)}`,
    'ERR_INVALID_ARG_VALUE',
  );

const notOneOf = (name: string, values: readonly string[], value: unknown) =>
  refusal(
    TypeError,
    `The property '${name}' must be one of: ${values.map(quoted).join(', ')}. Received ${quoted(value)}`,
    'ERR_INVALID_ARG_VALUE',
  );
