/**
 * Which code of a step belongs to which task: a chapter shows it, piece by piece.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathOf, root, type Step } from '../../tutorial/companion/kit.ts';
import { parsePage, wordOf } from '../../tutorial/sync/markdown.ts';
import { tasksOf } from '../../tutorial/sync/tasks.ts';

/** A piece of a listing: the number of the task that shows it, and how long it is. */
export interface Piece {
  readonly task: number;
  readonly length: number;
}

/** Returns the pieces of the files of a step, each with the task under which the chapter shows it. */
export function piecesOf(step: Step): Map<string, Piece[]> {
  const path = pathOf.chapter(step);
  const text = readFileSync(join(root, path), 'utf8').replaceAll('\r\n', '\n');
  const page = parsePage(path, text);
  const tasks = tasksOf(page);
  const pieces = new Map<string, Piece[]>();
  for (const fence of page.fences) {
    const file = basename(wordOf(fence, 'file') ?? '');
    const task = tasks.findLastIndex(({ first }) => first < fence.first) + 1;
    if (!step.sources.includes(file)) continue;
    pieces.set(file, [...(pieces.get(file) ?? []), { task, length: fence.text.length }]);
  }
  return pieces;
}

/** Returns the number of the task that a place of a file belongs to; 0 if to none. */
export function taskAt(pieces: readonly Piece[], position: number): number {
  let end = 0;
  return pieces.find(({ length }) => (end += length) > position)?.task ?? 0;
}
