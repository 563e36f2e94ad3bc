/**
 * What Node and browsers both have, and browsers do in other words or not quite as the standard says.
 *
 * @module
 */

/** A percent sign in the name of a host is refused by the standard, and by Node; not by Chromium. */
const refuses = ({ protocol, hostname }: URL) =>
  /^(https?|wss?|ftp):$/.test(protocol) && hostname.includes('%');

const BrowserUrl = URL;

class NodeUrl extends BrowserUrl {
  constructor(url: string | URL, base?: string | URL) {
    super(url, base);
    if (refuses(this)) throw new TypeError('Invalid URL');
  }

  static override canParse(url: string | URL, base?: string | URL): boolean {
    return BrowserUrl.canParse(url, base) && !refuses(new BrowserUrl(url, base));
  }
}
Object.defineProperty(NodeUrl, 'name', { value: 'URL' });

const BrowserAbortController = AbortController;

/** The error of a search that was aborted; only one that the browser makes knows where that was. */
function aborted(): unknown {
  const controller = new BrowserAbortController();
  controller.abort();
  const reason = controller.signal.reason as object;
  return Object.defineProperty(reason, 'message', {
    value: 'This operation was aborted',
  });
}

class NodeAbortController extends BrowserAbortController {
  override abort(reason: unknown = aborted()): void {
    super.abort(reason);
  }
}
Object.defineProperty(NodeAbortController, 'name', { value: 'AbortController' });

/** Puts Node's in the place of the browser's. */
export function installWeb(): void {
  Object.assign(globalThis, { URL: NodeUrl, AbortController: NodeAbortController });
}
