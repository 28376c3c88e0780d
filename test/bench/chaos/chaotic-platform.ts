import { rest } from '../../../client/platform/rest.ts';
import { PlatformProcess, type PlatformSettings } from '../../support/platform-process.ts';
import { FAULTS_PATH, type Faults } from './faults.ts';

/** A platform that did not come up is tried again so often. A full disk may keep it from coming up. */
const STARTS = 8;
const START_REST_MS = 500;

/** Asked whether it is there, a platform has so long to reply. */
const ALIVE_MS = 2_000;

/** A platform that goes down and comes up again at the same address, and that has faults. */
export class ChaoticPlatform {
  /** How often it was started again. */
  restarts = 0;
  private readonly settings: PlatformSettings;
  private process: PlatformProcess;
  private faults: Faults = {};
  /** One thing at a time is done to the process. */
  private turn: Promise<void> = Promise.resolve();

  private readonly seed: number;

  private constructor(settings: PlatformSettings, seed: number, process: PlatformProcess) {
    this.settings = settings;
    this.seed = seed;
    this.process = process;
  }

  /** @param seed draws which calls of its storage fail, if they do */
  static async start(settings: PlatformSettings, seed: number): Promise<ChaoticPlatform> {
    const process = await PlatformProcess.start(settings);
    const port = Number(new URL(process.origin).port);
    return new ChaoticPlatform({ ...settings, port }, seed, process);
  }

  get origin(): string {
    return this.process.origin;
  }

  /** What the platform wrote last on standard error. */
  get errors(): string {
    return this.process.errors;
  }

  killPlatform(downMs: number): Promise<void> {
    return this.inTurn(async () => {
      await this.process.kill();
      await rest(downMs);
      await this.startAgain();
    });
  }

  /** Its parent may start it anew. If it does not, everything is started again. */
  killWorkerd(downMs: number): Promise<void> {
    return this.inTurn(async () => {
      this.process.killWorkerd();
      await rest(downMs);
      await this.reviveNow();
    });
  }

  /** Starts it again if it is not there. */
  revive(): Promise<void> {
    return this.inTurn(() => this.reviveNow());
  }

  /** Adds to the faults that it has. What ends objects happens once, and not again whenever it is told of another fault. */
  async have({ abortAll, abortedPuts, ...faults }: Faults): Promise<void> {
    this.faults = { ...this.faults, ...faults };
    await this.tell({ ...this.faults, abortAll, abortedPuts });
  }

  stop(): Promise<void> {
    return this.inTurn(() => this.process.stop());
  }

  kill(): Promise<void> {
    return this.inTurn(() => this.process.kill());
  }

  private async reviveNow(): Promise<void> {
    if (await this.isAlive()) return;
    await this.process.kill();
    await this.startAgain();
  }

  private async startAgain(): Promise<void> {
    this.restarts += 1;
    for (let attempt = 1; ; attempt++) {
      try {
        this.process = await PlatformProcess.start(this.settings);
        return await this.tell(this.faults);
      } catch (error) {
        if (attempt === STARTS) throw error;
        await rest(START_REST_MS);
      }
    }
  }

  private async isAlive(): Promise<boolean> {
    try {
      const response = await fetch(`${this.origin}/api/runs`, { signal: AbortSignal.timeout(ALIVE_MS) });
      await response.arrayBuffer();
      return true;
    } catch {
      return false;
    }
  }

  /** If the platform is away, it is told when it comes back. */
  private async tell(faults: Faults): Promise<void> {
    // Each life has draws of its own.
    const body = JSON.stringify({ ...faults, seed: `${this.seed}/${this.restarts}` });
    const signal = AbortSignal.timeout(ALIVE_MS);
    await fetch(this.origin + FAULTS_PATH, { method: 'POST', body, signal }).then(
      response => response.arrayBuffer(),
      () => {},
    );
  }

  private inTurn(act: () => Promise<void>): Promise<void> {
    this.turn = this.turn.then(act, act);
    return this.turn;
  }
}
