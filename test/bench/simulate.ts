import { planNames } from '../../shared/protocol/plan-spec.ts';
import { Crowd } from '../simulate/crowd/crowd.ts';
import { policyOf } from '../simulate/crowd/crowd-run.ts';
import type { CrowdSettings } from '../simulate/crowd/crowd-world.ts';
import {
  assertWritable,
  describeMachine,
  formatTable,
  orRefuse,
  parseCount,
  parseFlags,
  refuseFlags,
  summarise,
  writeReport,
} from './report.ts';
import { costOf, storageOpsOf, usedBy } from './simulated-cost.ts';

const help = `npm run simulate -- [flags]

Plays runs with crowds of volunteers under a virtual clock: the real round machine and the real cohorts, without network
and training. One row for each of the volunteers, dropouts and policies that are given.

  --volunteers N[,N…]      who ever comes (1000)
  --rounds R               versions to be made (50)
  --dropout P[,P…]         chance that a lease is lost: the tab crashes, the line is silent, or the tab is frozen (0)
  --malice P               chance that a volunteer is hostile (0)
  --goal N                 updates wanted a round (a tenth of the volunteers, 4 to 500)
  --policy NAME[,NAME…]    rounds: synchronous or buffered (the default of the run's settings)
  --cohorts N              cohorts of a role, 1 to 64 (one for each 500 volunteers)
  --plan NAME              learning plan (layer-to-layer)
  --parameters N           of the network: says how long downloads and uploads take (1000000)
  --seed S                 everything is drawn from it (1)
  --json FILE              the same as JSON`;

const flags = parseFlags(
  {
    volunteers: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '50' },
    dropout: { type: 'string', default: '0' },
    malice: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    goal: { type: 'string' },
    policy: { type: 'string' },
    cohorts: { type: 'string' },
    plan: { type: 'string', default: 'layer-to-layer' },
    parameters: { type: 'string', default: '1000000' },
    json: { type: 'string' },
  },
  help,
);

/** Says that a long run is alive. */
const TELL_MS = 10_000;
const APPOINTMENTS_AT_ONCE = 5_000;

interface Row {
  readonly volunteers: number;
  readonly rounds: number;
  readonly dropout: number;
  readonly malice: number;
  readonly goal: number;
  readonly policy: string;
  readonly plan: string;
  readonly seed: number;
  readonly virtualSeconds: number;
  readonly secondsPerRound: number | null;
  readonly secondsPerRoundMin: number | null;
  readonly secondsPerRoundMax: number | null;
  readonly seconds: number;
  readonly steps: number;
  readonly accepted: number;
  readonly refused: number;
  readonly refusedBy: Readonly<Record<string, number>>;
  readonly wasted: number;
  readonly dropped: number;
  readonly turnedAway: number;
  readonly stalenessMean: number;
  readonly requestsPerSecondPeak: number;
  readonly requests: number;
  readonly storageOps: number;
  readonly rowsWritten: number;
  readonly costUSD: number;
}

async function main(): Promise<void> {
  const settings = readSettings();
  const rows: Row[] = [];
  for (const each of settings) rows.push(await play(each));
  console.log(`\n${table(rows)}`);
  const shown = {
    ...settings[0],
    volunteers: flags.volunteers,
    dropout: flags.dropout,
    policy: flags.policy,
  };
  if (flags.json !== undefined)
    writeReport(flags.json, {
      name: 'simulate',
      machine: describeMachine(),
      settings: shown,
      results: rows,
    });
}

async function play(settings: CrowdSettings): Promise<Row> {
  const crowd = new Crowd(settings);
  const startedAt = performance.now();
  for (let toldAt = startedAt; !crowd.isOver; ) {
    await crowd.advance(APPOINTMENTS_AT_ONCE);
    if (performance.now() - toldAt < TELL_MS) continue;
    toldAt = performance.now();
    console.error(
      `  version ${crowd.version} of ${settings.rounds}, ${seconds(crowd.virtualMs)} virtual seconds`,
    );
  }
  const row = rowOf(settings, crowd, (performance.now() - startedAt) / 1_000);
  if (crowd.phase !== 'finished')
    console.error(
      `the run of ${settings.volunteers} did not finish: it is ${crowd.phase}, at version ${row.rounds}`,
    );
  return row;
}

function rowOf(settings: CrowdSettings, crowd: Crowd, took: number): Row {
  const { tally, config } = crowd;
  const used = usedBy(tally.demand, settings.parameters);
  const virtualSeconds = crowd.virtualMs / 1_000;
  const perRound = summarise(
    tally.versionsAt.slice(1).map((at, i) => (at - (tally.versionsAt[i] ?? at)) / 1_000),
  );
  return {
    ...{ volunteers: settings.volunteers, rounds: crowd.version, dropout: settings.dropout },
    ...{ malice: settings.malice, goal: settings.goal, policy: policyOf(config), plan: settings.plan },
    ...{ seed: settings.seed, virtualSeconds: rounded(virtualSeconds) },
    secondsPerRound: rounded(perRound.median),
    secondsPerRoundMin: rounded(perRound.min),
    secondsPerRoundMax: rounded(perRound.max),
    ...{ seconds: rounded(took), steps: tally.steps, accepted: tally.accepted },
    refused: [...tally.refused.values()].reduce((sum, count) => sum + count, 0),
    refusedBy: Object.fromEntries(tally.refused),
    ...{ wasted: tally.wasted, dropped: tally.dropped, turnedAway: tally.turnedAway },
    stalenessMean: Number(tally.stalenessMean.toFixed(4)),
    ...{ requestsPerSecondPeak: tally.requestsPerSecondPeak, requests: tally.requests },
    ...{ storageOps: storageOpsOf(used), rowsWritten: Math.round(used.objectRowsWritten) },
    costUSD: Number(costOf(used, virtualSeconds).toPrecision(4)),
  };
}

const rounded = (value: number): number => Number(value.toFixed(3));
const seconds = (ms: number): number => Math.round(ms / 1_000);

const columns = [
  ...[
    'volunteers',
    'dropout',
    'policy',
    'rounds',
    'secondsPerRound',
    'virtualSeconds',
    'accepted',
    'refused',
  ],
  ...['wasted', 'dropped', 'stalenessMean', 'requestsPerSecondPeak', 'storageOps', 'costUSD', 'seconds'],
] as const;

const table = (rows: readonly Row[]): string =>
  formatTable(
    columns,
    rows.map(row => columns.map(column => String(row[column]))),
  );

/** One for each combination of what is given as a list. */
function readSettings(): CrowdSettings[] {
  if (flags.json !== undefined) orRefuse(() => assertWritable(flags.json ?? ''));
  const common = {
    rounds: atMost('rounds', parseCount('rounds', flags.rounds), 10_000),
    malice: parseChance('malice', flags.malice),
    seed: parseCount('seed', flags.seed),
    plan: parsePlan(flags.plan),
    parameters: parseParameters(flags.parameters),
    cohorts:
      flags.cohorts === undefined ? undefined : atMost('cohorts', parseCount('cohorts', flags.cohorts), 64),
  };
  const policies =
    flags.policy === undefined ? [undefined] : itemsOf('policy', flags.policy).map(parsePolicy);
  const settings = itemsOf('volunteers', flags.volunteers).flatMap(count => {
    const volunteers = atMost('volunteers', parseCount('volunteers', count), 100_000);
    return itemsOf('dropout', flags.dropout).flatMap(dropout =>
      policies.map(policy => ({
        ...{ ...common, volunteers, policy, goal: goalFor(volunteers) },
        dropout: parseChance('dropout', dropout),
      })),
    );
  });
  for (const each of settings) orRefuse(() => new Crowd({ ...each, volunteers: 0 }));
  return settings;
}

const goalFor = (volunteers: number): number =>
  flags.goal === undefined
    ? Math.min(500, Math.max(4, Math.round(volunteers / 10)))
    : atMost('goal', parseCount('goal', flags.goal), 500);

const itemsOf = (flag: string, text: string): string[] => {
  const items = text.split(',').filter(item => item !== '');
  return items.length > 0 ? items : refuseFlags(`--${flag} is empty`);
};

const atMost = (flag: string, value: number, most: number): number =>
  value <= most ? value : refuseFlags(`--${flag} takes at most ${most}, got ${value}`);

/** Certain loss is no setting: such a run never ends. */
const parseChance = (flag: string, text: string): number =>
  /^(0|0?\.\d+)$/.test(text)
    ? Number(text)
    : refuseFlags(`--${flag} takes a chance from 0 to below 1, got '${text}'`);

const parsePolicy = (text: string): string =>
  text === 'synchronous' || text === 'buffered'
    ? text
    : refuseFlags(`--policy takes synchronous or buffered, got '${text}'`);

const parsePlan = (text: string): CrowdSettings['plan'] =>
  planNames.find(name => name === text) ??
  refuseFlags(`--plan takes one of ${planNames.join(', ')}, got '${text}'`);

const parseParameters = (text: string): number =>
  /^[1-9]\d{0,8}$/.test(text)
    ? Number(text)
    : refuseFlags(`--parameters takes a whole number from 1 to 999999999, got '${text}'`);

await main();
