import { spawn } from 'node:child_process';

/** What opens a page, by the system: without a shell, since a url is data. */
const OPENERS: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/**
 * Has the system's browser open a page.
 *
 * @param fail - is called where there is none
 */
export function openPage(url: string, fail: () => void): void {
  const [program = '', ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true });
  child.once('error', fail);
  child.once('exit', (code) => {
    if (code !== 0) fail();
  });
  child.unref();
}
