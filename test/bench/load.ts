import { type LoadRow, runScenario, specOf } from './load/run-scenario.ts';
import { type Scenario, scenarios } from './load/scenarios.ts';
import {
  assertWritable,
  describeMachine,
  formatTable,
  orRefuse,
  parseCount,
  parseFlags,
  refuseFlags,
  writeReport,
} from './report.ts';

const names = scenarios.map(({ name }) => name);

const help = `npm run bench:load -- [flags]

Synthetic volunteers over real HTTP and sockets on a platform in a process of its own. They train nothing.
A scenario NxP: N updates of P parameters a round, in f32. A scenario N: N volunteers with small updates, and a round
wants a tenth of them. \`silent\`: one of four takes a lease and is never heard of again.

  --scenario NAME[,NAME…]  ${names.join(', ')} (all)
  --rounds R               (5; of a crowd 20)
  --cohorts C[,C…]         cohorts of a role (1)
  --patience S             seconds that a version may take (300)
  --json FILE              the rows as JSON`;

const flags = parseFlags(
  {
    scenario: { type: 'string' },
    rounds: { type: 'string' },
    cohorts: { type: 'string', default: '1' },
    patience: { type: 'string', default: '300' },
    json: { type: 'string' },
  },
  help,
);

const columns = [
  ...[
    'scenario',
    'cohorts',
    'rounds',
    'publishAfterLastMs',
    'roundMs',
    'roundMsMax',
    'leaseP50Ms',
    'leaseP99Ms',
  ],
  ...['updateP99Ms', 'refused', 'errors', 'leasesAsked', 'cpuMsARound', 'rssMBFirst', 'rssMBLast'],
] as const satisfies readonly (keyof LoadRow)[];

async function main(): Promise<void> {
  const asked = readFlags();
  const rows: LoadRow[] = [];
  for (const { scenario, cohorts, rounds } of asked) {
    console.error(`${scenario.name}, ${cohorts} cohorts a role, ${rounds} rounds`);
    const onRound = (round: number): void => console.error(`  version ${round} of ${rounds}`);
    const row = await runScenario(scenario, { cohorts, rounds, patienceMs: patienceMs(), onRound });
    if (row.rounds < rounds)
      console.error(
        `  ended at version ${row.rounds}: ${Object.keys(row.errorsBy)[0] ?? 'no version in time'}`,
      );
    rows.push(row);
  }
  console.log(
    `\n${formatTable(
      columns,
      rows.map(row => columns.map(column => String(row[column] ?? '-'))),
    )}`,
  );
  if (flags.json !== undefined)
    writeReport(flags.json, { name: 'load', machine: describeMachine(), settings: flags, results: rows });
}

interface Asked {
  readonly scenario: Scenario;
  readonly cohorts: number;
  readonly rounds: number;
}

function readFlags(): Asked[] {
  if (flags.json !== undefined) orRefuse(() => assertWritable(flags.json ?? ''));
  patienceMs();
  const rounds = flags.rounds === undefined ? null : parseCount('rounds', flags.rounds);
  const counts = itemsOf(flags.cohorts).map(count => parseCount('cohorts', count));
  const asked = (flags.scenario === undefined ? names : itemsOf(flags.scenario)).map(scenarioOf);
  const all = asked.flatMap(scenario =>
    counts.map(cohorts => ({ scenario, cohorts, rounds: rounds ?? scenario.rounds })),
  );
  for (const { scenario, ...options } of all) orRefuse(() => void specOf(scenario, options));
  return all;
}

const scenarioOf = (name: string): Scenario =>
  scenarios.find(scenario => scenario.name === name) ??
  refuseFlags(`--scenario takes ${names.join(', ')}, got '${name}'`);

const patienceMs = (): number => 1_000 * parseCount('patience', flags.patience);

const itemsOf = (text: string): string[] => text.split(',').filter(item => item !== '');

await main();
process.exit(0);
