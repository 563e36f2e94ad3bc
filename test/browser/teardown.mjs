import { rmSync } from 'node:fs';

export default function teardown() {
  globalThis.siteServer?.close();
  globalThis.siteServer?.closeAllConnections();
  rmSync(process.env.SITE_FOLDER, { recursive: true, force: true });
}
