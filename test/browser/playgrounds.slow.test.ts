import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import express, { type RequestHandler } from 'express';
import { chromium, type Locator, type Page } from 'playwright-core';
import {
  Chain,
  blockRules,
  brokenRule,
  genesisBlock,
  nextBlock,
  type Block,
} from '#blocks';
import { sha256 } from '#hashing';
import { MiningQueue, createApi } from '#http';
import { leadingZeroBits, mine, workRules } from '#proof-of-work';
import { challenges } from '../../tutorial/playgrounds/shared/challenges.ts';
import { hostGuard } from '../../final/api/guards.ts';
import { chromium as executable, flags } from './chromium.mjs';
import { someLooks, axe, siteUrl, withBrowser, type Looks } from './harness.ts';

const { visit } = withBrowser();

let page: Page;
let troubles: string[] = [];

afterEach(async () => {
  await page.context().close();
  expect(troubles).toEqual([]);
});

/** Opens the page with all playgrounds, and returns one of them. */
async function open(title: string, looks: Looks = {}, query = ''): Promise<Locator> {
  ({ page, troubles } = await visit(`playgrounds.html${query}`, looks));
  return playgroundOf(title);
}

/** Waits for a playground on the page. */
async function playgroundOf(title: string): Promise<Locator> {
  const playground = page.getByRole('region', { name: `Playground: ${title}` });
  await playground.waitFor();
  return playground;
}

const challengeOf = (playground: Locator) => playground.getByTestId('challenge');
const isDone = (playground: Locator) =>
  challengeOf(playground).getByText('Challenge done.').waitFor();

const button = (within: Locator, name: string | RegExp) =>
  within.getByRole('button', { name, exact: typeof name === 'string' });
const textOf = async (locator: Locator) =>
  (await locator.innerText()).replace(/\s+/g, ' ');
const bitsOf = (text: string) =>
  BigInt(`0x${sha256(text)}`)
    .toString(2)
    .padStart(256, '0');

describe('The avalanche', () => {
  it('marks and counts the bits that a new letter changes', async () => {
    const playground = await open('The avalanche');
    const input = playground.getByLabel('Your text');
    const before = await input.inputValue();
    const after = `${before}!`;
    await input.press('End');
    await input.press('!');

    const old = bitsOf(before);
    const changed = Array.from(bitsOf(after)).filter((bit, i) => bit !== old[i]).length;
    await playground.getByText(`${changed} of 256 bits changed`).waitFor();
    expect(await playground.locator('rect.changed').count()).toBe(changed);
    expect(await playground.getByText(sha256(after)).count()).toBe(1);
    expect(await playground.getByText(sha256(before)).count()).toBe(1);
  });

  it('keeps a histogram of all changes around 128', async () => {
    const playground = await open('The avalanche');
    await button(playground, 'Try 100 others').click();
    await button(playground, 'Change one letter').click();
    const summary = await textOf(playground.getByText(/^After 102 changes/));
    const average = Number(/([\d.]+) of 256 bits change on average/.exec(summary)?.[1]);
    expect(average).toBeGreaterThan(120);
    expect(average).toBeLessThan(136);
    await playground.getByRole('img', { name: /^After 102 changes/ }).waitFor();
    await button(playground, 'Count anew').click();
    await playground.getByText('Nothing is counted yet.').first().waitFor();
  });
});

describe('The avalanche, bit by bit', () => {
  it('turns one bit of a letter over, and half of those of the fingerprint', async () => {
    const playground = await open('The avalanche');
    const before = await playground.getByLabel('Your text').inputValue();
    await playground
      .getByRole('radio', { name: 'R', exact: true })
      .check({ force: true });
    // R is 01010010; its last bit makes it S.
    await button(playground, /^Bit 8 of the letter is 0/).click();
    const after = before.replace('R', 'S');
    expect(await playground.getByLabel('Your text').inputValue()).toBe(after);
    expect(await playground.getByText(sha256(after)).count()).toBe(1);
    expect(await button(playground, /^Bit 1 of the letter/).isDisabled()).toBe(true);
    await button(playground, /^Bit 8 of the letter is 1/).click();
    expect(await playground.getByLabel('Your text').inputValue()).toBe(before);
  });

  it('has its challenge done by a text whose fingerprint begins with 0', async () => {
    const playground = await open('The avalanche');
    const texts = Array.from({ length: 500 }, (_, i) => `try ${i}`);
    const good = texts.find((text) => sha256(text).startsWith('0')) ?? '';
    const bad = texts.find((text) => !sha256(text).startsWith('0')) ?? '';
    await playground.getByLabel('Your text').fill(bad);
    await playground.getByText('1 text tried: no zero yet.').waitFor();
    expect(await textOf(challengeOf(playground))).toContain('Challenge.');
    await playground.getByLabel('Your text').fill(good);
    await isDone(playground);
    await playground.getByText(`2 texts tried: 1 zero, with “${good}”`).waitFor();
  });
});

describe('Signing', () => {
  it('sees any change, says where it is, and lets it be signed anew', async () => {
    const playground = await open('Sign a payment');
    const says = playground.locator('.says');
    const signature = playground.getByTestId('signature');
    const before = await textOf(signature);
    expect(await textOf(says)).toContain('Alice signed this.');
    await playground.getByLabel('Amount').fill('1000');
    expect(await textOf(says)).toContain('✗ Alice did not sign this.');
    expect(await playground.getByTestId('shown').locator('mark').innerText()).toBe(
      '000,0,12]',
    );
    await playground.getByLabel('Network').selectOption('another');
    expect(await textOf(says)).toContain('differ from character 3 on.');
    expect(await textOf(signature)).toBe(before);
    await button(playground, 'Let Alice sign this').click();
    expect(await textOf(says)).toContain('Alice signed this.');
    expect(await textOf(signature)).not.toBe(before);
    await playground.getByText('Check it with openssl').click();
    const lines = playground.getByLabel('Lines for a terminal');
    expect(await lines.innerText()).toContain(`SIGNATURE='${await textOf(signature)}'`);
  });

  it('has its challenge done where fields are glued together, and keeps numbers whole', async () => {
    const playground = await open('Sign a payment');
    const amount = playground.getByLabel('Amount');
    await playground.getByLabel('What is signed is written').selectOption('glued');
    await amount.fill('1.5');
    await amount.blur();
    expect(await amount.inputValue()).toBe('1');
    await amount.fill('10');
    await playground.getByLabel('Fee').fill('1');
    await playground.getByLabel('Count').fill('2');
    await isDone(playground);
    expect(await textOf(playground.locator('.says'))).toContain(
      '✓ The signature is right',
    );
  });
});

describe('Tampering', () => {
  /** What each block says of itself, in their order. */
  const verdicts = async (playground: Locator) => {
    const summaries = await playground.locator('details.block > summary').allInnerTexts();
    return summaries.map((text) => text.replace(/\s+/g, ' '));
  };

  it('names the very rule that a change breaks, and turns all later blocks red', async () => {
    const playground = await open('Tamper with a chain');
    expect(
      (await verdicts(playground)).filter((text) => text.includes(', sound')),
    ).toHaveLength(5);

    const genesis = genesisBlock({ timestamp: 0 });
    const block = nextBlock(genesis, 'hello', 0);
    const rule = brokenRule({ ...block, data: 'other' }, genesis) ?? '';
    await playground
      .getByLabel('data', { exact: true })
      .nth(1)
      .fill('Alice pays Mallory 500');
    const after = await verdicts(playground);
    expect(after[0]).toContain(', sound');
    expect(after[1]).toContain(rule);
    for (const later of after.slice(2)) expect(later).toContain('follows a broken block');
    expect(await playground.locator('details.bad, details.shaken').count()).toBe(4);
    const said = playground
      .getByRole('status')
      .filter({ hasText: 'The chain is broken.' });
    expect(await textOf(said)).toContain(`Block 1: ${rule}`);
  });

  it('is mended by rehashing, block by block or all at once, and says what that is worth', async () => {
    const playground = await open('Tamper with a chain');
    await playground
      .getByLabel('data', { exact: true })
      .nth(1)
      .fill('Alice pays Mallory 500');
    await button(playground, 'Rehash block 1').click();
    const moved = await verdicts(playground);
    expect(moved[1]).toContain(', sound');
    expect(moved[2]).toContain('its previousHash is not the hash of the block before');

    await button(playground, 'Rehash all that is broken').click();
    await playground.getByText('The forged chain keeps every rule.').waitFor();
    await isDone(playground);
    await button(playground, 'Start again').click();
    await playground.getByText('The chain is sound.').waitFor();
  });

  it('marks the field that the rule names, with the value that it should have', async () => {
    const playground = await open('Tamper with a chain');
    await playground.getByLabel('data', { exact: true }).nth(1).fill('hello');
    const wrong = playground.locator('input[aria-invalid]');
    expect(await wrong.count()).toBe(1);
    await playground.getByText(`should be ${sha256('hello')}`).waitFor();
    await button(playground, 'Put it there').click();
    expect(await wrong.getAttribute('id')).toMatch(/-hash$/);
    await button(playground, 'Put it there').click();
    const joints = playground.locator('.joint.parted');
    expect(await joints.count()).toBe(1);
    expect(await textOf(joints)).toMatch(
      /block 2 to block 1: ✗ previousHash is [0-9a-f]{8}…, but the hash of block 1 is/,
    );
  });

  it('is done with the keyboard alone', async () => {
    const playground = await open('Tamper with a chain');
    await playground.locator('summary').nth(3).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.type('7');
    await playground.getByText('its index is 7, not 3').first().waitFor();
  });
});

describe('The mining race', () => {
  const setBits = (playground: Locator, bits: number) =>
    playground.getByLabel(/Zero bits/).fill(String(bits));

  it('finds a block in a worker whose hash keeps the rules', async () => {
    const playground = await open('The mining race');
    await setBits(playground, 10);
    await button(playground, 'Mine a block').click();
    await playground.getByText('It keeps the rules of steps 2 and 3.').waitFor();

    await playground.getByText('Check it yourself').click();
    const command = await playground.getByLabel('The command for a terminal').innerText();
    const header = /'(\[.*\])'/.exec(command)?.[1] ?? '';
    const hash = (await playground.getByTestId('hash').innerText()).trim();
    expect(sha256(header)).toBe(hash);
    expect(leadingZeroBits(hash)).toBeGreaterThanOrEqual(10);
    expect((JSON.parse(header) as unknown[])[4]).toBe(10);
    expect(page.workers()).toHaveLength(1);
  });

  it('plots the attempts, and shows near misses that are what they say', async () => {
    const playground = await open('The mining race');
    await setBits(playground, 12);
    await button(playground, 'Mine a block').click();
    await playground.getByText('It keeps the rules of steps 2 and 3.').waitFor();
    await playground.getByText('Check it yourself').click();
    const command = await playground.getByLabel('The command for a terminal').innerText();
    const header = JSON.parse(/'(\[.*\])'/.exec(command)?.[1] ?? '[]') as unknown[];
    const misses = await playground.locator('.attempts .miss').all();
    for (const miss of misses) {
      const nonce = Number(
        (await miss.locator('.nonce').innerText()).replaceAll(',', ''),
      );
      const [hash = ''] = /[0-9a-f]{20}/.exec(await miss.innerText()) ?? [];
      expect(sha256(JSON.stringify(header.with(5, nonce)))).toMatch(
        new RegExp(`^${hash}`),
      );
      expect(leadingZeroBits(hash.padEnd(64, '0'))).toBeGreaterThanOrEqual(8);
      expect(leadingZeroBits(hash.padEnd(64, '0'))).toBeLessThan(12);
    }

    await setBits(playground, 8);
    await button(playground, 'Mine 25').click();
    await playground.getByRole('img', { name: /^26 blocks mined/ }).waitFor();
    const counted = await playground
      .locator('rect.bar')
      .evaluateAll(
        (bars) => bars.filter((bar) => Number(bar.getAttribute('height')) > 0).length,
      );
    expect(counted).toBeGreaterThan(2);
  });

  it('lets a forger with most of the hash rate win, but not for the challenge', async () => {
    const playground = await open('The mining race');
    await playground.getByLabel(/^The forger’s share/).fill('75');
    await playground.getByLabel(/^The forger begins/).fill('1');
    expect(await textOf(playground.getByTestId('odds'))).toContain('wins 98.9 of 100');
    // Even such a forger loses one race in ninety.
    let said = '';
    while (!said.startsWith('The forger has overtaken')) {
      await button(playground, 'Race').click();
      said = await textOf(playground.getByTestId('verdict'));
    }
    const [, forger, honest] = /: (\d+) blocks against (\d+)/.exec(said) ?? [];
    expect(Number(forger)).toBe(Number(honest) + 1);
    const lane = (name: string) => playground.getByRole('list', { name });
    expect(await lane('Forger').getByRole('listitem').count()).toBe(Number(forger));
    expect(await lane('Honest').getByRole('listitem').count()).toBe(Number(honest));
    expect(await textOf(challengeOf(playground))).toContain('Challenge.');
  });

  it('has its challenge done by a forger who is lucky', async () => {
    const playground = await open('The mining race');
    await playground.getByLabel(/^The forger’s share/).fill('45');
    await playground.getByLabel(/^The forger begins/).fill('1');
    let said = '';
    while (!said.startsWith('The forger has overtaken')) {
      await button(playground, 'Race').click();
      said = await textOf(playground.getByTestId('verdict'));
    }
    await isDone(playground);
  });

  it('mines with the kernel of the node as well, and says how much faster that is', async () => {
    const playground = await open('The mining race');
    await setBits(playground, 15);
    await button(playground, 'Mine 25').click();
    await playground.getByRole('img', { name: /^25 blocks mined/ }).waitFor();
    await playground.getByLabel('the kernel of the node').check();
    await setBits(playground, 23);
    for (const found of [1, 2, 3]) {
      await button(playground, 'Mine a block').click();
      await playground.getByRole('img', { name: `${25 + found} blocks` }).waitFor();
    }
    expect(await textOf(playground.getByText(/Block 2 after/))).toMatch(
      /^Block 2 after [\d,]+ attempts: nonce \d{13,16}, \d+ zero bits. It keeps the rules/,
    );
    const said = await textOf(playground.getByTestId('gain'));
    expect(said).toMatch(/^Here the kernel makes [\d.,]+ times as many hashes a second/);

    await playground.getByLabel('the loop of step 3').check();
    expect(await playground.getByLabel(/Zero bits/).inputValue()).toBe('22');
  });

  it('shows its hash rate while it searches, and stops when told to', async () => {
    const playground = await open('The mining race');
    await setBits(playground, 22);
    await button(playground, 'Mine a block').click();
    const rate = playground.locator('.meters dd').first();
    await page.waitForFunction(
      (element) => Number(element.textContent.replace(/\D/g, '')) > 0,
      await rate.elementHandle(),
    );
    const [worker] = page.workers();
    const ended = worker?.waitForEvent('close');
    await button(playground, 'Stop').click();
    expect(await button(playground, 'Mine a block').isEnabled()).toBe(true);
    await ended;
    expect(page.workers()).toHaveLength(0);
  });
});

describe('The HTTP playground', () => {
  let server: Server;
  let real: string;

  /** A node as the page has one, behind a real socket. */
  async function startNode(...handlers: RequestHandler[]): Promise<void> {
    const genesis = await mine(genesisBlock({ timestamp: Date.now(), difficulty: 8 }));
    const chain = new Chain(genesis, [...blockRules, ...workRules]);
    const add = (block: Block) => {
      chain.append(block);
      return true;
    };
    const queue = new MiningQueue({ tip: () => chain.tip, add });
    const api = createApi({ chain, mine: (data) => queue.mine(data) });
    server = createServer(express().use(...handlers, api));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    real = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  /** What differs from node to node is masked. */
  const masked = (text: string) =>
    text
      .replace(/(?!0{64})[0-9a-f]{64}/g, 'HASH')
      .replace(/"(timestamp|nonce|difficulty)":\d+/g, '"$1":N')
      .replace(/Content-Length: \d+/, 'Content-Length: N')
      .trim();

  async function askReal(method: string, path: string, type: string, body: string) {
    const hasBody = method !== 'GET' && body !== '';
    const init = hasBody ? { body, headers: { 'Content-Type': type } } : {};
    const res = await fetch(real + path, { method, ...init });
    const names = [
      'Allow',
      'Location',
      'Content-Type',
      'Transfer-Encoding',
      'Content-Length',
    ];
    const headers = names.flatMap((name) => {
      const value = res.headers.get(name);
      return value === null ? [] : [`${name}: ${value}`];
    });
    return {
      status: `HTTP/1.1 ${res.status} ${res.statusText}`,
      headers,
      body: await res.text(),
    };
  }

  it('answers like a node of step 4 behind a socket', async () => {
    await startNode();
    const playground = await open('Talk to a node');
    const json = 'application/json';
    const requests = [
      ['GET', '/blocks', json, ''],
      ['GET', '/blocks/latest', json, ''],
      ['POST', '/blocks', json, '{"data":"hello"}'],
      ['POST', '/blocks', json, '{"data":"\\ud800"}'],
      ['POST', '/blocks', json, '{"data":42}'],
      ['POST', '/blocks', json, '[1]'],
      ['POST', '/blocks', json, '{"data":"hel'],
      ['POST', '/blocks', json, ''],
      ['POST', '/blocks', 'text/plain', 'hello'],
      ['POST', '/blocks', `${json}; charset=utf-8`, '{"data":"é"}'],
      ['GET', '/blocks?from=1&limit=1', json, ''],
      ['GET', '/blocks?from=-1', json, ''],
      ['GET', '/blocks?from=1&from=2', json, ''],
      ['GET', '/BLOCKS/1/', json, ''],
      ['GET', '/blocks/99', json, ''],
      ['GET', '/blocks/%', json, ''],
      ['DELETE', '/blocks', json, ''],
      ['PUT', '/elsewhere', json, ''],
    ] as const;
    for (const [method, path, type, body] of requests) {
      await playground.getByLabel('Method').selectOption(method);
      await playground.getByLabel('Path').fill(path);
      if (method !== 'GET') {
        await playground.getByLabel('Content-Type').fill(type);
        await playground.getByLabel('Body').fill(body);
      }
      await button(playground, 'Send').click();
      const answer = await playground.getByLabel('The raw answer').innerText();
      const expected = await askReal(method, path, type, body);
      const [head = '', ...rest] = masked(answer).split('\n\n');
      const [status, ...headers] = head.split('\n');
      const sent = `${method} ${path} ${body}`;
      expect([sent, status]).toEqual([sent, expected.status]);
      expect([sent, ...headers.sort()]).toEqual([
        sent,
        ...expected.headers.map(masked).sort(),
      ]);
      expect([sent, rest.join('\n\n')]).toEqual([sent, masked(expected.body)]);
      await playground
        .getByText(`The node answered ${expected.status.split(' ')[1]}.`)
        .waitFor();
    }
  });

  it('sends a request to try at once, and with no body where it has none', async () => {
    await startNode();
    const playground = await open('Talk to a node');
    await button(playground, 'Broken JSON').click();
    await playground.getByText('The node answered 400.').waitFor();
    await button(playground, 'A wrong method').click();
    await playground.getByText('The node answered 405.').waitFor();
    expect(await playground.getByLabel('Body').inputValue()).toBe('');
    expect(await playground.getByLabel('The raw request').innerText()).toBe(
      'DELETE /blocks HTTP/1.1\nHost: localhost:6001\n\n',
    );
    expect(await textOf(challengeOf(playground))).toContain('Challenge.');
    await playground.getByLabel('Method').selectOption('PUT');
    await button(playground, 'Send').click();
    await isDone(playground);

    await playground.getByText('What you have sent (3)').click();
    await button(playground, '400 POST /blocks').click();
    await playground.getByText('The node answered 400 then.').waitFor();
    expect(await playground.getByLabel('Body').inputValue()).toBe('{"data":"hel');
  });

  it('shows an answer raw, or pretty', async () => {
    await startNode();
    const playground = await open('Talk to a node');
    await button(playground, 'Read the tip').click();
    const answer = playground.getByLabel('The raw answer');
    expect(await answer.innerText()).toMatch(/\n\n\{"index":0,/);
    await playground.getByLabel('pretty').check();
    expect(await answer.innerText()).toMatch(/\n\n\{\n {2}"index": 0,\n/);
  });

  it('says that a running node refuses pages, and gives the line for curl', async () => {
    await startNode(hostGuard());
    const mapped = `--host-resolver-rules=MAP localhost:6001 ${new URL(real).host}`;
    const browser = await chromium.launch({
      executablePath: executable ?? '',
      args: [...flags, mapped],
    });
    page = await browser.newPage();
    await page.goto(`${siteUrl}playgrounds.html`);
    const playground = page.getByRole('region', { name: 'Playground: Talk to a node' });
    await playground.getByLabel('the node at localhost:6001').check();
    await button(playground, 'Send').click();
    await playground
      .getByText('it takes no requests from pages of other sites')
      .waitFor();
    expect(await playground.getByLabel('The command for a terminal').innerText()).toBe(
      'curl -i localhost:6001/blocks/latest',
    );
    await browser.close();
  });

  it('says so where no node runs', async () => {
    await startNode();
    const playground = await open('Talk to a node');
    await page.route('http://localhost:6001/**', (route) =>
      route.abort('connectionrefused'),
    );
    await playground.getByLabel('the node at localhost:6001').check();
    await button(playground, 'Send').click();
    await playground.getByText('Nothing answers at http://localhost:6001.').waitFor();
    expect(troubles.join()).toContain('localhost:6001');
    troubles = []; // the browser complains of what it hides
  });
});

/** Picks both ends of a link and connects or cuts it, by the form below a graph. */
async function toggleLink(
  playground: Locator,
  one: string,
  other: string,
): Promise<void> {
  await playground.getByLabel('Link between').selectOption(one);
  await playground
    .getByRole('combobox', { name: 'and', exact: true })
    .selectOption(other);
  await button(playground, /^(Connect|Cut)$/).click();
}

describe('Gossip', () => {
  it('brings a message to all ten peers, and shows after how long', async () => {
    const playground = await open('Gossip');
    await playground.getByLabel('Time passes').selectOption('as fast as it is');
    await playground.getByLabel('Who posts').selectOption('Gus');
    await button(playground, 'Post').click();
    // The quickest way to the last one, Cleo, is by Finn, Ben and Ada.
    await playground.getByText('All 10 peers know it after 485 ms.').waitFor();
    await playground.getByText('The same as a table').click();
    const row = playground.getByRole('row', { name: /^Ivo/ });
    expect(await textOf(row)).toContain('heard it from Gus after 50 ms');
  });

  it('does not reach a peer whose links are cut, until it is connected again', async () => {
    const playground = await open('Gossip');
    await playground.getByLabel('Time passes').selectOption('as fast as it is');
    await toggleLink(playground, 'Finn', 'Gus');
    await toggleLink(playground, 'Gus', 'Ivo');
    await button(playground, 'Post').click();
    await playground.getByText('It did not reach Gus.').waitFor();
    const gus = playground.getByRole('button', { name: /^Gus/ });
    expect(await gus.getAttribute('aria-label')).toContain('connected with nobody');

    await gus.focus();
    await page.keyboard.press('Enter');
    await playground.getByRole('button', { name: /^Ada/ }).focus();
    await page.keyboard.press('Enter');
    await playground.getByText(/^Gus and Ada are connected/).waitFor();
    await button(playground, 'Post').click();
    await playground.getByText(/^All 10 peers know it/).waitFor();
  });

  it('counts messages, and has its challenge done by a tree', async () => {
    const playground = await open('Gossip');
    await playground.getByLabel('Time passes').selectOption('as fast as it is');
    for (const [one, other] of [
      ['Dan', 'Eve'],
      ['Eve', 'June'],
      ['Finn', 'Hana'],
      ['Ivo', 'June'],
    ] as const) {
      await toggleLink(playground, one, other);
    }
    await button(playground, 'Post').click();
    await isDone(playground);
    expect(await playground.getByTestId('messages').innerText()).toBe('9');
  });

  it('shows what a liar can do, and why not where the ids are checked', async () => {
    const playground = await open('Gossip');
    await playground.getByLabel('Time passes').selectOption('as fast as it is');
    await playground.getByLabel('A peer that hears it').selectOption('Dan');
    await playground.getByLabel('does what').selectOption('lies');
    await button(playground, 'Post').click();
    await playground
      .getByText(/^All 10 peers know it .* messages of Dan did not fit the id/)
      .waitFor();
    await playground.getByLabel(/Peers check/).uncheck();
    await button(playground, 'Post').click();
    await playground.getByText(/Hana and June believe a lie\./).waitFor();
    await playground.getByLabel('does what').selectOption('keeps silent');
    await button(playground, 'Post').click();
    await playground.getByText(/^All 10 peers know it/).waitFor();
  });

  it('is paused, goes on message by message, and is seen again', async () => {
    const playground = await open('Gossip');
    await button(playground, 'Pause').click();
    await button(playground, 'Post').click();
    await button(playground, 'Step').click();
    const peer = (name: string) =>
      playground.getByRole('button', { name: new RegExp(`^${name}, `) });
    expect(await peer('Ben').getAttribute('aria-label')).toContain(
      'from Ada after 60 ms',
    );
    expect(await peer('Cleo').getAttribute('aria-label')).toContain('has not heard it');
    await button(playground, 'Step').click();
    expect(await peer('Cleo').getAttribute('aria-label')).toContain('after 90 ms');
    await button(playground, 'Replay').click();
    await playground.getByText('All 10 peers know it after 445 ms.').waitFor();
  });

  it('lets peers be dragged, and moved with the arrow keys', async () => {
    const playground = await open('Gossip');
    const ada = playground.getByRole('button', { name: /^Ada/ });
    const place = async () => {
      const box = await ada.locator('circle').boundingBox();
      return {
        x: (box?.x ?? 0) + (box?.width ?? 0) / 2,
        y: (box?.y ?? 0) + (box?.height ?? 0) / 2,
      };
    };
    await ada.scrollIntoViewIfNeeded();
    const start = await place();
    await page.mouse.move(start.x, start.y);
    await page.mouse.down();
    await page.mouse.move(start.x + 60, start.y + 20, { steps: 4 });
    await page.mouse.up();
    const dragged = await place();
    expect(Math.abs(dragged.x - start.x - 60)).toBeLessThan(3);
    expect(Math.abs(dragged.y - start.y - 20)).toBeLessThan(3);
    expect(await ada.getAttribute('aria-pressed')).toBe('false');

    await ada.focus();
    await page.keyboard.press('ArrowRight');
    expect((await place()).x).toBeGreaterThan(dragged.x);
  });

  it('moves nothing for who asked for less motion', async () => {
    const playground = await open('Gossip', { reducedMotion: true });
    await playground.getByLabel('Time passes').selectOption('10 times slower');
    await button(playground, 'Post').click();
    await playground.getByRole('button', { name: /^Ben, .* after 60 ms$/ }).waitFor();
    expect(await playground.locator('.packet').count()).toBe(0);
  });
});

describe('Forks', () => {
  async function mineAt(playground: Locator, name: string, times: number): Promise<void> {
    await playground.getByLabel('Miner').selectOption({ value: name });
    for (let i = 0; i < times; i += 1) await button(playground, 'Mine a block').click();
  }

  it('appear while the network is cut, and end in one tip when it is healed', async () => {
    const playground = await open('Forks and reorganizations');
    await button(playground, 'Cut in two').click();
    await mineAt(playground, 'Ada', 2);
    await mineAt(playground, 'Ivo', 3);
    await playground.getByText(/^The nodes have 2 tips: 5 nodes at block/).waitFor();
    await playground.getByTestId('lost').getByText('5 blocks mined, 0 lost.').waitFor();

    await button(playground, 'Heal').click();
    await playground
      .getByText(/^All 10 nodes have the same tip: block 3/)
      .first()
      .waitFor();
    await playground.getByText('5 blocks mined, 2 lost.').waitFor();
    await playground.getByText(/: 2 blocks gave way to 3\./).waitFor();
    expect(await playground.locator('.box.lost').count()).toBe(2);
    expect(await playground.locator('.box.best').count()).toBe(4);

    await playground.getByText('The tree in words').click();
    const last = await textOf(playground.locator('details.words li').last());
    expect(last).toMatch(/^Block 3 \(.*mined by Ivo, on the chain of 10 of 10 nodes$/);
  });

  it('come by themselves where blocks are found by themselves', async () => {
    const playground = await open('Forks and reorganizations');
    await playground.getByLabel(/^Hash rate/).fill('0');
    await button(playground, 'Start mining').click();
    await playground.locator('.box').nth(2).waitFor();
    await button(playground, 'Stop mining').click();
    const labels = await playground.locator('.box .label').allTextContents();
    const right = ['Finn', 'Gus', 'Hana', 'Ivo', 'June'];
    for (const name of labels.slice(1)) expect(right).toContain(name.trim());
  });

  it('take longer to end where messages take longer', async () => {
    const playground = await open('Forks and reorganizations');
    await playground.getByLabel(/^Delay/).fill('3000');
    await mineAt(playground, 'Ada', 1);
    await playground.getByText(/^The nodes have 2 tips: 9 nodes at block 0/).waitFor();
    await playground.getByLabel(/^Delay/).fill('50');
    await mineAt(playground, 'Ada', 1);
    await playground
      .getByText(/^All 10 nodes have the same tip: block 2/)
      .first()
      .waitFor();
  });
});

describe('Forks, step by step', () => {
  it('have their challenge done when a chain of three loses, and say why', async () => {
    const playground = await open('Forks and reorganizations');
    const node = (name: string) =>
      playground.getByRole('button', { name: new RegExp(`^${name}, `) });
    await button(playground, 'Cut in two').click();
    for (let i = 0; i < 3; i += 1) await node('Ada').dblclick();
    await node('Ivo').focus();
    for (let i = 0; i < 4; i += 1) await page.keyboard.press('m');
    await button(playground, 'Heal').click();
    await isDone(playground);
    const why = 'the branch with 4 blocks has more work than the one with 3.';
    await playground.getByTestId('losses').getByText(why).first().waitFor();
    expect(await playground.getByTestId('losses').getByRole('listitem').count()).toBe(3);
  });

  it('show how a payment is taken back by who has most of the hash rate', async () => {
    const playground = await open('Forks and reorganizations');
    await playground.getByLabel('Time passes').selectOption('4 times faster');
    await button(playground, 'Show me a 51 % attack').click();
    for (const next of ['Begin', 'Pay, and mine in secret', 'Publish the secret chain']) {
      await button(playground, next).click();
    }
    await playground
      .getByTestId('losses')
      .getByText(/“Alice pays Bob 5”\): the branch with/)
      .waitFor();
    await button(playground, 'Close').click();
    await button(playground, 'Show me a 51 % attack').waitFor();
  });

  it('come again from a link, block by block, and are undone', async () => {
    const query =
      '?fork.do=0.part_10.mine.Ada_20.mine.Ivo_30.mine.Ivo_2000.heal_5000.mine.Eve&fork.to=9000';
    const playground = await open('Forks and reorganizations', {}, query);
    await playground
      .getByText(/^All 10 nodes have the same tip: block 3/)
      .first()
      .waitFor();
    await playground.getByText('4 blocks mined, 1 lost.').waitFor();
    await button(playground, 'Pause').click();
    expect(await button(playground, 'Undo').isDisabled()).toBe(true);
    await button(playground, 'Cut in two').click();
    await button(playground, 'Undo').click();
    await button(playground, 'Cut in two').waitFor();
    await playground.getByText('4 blocks mined, 1 lost.').waitFor();
  });
});

describe('The Merkle tree', () => {
  it('shows the proof of a line, and has two lists under one root only in the way of Bitcoin', async () => {
    const playground = await open('The Merkle tree');
    await playground.getByText('Line 4', { exact: true }).click();
    await playground.getByText('The proof of line 4 has 1 hash.').waitFor();
    await button(playground, 'Say the last line twice').click();
    await playground.getByText('so nobody believes these lines').waitFor();
    await playground.getByText('is paired with itself').click();
    await playground.getByText('nobody can tell by the root').waitFor();
    await isDone(playground);
    await playground.getByLabel('Text of line 0').fill('Alice pays Mallory 500');
    await playground.getByText('so nobody believes these lines').waitFor();
  });
});

describe('What was done in a playground', () => {
  it('is there again after Back, and stands in the url', async () => {
    let playground = await open('The avalanche');
    await playground.getByLabel('Your text').fill('back & forth');
    await page.getByRole('link', { name: 'Glossary' }).first().click();
    await page.waitForURL(/glossary\.html/);
    await page.goBack();
    await page.waitForURL(/avalanche\.text=back/);
    playground = await playgroundOf('The avalanche');
    expect(await playground.getByLabel('Your text').inputValue()).toBe('back & forth');
    await button(playground, 'Start again').click();
    await page.waitForURL((url) => url.search === '');
  });

  it('is undone with a button, or with Ctrl+Z outside of fields for text', async () => {
    const playground = await open('The avalanche');
    const input = playground.getByLabel('Your text');
    const start = await input.inputValue();
    await button(playground, 'Change one letter').click();
    const second = await input.inputValue();
    await button(playground, 'Change one letter').click();
    await button(playground, 'Undo').click();
    expect(await input.inputValue()).toBe(second);
    await button(playground, 'Copy a link to this').focus();
    await page.keyboard.press('Control+z');
    expect(await input.inputValue()).toBe(start);
    expect(await button(playground, 'Undo').isDisabled()).toBe(true);
  });

  it('is copied as a link, also where the browser has no clipboard for the page', async () => {
    const playground = await open('Talk to a node');
    await playground.getByLabel('Path').fill('/blocks/7');
    await page.evaluate(() =>
      Object.defineProperty(navigator, 'clipboard', { value: undefined }),
    );
    await button(playground, 'Copy a link to this').click();
    await playground.getByText('The link is copied.').waitFor();
    const avalanche = await playgroundOf('The avalanche');
    await avalanche.getByLabel('Your text').fill('');
    await avalanche.getByLabel('Your text').press('Control+v');
    const link = await avalanche.getByLabel('Your text').inputValue();
    expect(link).toBe(
      `${siteUrl}playgrounds.html?http.method=GET&http.path=%2Fblocks%2F7#http`,
    );

    await page.context().close();
    ({ page, troubles } = await visit(link.slice(siteUrl.length)));
    const other = await playgroundOf('Talk to a node');
    expect(await other.getByLabel('Path').inputValue()).toBe('/blocks/7');
    expect(await other.getByLabel('The raw answer').count()).toBe(0);
  });

  it.each([
    [
      'The mining race',
      'mining-race.bits=99',
      '“bits” can be a whole number from 8 to 22',
    ],
    ['Gossip', 'gossip.do=0.post.Mallory.hi', 'nothing is called “0.post.Mallory.hi”'],
    ['Tamper with a chain', 'tamper.9.data=x', 'no block of this chain has a “9.data”'],
    ['Forks and reorganizations', 'fork.delay=5', 'it knows no “delay”, only do, to'],
  ])(
    'is not taken from a link that does not fit (%s, %s)',
    async (title, query, words) => {
      const playground = await open(title, {}, `?${query}`);
      const said = await textOf(playground.getByRole('alert'));
      expect(said).toContain(words);
      expect(said).toContain('So it begins as usual.');
    },
  );

  it('is remembered as done, on this page and in the list of all', async () => {
    const playground = await open('Tamper with a chain');
    const list = page.getByRole('navigation', { name: 'The playgrounds' });
    await list.getByText(`${challenges.length} challenges wait.`).waitFor();
    await playground.getByLabel('data', { exact: true }).nth(1).fill('hello');
    await button(playground, 'Rehash all that is broken').click();
    await isDone(playground);
    await list.getByText(`1 of ${challenges.length} challenges done.`).waitFor();
    expect(await list.getByRole('listitem').filter({ hasText: 'Done' }).count()).toBe(1);

    const chapter = await page.context().newPage();
    await chapter.goto(`${siteUrl}02-blocks.html`);
    await chapter.getByText('Challenge done.').waitFor();
    await list.getByRole('button', { name: 'Forget that' }).click();
    await list.getByText(`${challenges.length} challenges wait.`).waitFor();
  });

  it('is where its link leads, though playgrounds come one after the other', async () => {
    await open('Forks and reorganizations', {}, '#fork');
    await page.waitForFunction(() => {
      const top = document.getElementById('fork')?.getBoundingClientRect().top ?? -1;
      return top >= 0 && top < 200;
    });
    await page.context().close();
    ({ page, troubles } = await visit('05-peers.html#gossip'));
    await playgroundOf('Gossip');
    await page.waitForFunction(() => {
      const top = document.getElementById('gossip')?.getBoundingClientRect().top ?? -1;
      return top >= 0 && top < 200;
    });
  });
});

describe('All playgrounds', () => {
  it.each(someLooks)(
    'please axe while in use, and fit ($scheme, $width pixels)',
    async (looks) => {
      const fork = await open('Forks and reorganizations', looks);
      const tamper = page.getByRole('region', {
        name: 'Playground: Tamper with a chain',
      });
      await tamper
        .getByLabel('data', { exact: true })
        .nth(1)
        .fill('Alice pays Mallory 500');
      await button(fork, 'Cut in two').click();
      await button(fork, 'Mine a block').click();
      const gossip = page.getByRole('region', { name: 'Playground: Gossip' });
      await button(gossip, 'Post').click();
      const http = page.getByRole('region', { name: 'Playground: Talk to a node' });
      await button(http, 'Send').click();
      await http.getByLabel('The raw answer').waitFor();
      await http.getByText('What you have sent').click();
      await button(fork, 'Heal').click();
      await fork
        .getByText(/^All 10 nodes/)
        .first()
        .waitFor();
      await button(fork, 'Show me a 51 % attack').click();
      const race = await playgroundOf('The mining race');
      await button(race, 'Race').click();
      await race.getByTestId('verdict').waitFor();
      expect(await axe(page)).toEqual([]);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width).toBeLessThanOrEqual(looks.width);
    },
  );
});
