import type { Role } from '../protocol/identifiers.ts';

/** Where a run is not what its ledger and its archives make of it. */
export interface Difference {
  readonly version: number;
  /** What is at fault. */
  readonly of: 'shard' | 'manifest' | 'update' | 'ledger' | 'blob';
  readonly segment?: string;
  /** Index of the shard in its segment. */
  readonly shard?: number;
  /** What the outer optimizer keeps, if the shard is one of that. */
  readonly slot?: string;
  readonly role?: Role;
  readonly lease?: string;
  /** What should be there, by all that was checked before, and what is there: hashes, or values in words. */
  readonly expected: string;
  readonly found: string;
  /** The likely cause, in words for people. */
  readonly why: string;
}

/** Thrown from wherever the first difference is seen. `replayRun` makes a value of it. */
export class DifferenceFound extends Error {
  override readonly name = 'DifferenceFound';
  readonly difference: Difference;

  constructor(difference: Difference) {
    super(difference.why);
    this.difference = difference;
  }
}

/** Says why a run cannot be replayed, although nothing of it is wrong. */
export class ReplayRefusal extends Error {
  override readonly name = 'ReplayRefusal';
}

/** An archive whose bytes are no sequence of envelopes. */
export class DamagedArchive extends Error {
  override readonly name = 'DamagedArchive';
}

/** Where it is, in one line for people. */
export function placeOf({ version, segment, shard, slot, role, lease }: Difference): string {
  const places = [
    `version ${version}`,
    ...(segment === undefined ? [] : [segment]),
    ...(slot === undefined ? [] : [`slot ${slot}`]),
    ...(shard === undefined ? [] : [`shard ${shard}`]),
    ...(role === undefined ? [] : [`role ${role}`]),
    ...(lease === undefined ? [] : [`lease ${lease}`]),
  ];
  return places.join(', ');
}
