import { writeFileSync } from 'node:fs';
import { pricesReadOn } from '../../shared/cost/platform-prices.ts';
import { actsOf } from './cost/acts-of.ts';
import { billedRows, type Cost, kinds, noCost } from './cost/cost.ts';
import { countActs, lonelyActs } from './cost/count-acts.ts';
import { type Counted, countRun } from './cost/count-run.ts';
import { ACTS, MEASURED, ROWS } from './cost/measured-costs.ts';
import { FREE_ROWS_A_DAY } from './cost/prices.ts';
import { type Reckoning, reckon, rowsAnAnswer } from './cost/reckon.ts';
import {
  assertWritable,
  describeMachine,
  formatTable,
  orRefuse,
  parseCount,
  parseFlags,
  writeReport,
} from './report.ts';

/**
 * Counts what a run uses of all that Cloudflare bills, on a local workerd, and reckons what crowds cost by the
 * published prices. It counts and takes no time, so a busy machine does no harm.
 */

/** A class, a large crowd, a small town, a city. */
const CROWDS = [30, 1_000, 100_000, 1_000_000];

const HEADER = ['kind', 'calls', 'rows', 'rows a call', 'rows read', 'requests', 'R2 A', 'R2 B', 'D1 rows'];

const amount = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 2 });

function toCells(kind: string, cost: Cost): string[] {
  const rows = billedRows(cost);
  const aCall = cost.calls === 0 ? '' : (rows / cost.calls).toFixed(1);
  const { calls, rowsRead, requests, r2ClassA, r2ClassB, d1RowsWritten } = cost;
  const figures = [rowsRead, requests, r2ClassA, r2ClassB, d1RowsWritten].map(amount);
  return [kind, amount(calls), amount(rows), aCall, ...figures];
}

function printCosts(counted: Counted): void {
  const { volunteers, rounds, answers, costs } = counted;
  console.log(`\n${volunteers} volunteers, ${rounds} rounds, ${answers} accepted answers:`);
  const rows = kinds.flatMap(kind => (costs[kind] ? [toCells(kind, costs[kind] ?? noCost)] : []));
  console.log(formatTable(HEADER, rows));
  console.log(`rows an accepted answer, alarms included: ${rowsAnAnswer(counted).toFixed(1)}`);
}

const reckoningHeader = [
  ...['volunteers', 'answers/h', 'rows/h', 'coordinators', 'cohorts', 'relays'],
  ...['tells/s', 'calls $/h', 'tells $/h', 'objects $/h', '$/h', 'free plan lasts'],
];

const freeHours = ({ rowsAnHour }: Reckoning): string => {
  const hours = FREE_ROWS_A_DAY / rowsAnHour;
  return hours > 24 ? 'all day' : `${(hours * 60).toFixed(hours > 1 ? 0 : 1)} min`;
};

function toReckoning(row: Reckoning): string[] {
  const { volunteers, answersAnHour, rowsAnHour, coordinators, cohorts, relays, tellsASecond } = row;
  const dollars = [row.callsUSDAnHour, row.tellsUSDAnHour, row.objectsUSDAnHour, row.USDAnHour];
  return [
    ...[volunteers, answersAnHour, rowsAnHour, coordinators, cohorts, relays, tellsASecond].map(amount),
    ...dollars.map(value => value.toFixed(3)),
    freeHours(row),
  ];
}

/** How far one run goes. */
function describeLimit({ volunteers, answersAnHour, coordinators, relays, tellsASecond }: Reckoning): string {
  const one = `A run has one coordinator. ${amount(volunteers)} volunteers in a single run would be`;
  const calls = `${amount(answersAnHour / 3_600)} leases and ${amount(tellsASecond)} calls to ${amount(relays)} relays a second`;
  return `${one} ${calls}, which one object cannot make: the table has them in ${coordinators} runs. A single run would need a tree of relays and coordinators that share the leases. Homeroom has neither.`;
}

const rowsOf = ({ answers, costs }: Counted) =>
  kinds.flatMap(kind => {
    const cost = costs[kind];
    return cost ? [{ kind, answers, ...settings, ...cost, rows: billedRows(cost) }] : [];
  });

/** What happens alone. If it is to be kept, all that `homeroom cost` reckons with is written down. */
async function tellActs(): Promise<void> {
  const alone = await countActs();
  console.log('\nWhat happens while nothing else does, all times together:');
  const table = lonelyActs.map(act => [...toCells(act, alone[act]), String(alone[act].times)]);
  console.log(formatTable([...HEADER, 'times'], table));
  if (!flags.keep) return;
  const toLines = (rows: readonly object[]) => rows.map(row => `${JSON.stringify(row)}\n`).join('');
  writeFileSync(ROWS, toLines(rowsOf(counted).map(row => ({ release: 'after', ...row }))));
  writeFileSync(ACTS, toLines(lonelyActs.map(act => ({ act, ...alone[act] }))));
  writeFileSync(MEASURED, `${JSON.stringify(actsOf(counted, alone), null, 2)}\n`);
}

const help = `npm run bench:cost -- [flags]

Counts what a run uses of all that Cloudflare bills, on a local workerd, and reckons what crowds cost by the published
prices.

  --volunteers N  (30)
  --rounds R      (4)
  --polls N       how often everyone asks in vain in a round (2)
  --acts          counts what happens alone too: a page is opened, somebody joins, a minute passes. Takes two minutes
  --keep          the same, and keeps the counts for \`homeroom cost\`: shared/cost/measured-acts.json and the rows in
                  test/bench/results that it follows from
  --json FILE     the same as JSON`;

const flags = parseFlags(
  {
    json: { type: 'string' },
    acts: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    volunteers: { type: 'string', default: '30' },
    rounds: { type: 'string', default: '4' },
    polls: { type: 'string', default: '2' },
  },
  help,
);
const settings = {
  volunteers: parseCount('volunteers', flags.volunteers),
  rounds: parseCount('rounds', flags.rounds),
  polls: parseCount('polls', flags.polls),
};
const { json } = flags;
if (json !== undefined) orRefuse(() => assertWritable(json));

const counted = await countRun(settings);
printCosts(counted);
const reckonings = CROWDS.map(volunteers => reckon(counted, volunteers));
console.log(`\nOn paper, an answer a minute from each volunteer, prices as read on ${pricesReadOn}:`);
console.log(formatTable(reckoningHeader, reckonings.map(toReckoning)));
console.log('A tell is a batch of news from a coordinator to one relay, four a second to each at most.');
console.log('Not in it: time of processors, stored bytes, spectators, and sockets that open and close.');
for (const row of reckonings.filter(({ coordinators }) => coordinators > 1).slice(-1))
  console.log(describeLimit(row));
if (flags.acts || flags.keep) await tellActs();
if (json !== undefined)
  writeReport(json, {
    name: 'cost',
    machine: describeMachine(),
    settings,
    results: rowsOf(counted),
    profiles: reckonings,
  });
