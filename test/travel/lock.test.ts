/** What a bundle makes of package-lock.json. */
import { describe, expect, it } from '@jest/globals';
import { wanted, withPlaces, withoutPlaces } from '../../scripts/lock.mjs';

const integrity = 'sha512-AAAA';
const lockOf = (packages: object) =>
  `${JSON.stringify({ name: 'kit', lockfileVersion: 3, packages }, null, 2)}\n`;
const lock = lockOf({
  '': { name: 'kit', version: '1.0.0' },
  'node_modules/tool': { version: '1.0.0', integrity },
  'node_modules/@some/tool': { version: '2.0.0', integrity },
  'node_modules/other/node_modules/tool': { version: '3.0.0', integrity },
  'node_modules/alias': { name: 'real', version: '4.0.0', integrity },
});

describe('The packages of a bundle', () => {
  it('are those that package-lock.json names, each once, with their digests', () => {
    const specs = ['tool@1.0.0', '@some/tool@2.0.0', 'tool@3.0.0', 'real@4.0.0'];
    expect([...wanted(lock)]).toEqual(specs.map((spec) => [spec, integrity]));
  });

  it.each([
    ['Linux', { os: ['linux'], cpu: ['x64'], libc: ['glibc'] }, true],
    ['macOS', { os: ['darwin'] }, true],
    ['Windows on ARM', { os: ['win32'], cpu: ['arm64'] }, true],
    ['all systems but one', { os: ['!win32'] }, true],
    ['a Linux that is rare on desks', { os: ['linux'], libc: ['musl'] }, false],
    ['another system', { os: ['freebsd'], cpu: ['x64'] }, false],
    ['another processor', { os: ['linux'], cpu: ['s390x'] }, false],
    ['browsers', { cpu: ['wasm32'] }, false],
  ])(
    'with machine code for %s are in it where a class may need them',
    (_what, one, isIn) => {
      const of = lockOf({ 'node_modules/code': { version: '1.0.0', integrity, ...one } });
      expect(wanted(of).size).toBe(isIn ? 1 : 0);
    },
  );
});

describe('The package-lock.json of a bundle', () => {
  const files = new Map([['tool@3.0.0', 'tool-3.0.0.tgz']]);

  it('names the file of each package that is there, and says the rest as before', () => {
    const placed = withPlaces(lock, files);
    expect(placed.match(/"resolved": .*/g)).toEqual([
      '"resolved": "file:packages/tool-3.0.0.tgz"',
    ]);
    expect(placed.replace(/,\n *"resolved": .*/, '')).toBe(lock);
  });

  it('becomes that of the project again where the kit is laid out anew', () => {
    expect(withoutPlaces(withPlaces(lock, files))).toBe(lock);
  });

  it('that names no files stays as it is, byte for byte', () => {
    const compact = JSON.stringify(JSON.parse(lock));
    expect(withoutPlaces(compact)).toBe(compact);
  });
});
