/**
 * Step 5: peers. Nodes find each other, shake hands, and pass messages on.
 *
 * @module
 */
export { MAX_MESSAGE_BYTES } from './limits.ts';
export { PROTOCOL_VERSION, parseMessage, peerUrl } from './messages.ts';
export type { Hello, Message, Tip } from './messages.ts';
export { Allowance } from './allowance.ts';
export { Peer } from './peer.ts';
export type { PeerEvents, PeerOptions, Traffic } from './peer.ts';
export { AddressBook } from './address-book.ts';
export type { KnownAddress, Redial } from './address-book.ts';
export { proof, refusal } from './admission.ts';
export type { Candidate, Self } from './admission.ts';
export { ConnectionManager } from './connection-manager.ts';
export type { ConnectionOptions, NetworkEvents, Topic } from './connection-manager.ts';
export { PeerNetwork } from './network.ts';
export type { NetworkOptions } from './network.ts';
export { newPeer, peerRoutes } from './routes.ts';
