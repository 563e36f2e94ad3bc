/**
 * Runs tests once, in a worker behind a frame that may do nothing but run scripts. Browsers that give
 * such a frame a process of its own lose no more than that when a program takes all memory: the page
 * stays. The frame also keeps programs away from what the site has stored.
 *
 * @module
 */
import { Gathering, REST } from '../companion/gather.ts';
import type { Outcome } from '../companion/runner.ts';
import type { Greeting, TestOrder, TestReport } from './messages.ts';

/** How long to wait for the frame to answer once it is there, in milliseconds. */
const ANSWER = 5_000;

/** How much longer than a test may take it may take to hear of it, in milliseconds. */
const GRACE = 500;

/** What runs in the frame: it starts the worker of which it gets the text. */
export const FRAME_SCRIPT = `addEventListener('message', ({ data, ports: [port, reports] }) => {
  const worker = new Worker(URL.createObjectURL(new Blob([data], { type: 'text/javascript' })));
  worker.onerror = ({ message }) => port.postMessage(message ?? '');
  worker.postMessage(undefined, [reports]);
});
parent.postMessage('here', '*');`;

interface Watching {
  /** After how long without a sign of life the program is stuck, in milliseconds. */
  readonly stuck: number;
  readonly onFailure: (outcome: Outcome) => void;
}

/** A worker that runs tests once. */
export class Tester {
  /** What the worker tells. */
  readonly #reports: MessagePort;
  /** What goes wrong with it. */
  readonly #control: MessagePort;
  readonly #frame = document.createElement('iframe');
  /** Settles when it can take an order, or when it never will. */
  readonly #ready: Promise<void>;
  #worker: Worker | undefined;
  #slowness = 1;
  #isOver = false;
  readonly #errors: string[] = [];
  #end: () => void = () => undefined;

  /** @param program - the text of the worker */
  constructor(program: Promise<string>) {
    const [control, reports] = [new MessageChannel(), new MessageChannel()];
    [this.#control, this.#reports] = [control.port1, reports.port1];
    this.#ready = new Promise((resolve) => {
      this.#end = resolve;
      this.#reports.onmessage = ({ data }: MessageEvent<Greeting>) => {
        this.#slowness = data.slowness;
        this.#reports.onmessage = null; // it goes on to tell that it lives
        resolve();
      };
    });
    this.#control.onmessage = ({ data }: MessageEvent<string>) => this.#fail(data);
    // The browser closes it where the process of the frame has ended.
    this.#control.addEventListener('close', () => this.close());
    void this.#start(program, [control.port2, reports.port2]);
  }

  /** Whether it has run, or never will. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Ends it; what runs is over with that. */
  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#frame.remove();
    this.#worker?.terminate();
    this.#control.close();
    this.#reports.close();
    this.#end();
  }

  /** Runs tests; a slow machine has as much more time as it needs. */
  async run({ job, modules }: TestOrder, watching: Watching): Promise<Outcome> {
    const gathering = new Gathering(job.bail, { onFailure: watching.onFailure });
    let watchdog: ReturnType<typeof setTimeout> | undefined;
    let patience: ReturnType<typeof setTimeout> | undefined;
    let rest: ReturnType<typeof setTimeout> | undefined;
    await this.#ready; // a busy machine may take long to start it
    if (this.#errors.length > 0)
      throw new Error(
        `The tests did not start: ${this.#errors.join(' ')} Load the page again.`,
      );
    if (this.#isOver) return gathering.outcome();
    const stuck = watching.stuck * this.#slowness;
    const timeout = job.timeout * this.#slowness;
    const over = new Promise<void>((resolve) => (this.#end = resolve));
    const watch = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => {
        gathering.stuck(stuck);
        this.#end();
      }, stuck);
    };
    // A test that takes too long says so itself, as long as there is memory left for that.
    const expectNext = () => {
      clearTimeout(patience);
      patience = setTimeout(this.#end, timeout + GRACE);
    };
    this.#reports.onmessage = ({ data }: MessageEvent<TestReport>) => {
      if (data.type === 'output') return gathering.print(data.text);
      if (data.type === 'exit') return this.#end();
      watch();
      if (data.type !== 'alive') expectNext();
      if (gathering.take(data)) rest = setTimeout(this.#end, REST);
      if (data.type === 'done') this.#end();
    };
    watch();
    expectNext();
    const order: TestOrder = { job: { ...job, timeout }, modules };
    this.#reports.postMessage(order);
    await over;
    if (this.#errors.length > 0) gathering.print(this.#errors.join('\n'));
    for (const timer of [watchdog, patience, rest]) clearTimeout(timer);
    return gathering.outcome();
  }

  #fail(words: string): void {
    this.#errors.push(words || 'It could not be loaded.');
    this.close();
  }

  async #start(program: Promise<string>, ports: MessagePort[]): Promise<void> {
    try {
      const text = await program;
      const room = await this.#frameIsThere();
      if (this.#isOver) return;
      if (room !== undefined) room.postMessage(text, '*', ports);
      else this.#startInPage(text, ports);
    } catch (error) {
      this.#fail(error instanceof Error ? error.message : String(error));
    }
  }

  /** Returns the window of the frame; undefined where a policy does not let its script run. */
  async #frameIsThere(): Promise<Window | undefined> {
    const frame = this.#frame;
    [frame.hidden, frame.title] = [true, 'Where tests run'];
    frame.setAttribute('sandbox', 'allow-scripts');
    frame.srcdoc = `<script>${FRAME_SCRIPT}</script>`;
    return new Promise((resolve) => {
      const hear = ({ source }: MessageEvent) => {
        if (source === null || source !== frame.contentWindow) return;
        removeEventListener('message', hear);
        resolve(frame.contentWindow);
      };
      addEventListener('message', hear);
      frame.onload = () =>
        setTimeout(() => {
          removeEventListener('message', hear);
          resolve(undefined);
        }, ANSWER);
      document.body.append(frame);
    });
  }

  /** Starts the worker without a frame: it then shares memory with the page. */
  #startInPage(text: string, [control, reports]: MessagePort[]): void {
    const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
    this.#worker = new Worker(url);
    URL.revokeObjectURL(url);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(event.message);
    };
    if (control !== undefined && reports !== undefined)
      this.#worker.postMessage(undefined, [reports]);
  }
}
