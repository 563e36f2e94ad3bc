import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { chromium as driver, type Browser, type Page } from 'playwright-core';
import { isSigned } from '#signatures';
import { root } from '../../tutorial/companion/kit.ts';
import { chromium, flags } from '../browser/chromium.mjs';
import { rightAnswers } from '../signatures/answers.ts';

/** What the page of these tests has. */
interface SignaturePage {
  readonly step: typeof import('#signatures');
  readonly answers: () => boolean[];
}
type Window = typeof globalThis & { readonly signatures: SignaturePage };

/** Step 8 and all cases as one script, with what stands in for Node in a page. */
async function script(): Promise<string> {
  const cases = join(root, 'test/signatures/cases.ts');
  const { outputFiles } = await build({
    stdin: {
      contents: `import * as step from '#signatures';
import { signatureCases } from ${JSON.stringify(cases)};
const answers = () => signatureCases().map((one) =>
  step.isSigned(one.text, one.signature, one.address));
globalThis.signatures = { step, answers };`,
      resolveDir: root,
    },
    bundle: true,
    write: false,
    format: 'iife',
    alias: { 'node:crypto': join(root, 'final/explorer/stand-ins/crypto.ts') },
  });
  return outputFiles[0]?.text ?? '';
}

describe('Step 8 in a browser, on a page that the browser does not call secure', () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await driver.launch({ executablePath: chromium ?? '', args: flags });
    page = await browser.newPage();
    await page.addScriptTag({ content: await script() });
  }, 120_000);
  afterAll(() => browser.close());

  it('judges each signature about which programs differ as OpenSSL does', async () => {
    expect(await page.evaluate(() => isSecureContext)).toBe(false);
    const answers = await page.evaluate(() =>
      (globalThis as Window).signatures.answers(),
    );
    expect(answers).toEqual(rightAnswers());
  }, 120_000);

  it('draws keys, and signs so that Node finds it right', async () => {
    const text = 'Grüße, 世界 🚀';
    const { keys, signature, again } = await page.evaluate((words) => {
      const { step } = (globalThis as Window).signatures;
      const drawn = step.newKeys();
      return {
        keys: drawn,
        signature: step.sign(words, drawn),
        again: step.newKeys(),
      };
    }, text);
    expect(isSigned(text, signature, keys.address)).toBe(true);
    expect(again.secret).not.toBe(keys.secret);
  });
});
