import { Router } from 'express';
import type { RollCall } from '../views/roll-call.ts';
import { page } from './pages.ts';
import type { ClassState } from './schemas.ts';

/** Builds the route `GET /class`: a page for browsers, and what it shows for programs. */
export function classRoutes(rollCall: RollCall): Router {
  const router = Router();
  router.get('/class', ...page('class.html'), (_req, res) => {
    res.json(rollCall.state satisfies ClassState);
  });
  return router;
}
