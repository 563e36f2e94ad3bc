/**
 * Step 5: peers. Nodes find each other, shake hands, and pass messages on.
 *
 * @module
 */
export { MAX_MESSAGE_BYTES } from './limits.ts';
export { PROTOCOL_VERSION, parseMessage, peerUrl } from './messages.ts';
export type { Hello, Message, Tip } from './messages.ts';
export { Peer } from './peer.ts';
export type { PeerEvents, PeerOptions, Traffic } from './peer.ts';
export { PeerNetwork } from './network.ts';
export type { NetworkEvents, NetworkOptions, Topic } from './network.ts';
export type { KnownAddress, Redial } from './address-book.ts';
export { newPeer, peerRoutes } from './routes.ts';
