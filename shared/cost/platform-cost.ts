import { maxEnvelopeBytes } from '../codec/envelope.ts';
import { layoutShards } from '../codec/shard-layout.ts';
import { tasksOverRun } from '../plan/kinds-over-run.ts';
import { expectedTensors } from '../protocol/expected-tensors.ts';
import { segmentsOf } from '../protocol/lease.ts';
import type { ModelOutline } from '../protocol/model-outline.ts';
import type { RunSpec } from '../protocol/run-spec.ts';
import {
  dollars,
  objectHourUSD,
  PAID_PLAN_USD_A_MONTH,
  R2_GB_MONTH_USD,
  type Units,
} from './platform-prices.ts';

/**
 * What `npm run bench:cost` counted (test/bench/results/cost-after.jsonl), of a conventional run on local workerd: in all, and
 * for how many. A test holds this to that file.
 */
export const measured = {
  /** Grants, updates, reports, folds, versions, evaluations and alarms. */
  answers: {
    count: 126,
    ...{ objectRowsWritten: 328, objectRowsRead: 785, objectRequests: 272 },
    ...{ r2ClassA: 10, r2ClassB: 8, d1RowsWritten: 6, d1RowsRead: 6, workerRequests: 252 },
  },
  /** A join and an event socket. */
  arrivals: {
    count: 30,
    ...{ objectRowsWritten: 44, objectRowsRead: 46, objectRequests: 81 },
    ...{ r2ClassA: 0, r2ClassB: 0, d1RowsWritten: 0, d1RowsRead: 0, workerRequests: 60 },
  },
} as const satisfies Record<string, Units & { readonly count: number }>;

/** On paper a round takes a minute. */
export const ASSUMED_ROUND_S = 60;

const VOLUNTEERS_A_COHORT = 500;
const SOCKETS_A_RELAY = 500;

/** [EVENT1] Relays are told so often at most, and each time is a request. */
const TELLS_A_SECOND = 4;

/** An update of more bytes than a row holds lies in R2 first. */
const ROW_BYTES = 1_000_000;

/** What of a run decides its cost. */
export interface RunSize {
  readonly rounds: number;
  /** For so many rounds updates are kept. 0 if they are kept for good. */
  readonly keepRounds: number;
  /** Roles that train in a round. */
  readonly roles: number;
  /** Files of a version, all of which a round may change, and their bytes. */
  readonly shards: number;
  readonly versionBytes: number;
  /** Files that one lease downloads, and the bytes of its update: the mean over the roles. */
  readonly filesALease: number;
  readonly updateBytes: number;
}

/** In US dollars, beyond what the plan includes. */
export interface PlatformCost {
  readonly volunteers: number;
  readonly hours: number;
  /** Requests, rows, and calls of R2 and D1. */
  readonly callsUSD: number;
  /** Coordinator, cohorts and relays, awake for the whole run: the most they can cost. */
  readonly objectsUSD: number;
  /** The whole run: the two above. */
  readonly runUSD: number;
  /** What is kept at the end, for each month that it is kept. */
  readonly keptGB: number;
  readonly keptUSDAMonth: number;
  /** The plan itself, if the free limits of a day do not do. */
  readonly planUSDAMonth: number;
}

/** The size of a run, as its specification and network say it. Weights are kept in f32. */
export function runSize(spec: RunSpec, outline: ModelOutline): RunSize {
  const tasks = tasksOverRun(spec, outline).filter(({ trains }) => trains.length > 0);
  const shardsOf = new Map(outline.segments.map(({ id, tensors }) => [id, layoutShards(tensors)]));
  const countShards = (ids: readonly string[]): number =>
    ids.reduce((sum, id) => sum + (shardsOf.get(id)?.length ?? 0), 0);
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  return {
    rounds: spec.rounds,
    keepRounds: spec.policy.keepRounds,
    roles: new Set(tasks.map(({ role }) => role)).size,
    shards: countShards(outline.segments.map(({ id }) => id)),
    versionBytes:
      4 *
      outline.segments
        .flatMap(({ tensors }) => tensors)
        .reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0),
    filesALease: mean(tasks.map(task => countShards([...new Set(segmentsOf(task))]))),
    updateBytes: mean(
      tasks.map(({ trains, slices }) =>
        maxEnvelopeBytes(spec.codec, expectedTensors(outline, trains, slices)),
      ),
    ),
  };
}

/**
 * What a run costs on Cloudflare's published prices if each of so many volunteers returns an update in every round. It is
 * reckoned from what was measured on local workerd, and no bill has confirmed it.
 */
export function platformCost(size: RunSize, volunteers: number): PlatformCost {
  const { rounds, shards, roles, filesALease, updateBytes, versionBytes, keepRounds } = size;
  const answers = volunteers * rounds;
  const large = updateBytes > ROW_BYTES ? answers : 0;
  const files = answers * filesALease;
  const hours = (rounds * ASSUMED_ROUND_S) / 3_600;
  const relays = Math.ceil(volunteers / SOCKETS_A_RELAY);
  const tells = relays * Math.min(TELLS_A_SECOND * hours * 3_600, 2 * answers);
  const used = addUnits([
    timesUnits(measured.answers, answers),
    timesUnits(measured.arrivals, volunteers),
    { ...nothing, r2ClassA: large + rounds * (shards + roles), r2ClassB: large + files + rounds * shards },
    { ...nothing, workerRequests: files, objectRequests: tells },
  ]);
  const objects = 1 + roles * Math.ceil(volunteers / VOLUNTEERS_A_COHORT) + relays;
  const kept = keepRounds === 0 ? rounds : Math.min(rounds, keepRounds);
  const keptGB = (kept * (volunteers * updateBytes + versionBytes) + versionBytes) / 1e9;
  const [callsUSD, objectsUSD] = [dollars(used), hours * objects * objectHourUSD];
  return {
    ...{ volunteers, hours, callsUSD, objectsUSD, runUSD: callsUSD + objectsUSD },
    ...{ keptGB, keptUSDAMonth: keptGB * R2_GB_MONTH_USD, planUSDAMonth: PAID_PLAN_USD_A_MONTH },
  };
}

/** Ten friends, a large school, and the crowd of a public project. */
export const CROWDS = [10, 1_000, 100_000] as const;

/** The cost at ten, a thousand and a hundred thousand volunteers. */
export const costTable = (spec: RunSpec, outline: ModelOutline): PlatformCost[] =>
  CROWDS.map(volunteers => platformCost(runSize(spec, outline), volunteers));

const nothing: Record<keyof Units, number> = {
  ...{ objectRowsWritten: 0, objectRowsRead: 0, objectRequests: 0, r2ClassA: 0, r2ClassB: 0 },
  ...{ d1RowsWritten: 0, d1RowsRead: 0, workerRequests: 0 },
};

const names = Object.keys(nothing) as (keyof Units)[];

function mapUnits(value: (name: keyof Units) => number): Units {
  const units = { ...nothing };
  for (const name of names) units[name] = value(name);
  return units;
}

const timesUnits = (units: Units & { readonly count: number }, times: number): Units =>
  mapUnits(name => (units[name] * times) / units.count);

const addUnits = (all: readonly Units[]): Units =>
  mapUnits(name => all.reduce((sum, units) => sum + units[name], 0));
