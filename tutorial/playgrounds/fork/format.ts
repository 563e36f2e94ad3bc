import { runFormat } from '../shared/deeds.ts';
import { names } from '../shared/peers.ts';
import type { Action } from './fork.ts';

/** How long the data of a block may be in a link. */
const MOST_DATA = 60;

/** From how many milliseconds to how many a message may take over a link. */
export const DELAYS = { least: 50, most: 3_000 };

/** How a run of this network stands in a link. */
export const formatAt = runFormat(wordsOf, actionOf);

function wordsOf(action: Action): string[] {
  switch (action.kind) {
    case 'mine':
      return ['mine', action.by, ...(action.data === undefined ? [] : [action.data])];
    case 'start':
      return ['start', String(action.seed)];
    case 'join':
    case 'cut':
      return [action.kind, action.a, action.b];
    case 'delay':
      return ['delay', String(action.milliseconds)];
    case 'share':
      return ['share', String(action.percent)];
    default:
      return [action.kind];
  }
}

function actionOf([kind, one, other]: readonly string[]): Action | undefined {
  const value = /^\d{1,10}$/.test(one ?? '') ? Number(one) : NaN;
  const within = (least: number, most: number) => value >= least && value <= most;
  switch (kind) {
    case 'stop':
    case 'part':
    case 'heal':
      return { kind };
    case 'start':
      return within(1, 2 ** 31) ? { kind, seed: value } : undefined;
    case 'delay':
      return within(DELAYS.least, DELAYS.most)
        ? { kind, milliseconds: value }
        : undefined;
    case 'share':
      return within(0, 100) ? { kind, percent: value } : undefined;
    case 'mine':
      return mineOf(one, other);
    case 'join':
    case 'cut':
      return isPeer(one) && isPeer(other) && one !== other
        ? { kind, a: one, b: other }
        : undefined;
    default:
      return undefined;
  }
}

function mineOf(by: string | undefined, data: string | undefined): Action | undefined {
  if (!isPeer(by)) return undefined;
  if (data === undefined) return { kind: 'mine', by };
  return data.length <= MOST_DATA ? { kind: 'mine', by, data } : undefined;
}

function isPeer(name: string | undefined): name is string {
  return name !== undefined && names.includes(name);
}
