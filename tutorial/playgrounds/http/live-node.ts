import type {
  PageAnswer,
  PageRequest,
} from '../../../final/explorer/stand-ins/express.ts';

/** Where `./pychain` listens. */
export const LIVE = 'http://localhost:6001';

/** What came of asking a node outside of the page. */
export type LiveAnswer =
  | { readonly kind: 'answered'; readonly answer: PageAnswer }
  /** A node is there, but the browser does not show the page what it said. */
  | { readonly kind: 'hidden' }
  | { readonly kind: 'nobody' };

/** Asks the node that runs on this computer, as far as it and the browser allow. */
export async function askLiveNode(request: PageRequest): Promise<LiveAnswer> {
  const { method, target, headers, body } = request;
  try {
    const payload = body === '' ? null : body;
    const res = await fetch(LIVE + target, { method, headers, body: payload });
    return { kind: 'answered', answer: await answerOf(res) };
  } catch {
    return (await isListening()) ? { kind: 'hidden' } : { kind: 'nobody' };
  }
}

async function answerOf(res: Response): Promise<PageAnswer> {
  const headers = Object.fromEntries(res.headers);
  return { status: res.status, headers, body: await res.text() };
}

/** Without CORS a page may knock: it learns whether somebody answers, and nothing else. */
async function isListening(): Promise<boolean> {
  try {
    await fetch(`${LIVE}/blocks/latest`, { mode: 'no-cors' });
    return true;
  } catch {
    return false;
  }
}
