/**
 * What the compiler is told of Node in a page: what the stand-ins have. All of Node's types would
 * take it seconds to read, and offer what is not there.
 *
 * @module
 */
export const nodeTypes = `
type BufferEncoding = 'ascii' | 'utf8' | 'utf-8' | 'utf16le' | 'ucs2' | 'base64' | 'base64url' | 'latin1' | 'binary' | 'hex';
type Encoding = BufferEncoding | 'buffer';
declare module 'node:crypto' {
  type Data = string | NodeJS.ArrayBufferView;
  interface Hash {
    copy(): Hash;
    digest(): Buffer;
    digest(encoding: BufferEncoding): string;
    update(data: Data): Hash;
    update(data: string, encoding: BufferEncoding): Hash;
  }
  /** Makes a digest of data that is given piece by piece. */
  export function createHash(algorithm: string): Hash;
  /** Makes the digest of data in one go. */
  export function hash(algorithm: string, data: Data, outputEncoding?: BufferEncoding): string;
  export function hash(algorithm: string, data: Data, outputEncoding: 'buffer'): Buffer;
  export function hash(algorithm: string, data: Data, outputEncoding?: Encoding): string | Buffer;
  interface JsonWebKey {
    crv?: string;
    d?: string;
    kty?: string;
    x?: string;
    [other: string]: unknown;
  }
  interface BytesOfKey {
    key: string | Buffer;
    format?: 'pem' | 'der';
    type?: 'pkcs8' | 'spki';
  }
  interface JsonWebKeyInput {
    key: JsonWebKey;
    format: 'jwk';
  }
  type KeyInput = KeyObject | { key: KeyObject } | BytesOfKey | JsonWebKeyInput;
  /** A key of Ed25519, or half of one. */
  export class KeyObject {
    private constructor();
    readonly asymmetricKeyType?: 'ed25519';
    readonly type: 'private' | 'public';
    equals(other: KeyObject): boolean;
    export(options: { format: 'jwk' }): JsonWebKey;
    export(options: { format: 'der'; type: 'pkcs8' | 'spki' }): Buffer;
    export(options: { format: 'pem'; type: 'pkcs8' | 'spki' }): string;
  }
  export function createPrivateKey(key: BytesOfKey | JsonWebKeyInput): KeyObject;
  export function createPublicKey(key: KeyInput): KeyObject;
  /** Draws new keys at random. */
  export function generateKeyPairSync(type: 'ed25519'): { publicKey: KeyObject; privateKey: KeyObject };
  /** Signs data. For Ed25519 the algorithm is null. */
  export function sign(algorithm: string | null | undefined, data: NodeJS.ArrayBufferView, key: KeyInput): Buffer;
  /** Tells whether a signature is right. For Ed25519 the algorithm is null. */
  export function verify(algorithm: string | null | undefined, data: NodeJS.ArrayBufferView, key: KeyInput, signature: NodeJS.ArrayBufferView): boolean;
  export function randomBytes(size: number): Buffer;
  export function randomUUID(): string;
}
declare module 'crypto' {
  export * from 'node:crypto';
}
declare module 'node:events' {
  type EventsOf<Events> = { [Name in keyof Events]: readonly unknown[] };
  export class EventEmitter<Events extends EventsOf<Events> = Record<string, any[]>> {
    on<Name extends keyof Events>(name: Name, listener: (...args: Events[Name] extends any[] ? Events[Name] : never) => void): this;
    once<Name extends keyof Events>(name: Name, listener: (...args: Events[Name] extends any[] ? Events[Name] : never) => void): this;
    off<Name extends keyof Events>(name: Name, listener: (...args: Events[Name] extends any[] ? Events[Name] : never) => void): this;
    emit<Name extends keyof Events>(name: Name, ...args: Events[Name] extends any[] ? Events[Name] : never): boolean;
  }
  export function once(emitter: EventEmitter<any>, name: string): Promise<any[]>;
}
declare module 'node:buffer' {
  const Own: typeof Buffer;
  export { Own as Buffer };
}
declare module 'node:timers/promises' {
  interface Options {
    signal?: AbortSignal;
  }
  export function setTimeout<T = void>(delay?: number, value?: T, options?: Options): Promise<T>;
  export function setImmediate<T = void>(value?: T): Promise<T>;
}
interface Buffer extends Uint8Array<ArrayBuffer> {
  equals(other: Uint8Array): boolean;
  readUInt8(offset?: number): number;
  readUInt32BE(offset?: number): number;
  readUInt32LE(offset?: number): number;
  toString(encoding?: BufferEncoding, start?: number, end?: number): string;
  writeUInt32BE(value: number, offset?: number): number;
}
declare var Buffer: {
  alloc(size: number, fill?: string | number): Buffer;
  byteLength(text: string | NodeJS.ArrayBufferView | ArrayBufferLike, encoding?: BufferEncoding): number;
  compare(one: Uint8Array, other: Uint8Array): -1 | 0 | 1;
  concat(list: readonly Uint8Array[], length?: number): Buffer;
  from(text: string, encoding?: BufferEncoding): Buffer;
  from(bytes: ArrayLike<number> | ArrayBufferLike | Iterable<number>): Buffer;
  isBuffer(value: unknown): value is Buffer;
};
declare namespace NodeJS {
  type TypedArray = Uint8Array | Uint8ClampedArray | Uint16Array | Uint32Array | Int8Array | Int16Array | Int32Array | BigUint64Array | BigInt64Array | Float32Array | Float64Array;
  type ArrayBufferView = TypedArray | DataView;
  interface Timeout {
    hasRef(): boolean;
    ref(): this;
    unref(): this;
  }
  interface Immediate {
    hasRef(): boolean;
    ref(): this;
    unref(): this;
  }
}
declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>;
  encodeInto(text: string, bytes: Uint8Array): { read: number; written: number };
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes?: ArrayBufferLike | NodeJS.ArrayBufferView): string;
}
interface EventInit {
  bubbles?: boolean;
  cancelable?: boolean;
}
declare class Event {
  constructor(type: string, init?: EventInit);
  readonly type: string;
  readonly target: EventTarget | null;
}
declare class EventTarget {
  addEventListener(type: string, listener: (event: Event) => void, options?: boolean | { once?: boolean; signal?: AbortSignal }): void;
  dispatchEvent(event: Event): boolean;
  removeEventListener(type: string, listener: (event: Event) => void): void;
}
declare class AbortSignal extends EventTarget {
  static abort(reason?: unknown): AbortSignal;
  static any(signals: readonly AbortSignal[]): AbortSignal;
  static timeout(milliseconds: number): AbortSignal;
  readonly aborted: boolean;
  onabort: ((event: Event) => void) | null;
  readonly reason: any;
  throwIfAborted(): void;
}
declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}
declare class DOMException extends Error {
  constructor(message?: string, name?: string);
  readonly code: number;
}
declare class URL {
  constructor(url: string | URL, base?: string | URL);
  static canParse(url: string, base?: string): boolean;
  hash: string;
  host: string;
  hostname: string;
  href: string;
  readonly origin: string;
  pathname: string;
  port: string;
  protocol: string;
  search: string;
}
declare function setTimeout<Args extends any[]>(run: (...args: Args) => void, milliseconds?: number, ...args: Args): NodeJS.Timeout;
declare function clearTimeout(timer: NodeJS.Timeout | string | number | undefined): void;
declare function setInterval<Args extends any[]>(run: (...args: Args) => void, milliseconds?: number, ...args: Args): NodeJS.Timeout;
declare function clearInterval(timer: NodeJS.Timeout | string | number | undefined): void;
declare function setImmediate<Args extends any[]>(run: (...args: Args) => void, ...args: Args): NodeJS.Immediate;
declare function clearImmediate(immediate: NodeJS.Immediate | undefined): void;
declare function queueMicrotask(run: () => void): void;
declare function structuredClone<T>(value: T): T;
declare function atob(text: string): string;
declare function btoa(text: string): string;
declare var console: Record<'debug' | 'error' | 'info' | 'log' | 'warn', (...values: any[]) => void>;
declare var performance: { now(): number };
declare var process: {
  env: Record<string, string | undefined>;
  exit(code?: number): never;
  nextTick<Args extends any[]>(run: (...args: Args) => void, ...args: Args): void;
};
`;
