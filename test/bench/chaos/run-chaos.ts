import { HomeroomClient } from '../../../client/platform/homeroom-client.ts';
import { rest } from '../../../client/platform/rest.ts';
import { type TimeLimits, timeLimits } from '../../../client/platform/time-limits.ts';
import { createRandom, type Random } from '../../../shared/math/random.ts';
import { errorText } from '../../../shared/protocol/error-text.ts';
import { type Fault, FaultyLink } from '../../support/faulty-link.ts';
import { boundMs } from '../../support/patience.ts';
import { until } from '../../support/poll.ts';
import { createTinyModel } from '../../support/tiny-model.ts';
import { createTinyRun, type TinyRun } from '../../support/tiny-run.ts';
import { ChaoticPlatform } from './chaotic-platform.ts';
import { findFault, readSettled } from './check-run.ts';
import { DataFolder } from './data-folder.ts';
import type { ChaosScenario, Mishap } from './draw-scenario.ts';
import { StubbornVolunteer, type TrainedUpdate } from './stubborn-volunteer.ts';

/** What a scenario came to. */
export interface ChaosOutcome {
  readonly seed: number;
  readonly seconds: number;
  readonly mishaps: readonly Mishap['kind'][];
  /** Mishaps that this machine cannot bring about. */
  readonly leftOut: readonly Mishap['kind'][];
  readonly restarts: number;
  readonly versions: number;
  readonly trained: number;
  readonly accepted: number;
  readonly refused: Readonly<Record<string, number>>;
  /** What is not as it must be; null if all is well. */
  readonly failure: string | null;
  /** Where the data of a failed scenario are kept. */
  readonly folder: string | null;
}

/** Nothing waits long in a scenario. An upload of 1 MB would be waited for for two minutes on a slow line. */
const limits: TimeLimits = {
  ...timeLimits,
  replyMs: 3_000,
  uploadBytesPerSecond: 10_000_000,
  callRetry: { first: [50, 100], last: [200, 400] },
};

/** So many versions come out after everything is mended. */
const VERSIONS_AFTER = 2;

/**
 * [ROUND8] What R2 is given while the disk is full it never replies to, though the disk has room again. If that is a fold's,
 * the run waits for half a minute, and tries it again after five seconds.
 */
const PROGRESS_MS = boundMs(45_000);

/** Plays a scenario on a platform and a folder of its own. */
export async function runChaos(scenario: ChaosScenario, script: string): Promise<ChaosOutcome> {
  const folder = await DataFolder.make(scenario.seed);
  const startedAt = performance.now();
  const chaos = new Chaos(scenario, folder);
  let failure: string | null;
  try {
    failure = await chaos.play(script);
  } catch (error) {
    failure = errorText(error);
  }
  await chaos.end();
  const kept = failure === null ? null : await folder.keep().catch(() => null);
  folder.remove();
  return { ...chaos.told(), seconds: (performance.now() - startedAt) / 1_000, failure, folder: kept };
}

class Chaos {
  private readonly scenario: ChaosScenario;
  private readonly folder: DataFolder;
  private readonly random: Random;
  private readonly leftOut: Mishap['kind'][] = [];
  private readonly mending: Promise<void>[] = [];
  private volunteers: StubbornVolunteer[] = [];
  private platform: ChaoticPlatform | null = null;
  private link: FaultyLink | null = null;
  private badness = 0;
  private versions = 0;

  constructor(scenario: ChaosScenario, folder: DataFolder) {
    this.scenario = scenario;
    this.folder = folder;
    this.random = createRandom('chaos-link', scenario.seed);
  }

  /** Returns what is not as it must be, or null. */
  async play(script: string): Promise<string | null> {
    const platform = await ChaoticPlatform.start(
      { folder: this.folder.platform, script },
      this.scenario.seed,
    );
    this.platform = platform;
    const direct = new HomeroomClient(platform.origin, { limits });
    const tiny = await this.open(direct);
    const link = await this.openLink(platform.origin);
    const working = this.startVolunteers(link, tiny);
    for (const { afterMs, mishap } of this.scenario.mishaps) {
      await rest(afterMs);
      this.mending.push(this.cause(platform, mishap));
    }
    await this.mendAll(platform);
    await this.expectProgress(direct, tiny.run);
    for (const volunteer of this.volunteers) volunteer.stop();
    await until(() => this.areDone(working), 'every update to come to something', boundMs(15_000)).catch(
      error => {
        throw new Error(`${error.message}: ${this.troubles}`);
      },
    );
    const ledger = await readSettled(direct, tiny, this.trained);
    this.versions = ledger.filter(({ event }) => event.type === 'version-published').length;
    const fault = await findFault(direct, tiny, ledger, this.trained);
    await platform.stop();
    return fault;
  }

  /** Nothing of it is left but its folder. */
  async end(): Promise<void> {
    for (const volunteer of this.volunteers) volunteer.stop();
    this.link?.close();
    await Promise.allSettled(this.mending);
    await this.platform?.kill().catch(() => {});
  }

  told(): Omit<ChaosOutcome, 'seconds' | 'failure' | 'folder'> {
    const { trained } = this;
    const refused: Record<string, number> = {};
    for (const { outcome } of trained)
      if (outcome !== null && outcome !== 'accepted') refused[outcome] = (refused[outcome] ?? 0) + 1;
    return {
      seed: this.scenario.seed,
      mishaps: this.scenario.mishaps.map(({ mishap }) => mishap.kind),
      ...{ leftOut: this.leftOut, restarts: this.platform?.restarts ?? 0, versions: this.versions },
      trained: trained.length,
      accepted: trained.filter(({ outcome }) => outcome === 'accepted').length,
      refused,
    };
  }

  /** What keeps updates from coming to something. */
  private get troubles(): string {
    const open = this.trained.filter(({ outcome }) => outcome === null);
    return (
      open.map(({ lease, trouble }) => `${lease}: ${trouble ?? 'never sent'}`).join('; ') || 'none is open'
    );
  }

  private get trained(): readonly TrainedUpdate[] {
    return this.volunteers.flatMap(({ trained }) => trained);
  }

  private open(client: HomeroomClient): Promise<TinyRun> {
    const { plan, aggregation, kernel, volunteers } = this.scenario;
    // Everything is kept, so that all of it can be computed again.
    const policy = { updatesPerRound: volunteers, leaseMs: 3_000, roundMs: 6_000, keepRounds: 0 };
    const spec = { rounds: 2_000, plan: { name: plan }, aggregation, policy };
    return createTinyRun(client, { model: createTinyModel(kernel), spec });
  }

  private async openLink(origin: string): Promise<string> {
    this.link = new FaultyLink(origin);
    this.link.fault = () => this.drawFault();
    this.link.delay = () => (this.random() < this.badness ? 600 * this.random() : 0);
    return this.link.open();
  }

  private drawFault(): Fault {
    if (this.random() >= this.badness) return 'pass';
    const faults = ['twice', 'lose', 'tear', 'cut', 'hold'] as const;
    return faults[Math.floor(this.random() * faults.length)] ?? 'pass';
  }

  private startVolunteers(link: string, tiny: TinyRun): Promise<void>[] {
    const { seed, volunteers } = this.scenario;
    this.volunteers = Array.from(
      { length: volunteers },
      (_, i) => new StubbornVolunteer(new HomeroomClient(link, { limits }), tiny, seed, i),
    );
    return this.volunteers.map(volunteer => volunteer.work());
  }

  /** Resolves once it is mended. */
  private async cause(platform: ChaoticPlatform, mishap: Mishap): Promise<void> {
    switch (mishap.kind) {
      case 'kill-platform':
        return platform.killPlatform(mishap.downMs);
      case 'kill-workerd':
        return platform.killWorkerd(mishap.downMs);
      case 'end-objects':
        return platform.have({ abortAll: true });
      case 'end-in-fold':
        return platform.have({ abortedPuts: mishap.times });
      case 'storage-fails':
        await platform.have({ storage: mishap.chance });
        await rest(mishap.ms);
        return platform.have({ storage: 0 });
      case 'clock-jumps':
        await platform.have({ clockMs: mishap.byMs });
        await rest(mishap.ms);
        return platform.have({ clockMs: 0 });
      case 'bad-link':
        this.badness = mishap.chance;
        await rest(mishap.ms);
        this.badness = 0;
        return;
      case 'volunteers-die':
        for (const volunteer of this.volunteers.slice(0, mishap.count)) volunteer.die();
        return;
      case 'disk-full':
        if (!this.folder.fill()) this.leftOut.push(mishap.kind);
        await rest(mishap.ms);
        return this.folder.makeRoom();
    }
  }

  private async mendAll(platform: ChaoticPlatform): Promise<void> {
    await Promise.all(this.mending);
    await platform.have({ storage: 0, abortedPuts: 0, clockMs: 0 });
    await platform.revive();
  }

  private async expectProgress(client: HomeroomClient, run: string): Promise<void> {
    const version = async (): Promise<number> => (await client.run(run)).view.version;
    const before = await until(
      () =>
        version()
          .then(number => ({ number }))
          .catch(() => null),
      'the run',
    );
    await until(
      async () => (await version().catch(() => 0)) >= before.number + VERSIONS_AFTER,
      `${VERSIONS_AFTER} versions after ${before.number}, once everything was mended`,
      PROGRESS_MS,
    );
  }

  private async areDone(working: readonly Promise<void>[]): Promise<boolean> {
    return Promise.race([Promise.all(working).then(() => true), rest(50).then(() => false)]);
  }
}
