import type { Act } from '../../../shared/cost/acts.ts';
import type { Units } from '../../../shared/cost/platform-prices.ts';
import { addCosts, type Cost, type Kind, noCost } from './cost.ts';
import type { CountedActs, LonelyAct } from './count-acts.ts';
import type { Counted } from './count-run.ts';
import { unitsOf } from './prices.ts';

const lonely: Readonly<
  Record<Exclude<Act, 'answer' | 'evaluation' | 'fold' | 'version' | 'tell'>, LonelyAct>
> = {
  ...{ create: 'create', lookAtList: 'look at the list', openPage: 'open a page', join: 'join' },
  ...{ listen: 'listen', poll: 'poll in vain', download: 'download', idleMinute: 'idle minute' },
  lookAhead: 'look ahead',
};

/** An evaluation is a lease, an update and a report. The first two come from outside. */
const CALLS_AN_EVALUATION = 3;
const FROM_OUTSIDE = 2;

/**
 * What each act uses when it is done once, from what the bench counted of a conventional run and of what happens alone.
 * What a round does with files depends on the network, so it is left out here.
 */
export function actsOf({ costs, rounds }: Counted, counted: CountedActs): Record<Act, Units> {
  const sum = (...kinds: Kind[]): Cost =>
    kinds.map(kind => ({ ...(costs[kind] ?? noCost), r2ClassA: 0, r2ClassB: 0 })).reduce(addCosts, noCost);
  const read = (...kinds: Kind[]): Cost => ({ ...noCost, rowsRead: sum(...kinds).rowsRead });
  const unread = (cost: Cost): Cost => ({ ...cost, rowsRead: 0 });
  const answers = costs.update?.calls ?? 0;
  const evaluations = (costs.evaluate?.calls ?? 0) / CALLS_AN_EVALUATION;
  // A fold reads every update, and writes the same however many they are.
  const answered = [sum('grant', 'update', 'report'), read('fold', 'alarm')].reduce(addCosts, noCost);
  const alone = Object.entries(lonely).map(([act, name]) => {
    const { times, ...cost } = counted[name];
    return [act, each(unitsOf(cost, cost.workerRequests), times)];
  });
  return {
    ...(Object.fromEntries(alone) as Record<keyof typeof lonely, Units>),
    answer: each(unitsOf(answered, FROM_OUTSIDE * answers), answers),
    evaluation: each(unitsOf(sum('evaluate'), FROM_OUTSIDE * evaluations), evaluations),
    fold: each(unitsOf(unread(sum('fold', 'alarm')), 0), rounds),
    version: each(unitsOf(sum('publish'), 0), rounds),
    tell: each(unitsOf(sum('tell'), 0), costs.tell?.calls ?? 0),
  };
}

/** To two digits behind the point, rounded up. */
function each(units: Units, times: number): Units {
  const one = { ...units };
  for (const name of Object.keys(units) as (keyof Units)[])
    one[name] = Math.ceil((100 * units[name]) / Math.max(1, times)) / 100;
  return one;
}
