import { z } from 'zod';
import { Problem } from './problem.ts';

/**
 * Returns `value` as `schema` describes it.
 *
 * @throws `Problem` 400 with the schema's own words about what is wrong first
 */
export function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Problem(400, result.error.issues[0]?.message ?? 'The request is malformed.');
}

const count = z
  .stringFormat('count', /^\d{1,15}$/, {
    error: 'Give "from" and "limit" as numbers from 0.',
  })
  .transform(Number);

/**
 * The query of `GET /blocks`: two texts of 1 to 15 digits, which become numbers. `from` is 0
 * unless given, `limit` is Infinity unless given; all else in a query is left out. What is wrong
 * with one of them is told in words that name it.
 */
export const range: z.ZodType<{ from: number; limit: number }> = z.object({
  from: count.default(0),
  limit: count.default(Infinity),
});

/**
 * The body of `POST /blocks`: an object whose own `data` is a well-formed text, without half
 * characters. What is wrong is told in words that name `data`, or say that a JSON object is
 * wanted.
 */
export const newBlock: z.ZodType<{ data: string }> = z.object(
  {
    data: z
      .string({ error: 'Give "data" as a text.' })
      .refine((data) => data.isWellFormed(), {
        error: 'Give "data" as well-formed Unicode.',
      }),
  },
  { error: 'Send a JSON object such as {"data":"hello"}.' },
);
