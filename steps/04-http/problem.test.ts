import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { Problem, problemHandler } from '#http';
import { inTime } from './in-time-for-test.ts';

let server: Server | undefined;
const log = jest.spyOn(console, 'error');

beforeEach(() => {
  log.mockReset().mockReturnValue();
});
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

/** Serves one route before problemHandler, and returns its url. */
async function serve(
  route: RequestHandler,
  { before = pass, after = passOn } = {},
): Promise<string> {
  server = express()
    .all('/', before, route)
    .use(problemHandler)
    .use(after)
    .listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const pass: RequestHandler = (_req, _res, next) => next();
const passOn: ErrorRequestHandler = (error, _req, _res, next) => next(error);

/** What a client gets to see of a route that throws. */
async function answerTo(route: RequestHandler) {
  const res = await inTime(fetch(await serve(route)), 'an answer');
  const text = await res.text();
  return { status: res.status, type: res.headers.get('content-type'), text };
}

function throwing(error: unknown): RequestHandler {
  return () => {
    throw error;
  };
}

describe('Task 1: problems', () => {
  describe('Problem', () => {
    it('is an Error that carries the status and the sentence', () => {
      const problem = new Problem(404, 'There is no block 7.');
      expect(problem).toBeInstanceOf(Error);
      expect({ status: problem.status, message: problem.message }).toEqual({
        status: 404,
        message: 'There is no block 7.',
      });
    });
  });

  describe('problemHandler', () => {
    it('answers a Problem as application/problem+json, with status, title and detail', async () => {
      const answer = await answerTo(throwing(new Problem(404, 'There is no block 7.')));
      expect(answer).toMatchObject({
        status: 404,
        type: expect.stringMatching(/^application\/problem\+json/),
      });
      expect(JSON.parse(answer.text)).toMatchObject({
        status: 404,
        title: 'Not Found',
        detail: 'There is no block 7.',
      });
    });

    it('gives no empty `type`: without one, the title says it all', async () => {
      const { text } = await answerTo(throwing(new Problem(404, 'There is no block 7.')));
      const { type = 'about:blank' } = JSON.parse(text) as { type?: unknown };
      expect(type).toEqual(expect.stringMatching(/\w/));
    });

    it('answers what an async route throws just the same', async () => {
      const answer = await answerTo(() => Promise.reject(new Problem(503, 'Try later.')));
      expect(answer.status).toBe(503);
      expect(JSON.parse(answer.text)).toMatchObject({
        title: 'Service Unavailable',
        detail: 'Try later.',
      });
    });

    it('logs nothing for a Problem: it is the client that is told', async () => {
      await answerTo(throwing(new Problem(404, 'There is no block 7.')));
      expect(log).not.toHaveBeenCalled();
    });

    it('answers 500 to an unexpected error, and keeps its text and stack for the log', async () => {
      const error = new Error('the password is hunter2');
      const answer = await answerTo(throwing(error));
      expect(answer).toMatchObject({
        status: 500,
        type: expect.stringMatching(/^application\/problem\+json/),
      });
      expect(JSON.parse(answer.text)).toMatchObject({
        status: 500,
        title: 'Internal Server Error',
        detail: expect.stringMatching(/\w+ \w+/),
      });
      expect(answer.text).not.toMatch(/hunter2|problem\.test|node_modules/);
      expect(log).toHaveBeenCalledWith(error);
    });

    it.each([400, 413, 422, 499])(
      'answers an error of express with status %i by this status, in other words',
      async (status) => {
        const error = Object.assign(new Error('Unexpected token x'), { status });
        const answer = await answerTo(throwing(error));
        expect(answer).toMatchObject({
          status,
          type: expect.stringMatching(/^application\/problem\+json/),
        });
        expect(JSON.parse(answer.text)).toMatchObject({
          status,
          detail: expect.stringMatching(/\w+ \w+/),
        });
        expect(answer.text).not.toMatch(/Unexpected token|problem\.test|node_modules/);
        expect(log).not.toHaveBeenCalled();
      },
    );

    it.each([
      ['is no JSON', 400, '{"data":', {}, /json/i],
      ['is too large', 413, '[1,2,3,4,5,6,7]', {}, /\d/],
      [
        'is of an unknown character set',
        415,
        '[]',
        { 'Content-Type': 'application/json; charset=klingon' },
        /utf-8/i,
      ],
      [
        'is of an unknown encoding',
        415,
        '[]',
        { 'Content-Encoding': 'klingon' },
        /encoding|as it is/i,
      ],
    ])(
      'tells a client whose body %s what to do, by status %i',
      async (_name, status, body, headers, words) => {
        const url = await serve((_req, res) => res.json('read'), {
          before: express.json({ limit: 10 }),
        });
        const request = { 'Content-Type': 'application/json', ...headers };
        const res = await inTime(
          fetch(url, { method: 'POST', body, headers: request }),
          'an answer',
        );
        const answer = await res.json();
        expect({ ...(answer as object), found: res.status }).toMatchObject({
          found: status,
          status,
          detail: expect.stringMatching(words),
        });
        expect(JSON.stringify(answer)).not.toMatch(/Unexpected|klingon|node_modules/);
      },
    );

    it.each([
      ['a text', 'oops'],
      ['a number', 42],
      ['an object without a status', {}],
      ['an error whose status is that of a process', { status: 1 }],
      ['an error whose status says that the server failed', { status: 500 }],
      ['an error whose status is just below', { status: 399 }],
      ['an error whose status is no error', { status: 204 }],
      ['an error whose status is not a number', { status: '404' }],
    ])('answers 500 when a route throws %s', async (_name, thrown) => {
      const answer = await answerTo(throwing(thrown));
      expect(answer).toMatchObject({
        status: 500,
        type: expect.stringMatching(/^application\/problem\+json/),
      });
      expect(log).toHaveBeenCalledWith(thrown);
    });

    it('hands an error on as it is when an answer has begun, and express breaks it off', async () => {
      let requests = 0;
      const passedOn: unknown[] = [];
      const error = new Error('in the middle');
      const url = await serve(
        (_req, res) => {
          requests += 1;
          if (requests > 1) return res.end('all of it');
          res.writeHead(200, { 'Content-Length': 100 }).write('some of it');
          throw error;
        },
        {
          after: (error, _req, _res, next) => {
            passedOn.push(error);
            next(error);
          },
        },
      );
      const get = () =>
        inTime(
          fetch(url).then((res) => res.text()),
          'an answer',
        );
      await expect(get()).rejects.toThrow(/terminated|fetch failed|socket/);
      expect(passedOn).toEqual([error]);
      expect(await get()).toBe('all of it');
    });
  });
});
