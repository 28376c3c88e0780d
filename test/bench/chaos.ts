import { buildChaosWorker } from './chaos/build-chaos-worker.ts';
import { drawScenario } from './chaos/draw-scenario.ts';
import { type ChaosOutcome, runChaos } from './chaos/run-chaos.ts';
import { assertWritable, describeMachine, orRefuse, parseCount, parseFlags, writeReport } from './report.ts';

const help = `npm run chaos -- [flags]

Plays scenarios in which much goes wrong: the platform, workerd alone and objects are killed, also in the midst of a
fold; R2 and D1 fail; the clock jumps; requests are lost, torn, doubled, delayed; volunteers die; the disk is full.
After each scenario every version is computed again from ledger and archive, and every update that was trained is either
counted or refused with a reason.

  --scenarios N  (10)
  --seed S       of the first scenario; the next ones have the seeds after it (1)
  --mishaps M    in a scenario (6)
  --json FILE    a row for each scenario as JSON`;

const flags = parseFlags(
  {
    scenarios: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    mishaps: { type: 'string', default: '6' },
    json: { type: 'string' },
  },
  help,
);

/** The exit status that a shell reports for a process that Ctrl-C ended. */
const INTERRUPTED = 130;

async function main(): Promise<void> {
  // So that whatever lasts beyond the process is taken away at its exit.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(INTERRUPTED));
  const count = parseCount('scenarios', flags.scenarios);
  const first = parseCount('seed', flags.seed);
  const mishaps = parseCount('mishaps', flags.mishaps);
  const { json } = flags;
  if (json !== undefined) orRefuse(() => assertWritable(json));
  const script = await buildChaosWorker();
  const outcomes: ChaosOutcome[] = [];
  for (let i = 0; i < count; i++) {
    const outcome = await runChaos(drawScenario(first + i, mishaps), script);
    outcomes.push(outcome);
    console.log(line(outcome, i + 1, count));
    if (flags.json !== undefined) write(flags.json, outcomes);
  }
  console.log(`\n${summary(outcomes)}`);
  process.exit(outcomes.some(({ failure }) => failure !== null) ? 1 : 0);
}

function line(
  { seed, seconds, mishaps, versions, accepted, failure, folder }: ChaosOutcome,
  number: number,
  of: number,
) {
  const told = `${number} of ${of}: seed ${seed}, ${seconds.toFixed(1)} s, ${mishaps.join(', ')}`;
  return failure === null
    ? `${told}: ${versions} versions, ${accepted} updates, all accounted for`
    : `${told}\n  FAILED: ${failure}\n  npm run chaos -- --scenarios 1 --seed ${seed}${folder ? `; its data are kept in ${folder}` : ''}`;
}

function summary(outcomes: readonly ChaosOutcome[]): string {
  const sum = (of: (outcome: ChaosOutcome) => number): number =>
    outcomes.reduce((total, outcome) => total + of(outcome), 0);
  const failed = outcomes.filter(({ failure }) => failure !== null);
  const mishaps = countBy(outcomes.flatMap(outcome => outcome.mishaps));
  const leftOut = countBy(outcomes.flatMap(outcome => outcome.leftOut));
  const refused: Record<string, number> = {};
  for (const outcome of outcomes)
    for (const [reason, count] of Object.entries(outcome.refused))
      refused[reason] = (refused[reason] ?? 0) + count;
  const well = outcomes.filter(({ failure }) => failure === null);
  const recomputed = well.reduce((total, { versions }) => total + versions, 0);
  return [
    `${outcomes.length} scenarios, ${sum(({ restarts }) => restarts)} restarts: ${listOf(mishaps)}`,
    ...(Object.keys(leftOut).length > 0 ? [`This machine could not do: ${listOf(leftOut)}`] : []),
    `${recomputed} versions, each computed again bit for bit`,
    `${sum(({ trained }) => trained)} updates trained: ${sum(({ accepted }) => accepted)} accepted, refused ${listOf(refused) || 'none'}`,
    failed.length === 0
      ? 'No scenario failed.'
      : `FAILED: seeds ${failed.map(({ seed }) => seed).join(', ')}`,
  ].join('\n');
}

function countBy(items: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[item] = (counts[item] ?? 0) + 1;
  return counts;
}

const listOf = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');

const write = (file: string, results: readonly ChaosOutcome[]): void =>
  writeReport(file, { name: 'chaos', machine: describeMachine(), settings: flags, results });

await main();
