import { addCosts, type Costs, type Kind, noCost } from './cost.ts';
import type { Counted } from './count-run.ts';
import { dollars, objectHourUSD, unitsOf } from './prices.ts';

/** Kinds of call that reach the platform as a request to the Worker. The others go from object to object. */
const fromOutside: readonly Kind[] = ['create', 'join', 'poll in vain', 'grant', 'update', 'view'];

/** What happens once, or as often as somebody likes, and not once an answer. */
const apart: readonly Kind[] = ['create', 'join', 'poll in vain', 'view', 'blob'];

/** Leases that one coordinator grants a second, with what that writes: the documents say 200 to 500. */
const LEASES_A_SECOND = 400;
const VOLUNTEERS_A_COHORT = 500;
export const SOCKETS_A_RELAY = 500;

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

export function reckon(counted: Counted, volunteers: number): Reckoning {
  const answersAnHour = (volunteers * 3_600) / ANSWER_EVERY_S;
  const coordinators = Math.ceil(answersAnHour / 3_600 / LEASES_A_SECOND);
  const cohorts = Math.ceil(volunteers / VOLUNTEERS_A_COHORT);
  const relays = Math.ceil(volunteers / SOCKETS_A_RELAY);
  const callsUSDAnHour = answersAnHour * dollarsAnAnswer(counted);
  const objectsUSDAnHour = (coordinators + cohorts + relays) * objectHourUSD;
  return {
    ...{ volunteers, answersAnHour, rowsAnHour: answersAnHour * rowsAnAnswer(counted) },
    ...{ coordinators, cohorts, relays, callsUSDAnHour, objectsUSDAnHour },
    USDAnHour: callsUSDAnHour + objectsUSDAnHour,
  };
}
