import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HomeroomClient } from '../../../client/platform/homeroom-client.ts';
import { type RunSpec, runSpecSchema } from '../../../shared/protocol/run-spec.ts';
import { PlatformProcess } from '../../support/platform-process.ts';
import { summarise } from '../report.ts';
import { type DenseModel, denseModel, putModel } from './dense-model.ts';
import { RunClock } from './run-clock.ts';
import type { Scenario } from './scenarios.ts';
import { Measured, SyntheticVolunteer } from './synthetic-volunteer.ts';

export interface LoadRow {
  readonly scenario: string;
  readonly cohorts: number;
  readonly volunteers: number;
  readonly parameters: number;
  readonly rounds: number;
  readonly publishAfterLastMs: number | null;
  readonly publishAfterLastMsMin: number | null;
  readonly publishAfterLastMsMax: number | null;
  readonly roundMs: number | null;
  readonly roundMsMin: number | null;
  readonly roundMsMax: number | null;
  readonly leaseP50Ms: number | null;
  readonly leaseP99Ms: number | null;
  readonly updateP99Ms: number | null;
  readonly refused: number;
  readonly refusedBy: Readonly<Record<string, number>>;
  readonly errors: number;
  /** In words, without addresses. */
  readonly errorsBy: Readonly<Record<string, number>>;
  /** Time of the processors that workerd takes for a round. It says more than the others if the machine is busy. */
  readonly cpuMsARound: number | null;
  /** Of the call that a volunteer makes most often, how many came through. */
  readonly leasesAsked: number;
  /** Of workerd, after the first version and after the last. */
  readonly rssMBFirst: number | null;
  readonly rssMBLast: number | null;
}

export interface ScenarioOptions {
  readonly cohorts: number;
  readonly rounds: number;
  /** No version within this ends the scenario. */
  readonly patienceMs: number;
  readonly onRound: (round: number) => void;
}

/** So many join at once. */
const JOINING = 20;

export function specOf(
  scenario: Scenario,
  { cohorts, rounds }: Pick<ScenarioOptions, 'cohorts' | 'rounds'>,
): RunSpec {
  const { volunteers, goal, segments, codec } = scenario;
  return runSpecSchema.parse({
    ...{ name: `load ${scenario.name}`, seed: 1, rounds, codec: { name: codec } },
    dataset: {
      ...{ kind: 'glyphs', name: 'glyphs', seed: 1, partition: { kind: 'iid' } },
      ...{ trainParts: 1_000, testParts: 1, examplesPerPart: 10 },
    },
    plan: {
      name: segments === 1 ? 'conventional' : 'layer-to-layer',
      ...(segments === 1 ? {} : { freezeAt: 1 }),
    },
    policy: {
      ...{ updatesPerRound: Math.min(500, goal), minVolunteers: Math.min(500, volunteers) },
      ...{ evaluators: 'referees', overIssue: volunteers > goal ? 1.3 : 1 },
      cohorts,
    },
  });
}

/** Starts a platform on a folder of its own, loads it, and removes the folder. */
export async function runScenario(scenario: Scenario, options: ScenarioOptions): Promise<LoadRow> {
  const folder = await mkdtemp(join(tmpdir(), 'homeroom-load-'));
  const platform = await PlatformProcess.start({ folder });
  try {
    return await load(platform, scenario, options);
  } finally {
    await platform.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

async function load(
  platform: PlatformProcess,
  scenario: Scenario,
  options: ScenarioOptions,
): Promise<LoadRow> {
  const client = new HomeroomClient(platform.origin);
  const model = denseModel(scenario.parameters, scenario.segments);
  const { run, hostKey } = await open(client, model, specOf(scenario, options));
  const info = await client.run(run);
  const clock = new RunClock(client, info);
  const measured = new Measured();
  const { spec, view } = info;
  const world = { client, run, outline: model.outline, spec, scenario, view, clock, measured };
  const volunteers = await joinAll(scenario.volunteers, number => SyntheticVolunteer.join(world, number));
  const startedAt = performance.now();
  const working = volunteers.map((volunteer, i) =>
    scenario.hasSilent && i === 0 ? volunteer.vanish() : volunteer.work(),
  );
  const used = await follow(platform, clock, options);
  await client.control(run, 'finish', hostKey).catch(() => {});
  clock.close();
  for (const volunteer of volunteers) volunteer.leave();
  await Promise.race([Promise.allSettled(working), new Promise(resolve => setTimeout(resolve, 5_000))]);
  return rowOf(scenario, options, { clock, measured, startedAt, used });
}

async function open(client: HomeroomClient, model: DenseModel, spec: RunSpec) {
  await putModel(client, model);
  const created = await client.createRun({ spec, model: model.outline, segments: model.shards });
  await client.control(created.run, 'open', created.hostKey);
  return created;
}

async function joinAll<T>(count: number, join: (number: number) => Promise<T>): Promise<T[]> {
  const joined: T[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let number = next++; number < count; number = next++) joined.push(await join(number));
  };
  await Promise.all(Array.from({ length: JOINING }, lane));
  return joined;
}

/** What workerd has used when a version came out. */
interface Used {
  readonly rssMB: number;
  readonly cpuMs: number;
}

/** Waits for each round's version. */
async function follow(platform: PlatformProcess, clock: RunClock, options: ScenarioOptions): Promise<Used[]> {
  const used: Used[] = [];
  for (let round = 1; round <= options.rounds; round++) {
    const deadline = performance.now() + options.patienceMs;
    while (!clock.publishedAt.has(round) && performance.now() < deadline)
      await new Promise(resolve => setTimeout(resolve, 20));
    if (!clock.publishedAt.has(round)) break;
    used.push({ rssMB: platform.rssMB(), cpuMs: platform.cpuMs() });
    options.onRound(round);
  }
  return used;
}

interface Followed {
  readonly clock: RunClock;
  readonly measured: Measured;
  readonly startedAt: number;
  readonly used: readonly Used[];
}

function rowOf(
  scenario: Scenario,
  { cohorts }: ScenarioOptions,
  { clock, measured, startedAt, used }: Followed,
): LoadRow {
  const versions = [...clock.publishedAt.entries()].toSorted(([a], [b]) => a - b);
  const after = versions.flatMap(([round, at]) => {
    const last = measured.lastUpdateAt.get(round);
    return last === undefined ? [] : [Math.max(0, at - last)];
  });
  const lengths = versions.map(([, at], i) => at - (versions[i - 1]?.[1] ?? startedAt));
  const [publish, round] = [summarise(after), summarise(lengths)];
  return {
    ...{ scenario: scenario.name, cohorts, volunteers: scenario.volunteers, parameters: scenario.parameters },
    rounds: versions.length,
    publishAfterLastMs: whole(publish.median),
    publishAfterLastMsMin: whole(publish.min),
    publishAfterLastMsMax: whole(publish.max),
    roundMs: whole(round.median),
    roundMsMin: whole(round.min),
    roundMsMax: whole(round.max),
    leaseP50Ms: quantile(measured.leaseMs, 0.5),
    leaseP99Ms: quantile(measured.leaseMs, 0.99),
    updateP99Ms: quantile(measured.updateMs, 0.99),
    ...{ refused: measured.refused, refusedBy: Object.fromEntries(measured.refusedBy) },
    ...{ errors: measured.errors, errorsBy: Object.fromEntries(measured.errorsBy) },
    cpuMsARound: whole(cpuMsARound(used)),
    leasesAsked: measured.leaseMs.length,
    rssMBFirst: whole(used[0]?.rssMB),
    rssMBLast: whole(used.at(-1)?.rssMB),
  };
}

/** The mean from the first version to the last. */
function cpuMsARound(used: readonly Used[]): number | undefined {
  const [first, last] = [used[0], used.at(-1)];
  return first && last ? (last.cpuMs - first.cpuMs) / (used.length - 1) : undefined;
}

const whole = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? Math.round(value) : null;

function quantile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return whole(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]);
}
