import { dollars, objectHourUSD, type Priced } from '../../shared/cost/platform-prices.ts';
import type { Demand } from '../simulate/crowd/tally.ts';
import { billedRows, type Cost, type Kind, noCost } from './cost/cost.ts';
import { measuredCosts } from './cost/measured-costs.ts';

import { SOCKETS_A_RELAY } from './cost/reckon.ts';

/** What a run used of everything that has a price. */
export interface Used extends Record<Exclude<Priced, 'objectGBSeconds'>, number> {
  /** A coordinator, the cohorts of its roles, and relays. Awake all the time, the most they can cost. */
  readonly objects: number;
}

/** The simulated plans have two roles that train. The evaluators have a cohort too. */
const TRAINING_COHORTS = 2;
const COHORTS = TRAINING_COHORTS + 1;

/** Shards of a version for each million parameters in f32. */
const SHARDS_A_MILLION = 4;

const { costs, answers, rounds, volunteers } = measuredCosts();
const costOfKind = (kind: Kind): Cost => costs[kind] ?? noCost;
/** Of training: the others were evaluators'. */
const trainingUpdates = costOfKind('update').calls;

/** Of objects: rows written, alarms included, rows read, and requests. */
type Rows = readonly [written: number, read: number, requests: number];

const rowsOf = (cost: Cost, times: number): Rows => [
  billedRows(cost) / times,
  cost.rowsRead / times,
  cost.requests / times,
];

const aCall = (kind: Kind): Rows => rowsOf(costOfKind(kind), costOfKind(kind).calls);
/** The share of one training update: a report tells of several. */
const anUpdate = (kind: Kind): Rows => rowsOf(costOfKind(kind), trainingUpdates);
/** Of one role's round. What is written is the same however many updates it has, and every update is read. */
const aFold = (kind: Kind): Rows => [billedRows(costOfKind(kind)) / rounds, 0, 1];
const readInFold = (kind: Kind): Rows => [0, costOfKind(kind).rowsRead / trainingUpdates, 0];

/**
 * What each demand writes and reads. Some are not measured, since nobody drops out there. A refusal is reckoned as an
 * update with its report. A lease that is given back and an alarm that frees a place are reckoned as a grant: each writes
 * an entry of the ledger.
 */
const perDemand: Readonly<Partial<Record<keyof Demand | 'folds', readonly Rows[]>>> = {
  joins: [aCall('join')],
  polls: [aCall('poll in vain')],
  grants: [aCall('grant')],
  // An alarm of the cohort archives what is folded.
  answers: [anUpdate('update'), anUpdate('report'), readInFold('fold'), readInFold('alarm')],
  folds: [aFold('fold'), aFold('alarm')],
  // With its grant and its report.
  evaluations: [rowsOf(costOfKind('evaluate'), answers - trainingUpdates)],
  refusals: [anUpdate('update'), anUpdate('report')],
  releases: [aCall('grant')],
  alarms: [aCall('grant')],
  versions: [rowsOf(costOfKind('publish'), rounds)],
  // Each volunteer had one.
  sockets: [rowsOf(costOfKind('socket'), volunteers)],
};

const demands = Object.keys(perDemand) as (keyof typeof perDemand)[];

/** What a run used, by what was asked of the platform. */
export function usedBy(demand: Demand, parameters: number): Used {
  const { joins, polls, grants, refusals, releases, sockets, downloads, versions, largeUpdates } = demand;
  const shards = Math.max(1, Math.ceil((SHARDS_A_MILLION * parameters) / 1e6));
  const folds = TRAINING_COHORTS * versions;
  const counts = { ...demand, folds, grants: Math.max(0, grants - demand.evaluations) };
  const sum = (place: 0 | 1 | 2): number =>
    demands.reduce(
      (total, kind) =>
        total + counts[kind] * (perDemand[kind] ?? []).reduce((rows, row) => rows + row[place], 0),
      0,
    );
  const listed = costOfKind('publish');
  const calls = joins + polls + grants + demand.answers + demand.evaluations + refusals + releases + sockets;
  return {
    workerRequests: calls + downloads * shards,
    objectRowsWritten: sum(0),
    objectRowsRead: sum(1),
    objectRequests: sum(2),
    // A role's fold has one file in the archive.
    r2ClassA: versions * shards + folds + largeUpdates,
    r2ClassB: downloads * shards + versions * shards + largeUpdates,
    d1RowsWritten: (versions * listed.d1RowsWritten) / rounds,
    d1RowsRead: (versions * listed.d1RowsRead) / rounds,
    objects: 1 + COHORTS + Math.ceil(joins / SOCKETS_A_RELAY),
  };
}

export const costOf = ({ objects, ...used }: Used, virtualSeconds: number): number =>
  dollars(used) + (virtualSeconds / 3_600) * objects * objectHourUSD;

/** Rows written, and reads and writes of R2. */
export const storageOpsOf = ({ objectRowsWritten, d1RowsWritten, r2ClassA, r2ClassB }: Used): number =>
  Math.round(objectRowsWritten + d1RowsWritten + r2ClassA + r2ClassB);
