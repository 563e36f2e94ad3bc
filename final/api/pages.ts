import { fileURLToPath } from 'node:url';
import express, { Router, type RequestHandler } from 'express';

/** Where the built pages are. `npm run explorer:build` writes them. */
const folder = fileURLToPath(new URL('../explorer/dist', import.meta.url));

/**
 * What a page of a node may do: load its own files, ask its own node, and nothing else. No
 * text that comes with a block can become a script.
 */
const securityHeaders = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

const secure: RequestHandler = (_req, res, next) => {
  res.set(securityHeaders);
  next();
};

/** Answers browsers with a built page. Whoever does not ask for HTML gets what comes next. */
export function page(name: 'index.html' | 'lab.html' | 'class.html'): RequestHandler[] {
  const send: RequestHandler = (req, res, next) => {
    res.vary('Accept');
    if (req.accepts(['json', 'html']) !== 'html') return next();
    res.set('Cache-Control', 'no-cache');
    res.sendFile(name, { root: folder });
  };
  return [secure, send];
}

/** Serves the files that the pages load. Their names change with what is in them. */
export function assetRoutes(): Router {
  const router = Router();
  const options = { immutable: true, maxAge: '1y', index: false, redirect: false };
  return router.use('/assets', secure, express.static(`${folder}/assets`, options));
}
