/** By step, mutants that no test can notice or that none should, with the reason. */
const words = 'The words are for people; that the value is refused is tested.';
const choice = 'How many, how long or how far is for each solution to choose.';
const once = 'The event comes once.';
const guard = 'For the compiler: it is never undefined there, or does no harm.';
const memory = 'What it would keep is memory and nothing else: nobody is told of it.';
const room = 'Whether there is too much is asked once more where room is made.';
const seek = 'What follows asks, ends or refuses all the same, a little later.';

export const equivalent: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '02-blocks': {
    "shape.ts: 'a whole number from 0' → ''": words,
    "shape.ts: 'a whole number of milliseconds' → ''": words,
    "shape.ts: '64 lowercase hex digits' → ''": words,
    "shape.ts: `well-formed text of at most ${MAX_DATA_BYTES} bytes` → ''": words,
    "shape.ts: 'a whole number to 256' → ''": words,
  },
  '04-http': {
    'get-blocks.ts: piece.length < PIECE_LENGTH → false': choice,
    'get-blocks.ts: piece.length < PIECE_LENGTH → piece.length <= PIECE_LENGTH': choice,
    "schemas.ts: 'The request is malformed.' → ''": guard,
    "schemas.ts: 'count' → ''": 'The name of the format is shown nowhere.',
  },
  '05-peers': {
    'connection-manager.ts: allowSynchronousEvents: false → allowSynchronousEvents: true':
      'How many messages of one peer come in one turn is for each solution to choose.',
    'connection-manager.ts: peer.outbound && peer.url === url → undefined':
      'It dials again, finds who is there, and gives back the same peer.',
    'connection-manager.ts: known !== undefined → false':
      'It dials again, finds who is there, and gives back the same peer.',
    "connection-manager.ts: 'It is connected already.' → ''": words,
    'connection-manager.ts: this.#waiting.size > limits.MAX_WAITING → this.#waiting.size >= limits.MAX_WAITING':
      'At most so many may wait: one less does no harm.',
    'connection-manager.ts: once → on': once,
    'connection-manager.ts: this.id < peer.id → this.id <= peer.id':
      'Nodes of one id are refused.',
    "connection-manager.ts: 'The two nodes are connected already.' → ''": words,
    "messages.ts: 'is not 64 hex digits' → ''": words,
    "messages.ts: 'is not 32 hex digits' → ''": words,
    "messages.ts: 'is not a word' → ''": words,
    "messages.ts: 'is not a decimal number' → ''": words,
    "messages.ts: 'is not some words' → ''": words,
    "messages.ts: 'is not a name' → ''": words,
    'messages.ts: text.length > MAX_NEWS → text.length >= MAX_NEWS':
      'Every message has texts: without them it is shorter than that.',
    "messages.ts: text.replace(TEXTS, '').length < MAX_NEWS → text.replace(TEXTS, '').length <= MAX_NEWS":
      'Whether quotes and spaces count is for each solution to choose.',
    "peer.ts: '' → 'mutant'": 'IPv6 only, which not every machine has.',
    "peer.ts: address.includes(':') → false": 'IPv6 only, which not every machine has.',
    "peer.ts: `[${address}]` → ''": 'IPv6 only, which not every machine has.',
    'peer.ts: once → on': once,
    'peer.ts: this.outbound → true':
      'The socket of a caller is open already: that event does not come.',
    "peer.ts: message.type === 'blocks' → true":
      'More pings than needed: their pongs show the same.',
    'peer.ts: this.#unfinished <= 2 * limits.MAX_NEWS → this.#unfinished < 2 * limits.MAX_NEWS':
      choice,
    'peer.ts: this.#pong !== this.#ping → false':
      'More pings than needed: their pongs show the same.',
  },
  '06-consensus': {
    "sync.ts: 'orphan' → ''": guard,
    'sync.ts: wanted.length > 0 → wanted.length >= 0': 'Of nobody nothing is asked.',
    'sync.ts: wanted.length > 0 → true': 'Of nobody nothing is asked.',
    "sync.ts: `It sent an invalid block: ${result.reason}.` → ''": words,
    'sync.ts: time >= PATIENCE → time > PATIENCE': choice,
    'sync.ts: -1 → 1': seek,
    'sync.ts: !isTip → true':
      'Then it goes on from the new tip, where it would go on anyway.',
    'sync.ts: peer.asked === undefined → false':
      'Whoever has answered is counted as late, and more may be asked then.',
    'sync.ts: peer.hope === this.#ticks → true':
      'More are asked at once then, of whom each sends little at first.',
    'sync.ts: this.#ticks - peer.asked >= MAX_SILENCE → this.#ticks - peer.asked > MAX_SILENCE':
      choice,
    "sync.ts: 'It does not answer.' → ''": words,
    'sync.ts: 2 ** peer.failures → 2 * peer.failures': choice,
    'sync.ts: peer.failures >= MAX_FAILURES → peer.failures > MAX_FAILURES': choice,
    "sync.ts: 'It sends blocks that are of no use, or that nobody asked fo → ''": words,
    "sync.ts: 'It is of another network.' → ''": words,
    'tree.ts: this.#isCrowded → true': 'Nothing is forgotten while there is room.',
    'tree.ts: side !== undefined → true': guard,
    'tree.ts: this.#side.size > this.chain.length + SPARE_SIDE_BLOCKS → this.#side.size >= this.chain.length + SPARE_SIDE_BLOCKS':
      choice,
    'tree.ts: this.#sideData > MAX_SIDE_DATA → this.#sideData >= MAX_SIDE_DATA': choice,
    'tree.ts: hashes.length < 10 → hashes.length <= 10': choice,
    'tree.ts: hashes.length < 10 → hashes.length >= 10': choice,
    'tree.ts: hashes.length < 10 → false': choice,
    'tree.ts: ancestor && ancestor.block.index > index && this.#side.has(a → ancestor && ancestor.block.index > index || this.#side.has(a':
      'It walks further on foot, and comes to an ancestor that serves as well.',
    'tree.ts: ancestor.block.index > index → ancestor.block.index >= index':
      'A locator with the block before it serves as well.',
    "tree.ts: '' → 'mutant'": guard,
    'tree.ts: room < 0 → room <= 0': choice,
    'tree.ts: node !== undefined → true': guard,
    'tree.ts: !this.#isCrowded → false': 'It walks on in vain.',
    'tree.ts: this.#recent.delete(node); → ;': memory,
    "tree.ts: typeof next === 'object' → true": guard,
    'tree.ts: node.state === this.#ledger.initial → false':
      'It saves time in networks of texts, whose state is always that one.',
    'tree.ts: index - distance → index + distance': memory,
    "tree.ts: this.chain.at(index - distance)?.hash ?? '' → this.chain.at(index - distance)?.hash && ''":
      memory,
    'tree.ts: past && past.block.index % far !== 0 → false': memory,
    'tree.ts: past.block.index % far !== 0 → past.block.index % far === 0': choice,
  },
  '07-merkle': {
    "merkle.ts: '' → 'mutant'":
      'A single hash is joined: there is nothing to put between.',
  },
  '08-signatures': {
    "keys.ts: '' → 'mutant'": guard,
    "keys.ts: '=' → ''":
      'Node reads a key with its padding, too; RFC 8037 wants it without.',
    "payment.ts: 'A payment needs an address of 64 hex digits, and whole numb → ''":
      words,
  },
  '09-accounts': {
    'coin.ts: 2 * reward * halving <= Number.MAX_SAFE_INTEGER → 2 * reward * halving < Number.MAX_SAFE_INTEGER':
      'The product is even, and that number is odd.',
    "coin.ts: 'The numbers of this coin are out of range.' → ''": words,
    "coin.ts: '' → 'mutant'": guard,
    "apply.ts: '' → 'mutant'": guard,
    "ledger.ts: 'one of its lines is too long' → ''": words,
    "ledger.ts: '' → 'mutant'": guard,
  },
  '10-mempool': {
    "gossip.ts: '' → 'mutant'": guard,
    'gossip.ts: known.size > MAX_KNOWN → known.size >= MAX_KNOWN': choice,
    'gossip.ts: known.size > MAX_KNOWN → false': memory,
    'gossip.ts: known.delete(oldest); → ;': memory,
    'gossip.ts: peer.mayGet === 0 || peer.queue.size === 0 → peer.mayGet === 0 && peer.queue.size === 0':
      'It only saves time: nothing is sent then, either.',
    'gossip.ts: peer.mayGet === 0 || peer.queue.size === 0 → false':
      'It only saves time: nothing is sent then, either.',
    'gossip.ts: payment === undefined → false': guard,
    'gossip.ts: this.#ticks += 1 → this.#ticks -= 1':
      'Each sixtieth tick is one backwards, too.',
    'gossip.ts: this.#pool.get(id) === undefined → false': memory,
    'gossip.ts: this.#own.delete(id); → ;': memory,
    'pool.ts: this.#isCrowded → true': room,
    'pool.ts: this.#isCrowded → false':
      'In the middle of a change room is made to save time; it is made at the end, too.',
    'pool.ts: this.#makeRoom(); → ;':
      'In the middle of a change room is made to save time; it is made at the end, too.',
    'pool.ts: -1 → 1': guard,
    "pool.ts: '' → 'mutant'": guard,
    'pool.ts: this.#queues.delete(from); → ;': memory,
    'pool.ts: queue?.size === 0 → false': memory,
    'pool.ts: payee !== undefined → true':
      'The balance of who has no payment here is asked by nobody.',
    'pool.ts: payment.fee <= (best?.fee ?? -1) → payment.fee < (best?.fee ?? -1)':
      'Which of two with the same fee comes first is for each solution to choose.',
    'pool.ts: last === undefined → false': guard,
    'pool.ts: this.#queues.has(address) → true': 'It only saves time.',
  },
};
