/** What there is to play with, in the order of the steps, and the challenge of each. */
export const challenges = [
  {
    name: 'avalanche',
    title: 'The avalanche',
    challenge: 'Find a text whose fingerprint begins with 0.',
  },
  {
    name: 'tamper',
    title: 'Tamper with a chain',
    challenge: 'Change the data of block 1 so that every check passes.',
  },
  {
    name: 'mining-race',
    title: 'The mining race',
    challenge: 'Overtake the honest miners with less than half of the hash rate.',
  },
  {
    name: 'http',
    title: 'Talk to a node',
    challenge: 'Get the answer 405 with a request of your own.',
  },
  {
    name: 'gossip',
    title: 'Gossip',
    challenge: 'Let a post reach all ten peers with nine messages.',
  },
  {
    name: 'fork',
    title: 'Forks and reorganizations',
    challenge: 'Make a chain of three blocks lose.',
  },
  {
    name: 'merkle',
    title: 'The Merkle tree',
    challenge: 'Write other lines that have the root that everybody knows.',
  },
  {
    name: 'sign',
    title: 'Sign a payment',
    challenge: 'Let Alice pay more than she signed, with her own signature.',
  },
  {
    name: 'accounts',
    title: 'Whose coins?',
    challenge: 'Let somebody who has paid nothing lose coins again.',
  },
  {
    name: 'fees',
    title: 'The fee market',
    challenge: 'Earn more with a block than a miner who takes the best fee first.',
  },
] as const;

/** The name of a playground, which is its folder. */
export type Name = (typeof challenges)[number]['name'];

/** Returns what stands in the frame of a playground. */
export function challengeOf(name: Name) {
  const found = challenges.find((one) => one.name === name);
  if (found === undefined) throw new Error(`There is no playground ${name}.`);
  return found;
}
