/**
 * The port, on this machine only, at which the companion tells the site which tasks have passed
 * while it runs. It is the one before the site's own, which nothing else here takes.
 */
export const PROGRESS_PORT = 5172;
