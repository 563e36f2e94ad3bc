/**
 * The blocks that somebody has taken into the page, and what they have made of them. They stay
 * when the view is left, and over a reload.
 *
 * @module
 */
import { checkShape, type Block } from '#blocks';
import { fields, type Draft } from '../components/block.ts';
import { kept } from './kept.ts';

const isBlock = (value: unknown): value is Block => checkShape(value) === undefined;
const isDraft = (value: unknown): value is Draft =>
  typeof value === 'object' && value !== null && fields.every((field) => field in value);
const isIndex = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;
const listOf =
  <T>(isOne: (value: unknown) => value is T) =>
  (value: unknown): value is readonly T[] =>
    Array.isArray(value) && value.every(isOne);

/** The index of the first block. */
export const wanted = kept('tamper-index', 0, isIndex);
/** The block before it; null before the genesis block. */
export const parent = kept<Block | null>(
  'tamper-parent',
  null,
  (value): value is Block | null => value === null || isBlock(value),
);
/** The blocks as the node has them. */
export const honest = kept<readonly Block[]>('tamper-honest', [], listOf(isBlock));
/** The blocks as they are now. */
export const blocks = kept<readonly Draft[]>('tamper-blocks', [], listOf(isDraft));
/** Which of them shows its fields; null if none does. */
export const opened = kept<number | null>(
  'tamper-opened',
  0,
  (value): value is number | null => value === null || isIndex(value),
);
