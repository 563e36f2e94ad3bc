/**
 * What other nodes may cost this one. Anybody can connect, so nothing may grow without end.
 *
 * @module
 */

/** The largest message taken, in bytes: a full block, even if JSON escapes all its data. */
export const MAX_MESSAGE_BYTES = 8 * 1_048_576;

/** The largest that is taken without being asked for: whatever is in it, it is read at once. */
export const MAX_NEWS = 65_536;

/** How much data a block has at most that is sent to somebody who has not asked for it. */
export const MAX_GIFT = 4_096;

/** How many blocks one message carries: an answer that takes some milliseconds to check. */
export const MAX_BLOCKS = 500;

/** How many hashes a locator has: ten in a row, then ever fewer back to the genesis block. */
export const MAX_LOCATOR = 100;

/** How many urls one message carries: more than a node dials in a long time. */
export const MAX_URLS = 100;

/**
 * How much a peer may say in a second without being asked: each message counts one, and one
 * more for each KiB. An honest node comes nowhere near, however fast it catches up.
 */
export const MAX_PER_SECOND = 1_000;

/** How much it may say at once, if it was quiet before. */
export const MAX_AT_ONCE = 5 * MAX_PER_SECOND;

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
