import { backoffMs } from '../../../client/platform/backoff.ts';
import { isPassing, RefusedError } from '../../../client/platform/call-platform.ts';
import { type EventSocket, openSignalSocket } from '../../../client/platform/event-socket.ts';
import type { HomeroomClient } from '../../../client/platform/homeroom-client.ts';
import { rest } from '../../../client/platform/rest.ts';
import { wakeSpreadMs } from '../../../client/volunteer/wake-up.ts';
import { encodeUpdate } from '../../../shared/codec/envelope.ts';
import { expectedTensors } from '../../../shared/protocol/expected-tensors.ts';
import type { Lease } from '../../../shared/protocol/lease.ts';
import type { ModelOutline } from '../../../shared/protocol/model-outline.ts';
import type { RunSpec } from '../../../shared/protocol/run-spec.ts';
import type { RunView } from '../../../shared/protocol/run-view.ts';
import type { RunClock } from './run-clock.ts';
import type { Scenario } from './scenarios.ts';
import { Waiter } from './waiter.ts';

/** What all volunteers of a scenario tell together. */
export class Measured {
  readonly leaseMs: number[] = [];
  readonly updateMs: number[] = [];
  /** When the last update of each round was taken. */
  readonly lastUpdateAt = new Map<number, number>();
  refused = 0;
  readonly refusedBy = new Map<string, number>();
  errors = 0;
  readonly errorsBy = new Map<string, number>();

  took(lease: Lease): void {
    this.lastUpdateAt.set(lease.round, performance.now());
  }

  /** @param isOfLastRounds no later round would find the update too old: if it is stale, then the run's last round is over */
  failed(error: unknown, isOfLastRounds = false): void {
    if (error instanceof RefusedError) {
      this.refused += 1;
      count(this.refusedBy, isOfLastRounds && error.reason === 'stale' ? 'last-round-over' : error.reason);
    } else {
      this.errors += 1;
      count(this.errorsBy, describe(error));
    }
  }
}

const count = (counts: Map<string, number>, name: string): void =>
  void counts.set(name, (counts.get(name) ?? 0) + 1);

/** With what lies behind it: that a connection was reset, for instance. Errors that differ by their address alone are one. */
const describe = (error: unknown): string =>
  error instanceof Error
    ? error.message.replace(/https?:\S+/, '…') + (error.cause ? `: ${describe(error.cause)}` : '')
    : String(error);

interface World {
  readonly client: HomeroomClient;
  readonly run: string;
  readonly outline: ModelOutline;
  readonly spec: RunSpec;
  readonly scenario: Scenario;
  /** As it was before anybody joined. */
  readonly view: RunView;
  readonly clock: RunClock;
  readonly measured: Measured;
}

const device = { backend: 'cpu', macsPerSecond: 0, memoryMB: 0 };
const metrics = { samples: 10, loss: 0.5, trainMs: 100, downloadBytes: 0, backend: 'cpu' };

/** Its calls and its socket are real. It trains nothing and fetches nothing. */
export class SyntheticVolunteer {
  private readonly world: World;
  private readonly token: string;
  private readonly socket: EventSocket;
  private readonly waiter = new Waiter();

  private constructor(world: World, token: string) {
    this.world = world;
    this.token = token;
    this.socket = openSignalSocket(world.client, world.run, token, world.view, signal => {
      if (signal.phase === 'finished') this.waiter.stop();
      else if (signal.wakes.length > 0 && Math.random() < signal.chance) this.waiter.nudge();
    });
  }

  static async join(world: World, number: number): Promise<SyntheticVolunteer> {
    const { token } = await again(world, () =>
      world.client.join(world.run, { name: `volunteer ${number}`, device }),
    );
    return new SyntheticVolunteer(world, token);
  }

  leave(): void {
    this.waiter.stop();
    this.socket.close();
  }

  /** Takes a lease and is never heard of again. */
  async vanish(): Promise<void> {
    for (;;) {
      const reply = await this.ask();
      if (reply?.type === 'lease') return this.leave();
      await rest(100);
    }
  }

  /** Until the run is over. */
  async work(): Promise<void> {
    const { clock, scenario } = this.world;
    await rest(scenario.arrivalMs * Math.random());
    for (let failures = 0; !clock.isFinished; ) {
      const reply = await this.ask();
      if (reply === null) {
        failures += 1;
        await rest(backoffMs(failures, this.world.client.limits.callRetry, Math.random()));
        continue;
      }
      failures = 0;
      if (reply.type === 'finished') return;
      if (reply.type === 'wait') {
        const wakeMs =
          reply.wakeAfterMs ?? Math.random() * wakeSpreadMs(scenario.volunteers, reply.retryAfterMs);
        await this.waiter.rest(reply.retryAfterMs, wakeMs);
        continue;
      }
      await this.answer(reply.lease);
    }
  }

  private async ask() {
    const { client, run, measured, clock } = this.world;
    const startedAt = performance.now();
    try {
      const reply = await client.lease(run, this.token);
      measured.leaseMs.push(performance.now() - startedAt);
      return reply;
    } catch (error) {
      if (!clock.isFinished) measured.failed(error);
      return null;
    }
  }

  private async answer(lease: Lease): Promise<void> {
    const { client, run, measured, scenario, clock, spec } = this.world;
    const [least, most] = scenario.trainMs;
    if (most > 0) await rest(least + (most - least) * Math.random());
    const envelope = this.envelopeOf(lease);
    for (let attempt = 1; ; attempt++) {
      const startedAt = performance.now();
      try {
        await client.putUpdate(run, lease.id, lease.token, envelope);
        measured.updateMs.push(performance.now() - startedAt);
        return measured.took(lease);
      } catch (error) {
        if (clock.isFinished) return;
        measured.failed(error, lease.round + spec.policy.maxStaleness >= spec.rounds);
        if (!isPassing(error) || attempt === 4) return;
        await rest(backoffMs(attempt, client.limits.callRetry, Math.random()));
      }
    }
  }

  private envelopeOf(lease: Lease): Uint8Array<ArrayBuffer> {
    const { outline, scenario } = this.world;
    const tensors = expectedTensors(outline, lease.task.trains, lease.task.slices).map(
      ({ elements, ...tensor }) => ({ ...tensor, values: valuesOf(elements) }),
    );
    return encodeUpdate({ lease: lease.id, codec: { name: scenario.codec }, tensors, metrics });
  }
}

/** So often a volunteer tries to arrive. */
const ATTEMPTS = 6;

/** Tries until it comes through. Failures are counted. */
async function again<T>({ client, measured }: World, ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      measured.failed(error);
      if (attempt === ATTEMPTS) throw error;
      await rest(backoffMs(attempt, client.limits.callRetry, Math.random()));
    }
  }
}

const made = new Map<number, Float32Array>();

/** Small values of both signs. All volunteers send the same, so that the generator makes them once. */
function valuesOf(elements: number): Float32Array {
  const values =
    made.get(elements) ?? Float32Array.from({ length: elements }, (_, i) => ((i % 2_003) - 1_001) / 1e6);
  made.set(elements, values);
  return values;
}
