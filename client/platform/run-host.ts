import * as z from 'zod';
import {
  type KeyRequest,
  keyListSchema,
  type MadeKey,
  madeKeySchema,
  type ToldKey,
} from '../../shared/protocol/keys.ts';
import { type HostDetails, hostDetailsSchema, renewResponseSchema } from '../../shared/protocol/messages.ts';
import { paths } from '../../shared/protocol/paths.ts';
import type { Visibility } from '../../shared/protocol/visibility.ts';
import { callPlatform, callRepeatable, isDeleted } from './call-platform.ts';
import type { HomeroomClient } from './homeroom-client.ts';
import { authorise, readAs } from './read-as.ts';

interface HostCall<T> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly schema: z.ZodType<T>;
}

/**
 * What a host asks of its run beside opening and pausing it: to return to an older version, who else may do what, and who may
 * not any more.
 */
export class RunHost {
  private readonly client: HomeroomClient;
  private readonly run: string;
  private readonly key: string;

  /** @param key the run's host key, or the deployment key */
  constructor(client: HomeroomClient, run: string, key: string) {
    [this.client, this.run, this.key] = [client, run, key];
  }

  /** Takes the run back to an older version. To ask for the same again changes nothing. */
  takeBack = async (version: number): Promise<void> => {
    const path = paths.takeBack(this.run);
    await this.repeatable({ method: 'POST', path, body: { version }, schema: z.unknown() });
  };

  removeVolunteer = async (volunteer: string): Promise<void> => {
    await this.repeatable({
      ...{ method: 'DELETE', path: paths.volunteer(this.run, volunteer), schema: z.unknown() },
    });
  };

  /** @param name one line of at most 40 characters */
  renameVolunteer = async (volunteer: string, name: string): Promise<void> => {
    const path = paths.volunteer(this.run, volunteer);
    await this.repeatable({ method: 'PATCH', path, body: { name }, schema: z.unknown() });
  };

  /** What only a host is told. @throws RefusedError `forbidden` if the key is neither the host's nor the owner's */
  about = (): Promise<HostDetails> =>
    this.repeatable({ method: 'GET', path: paths.host(this.run), schema: hostDetailsSchema });

  /** [KEY6] Puts the run into the archive, or takes it out again. */
  archive = async (archived: boolean): Promise<void> => {
    const path = paths.inArchive(this.run);
    await this.repeatable({ method: 'POST', path, body: { archived }, schema: z.unknown() });
  };

  /** Says whether the list of runs shows it to everybody. */
  setVisibility = async (visibility: Visibility): Promise<void> => {
    const path = paths.visibility(this.run);
    await this.repeatable({ method: 'POST', path, body: { visibility }, schema: z.unknown() });
  };

  /** [SWEEP5] Keeps the updates of a run that has ended for longer, or deletes them now. */
  setArchiveTerm = async (action: 'extend' | 'end'): Promise<void> => {
    const path = paths.archiveTerm(this.run);
    await this.repeatable({ method: 'POST', path, body: { action }, schema: z.unknown() });
  };

  /** [KEY7] Deletes the run with all that it left. To ask for the same again changes nothing. */
  deleteRun = async (): Promise<void> => {
    try {
      await this.repeatable({ method: 'DELETE', path: paths.run(this.run), schema: z.unknown() });
    } catch (error) {
      if (!isDeleted(error)) throw error;
    }
  };

  listKeys = async (): Promise<ToldKey[]> =>
    (await this.repeatable({ method: 'GET', path: paths.keys(this.run), schema: keyListSchema })).keys;

  /** It is sent once: a second one would make a second key. */
  makeKey = (request: KeyRequest): Promise<MadeKey> =>
    this.send(callPlatform, {
      ...{ method: 'POST', path: paths.keys(this.run), body: request, schema: madeKeySchema },
    });

  revokeKey = async (id: string): Promise<void> => {
    await this.repeatable({ method: 'DELETE', path: paths.key(this.run, id), schema: z.unknown() });
  };

  /**
   * The key that this shows is none any more.
   * @param nonce all attempts at one renewal show the same, and get the same key
   */
  renewHostKey = async (nonce: string): Promise<string> => {
    const path = paths.hostKey(this.run);
    const call = { method: 'POST', path, body: { nonce }, schema: renewResponseSchema } as const;
    return (await this.repeatable(call)).hostKey;
  };

  private repeatable = <T>(call: HostCall<T>): Promise<T> => this.send(callRepeatable, call);

  private send<T>(over: typeof callPlatform, { method, path, body, schema }: HostCall<T>): Promise<T> {
    const { client, key } = this;
    const headers = { ...authorise(key), ...(body !== undefined && { 'content-type': 'application/json' }) };
    const request = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
    return over(client.origin + path, request, readAs(client, schema), client.limits);
  }
}
