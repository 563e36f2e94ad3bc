/**
 * How a class is found without an address: by multicast DNS, in the form of DNS-based service
 * discovery (RFC 6762 and 6763). Who listens in the same network answers to a question that goes
 * to all. Anybody can answer: what is found are offers, to be shown to people.
 *
 * @module
 */
import { z } from 'zod';

/** What is asked for: services of this kind. */
const SERVICE = '_pychain._tcp.local';

/** For how long others may remember an answer, in seconds. */
const TTL = 120;

/** No more often than this it is answered on one line (RFC 6762, section 6), in milliseconds. */
const PACE = 1_000;

/** How often the question is asked, and how long is waited for others after a first answer. */
const ASK = 1_000;
const MORE = 1_000;

/** How often it is looked whether the machine has other addresses now, in milliseconds. */
const LOOK = 3_000;

/** How many classes are told apart at most, and how many at one address. */
const MAX_FOUND = 20;
const MAX_AT_ADDRESS = 2;

/** A record of DNS, as far as it is used here. */
export interface DnsRecord {
  readonly name: string;
  readonly type: string;
  readonly ttl?: number | undefined;
  readonly data?: unknown;
}

/** What goes to all in a network. */
export type DnsPacket =
  | { readonly type: 'query'; readonly questions: readonly DnsRecord[] }
  | {
      readonly type: 'response';
      readonly answers: readonly DnsRecord[];
      readonly additionals?: readonly DnsRecord[];
    };

/** What leads to all in the network that an address of this machine belongs to. */
export interface Line {
  /** Sends to all; that may be in vain. */
  send(packet: DnsPacket): void;
  /** Sends to all, and ends when that is done. */
  close(last?: DnsPacket): Promise<void>;
}

/**
 * Opens the line of an address.
 *
 * @param hear - is told what others say, and from which address
 * @param fail - is told why it does not work
 */
export type OpenLine = (
  address: string,
  hear: (packet: DnsPacket, from: string) => void,
  fail: (reason: string) => void,
) => Line;

/** What is said of a class. */
export interface Announcement {
  /** What tells it from others: letters and digits. */
  readonly id: string;
  /** What people call it. */
  readonly name: string | null;
  /** The hash of its genesis block. */
  readonly network: string;
  /** The port for peers. */
  readonly port: number;
}

/** A class that somebody has announced. */
export interface Offer extends Announcement {
  /** The address that the announcement came from. */
  readonly host: string;
}

/** Where to announce and to look. */
export interface Place {
  readonly open: OpenLine;
  /** The addresses of this machine, as they are now. */
  readonly addresses: () => readonly string[];
}

/**
 * Announces a class on all addresses of this machine, also on those that it gets later.
 *
 * @param trouble - is told once why that does not work
 * @returns what ends it, and says goodbye
 */
export function announce(
  about: Announcement,
  { open, addresses }: Place,
  trouble: (reason: string) => void,
): () => Promise<void> {
  const lines = new Map<string, Line>();
  let hasTrouble = false;
  const fail = (reason: string) => {
    if (!hasTrouble) trouble(reason);
    hasTrouble = true;
  };
  const look = () => {
    const now = new Set(addresses());
    for (const [address, line] of lines) {
      if (now.has(address)) continue;
      lines.delete(address);
      void line.close();
    }
    for (const address of now) {
      if (lines.has(address)) continue;
      let answeredAt = -Infinity;
      const hear = (packet: DnsPacket) => {
        if (!asksForUs(packet) || performance.now() - answeredAt < PACE) return;
        answeredAt = performance.now();
        line.send(answerOf(about, address, TTL));
      };
      const line = open(address, hear, fail);
      lines.set(address, line);
      line.send(answerOf(about, address, TTL));
    }
  };
  look();
  const timer = setInterval(look, LOOK);
  timer.unref();
  return async () => {
    clearInterval(timer);
    const goodbyes = [...lines].map(([address, line]) =>
      line.close(answerOf(about, address, 0)),
    );
    await Promise.all(goodbyes);
  };
}

/**
 * Looks for classes.
 *
 * @param patience - for how long at most, in milliseconds; soon after the first it ends
 * @param trouble - is told why it does not work on an address
 */
export async function find(
  patience: number,
  { open, addresses }: Place,
  trouble: (reason: string) => void,
): Promise<Offer[]> {
  const found = new Map<string, Offer>();
  let end = (): void => undefined;
  const over = new Promise<void>((resolve) => (end = resolve));
  let soon: NodeJS.Timeout | undefined;
  const hear = (packet: DnsPacket, from: string) => {
    for (const offer of offersIn(packet, from)) {
      const known = [...found.values()];
      const there = known.filter(({ host }) => host === from).length;
      const hasRoom = known.length < MAX_FOUND && there < MAX_AT_ADDRESS;
      if (hasRoom && !found.has(offer.id)) found.set(offer.id, offer);
      soon ??= setTimeout(end, MORE);
    }
  };
  const lines = addresses().map((address) => open(address, hear, trouble));
  const ask = () => {
    const question = { name: SERVICE, type: 'PTR' };
    for (const line of lines) line.send({ type: 'query', questions: [question] });
  };
  ask();
  const asking = setInterval(ask, ASK);
  const last = setTimeout(end, patience);
  await over;
  clearInterval(asking);
  clearTimeout(last);
  clearTimeout(soon);
  await Promise.all(lines.map((line) => line.close()));
  return [...found.values()];
}

const isSame = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

function asksForUs(packet: DnsPacket): boolean {
  if (packet.type !== 'query') return false;
  return packet.questions.some(
    ({ name, type }) => isSame(name, SERVICE) && ['PTR', 'ANY'].includes(type),
  );
}

/** The records that tell of a class. A time to live of 0 takes them back. */
function answerOf(
  { id, name, network, port }: Announcement,
  address: string,
  ttl: number,
): DnsPacket {
  const instance = `${id}.${SERVICE}`;
  const target = `${id}.local`;
  const texts = [`network=${network}`, ...(name === null ? [] : [`name=${name}`])];
  const location = { port, target, priority: 0, weight: 0 };
  return {
    type: 'response',
    answers: [{ name: SERVICE, type: 'PTR', ttl, data: instance }],
    additionals: [
      { name: instance, type: 'SRV', ttl, data: location },
      { name: instance, type: 'TXT', ttl, data: texts },
      { name: target, type: 'A', ttl, data: address },
    ],
  };
}

const location = z.object({ port: z.int().min(1).max(65_535) });
const texts = z.array(z.union([z.string(), z.instanceof(Uint8Array)])).max(20);
const instanceName = z.string().regex(/^[0-9a-z]{1,40}\./i);
const textOf = z.object({
  network: z.string().regex(/^[0-9a-f]{64}$/),
  name: z
    .string()
    .regex(/^[^\p{Cc}\p{Cs}\p{Bidi_C}]{1,24}$/u)
    .nullable()
    .default(null),
});

/** Reads what a packet tells of classes. What it does not tell as it should is passed over. */
export function offersIn(packet: DnsPacket, host: string): Offer[] {
  if (packet.type !== 'response') return [];
  const records = [...packet.answers, ...(packet.additionals ?? [])];
  return records
    .filter(({ name, type, ttl }) => isSame(name, SERVICE) && type === 'PTR' && ttl !== 0)
    .flatMap(({ data }) => {
      const instance = instanceName.safeParse(data).data;
      if (instance === undefined) return [];
      const of = (wanted: string) =>
        records.find(({ name, type }) => isSame(name, instance) && type === wanted)?.data;
      const place = location.safeParse(of('SRV')).data;
      const lines = texts.safeParse(of('TXT')).data?.map(String);
      const pairs = lines?.map((line) => /^(\w+)=(.*)$/su.exec(line)?.slice(1) ?? []);
      const about = textOf.safeParse(Object.fromEntries(pairs ?? [])).data;
      if (place === undefined || about === undefined) return [];
      const [id = ''] = instance.split('.');
      return { id, ...about, port: place.port, host };
    });
}
