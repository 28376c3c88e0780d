import * as z from 'zod';
import { sha256Hex } from '../../shared/codec/sha256.ts';
import type { Dataset } from '../../shared/datasets/dataset.ts';
import { ledgerPageSchema, type RunEvent, runEventSchema } from '../../shared/protocol/events.ts';
import {
  type ControlAction,
  type CreateRunRequest,
  createRunResponseSchema,
  datasetListSchema,
  type JoinRequest,
  joinResponseSchema,
  type LeaseResponse,
  leaseResponseSchema,
  type RunInfo,
  type RunListing,
  refusalBodySchema,
  runInfoSchema,
  runListSchema,
} from '../../shared/protocol/messages.ts';
import { type Manifest, manifestSchema } from '../../shared/protocol/model-outline.ts';
import { paths } from '../../shared/protocol/paths.ts';

/** An expected "no" from the platform, with the reason from the table. */
export class RefusedError extends Error {
  readonly reason: string;
  readonly status: number;

  constructor(status: number, reason: string, text: string, detail: string | undefined) {
    super(detail ? `${text} (${detail})` : text);
    this.name = 'RefusedError';
    this.reason = reason;
    this.status = status;
  }
}

/** A call that nobody answered: no network, or no platform there. Safe calls are worth another try. */
export class UnreachableError extends Error {
  constructor(url: string, cause: unknown) {
    super(`nobody answers at ${url}`, { cause });
    this.name = 'UnreachableError';
  }
}

interface CallOptions {
  readonly key?: string | null | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Bodies with a view type `fetch` takes; ours are never on shared memory. */
type Body = Uint8Array<ArrayBuffer>;

/** The API of a deployment, every answer parsed. */
export class HomeroomClient {
  /** Origin of the platform, without a slash at the end. */
  readonly origin: string;

  constructor(origin: string) {
    this.origin = origin.replace(/\/+$/, '');
  }

  listRuns = async (signal?: AbortSignal): Promise<RunListing[]> =>
    (await this.get(paths.runs, runListSchema, signal)).runs;

  run = (run: string, signal?: AbortSignal): Promise<RunInfo> =>
    this.get(paths.run(run), runInfoSchema, signal);

  version = (run: string, version: number): Promise<Manifest> =>
    this.get(paths.version(run, version), manifestSchema);

  ledger = (run: string, after: number): Promise<{ events: RunEvent[]; last: number }> =>
    this.get(`${paths.ledger(run)}?after=${after}`, ledgerPageSchema);

  listDatasets = async (): Promise<Dataset[]> => (await this.get(paths.datasets, datasetListSchema)).datasets;

  createRun = (request: CreateRunRequest, key?: string): Promise<{ run: string; hostKey: string }> =>
    this.post(paths.runs, request, createRunResponseSchema, { key });

  putDataset = async (dataset: Dataset, key?: string): Promise<void> => {
    await this.post(paths.datasets, dataset, z.unknown(), { key });
  };

  control = async (run: string, action: ControlAction, hostKey: string): Promise<void> => {
    await this.post(paths.control(run), { action }, z.unknown(), { key: hostKey });
  };

  join = (
    run: string,
    request: JoinRequest,
    hostKey?: string | null,
  ): Promise<{ volunteer: string; token: string }> =>
    this.post(paths.join(run), request, joinResponseSchema, { key: hostKey });

  lease = (run: string, token: string, signal?: AbortSignal): Promise<LeaseResponse> =>
    this.post(paths.leases(run), {}, leaseResponseSchema, { key: token, signal });

  release = async (run: string, lease: string, token: string, reason: string): Promise<void> => {
    await this.post(paths.release(run, lease), { reason }, z.unknown(), { key: token });
  };

  /** Uploads an envelope; the token is the lease's. */
  putUpdate = async (
    run: string,
    lease: string,
    token: string,
    envelope: Body,
    signal?: AbortSignal,
  ): Promise<void> => {
    await this.call(
      paths.update(run, lease),
      { method: 'PUT', body: envelope, headers: authorise(token) },
      signal,
    );
  };

  putBlob = async (sha256: string, bytes: Body, key?: string): Promise<void> => {
    await this.call(paths.blob(sha256), { method: 'PUT', body: bytes, headers: authorise(key) });
  };

  /** @throws where the bytes are not those that were named */
  getBlob = async (sha256: string, signal?: AbortSignal): Promise<Body> => {
    const bytes = new Uint8Array(await (await this.call(paths.blob(sha256), {}, signal)).arrayBuffer());
    if (sha256Hex(bytes) !== sha256) throw new Error(`blob ${sha256} arrived damaged`);
    return bytes;
  };

  /** URL of the event socket, after an event. */
  eventsUrl = (run: string, after: number): string =>
    `${this.origin.replace(/^http/, 'ws')}${paths.events(run)}?after=${after}`;

  /** A message of the event socket. */
  parseEvents = (message: string): RunEvent[] => z.array(runEventSchema).parse(JSON.parse(message));

  private get = async <T>(path: string, schema: z.ZodType<T>, signal?: AbortSignal): Promise<T> =>
    schema.parse(await (await this.call(path, {}, signal)).json());

  private post = async <T>(
    path: string,
    body: unknown,
    schema: z.ZodType<T>,
    { key, signal }: CallOptions,
  ): Promise<T> => {
    const headers = { 'content-type': 'application/json', ...authorise(key) };
    return schema.parse(
      await (await this.call(path, { method: 'POST', body: JSON.stringify(body), headers }, signal)).json(),
    );
  };

  private async call(path: string, init: RequestInit, signal?: AbortSignal): Promise<Response> {
    const url = this.origin + path;
    let response: Response;
    try {
      response = await fetch(url, signal ? { ...init, signal } : init);
    } catch (error) {
      signal?.throwIfAborted();
      throw new UnreachableError(url, error);
    }
    if (response.ok) return response;
    throw await toRefusal(response);
  }
}

const authorise = (key: string | null | undefined): Record<string, string> =>
  key ? { authorization: `Bearer ${key}` } : {};

async function toRefusal(response: Response): Promise<RefusedError> {
  const body = refusalBodySchema.safeParse(await response.json().catch(() => null)).data;
  const { reason, text, detail } = body?.error ?? {
    reason: 'busy',
    text: `the platform answered ${response.status}`,
    detail: undefined,
  };
  return new RefusedError(response.status, reason, text, detail);
}
