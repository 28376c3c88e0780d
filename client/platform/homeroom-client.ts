import * as z from 'zod';
import { sha256Hex } from '../../shared/math/sha256.ts';
import { encodeUtf8 } from '../../shared/math/utf8.ts';
import {
  type CheckResponse,
  type CheckVerdict,
  checkResponseSchema,
  type VerdictResponse,
  verdictResponseSchema,
} from '../../shared/protocol/check.ts';
import type { Dataset } from '../../shared/protocol/dataset.ts';
import { ledgerPageSchema, type ReadPage } from '../../shared/protocol/events.ts';
import type { Role } from '../../shared/protocol/identifiers.ts';
import {
  type ArchivePiece,
  archiveListSchema,
  type ControlAction,
  type CreateRunRequest,
  createRunResponseSchema,
  type JoinRequest,
  type JoinResponse,
  joinResponseSchema,
  keptVersionsSchema,
  type LeaseResponse,
  lackingResponseSchema,
  leaseResponseSchema,
  MOST_BLOBS_ASKED,
  putDatasetResponseSchema,
  type RunInfo,
  runInfoSchema,
} from '../../shared/protocol/messages.ts';
import { type Manifest, manifestSchema } from '../../shared/protocol/model-outline.ts';
import { paths } from '../../shared/protocol/paths.ts';
import type { RunListing } from '../../shared/protocol/run-list.ts';
import { DamagedError, isMissing, RefusedError } from './call-platform.ts';
import { type ListOptions, listRuns } from './list-runs.ts';
import { type Body, PlatformCalls, readBytes, readNothing } from './platform-calls.ts';
import { Reach } from './reach.ts';
import { authorise, type Reader } from './read-as.ts';

/** Statuses of a reply to a range that begins behind the end, and to one of an object that is gone. */
const HAS_NONE: readonly number[] = [416, 404];

interface LeaseQuestion {
  readonly beside?: string | null;
  readonly macsPerSecond?: number | null;
  readonly signal?: AbortSignal;
}

/** The API of a deployment. Every reply is parsed, and every call ends in time. */
export class HomeroomClient extends PlatformCalls {
  /** Who learns that the platform is back tells it here, and who rests until then hears it. */
  readonly reach = new Reach();

  listRuns = (options?: ListOptions): Promise<RunListing[]> => listRuns(this, options);

  run = (run: string, signal?: AbortSignal): Promise<RunInfo> =>
    this.get(paths.run(run), runInfoSchema, signal);

  version = (run: string, version: number, signal?: AbortSignal): Promise<Manifest> =>
    this.get(paths.version(run, version), manifestSchema, signal);

  ledger = (run: string, after: number, signal?: AbortSignal): Promise<ReadPage> =>
    this.get(`${paths.ledger(run)}?after=${after}`, ledgerPageSchema, signal);

  createRun = (request: CreateRunRequest, key?: string): Promise<{ run: string; hostKey: string }> =>
    this.post(paths.runs, request, createRunResponseSchema, {
      ...{ key, isLongWork: true, isRepeatable: request.nonce !== undefined },
    });

  /**
   * @param ownKey by which the set can be deleted. The platform gets its hash
   * @returns whether that key deletes it. Whoever had listed the same set before has the key
   */
  putDataset = async (dataset: Dataset, key?: string, ownKey?: string): Promise<boolean> => {
    const query = ownKey === undefined ? '' : `?keyHash=${sha256Hex(encodeUtf8(ownKey))}`;
    const options = { key, isLongWork: true };
    return (await this.post(paths.datasets + query, dataset, putDatasetResponseSchema, options)).hasKey;
  };

  /**
   * [KEY7] Deletes a data set that no run uses.
   * @param key that it was uploaded with, or the deployment key
   */
  removeDataset = async (name: string, key: string): Promise<void> => {
    const request = { method: 'DELETE', headers: authorise(key) };
    await this.call(`${paths.datasets}?name=${encodeURIComponent(name)}`, request, readNothing);
  };

  control = async (run: string, action: ControlAction, hostKey: string): Promise<void> => {
    await this.post(paths.control(run), { action }, z.unknown(), { key: hostKey, isLongWork: true });
  };

  /** The versions that are kept, ascending. */
  keptVersions = async (run: string, signal?: AbortSignal): Promise<number[]> =>
    (await this.get(paths.versions(run), keptVersionsSchema, signal)).versions;

  join = (run: string, request: JoinRequest, hostKey?: string | null): Promise<JoinResponse> =>
    this.post(paths.join(run), request, joinResponseSchema, {
      ...{ key: hostKey, isRepeatable: request.nonce !== undefined },
    });

  /**
   * Its reply may be lost. To ask again ends the lease that nobody heard of.
   * @param beside the lease that goes on beside the one asked for; any other in hand ends
   * @param macsPerSecond if the device has measured itself again
   */
  lease = (
    run: string,
    token: string,
    { beside, macsPerSecond, signal }: LeaseQuestion = {},
  ): Promise<LeaseResponse> => {
    const request = { ...(beside && { beside }), ...(macsPerSecond && { macsPerSecond }) };
    return this.post(paths.leases(run), request, leaseResponseSchema, {
      ...{ key: token, signal, isRepeatable: true },
    });
  };

  /** @param diverged the training came to numbers that are not finite */
  release = async (
    run: string,
    lease: string,
    token: string,
    reason: string,
    diverged = false,
  ): Promise<void> => {
    await this.post(paths.release(run, lease), { reason, diverged }, z.unknown(), {
      ...{ key: token, isRepeatable: true },
    });
  };

  /** [CHECK4] Whether there is a version to check. To ask again begins the check anew. */
  check = (run: string, token: string, signal?: AbortSignal): Promise<CheckResponse> =>
    this.post(paths.checks(run), {}, checkResponseSchema, { key: token, signal, isRepeatable: true });

  /** What a check has found. */
  verdict = (
    run: string,
    check: string,
    token: string,
    verdict: CheckVerdict,
    signal?: AbortSignal,
  ): Promise<VerdictResponse> =>
    this.post(paths.check(run, check), verdict, verdictResponseSchema, { key: token, signal });

  /**
   * Uploads an envelope; the token is the lease's. If the platform has it already it is refused as a `duplicate`, for
   * instance if an earlier reply was lost.
   */
  putUpdate = async (
    run: string,
    lease: string,
    token: string,
    envelope: Body,
    signal?: AbortSignal,
  ): Promise<void> => {
    const request = { method: 'PUT', body: envelope, headers: authorise(token), signal };
    await this.call(paths.update(run, lease), request, readTaken);
  };

  /** Gives a lease back from a page that is being closed: it is sent, but nobody is left to wait for the reply. */
  releaseOnLeave = (run: string, lease: string, token: string, reason: string): void => {
    const headers = { 'content-type': 'application/json', ...authorise(token) };
    const body = JSON.stringify({ reason });
    void fetch(this.origin + paths.release(run, lease), {
      method: 'POST',
      body,
      headers,
      keepalive: true,
    }).catch(() => {});
  };

  /**
   * Which of these blobs have to be uploaded, in their order. A platform of an older release does not say: then it is all.
   * @param key the deployment key, if creation is closed
   */
  lackingBlobs = async (names: readonly string[], key?: string): Promise<string[]> => {
    const ask = async (sha256: readonly string[]): Promise<string[]> => {
      const options = { key, isRepeatable: true };
      return (await this.post(paths.lackingBlobs, { sha256 }, lackingResponseSchema, options)).lacking;
    };
    const lacking: string[] = [];
    try {
      for (let start = 0; start < names.length; start += MOST_BLOBS_ASKED)
        lacking.push(...(await ask(names.slice(start, start + MOST_BLOBS_ASKED))));
      return lacking;
    } catch (error) {
      if (isMissing(error)) return [...names];
      throw error;
    }
  };

  putBlob = async (sha256: string, bytes: Body, key?: string): Promise<void> => {
    const request = { method: 'PUT', body: bytes, headers: authorise(key) };
    await this.call(paths.blob(sha256), request, readNothing);
  };

  /** @throws DamagedError, an UnreachableError, if the bytes that came are not those that were named */
  getBlob = (sha256: string, signal?: AbortSignal): Promise<Body> =>
    this.call(paths.blob(sha256), { signal }, async response => {
      const bytes = await readBytes(response);
      if (sha256Hex(bytes) !== sha256) throw new DamagedError(`blob ${sha256} arrived damaged`);
      return bytes;
    });

  /** The bytes that are stored under this hash, unchecked; null if there are none. */
  storedBlob = async (sha256: string, signal?: AbortSignal): Promise<Body | null> => {
    try {
      return await this.call(paths.blob(sha256), { signal }, readBytes);
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  };

  /** Where a folded round's envelopes are archived, in their order; nowhere if none are. */
  archive = async (run: string, role: Role, round: number, signal?: AbortSignal): Promise<ArchivePiece[]> =>
    (await this.get(paths.archive(run, role, round), archiveListSchema, signal)).pieces;

  /**
   * The bytes of an archived object from `start` up to `end`, which is not among them; fewer if it ends before, and none if
   * it is gone.
   */
  archivedBytes = async (path: string, start: number, end: number, signal?: AbortSignal): Promise<Body> => {
    const request = { headers: { range: `bytes=${start}-${end - 1}` }, signal };
    try {
      return await this.call(path, request, async response => {
        const bytes = await readBytes(response);
        // Who does not know ranges sends all of it.
        return response.status === 206 ? bytes : bytes.subarray(start, end);
      });
    } catch (error) {
      if (error instanceof RefusedError && HAS_NONE.includes(error.status)) return new Uint8Array(0);
      throw error;
    }
  };

  /** URL of the event socket of single ledger entries, after an event. */
  eventsUrl = (run: string, after: number): string => this.socketUrl(run, `entries=1&after=${after}`);

  /** URL of the event socket of a run's view, after an event. */
  viewUrl = (run: string, after: number, crowd: number): string =>
    this.socketUrl(run, `frames=1&after=${after}&crowd=${crowd}`);

  /** URL of a volunteer's event socket. */
  signalUrl = (run: string, crowd: number): string => this.socketUrl(run, `frames=1&crowd=${crowd}`);

  private socketUrl = (run: string, query: string): string =>
    `${this.origin.replace(/^http/, 'ws')}${paths.events(run)}?${query}`;
}

/**
 * What is on the way to the platform, such as the page of a guest network, says 200 to anything. If a later release should
 * say something else, the update is sent again, and is refused as a duplicate of itself.
 */
const readTaken: Reader<void> = async response => {
  if ((await response.json()) !== true) throw new Error('the platform replies `true`');
};
