import type { SketchedUpdate } from '../protocol/cohort-report.ts';
import type { WorkOutcome } from '../protocol/standing.ts';
import { SKETCH_SIZE } from './update-sketch.ts';

/** An update that is so much shorter than half of its round's is as good as none. */
const ZERO_SHARE = 0.01;

/** Two updates with a cosine of more than this are one and the same. Honest ones of like pictures reach 0.955. */
const COPIED = 0.98;

/** An agreement is beyond chance if it is so many standard deviations from none. Once in 700 times it is chance all the same. */
const BEYOND_CHANCE = 3;

/** Of two volunteers who disagree nobody can say which of them is wrong. */
const ENOUGH_TO_TELL = 3;

/**
 * [STAND2] [STAND3] What each update of a round was worth, by its direction: whether it agrees with those of the others
 * beyond what chance does. Each direction counts alike, however long its update is, so a single long one sets nothing.
 * @param updates in the order of acceptance, with sketches of one seed
 * @param learnt how many values an update has
 */
export function tellWork(updates: readonly SketchedUpdate[], learnt: number): WorkOutcome[] {
  const directions = updates.map(directionOf);
  const isZero = zeros(updates);
  const isCopy = directions.map((own, i) => own !== null && !isZero[i] && isCopied(directions, isZero, i));
  const voters = directions.map((own, i) => (isZero[i] || isCopy[i] ? null : own));
  const sums = new VolunteerSums(updates, voters);
  return updates.map((update, i): WorkOutcome => {
    if (isZero[i]) return 'zero';
    if (isCopy[i]) return 'copied';
    const own = voters[i];
    if (!own || sums.volunteers < 2) return 'untold';
    if (cosine(own, sums.ofOthers(update.volunteer)) > leastAgreement(learnt)) return 'helped';
    return sums.volunteers < ENOUGH_TO_TELL ? 'untold' : 'unlike';
  });
}

/** The cosine of a random update has this deviation, times so many: that of its own values, and that of the sketch. */
const leastAgreement = (learnt: number): number =>
  BEYOND_CHANCE * Math.sqrt(1 / SKETCH_SIZE + 1 / Math.max(1, learnt));

type Direction = Float64Array;

/** Of length one. Null if the update has none. */
function directionOf({ sketch }: SketchedUpdate): Direction | null {
  if (sketch?.length !== SKETCH_SIZE) return null;
  const whole = Float64Array.from(new Int8Array(sketch.slice().buffer));
  const length = Math.sqrt(dot(whole, whole));
  return length > 0 ? whole.map(value => value / length) : null;
}

/** Of two in the middle the shorter one is taken: one long update must not make the others look like none. */
function zeros(updates: readonly SketchedUpdate[]): boolean[] {
  const norms = updates.map(({ norm }) => norm).filter(norm => norm > 0);
  const middle = norms.toSorted((a, b) => a - b)[Math.floor((norms.length - 1) / 2)] ?? 0;
  return updates.map(({ norm }) => norm <= ZERO_SHARE * middle);
}

/** [STAND3] Whether an earlier update is the same. */
function isCopied(
  directions: readonly (Direction | null)[],
  isZero: readonly boolean[],
  at: number,
): boolean {
  const own = directions[at];
  if (!own) return false;
  for (let i = 0; i < at; i++) {
    const other = directions[i];
    if (other && !isZero[i] && dot(own, other) > COPIED) return true;
  }
  return false;
}

/** The sum of all directions, and of each volunteer's: nobody agrees with itself. */
class VolunteerSums {
  private readonly all = new Float64Array(SKETCH_SIZE);
  private readonly own = new Map<string, Direction>();

  constructor(updates: readonly SketchedUpdate[], directions: readonly (Direction | null)[]) {
    for (const [i, { volunteer }] of updates.entries()) {
      const direction = directions[i];
      if (!direction) continue;
      addTo(this.all, direction);
      const own = this.own.get(volunteer) ?? new Float64Array(SKETCH_SIZE);
      addTo(own, direction);
      this.own.set(volunteer, own);
    }
  }

  /** How many have an update that counts. */
  get volunteers(): number {
    return this.own.size;
  }

  ofOthers(volunteer: string): Direction {
    const own = this.own.get(volunteer);
    return this.all.map((sum, i) => sum - (own?.[i] ?? 0));
  }
}

function addTo(sum: Direction, direction: Direction): void {
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (direction[i] as number);
}

/** Zero if one of them has no direction. */
function cosine(a: Direction, b: Direction): number {
  const lengths = Math.sqrt(dot(a, a) * dot(b, b));
  return lengths > 0 ? dot(a, b) / lengths : 0;
}

function dot(a: Direction, b: Direction): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
