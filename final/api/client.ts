import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { text as textOf } from 'node:stream/consumers';

/** An answer that says no, in the words of the node. */
export class Refused extends Error {
  /** The HTTP status. */
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

/** Asks the API of a node from another process. */
export class ApiClient {
  /** Where the API is: `http://host:port`. */
  readonly url: string;

  /** @param url - where the API is, as `http://host:port` */
  constructor(url: string) {
    this.url = url;
  }

  /** Asks for what is at a path. The type is that of the contract in `schemas.ts`. */
  async get<T>(path: string): Promise<T> {
    return this.#read<T>(await this.send(path));
  }

  /** Posts a value as JSON, and waits for the answer for as long as it takes. */
  async post<T>(path: string, value: unknown): Promise<T> {
    return this.#read<T>(await this.send(path, JSON.stringify(value)));
  }

  /**
   * Asks, or posts JSON, and waits for the head of the answer. Unlike `fetch`, this does not
   * give up after five minutes: to mine a block may take longer.
   *
   * @throws Error with a sentence if no node answers
   */
  async send(path: string, json?: string): Promise<IncomingMessage> {
    const sent = request(this.url + path, {
      method: json === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json' },
    });
    sent.end(json);
    const answer = once(sent, 'response') as Promise<[IncomingMessage]>;
    const [response] = await answer.catch(() => {
      throw new Error(
        `No node answers at ${this.url}. Start one with ./pychain, or say which with -p.`,
      );
    });
    return response;
  }

  async #read<T>(response: IncomingMessage): Promise<T> {
    let body: unknown;
    try {
      body = JSON.parse(await textOf(response));
    } catch {
      throw new Error(
        `What answers at ${this.url} is not the API of a Pychain node. Take the port that stands ` +
          'behind "HTTP API" where the node was started.',
      );
    }
    const { statusCode = 0 } = response;
    if (statusCode < 400) return body as T;
    const { detail = `HTTP status ${statusCode}` } = body as { detail?: string };
    throw new Refused(statusCode, detail);
  }
}
