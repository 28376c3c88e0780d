import type { Grant } from '../../../shared/federation/lease/grant-lease.ts';
import type { Random } from '../../../shared/math/random.ts';
import { taskMacs } from '../../../shared/plan/cost/macs.ts';
import { segmentsOf } from '../../../shared/protocol/lease.ts';
import { shareOf } from './crowd-run.ts';
import type { CrowdTraits } from './crowd-traits.ts';
import type { CrowdWorld } from './crowd-world.ts';

/** How a lease is lost: the tab crashes and its socket closes, the line is silent, or the tab is frozen and wakes. */
export type Loss = 'crash' | 'silence' | 'freeze';

/** What a hostile volunteer does with an update. */
const tricks = ['forged', 'duplicated', 'late', 'not-finite', 'out-of-range'] as const;
export type Trick = (typeof tricks)[number];

/** A lease takes so much more or less than the device's speed says. */
const JITTER = 0.25;

/** How long things take a volunteer, and what befalls it. */
export class Pace {
  private readonly crowd: CrowdWorld;
  private readonly traits: CrowdTraits;
  private readonly random: Random;

  constructor(crowd: CrowdWorld, traits: CrowdTraits, random: Random) {
    this.crowd = crowd;
    this.traits = traits;
    this.random = random;
  }

  /** Null if the lease is not lost. */
  drawLoss(): Loss | null {
    if (this.random() >= this.crowd.settings.dropout) return null;
    const which = this.random();
    return which < 0.5 ? 'crash' : which < 0.8 ? 'silence' : 'freeze';
  }

  /** Null if the volunteer is honest. */
  drawTrick(): Trick | null {
    return this.traits.isHostile ? (tricks[Math.floor(this.random() * tricks.length)] ?? null) : null;
  }

  trainMs({ task, lease }: Grant): number {
    const { model } = this.crowd.config;
    const macs = this.crowd.macsOf(task.role, lease.round, () => taskMacs(model, task));
    const jitter = 1 + JITTER * (2 * this.random() - 1);
    return (1_000 * jitter * macs * lease.examples) / this.traits.device.macsPerSecond;
  }

  /** A new version is fetched as soon as it is out, beside whatever the volunteer does then. */
  downloadMs({ task }: Grant): number {
    const share = shareOf(this.crowd.config, segmentsOf(task));
    const ms = (4 * this.crowd.settings.parameters * share) / this.traits.downloadBytesPerMs;
    this.crowd.tally.demand.downloads += 1;
    return Math.max(0, this.crowd.versionAt + ms - this.crowd.clock.now);
  }

  /** From the end of the training until the whole update has arrived. */
  uploadMs(grant: Grant, trick: Trick | null): number {
    const lateMs = trick === 'late' ? Math.max(0, grant.lease.deadlineAt + 1 - this.crowd.clock.now) : 0;
    return lateMs + this.crowd.uploadBytes(grant) / this.traits.uploadBytesPerMs + this.traits.latencyMs;
  }
}
