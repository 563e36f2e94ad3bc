import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import express, { type RequestHandler } from 'express';
import { Problem, problemHandler } from '#http';

let server: Server | undefined;
const log = jest.spyOn(console, 'error');

beforeEach(() => {
  log.mockReset().mockReturnValue();
});
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

/** Serves one route behind problemHandler, and returns its url. */
async function serve(route: RequestHandler): Promise<string> {
  server = express().get('/', route).use(problemHandler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** What a client gets to see of a route that throws. */
async function answerTo(route: RequestHandler) {
  const res = await fetch(await serve(route));
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

    it.each([
      ['a text', 'oops'],
      ['a number', 42],
      ['an object without a status', {}],
      ['an error whose status is that of a process', { status: 1 }],
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

    it('breaks an answer off that had begun already, and the next one is served', async () => {
      let requests = 0;
      const url = await serve((_req, res) => {
        requests += 1;
        if (requests > 1) return res.end('all of it');
        res.writeHead(200, { 'Content-Length': 100 }).write('some of it');
        throw new Error('in the middle');
      });
      await expect(fetch(url).then((res) => res.text())).rejects.toThrow();
      expect(await fetch(url).then((res) => res.text())).toBe('all of it');
    });
  });
});
