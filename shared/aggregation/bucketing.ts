import { sha256Hex } from '../math/sha256.ts';
import { encodeUtf8 } from '../math/utf8.ts';

/** Updates drawn together. Each bucket counts as one update, the mean of its members. */
export interface Buckets {
  /** By bucket, the places of its updates. */
  readonly members: readonly (readonly number[])[];
  /** By update, its bucket. */
  readonly bucketOf: readonly number[];
  /** The bucket of a referee's own update, which is alone in it. Null if there is none. */
  readonly root: number | null;
}

/**
 * Draws updates together, so many at a time (bucketing: Karimireddy et al. 2022, arXiv:2006.09365, algorithm 1). Honest
 * updates of unlike pictures lie far apart, and rules that compare would take some of them for hostile; the means of
 * several lie closer together. The draw follows from all updates of the round: each takes part with its hash, whatever
 * the order in which they came. Whoever sends last could try out many updates of its own to be drawn as it wishes. It
 * gains little: what a rule promises holds for every draw, with as many hostile buckets as there are hostile updates.
 * @param hashes of the updates
 */
export function drawBuckets(hashes: readonly string[], size: number, root: number | null): Buckets {
  const places = hashes.map((_, i) => i).filter(i => i !== root);
  const seed = hashOf([...hashes].sort().join());
  const drawn = places
    .map(place => ({ place, lot: hashOf(`${seed} ${hashes[place]}`) }))
    .sort((a, b) => (a.lot < b.lot ? -1 : Number(a.lot > b.lot)))
    .map(({ place }) => place);
  const members: number[][] = [];
  for (let i = 0; i < drawn.length; i += size) members.push(drawn.slice(i, i + size));
  if (root !== null) members.push([root]);
  const bucketOf = hashes.map(() => 0);
  for (const [bucket, own] of members.entries()) for (const place of own) bucketOf[place] = bucket;
  return { members, bucketOf, root: root === null ? null : members.length - 1 };
}

const hashOf = (text: string): string => sha256Hex(encodeUtf8(text));
