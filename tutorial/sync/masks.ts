import { stripVTControlCharacters } from 'node:util';

// What differs from run to run, and what the comparison puts in its place.
const masks: readonly (readonly [pattern: RegExp, mask: string])[] = [
  [/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>'],
  [/\b\d\d:\d\d:\d\d\b/g, '<time>'],
  [/\b1[7-9]\d{11}\b/g, '<time>'], // a timestamp in milliseconds
  [/ \([\d.]+ m?s\)$/gm, ''], // what jest adds to a slow test
  [/,? ?estimated \d+ s/g, ''],
  [/\b\d[\d.,]* ?(ns|µs|ms|s|seconds?)(?![\w])/g, '<duration>'],
  [/\b00[0-9a-f]{6,62}\b/g, '<mined hash>'],
  [/<mined hash>…(\s+)[\d,]+/g, '<mined hash>…$1<count>'],
  [/(nonce"?:?\s+|nonce":)[\d,]+/g, '$1<nonce>'],
  [/("id":\s*"|^node +|bound +\S+ +)[0-9a-f]{32}/gm, '$1<id>'], // of a node
  [/(localhost|127\.0\.0\.1):\d+/g, '$1:<port>'],
  [/\b[\d.,]+ ?[kMG]?(H\/s|hashes a second)/g, '<rate>'],
  [
    /^Found (at the first try|after [\d.]+( [kMG])? tries at <rate>: [<>]?\d+ % .*)\.$/gm,
    '<what the find took>',
  ],
  [/^( *(?:payment|from|to|address|rewards to) +)[0-9a-f]{64}$/gm, '$1<key>'],
  [/^(reward +.* to )[0-9a-f]{64}$/gm, '$1<key>'],
  [/^( *[\d,]+ +)[0-9a-f]{64}(?= |$)/gm, '$1<key>'], // what somebody has
  [/\b[0-9a-f]{8,12}…(?= (to|has) )/g, '<key>…'],
  [/ to [0-9a-f]{8,12}…( +[0-9a-f]{12}…)?/g, ' to <key>…'],
  [/^A worker process has failed to exit gracefully.*\n/gm, ''], // jest, on a busy machine
  [/\b\d[\d,.]*( \w+)? years here/g, '<years> here'],
  [/\bv\d+\.\d+\.\d+\b/g, '<version>'],
  [/[ \t]+/g, ' '], // columns move with the width of what stands in them
  [/ $/gm, ''],
];

// Lines that come in any order: events in several processes, test files that finish.
const unordered = [/ heard of it from /, /^PASS /];

/** Returns what is the same each time that a command of a session runs. */
export function masked(output: string): string {
  let text = stripVTControlCharacters(output);
  for (const [pattern, mask] of masks) text = text.replace(pattern, mask);
  let lines = text.trimEnd().split('\n');
  for (const kind of unordered) lines = sortRuns(lines, kind);
  return lines.join('\n');
}

/** Sorts lines of one kind that follow each other. */
function sortRuns(lines: readonly string[], kind: RegExp): string[] {
  const sorted: string[] = [];
  let run: string[] = [];
  for (const line of [...lines, '']) {
    if (kind.test(line)) run.push(line);
    else {
      sorted.push(...run.sort(), line);
      run = [];
    }
  }
  return sorted.slice(0, -1);
}

/** Whether an output is what a chapter shows, where a line `…` stands for any lines. */
export function sameOutput(shown: string, output: string): boolean {
  const parts = masked(shown).split(/^…$/m);
  const pattern = parts.map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${pattern.join('[^]*')}$`).test(masked(output));
}
