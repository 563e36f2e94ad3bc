/**
 * What other nodes may cost this one. Anybody can connect, so nothing may grow without end.
 *
 * @module
 */

/** The largest message taken, in bytes: a full block, even if JSON escapes all its data. */
export const MAX_MESSAGE_BYTES = 8 * 1_048_576;

/** How many blocks one message carries: an answer that takes some milliseconds to check. */
export const MAX_BLOCKS = 500;

/** How many hashes a locator has: ten in a row, then ever fewer back to the genesis block. */
export const MAX_LOCATOR = 100;

/** How many urls one message carries: more than a node dials in a long time. */
export const MAX_URLS = 100;

/** How much may wait for a peer that reads slowly, in bytes; then it is given up. */
export const MAX_UNSENT_BYTES = 4 * MAX_MESSAGE_BYTES;

/**
 * How many messages of a peer are handled in a second; the others wait for the next one.
 * A node that catches up at full speed sends fewer than 100.
 */
export const MAX_MESSAGES_PER_SECOND = 500;

/** As how many messages one counts that takes long to answer or to check. */
export const COSTS: Record<string, number> = { getBlocks: 5, peers: 5 };

/** How long a connection may take to become a peer, in milliseconds. */
export const HANDSHAKE_TIMEOUT = 5_000;

/** How many connections that are not peers yet may wait; a further one ends the oldest. */
export const MAX_WAITING = 100;

/** How many peers a node lets in: each costs memory, and a copy of every new block. */
export const MAX_PEERS = 128;

/** How many peers a node looks for by itself: enough to hear of everything. */
export const MAX_OUTBOUND = 8;

/** How many urls a node remembers. A further one takes the place of one never reached. */
export const MAX_ADDRESSES = 1_000;

/** After how many failures in a row a url is forgotten that nobody asked to keep. */
export const MAX_FAILURES = 10;
