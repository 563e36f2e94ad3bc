import { describe, expect, it } from '@jest/globals';
import { LinkError } from '../shared/link.ts';
import {
  curlLine,
  examples,
  format,
  isOwn,
  pretty,
  rawAnswer,
  rawRequest,
  requestOf,
  start,
} from './exchange.ts';

const post = { method: 'POST', target: '/blocks', contentType: 'application/json' };

describe('The HTTP playground', () => {
  it('writes a request as it goes over the wire', () => {
    expect(rawRequest(requestOf({ ...post, body: '{"data":"é"}' }))).toBe(
      [
        'POST /blocks HTTP/1.1',
        'Host: localhost:6001',
        'Content-Type: application/json',
        'Content-Length: 13',
        '',
        '{"data":"é"}',
      ].join('\n'),
    );
  });

  it('sends no body with GET, and a path that a request line can hold', () => {
    const draft = { ...post, method: 'GET', target: 'blocks/a b', body: '{}' };
    expect(rawRequest(requestOf(draft))).toBe(
      'GET /blocks/a%20b HTTP/1.1\nHost: localhost:6001\n\n',
    );
  });

  it('writes an answer with the words of its status', () => {
    const headers = { 'content-type': 'application/json' };
    expect(rawAnswer({ status: 404, headers, body: '{}' })).toBe(
      'HTTP/1.1 404 Not Found\nContent-Type: application/json\n\n{}',
    );
  });

  it.each([
    ['GET', '/blocks/latest', '', 'curl -i localhost:6001/blocks/latest'],
    ['GET', '/blocks?limit=2', '', "curl -i 'localhost:6001/blocks?limit=2'"],
    [
      'POST',
      '/blocks',
      '{"data":"x"}',
      `curl -i --json '{"data":"x"}' localhost:6001/blocks`,
    ],
    ['PUT', '/blocks', '', 'curl -i -X PUT localhost:6001/blocks'],
  ])('gives the curl line for %s %s %s', (method, target, body, line) => {
    const contentType = 'application/json';
    expect(curlLine(requestOf({ method, target, contentType, body }))).toBe(line);
  });

  it('has examples with names of their own', () => {
    expect(new Set(examples.map(({ name }) => name)).size).toBe(examples.length);
  });

  it('quotes what a shell would take apart', () => {
    const body = `{"data":"it's"}`;
    const line = curlLine(requestOf({ ...post, body }));
    expect(line).toBe(`curl -i --json '{"data":"it'\\''s"}' localhost:6001/blocks`);
  });

  it('lays JSON out on lines of its own, and leaves all else as it came', () => {
    const answer = { status: 200, headers: {}, body: '{"a":[1]}' };
    expect(pretty(answer).body).toBe('{\n  "a": [\n    1\n  ]\n}');
    expect(pretty({ ...answer, body: 'not JSON' }).body).toBe('not JSON');
  });

  it('knows a request that somebody has composed', () => {
    expect(examples.map(isOwn)).toEqual(examples.map(() => false));
    expect(isOwn({ ...post, method: 'PUT', body: '' })).toBe(true);
  });

  it('stands in a link with its draft, the body only where one is sent', () => {
    const draft = { ...post, body: '{"data":"&é"}' };
    expect(format.read(format.write(draft))).toEqual(draft);
    expect(format.write(start)).toEqual({ method: 'GET', path: '/blocks/latest' });
    expect(format.read({})).toBe(start);
    expect(() => format.read({ method: 'TRACE' })).toThrow(LinkError);
    expect(() => format.read({ path: 'x'.repeat(301) })).toThrow(LinkError);
  });
});
