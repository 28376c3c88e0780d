import { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { runVolunteer } from '../../client/volunteer/run-volunteer.ts';
import { VolunteerControl } from '../../client/volunteer/volunteer-control.ts';
import { FaultyLink } from '../support/faulty-link.ts';
import { keepsNothing, MemoryStore } from '../support/memory-store.ts';
import { ScriptedTrainer } from '../support/scripted-trainer.ts';
import { TestPlatform } from '../support/test-platform.ts';
import { createTinyRun } from '../support/tiny-run.ts';
import {
  describeMachine,
  formatTable,
  parseCount,
  parseFlags,
  refuseFlags,
  type Summary,
  summarise,
  writeReport,
} from './report.ts';

/**
 * Training is a timer here, so that the processor's other work shows least. What is measured is the waiting between
 * leases.
 */
const WORK_MS = 400;
const VOLUNTEERS = [1, 2, 4];
const DELAYS_MS = [0, 50];

/**
 * One run: how long a trainer had nothing to do for each volunteer and round, and how many times they asked for a
 * lease.
 */
interface Row {
  readonly volunteers: number;
  /** Delay of requests, responses and events, each way. */
  readonly delayMs: number;
  readonly idleMs: number;
  readonly busyShare: number;
  readonly seconds: number;
  readonly asks: number;
}

async function measure(
  platform: TestPlatform,
  volunteers: number,
  delayMs: number,
  rounds: number,
): Promise<Row> {
  const link = new FaultyLink(platform.client.origin);
  link.delay = () => delayMs;
  const client = new HomeroomClient(await link.open());
  const spec = { rounds, policy: { minVolunteers: volunteers } };
  const { run } = await createTinyRun(platform.client, { spec });
  const trainers = Array.from({ length: volunteers }, () => new ScriptedTrainer(WORK_MS));
  await Promise.all(trainers.map(trainer => volunteer(client, run, trainer)));
  link.close();
  const times = trainers.flatMap(trainer => trainer.times);
  const whole = Math.max(...times.map(({ to }) => to)) - Math.min(...times.map(({ from }) => from));
  const busy = times.reduce((sum, { from, to }) => sum + to - from, 0) / volunteers;
  return {
    volunteers,
    delayMs,
    idleMs: (whole - busy) / rounds,
    busyShare: busy / whole,
    seconds: whole / 1_000,
    asks: link.seen.filter(request => request.endsWith('/leases')).length,
  };
}

const volunteer = (client: HomeroomClient, run: string, { api }: ScriptedTrainer) =>
  runVolunteer({
    client,
    run,
    control: new VolunteerControl(),
    trainer: api,
    trainerOptions: { backend: 'cpu' },
    cache: new MemoryStore(),
    residuals: keepsNothing,
    name: 'Ada',
    memoryMB: 0,
  });

const spread = ({ median, min, max }: Summary, digits: number): string =>
  `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`;

function toCells(rows: readonly Row[]): string[] {
  const of = (figure: (row: Row) => number): Summary => summarise(rows.map(figure));
  const { volunteers = 0, delayMs = 0 } = rows[0] ?? {};
  return [
    `${volunteers}`,
    `${delayMs}`,
    spread(
      of(row => row.idleMs),
      0,
    ),
    spread(
      of(row => 100 * row.busyShare),
      0,
    ),
    spread(
      of(row => row.seconds),
      1,
    ),
    spread(
      of(row => row.asks),
      0,
    ),
  ];
}

const help = `npm run bench:pipeline -- [flags]

How long volunteers wait between leases. Training is a timer of ${WORK_MS} ms. ${VOLUNTEERS.join(', ')} volunteers, on lines of
${DELAYS_MS.join(' and ')} ms each way.

  --repeats N  (3)
  --rounds R   of a run (8)
  --json FILE  a row for each run as JSON`;

const flags = parseFlags(
  {
    json: { type: 'string' },
    repeats: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '8' },
  },
  help,
);
const [repeats, rounds] = [parseCount('repeats', flags.repeats), parseCount('rounds', flags.rounds)];
if (flags.json === '') refuseFlags("--json takes a file's name");

const settings = VOLUNTEERS.flatMap(volunteers => DELAYS_MS.map(delayMs => ({ volunteers, delayMs })));
const platform = new TestPlatform();
await platform.start();
const rows: Row[] = [];
try {
  for (let i = 1; i <= repeats; i++) {
    console.log(`repeat ${i} of ${repeats} …`);
    for (const { volunteers, delayMs } of settings)
      rows.push(await measure(platform, volunteers, delayMs, rounds));
  }
} finally {
  await platform.remove();
}
const machine = describeMachine();
console.log(`\n${machine.cpu}, ${machine.cores} cores, node ${machine.node}`);
console.log(`${rounds} rounds of leases of ${WORK_MS} ms; median (least–most).`);
const table = settings.map(({ volunteers, delayMs }) =>
  toCells(rows.filter(row => row.volunteers === volunteers && row.delayMs === delayMs)),
);
const header = ['volunteers', 'ms each way', 'idle ms a round', 'busy %', 'seconds', 'asks'];
console.log(formatTable(header, table));
if (flags.json !== undefined)
  writeReport(flags.json, {
    name: 'pipeline',
    machine,
    settings: { rounds, repeats, workMs: WORK_MS },
    results: rows,
  });
