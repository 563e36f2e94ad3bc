/** The difficulty of a new network, in bits: four zero hex digits. */
export const DEFAULT_DIFFICULTY = 16;

/** The port of the HTTP API, and the port for peers. */
export const HTTP_PORT = 6_001;
export const WS_PORT = 8_000;

/** The address that a node listens on. */
export const HOST = '127.0.0.1';
