import { genesisBlock } from '#blocks';
import { isSigned, paymentText, sign, type Keys } from '#signatures';
import {
  LinkError,
  expectOnly,
  readNumber,
  readText,
  readWord,
  type Format,
} from '../shared/link.ts';

/** Who pays: the first keys of RFC 8032, which everybody knows. */
export const alice: Keys = {
  address: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
  secret: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
};

/** Who can be paid. */
export const payees = {
  Bob: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
  Mallory: 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
};
const PAYEES = ['Bob', 'Mallory'] as const;

/** The networks that a payment can be meant for, by the hashes of their genesis blocks. */
export const networks = {
  ours: genesisBlock({ timestamp: 1_700_000_000_000 }).hash,
  another: genesisBlock({ timestamp: 1_700_000_000_001 }).hash,
};
const NETWORKS = ['ours', 'another'] as const;

/** Ways to write what is signed: as step 8 does, or with nothing between the fields. */
const FORMS = ['list', 'glued'] as const;

/** What a payment says. */
export interface Said {
  readonly to: (typeof PAYEES)[number];
  readonly amount: number;
  readonly fee: number;
  readonly count: number;
  readonly network: (typeof NETWORKS)[number];
}

/** What Alice signed, and what is handed in with her signature. */
export interface Signing {
  readonly form: (typeof FORMS)[number];
  readonly signed: Said;
  readonly shown: Said;
}

/** The largest number that the fields take. */
export const MOST = 999_999;

const first: Said = { to: 'Bob', amount: 1, fee: 0, count: 12, network: 'ours' };

/** What the playground begins with. */
export const start: Signing = { form: 'list', signed: first, shown: first };

/** Returns the text that is signed. */
export function textOf({ to, amount, fee, count, network }: Said, form: Signing['form']) {
  const payment = { from: alice.address, to: payees[to], amount, fee, count };
  if (form === 'list') return paymentText(networks[network], payment);
  return [networks[network], ...Object.values(payment)].join('');
}

/** What a check finds. */
export interface Verdict {
  readonly signedText: string;
  readonly shownText: string;
  readonly signature: string;
  /** Whether the signature is right for what is shown. */
  readonly holds: boolean;
  /** Whether it is something else than what Alice signed. */
  readonly isChanged: boolean;
  /** How many characters the two texts have in common at their beginning. */
  readonly alike: number;
}

/** Signs, and checks what is shown. */
export function judge({ form, signed, shown }: Signing): Verdict {
  const [signedText, shownText] = [textOf(signed, form), textOf(shown, form)];
  const signature = sign(signedText, alice);
  const parts = Array.from(signedText);
  const differs = parts.findIndex((part, i) => part !== shownText[i]);
  return {
    signedText,
    shownText,
    signature,
    holds: isSigned(shownText, signature, alice.address),
    isChanged: written(signed) !== written(shown),
    alike: differs === -1 ? signedText.length : differs,
  };
}

/** Whether more is paid than Alice signed, and her signature is right for it. */
export function isForged(state: Signing): boolean {
  return state.shown.amount > state.signed.amount && judge(state).holds;
}

/** Writes what a payment says, as a link has it. */
function written({ to, amount, fee, count, network }: Said): string {
  return [to, amount, fee, count, network].join('-');
}

function readSaid(text: string): Said {
  const [to, amount, fee, count, network, ...more] = text.split('-');
  if (network === undefined || more.length > 0) {
    throw new LinkError('a payment is its payee, amount, fee, count and network');
  }
  const fields = { to, amount, fee, count, network } as Record<string, string>;
  const number = (name: string, least: number) =>
    readNumber(fields, name, { least, most: MOST, usual: least });
  return {
    to: readWord(fields, 'to', PAYEES),
    amount: number('amount', 1),
    fee: number('fee', 0),
    count: number('count', 0),
    network: readWord(fields, 'network', NETWORKS),
  };
}

/** How it stands in a link. */
export const format: Format<Signing> = {
  write: ({ form, signed, shown }) => ({
    form,
    signed: written(signed),
    shown: written(shown),
  }),
  read(fields) {
    expectOnly(fields, ['form', 'signed', 'shown']);
    const said = (name: string) =>
      readSaid(readText(fields, name, { most: 60, usual: written(first) }));
    const form = readWord(fields, 'form', FORMS);
    return { form, signed: said('signed'), shown: said('shown') };
  },
};
