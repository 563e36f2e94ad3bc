import { writeFileSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { readContracts } from './contracts.ts';
import { isGives, refreshed } from './gives.ts';
import { carryOver, join, listingProblems, listingsOf, readSources } from './listings.ts';
import { at, examplesOf, isNamed, readPages, withTexts, type Fence } from './markdown.ts';
import { isSession, missingPrograms, runSession } from './sessions.ts';

const root = joinPath(import.meta.dirname, '..', '..');
const only = process.argv.slice(2);

const pages = readPages(root);
const unknown = only.find((name) => !pages.some((page) => isNamed(page, name)));
if (unknown !== undefined) {
  console.error(
    `There is no page "${unknown}". Name chapters by their files, as final, or by numbers, as 03.`,
  );
  process.exit(2);
}
const sources = readSources(root);
const texts = new Map<Fence, string>();
for (const [file, pieces] of listingsOf(pages)) {
  const source = sources.get(file);
  if (source === undefined || source === join(pieces)) continue;
  const parts = carryOver(
    pieces.map(({ fence }) => fence.text),
    source,
  );
  for (const [i, { fence }] of pieces.entries()) texts.set(fence, parts[i] ?? '');
}
for (const { page, fence, text, problem } of await readContracts(pages, root)) {
  if (text !== undefined) texts.set(fence, text);
  else console.error(`${at(page, fence)}: ${problem}`);
}
for (const page of pages) {
  if (only.length > 0 && !only.some((name) => isNamed(page, name))) continue;
  if (page.fences.some(isGives)) console.log(`Running the examples of ${page.path} …`);
  for (const [fence, text] of await refreshed(page, root)) texts.set(fence, text);
  for (const fence of page.fences.filter(isSession)) {
    const missing = missingPrograms(fence.text);
    if (missing.length > 0) {
      console.log(`${at(page, fence)} is left as it is: it needs ${missing.join(', ')}.`);
      continue;
    }
    console.log(`Running ${at(page, fence)} …`);
    texts.set(fence, await runSession(fence.text, root, examplesOf(page)));
  }
}
for (const page of pages) {
  const text = withTexts(page, texts);
  if (text === page.text) continue;
  writeFileSync(joinPath(root, page.path), text);
  console.log(`Refreshed ${page.path}`);
}
for (const problem of listingProblems(readPages(root), sources)) {
  console.error(problem);
  process.exitCode = 1;
}
