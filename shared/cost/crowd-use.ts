import { crowdSpreadMs, quietWaitMs } from '../federation/lease/crowd-wait.ts';
import { type Act, acts, measuredActs } from './acts.ts';
import { type FileUse, keptInObjects } from './file-use.ts';
import { OBJECT_GB, type Units } from './platform-prices.ts';
import type { RunSize } from './run-size.ts';

/** Who trains together, and how. */
export interface Crowd {
  readonly volunteers: number;
  readonly rounds: number;
  readonly roundSeconds: number;
  /** Of all roles together. */
  readonly updatesPerRound: number;
  /** Pages of the run that are open beside those of the volunteers. */
  readonly spectators: number;
  /** Whether files lie in R2. Else they lie in objects. */
  readonly hasR2: boolean;
}

/** What is used of all that is billed. */
export interface Use extends Units {
  readonly objectGBSeconds: number;
  /** What lies there at the end. */
  readonly objectGB: number;
  readonly r2GB: number;
}

/** Nobody who waits is told a longer wait after an event: half of the time after which a volunteer is not active any more. */
const LONGEST_SPREAD_MS = 60_000;

const VOLUNTEERS_A_COHORT = 500;
const SOCKETS_A_RELAY = 500;

/** A volunteer's page has one that shows the run, and one that tells when to work. */
const SOCKETS_A_VOLUNTEER = 2;

/** [EVENT1] Relays are told so often at most, and no more often than something happens: a grant, an update, a version. */
const TELLS_A_SECOND = 4;
const EVENTS_AN_ANSWER = 2;

/**
 * Leases by which a version is evaluated. If rounds are quick, not every version is, and in the simulator there was less than
 * one for each. There were two in rounds of a minute.
 */
const evaluationsARound = ({ roundSeconds }: Crowd): number => 1 + Math.min(1, roundSeconds / 60);

/** A file of the data comes once to each volunteer. A data set has more or fewer. */
const DATA_FILES = 20;

/**
 * What a run uses. It is a bound rather than a guess: everyone who is wanted returns an update in every round, everyone else
 * asks in vain, objects are awake for the whole time, and nothing comes out of a cache.
 */
export function crowdUse(size: RunSize, crowd: Crowd): Use {
  const times = actsIn(size, crowd);
  const used = acts.map(act => timesUnits(measuredActs[act], times[act])).reduce(addUnits);
  const seconds = crowd.rounds * crowd.roundSeconds;
  const { keptGB, ...files } = filesIn(size, crowd);
  const awake = {
    ...used,
    // A cohort is asked before a large update comes, and told when it is there.
    objectRequests: used.objectRequests + largeIn(size, crowd),
    objectGBSeconds: objectsIn(size, crowd) * seconds * OBJECT_GB,
  };
  if (!crowd.hasR2) return keptInObjects(awake, { keptGB, ...files });
  return {
    ...{ ...awake, objectGB: 0, r2GB: keptGB },
    r2ClassA: used.r2ClassA + files.puts,
    r2ClassB: used.r2ClassB + files.gets,
  };
}

/** A coordinator, a cohort for each role and each 500 volunteers, and relays. */
const objectsIn = ({ roles }: RunSize, crowd: Crowd): number =>
  1 + roles * Math.ceil(crowd.volunteers / VOLUNTEERS_A_COHORT) + relaysIn(crowd);

const relaysIn = ({ volunteers, spectators }: Crowd): number =>
  Math.ceil((SOCKETS_A_VOLUNTEER * volunteers + spectators) / SOCKETS_A_RELAY);

export const answersIn = ({ rounds, updatesPerRound, volunteers }: Crowd): number =>
  rounds * Math.min(updatesPerRound, volunteers);

/** Polls in vain: everyone asks after each version, and again and again while a round takes long. */
export function pollsIn({ volunteers, updatesPerRound, rounds, roundSeconds }: Crowd): number {
  const roundMs = 1_000 * roundSeconds;
  const spreadMs = crowdSpreadMs(volunteers, updatesPerRound, LONGEST_SPREAD_MS);
  const [afterEvent, without] = [roundMs / spreadMs, roundMs / Math.max(spreadMs, quietWaitMs(volunteers))];
  return rounds * volunteers * Math.max(without, Math.min(1, afterEvent));
}

/** How often a second the coordinator is called that has the run. */
export function coordinatorCallsASecond(size: RunSize, crowd: Crowd): number {
  const { poll, answer, evaluation, join, openPage } = actsIn(size, crowd);
  return (poll + answer + evaluation + join + openPage) / (crowd.rounds * crowd.roundSeconds);
}

/** What so many equal runs use. */
export function timesUse(use: Use, times: number): Use {
  const product: Record<keyof Use, number> = { ...use };
  for (const name of Object.keys(use) as (keyof Use)[]) product[name] = times * use[name];
  return product;
}

function actsIn(size: RunSize, crowd: Crowd): Record<Act, number> {
  const { volunteers, rounds, roundSeconds, spectators } = crowd;
  const [answers, relays, seconds] = [answersIn(crowd), relaysIn(crowd), rounds * roundSeconds];
  const evaluations = rounds * evaluationsARound(crowd);
  const events = EVENTS_AN_ANSWER * (answers + evaluations) + rounds;
  return {
    ...{ create: 1, lookAtList: volunteers + spectators, openPage: volunteers + spectators },
    ...{ join: volunteers, listen: volunteers, poll: pollsIn(crowd), answer: answers },
    // If everybody is at work, everybody knows what it is given next (`client/volunteer/follow-run`).
    lookAhead: crowd.updatesPerRound < volunteers ? 0 : answers,
    ...{ evaluation: evaluations, fold: rounds * size.roles, version: rounds },
    download: answers * size.filesALease + evaluations * size.shards + volunteers * DATA_FILES,
    tell: relays * Math.min(TELLS_A_SECOND * seconds, events),
    idleMinute: (relays * seconds) / 60,
  };
}

/** An update of more bytes than a row of its cohort holds is a file. */
const ROW_BYTES = 1_000_000;
/** The updates of a round that lay in rows are put together into files of about so many bytes. */
const ARCHIVE_BYTES = 4_000_000;

const largeIn = ({ updateBytes }: RunSize, crowd: Crowd): number =>
  updateBytes > ROW_BYTES ? answersIn(crowd) : 0;

/** Files that the rounds write and read. What a download reads is counted as such. */
function filesIn(size: RunSize, crowd: Crowd): FileUse {
  const { rounds } = crowd;
  const { keepRounds, shards, roles, updateBytes, versionBytes } = size;
  const answers = answersIn(crowd);
  const large = largeIn(size, crowd);
  const archives = roles * rounds + ((answers - large) * updateBytes) / ARCHIVE_BYTES;
  const kept = keepRounds === 0 ? 1 : Math.min(1, keepRounds / Math.max(1, rounds));
  return {
    puts: large + archives + rounds * shards,
    gets: large + rounds * shards,
    bytes: answers * updateBytes + rounds * versionBytes,
    keptGB: (kept * (answers * updateBytes + rounds * versionBytes) + versionBytes) / 1e9,
  };
}

export function timesUnits(units: Units, times: number): Units {
  const product: Record<keyof Units, number> = { ...units };
  for (const name of namesOf(units)) product[name] = times * units[name];
  return product;
}

export function addUnits(a: Units, b: Units): Units {
  const sum: Record<keyof Units, number> = { ...a };
  for (const name of namesOf(a)) sum[name] = a[name] + b[name];
  return sum;
}

const namesOf = (units: Units): (keyof Units)[] => Object.keys(units) as (keyof Units)[];
