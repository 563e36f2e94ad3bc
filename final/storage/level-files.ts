import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** LevelDB's log files are made of blocks of this size (its `doc/log_format.md`). */
const BLOCK = 32_768;

/** A record begins with its checksum, its length and its type. */
const HEADER = 7;

/**
 * Says what is wrong with the files of a LevelDB database, before LevelDB opens them: it would
 * throw away without a word what it cannot read in its logs, and with it newer blocks.
 *
 * @returns undefined if nothing is wrong or if there is no database
 */
export async function findDamage(folder: string): Promise<string | undefined> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.'));
  const files = names.filter((name) => /^(MANIFEST-\d+|\d+\.(log|ldb|sst))$/.test(name));
  if (files.length === 0 && !names.includes('CURRENT')) return undefined;
  for (const part of ['CURRENT', '.log']) {
    if (!names.some((name) => name.endsWith(part))) return `its file ${part} is missing`;
  }
  const current = await readFile(join(folder, 'CURRENT'), 'latin1');
  if (!names.includes(current.trim()))
    return 'its file MANIFEST is not where CURRENT says';
  for (const name of files) {
    const isLog = name.endsWith('.log');
    if (!isLog && !name.startsWith('MANIFEST')) continue;
    // What was being written at a power failure was not acknowledged, so a log may end early.
    const end = checkLog(await readFile(join(folder, name)));
    if (end === 'bad' || (end === 'torn' && !isLog)) return `its file ${name} is damaged`;
  }
  return undefined;
}

function checkLog(bytes: Buffer): 'good' | 'torn' | 'bad' {
  for (let start = 0; start < bytes.length;) {
    const room = BLOCK - (start % BLOCK);
    if (room < HEADER) {
      start += room; // too little for a record
      continue;
    }
    if (start + HEADER > bytes.length) return 'torn';
    const checksum = bytes.readUInt32LE(start);
    const length = bytes.readUInt16LE(start + 4);
    const end = start + HEADER + length;
    if (checksum === 0 && bytes.subarray(start).every((byte) => byte === 0))
      return 'torn';
    if (HEADER + length > room) return 'bad';
    const found = lengthOf(checksum, bytes.subarray(start + 6, end));
    if (end > bytes.length && found === undefined) return 'torn';
    if (found !== length) return 'bad';
    start = end;
  }
  return 'good';
}

/** Returns how many bytes after the type the checksum vouches for, if it vouches for any. */
function lengthOf(checksum: number, record: Buffer): number | undefined {
  let crc = 0xffff_ffff;
  let found: number | undefined;
  for (const [i, byte] of record.entries()) {
    crc = (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] ?? 0);
    if (mask(~crc) === checksum) found = i;
  }
  return found;
}

/** LevelDB stores checksums so that they differ from the checksums of what holds them. */
function mask(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282_ead8) >>> 0;
}

/** The CRC-32C (RFC 3720, appendix B.4) of each byte. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f6_3b78 : 0);
  return crc >>> 0;
});
