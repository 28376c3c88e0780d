import { dollars, objectHourUSD } from '../../../shared/cost/platform-prices.ts';
import { addCosts, type Costs, type Kind, noCost } from './cost.ts';
import type { Counted } from './count-run.ts';
import { unitsOf } from './prices.ts';

/** Kinds of call that reach the platform as a request to the Worker. The others go from object to object. */
const fromOutside: readonly Kind[] = ['create', 'join', 'poll in vain', 'grant', 'update', 'view'];

/** What happens once, or as often as somebody likes, and not once an answer. */
const apart: readonly Kind[] = ['create', 'join', 'poll in vain', 'view', 'tell', 'socket', 'blob'];

/** Leases that one coordinator grants a second, with what that writes: the documents say 200 to 500. */
const LEASES_A_SECOND = 400;
const VOLUNTEERS_A_COHORT = 500;
export const SOCKETS_A_RELAY = 500;

/** [EVENT1] A relay is told so often at most, and no more often than something happens: a grant, or an answer. */
const TELLS_A_SECOND = 4;
const EVENTS_AN_ANSWER = 2;

/** How often a volunteer returns an update, on paper. */
const ANSWER_EVERY_S = 60;

/** What so many volunteers need on paper, with the costs that were measured. */
export interface Reckoning {
  readonly volunteers: number;
  readonly answersAnHour: number;
  readonly rowsAnHour: number;
  readonly coordinators: number;
  readonly cohorts: number;
  readonly relays: number;
  /** Calls to relays, of all coordinators together. */
  readonly tellsASecond: number;
  readonly tellsUSDAnHour: number;
  readonly callsUSDAnHour: number;
  readonly objectsUSDAnHour: number;
  readonly USDAnHour: number;
}

const sumOf = (costs: Costs, kinds: readonly Kind[]) =>
  kinds.map(kind => costs[kind] ?? noCost).reduce(addCosts, noCost);

const answerKinds = (costs: Costs): Kind[] =>
  (Object.keys(costs) as Kind[]).filter(kind => !apart.includes(kind));

/** Rows, alarms included, of all that an accepted answer takes: grant, update, report, and its share of the round. */
export function rowsAnAnswer({ costs, answers }: Counted): number {
  const { rowsWritten, alarms } = sumOf(costs, answerKinds(costs));
  return (rowsWritten + alarms) / answers;
}

/** Rows, alarms included, of one call of this kind. 0 if there was none. */
export function rowsACall({ costs }: Counted, kind: Kind): number {
  const { calls, rowsWritten, alarms } = costs[kind] ?? noCost;
  return calls === 0 ? 0 : (rowsWritten + alarms) / calls;
}

export function dollarsAnAnswer({ costs, answers }: Counted): number {
  const used = answerKinds(costs);
  const requests = sumOf(
    costs,
    used.filter(kind => fromOutside.includes(kind)),
  ).calls;
  // Of an evaluation half of the calls come from outside: the lease and the update. The report is the third.
  const judged = ((costs.evaluate?.calls ?? 0) * 2) / 3;
  return dollars(unitsOf(sumOf(costs, used), requests + judged)) / answers;
}

/** What one batch to one relay costs. */
function dollarsATell({ costs }: Counted): number {
  const { tell = noCost } = costs;
  return tell.calls === 0 ? 0 : dollars(unitsOf(tell, 0)) / tell.calls;
}

export function reckon(counted: Counted, volunteers: number): Reckoning {
  const answersAnHour = (volunteers * 3_600) / ANSWER_EVERY_S;
  const coordinators = Math.ceil(answersAnHour / 3_600 / LEASES_A_SECOND);
  const cohorts = Math.ceil(volunteers / VOLUNTEERS_A_COHORT);
  const relays = Math.ceil(volunteers / SOCKETS_A_RELAY);
  const events = (EVENTS_AN_ANSWER * answersAnHour) / 3_600;
  const tellsASecond = relays * Math.min(TELLS_A_SECOND, events);
  const tellsUSDAnHour = 3_600 * tellsASecond * dollarsATell(counted);
  const callsUSDAnHour = answersAnHour * dollarsAnAnswer(counted);
  const objectsUSDAnHour = (coordinators + cohorts + relays) * objectHourUSD;
  return {
    ...{ volunteers, answersAnHour, rowsAnHour: answersAnHour * rowsAnAnswer(counted) },
    ...{ coordinators, cohorts, relays, tellsASecond, tellsUSDAnHour, callsUSDAnHour, objectsUSDAnHour },
    USDAnHour: callsUSDAnHour + tellsUSDAnHour + objectsUSDAnHour,
  };
}
