import type { RunInput, RunState } from '../../shared/federation/run-state.ts';
import type { Action } from '../../shared/protocol/access.ts';
import type { KeyListing, KeyRequest, MadeKey } from '../../shared/protocol/keys.ts';
import type { ControlAction, HostDetails } from '../../shared/protocol/messages.ts';
import { accepted, type Result, refused } from '../../shared/protocol/refusals.ts';
import type { Visibility } from '../../shared/protocol/visibility.ts';
import type { Env } from '../env.ts';
import type { HostAsk, ShownKey } from '../object-calls.ts';
import { deriveKey, unseal } from '../tokens.ts';
import type { ArchiveMark } from './archive-mark.ts';
import type { ArchiveTerm } from './archive-term.ts';
import type { Barring } from './barring.ts';
import { codeUse } from './identify-run.ts';
import type { KeyRing } from './key-ring.ts';
import type { ListingMark } from './listing-mark.ts';
import type { RunIdentity } from './store/run-store.ts';
import { whyMissing } from './why-missing.ts';

interface DeskPorts {
  readonly env: Env;
  readonly identity: RunIdentity;
  readonly keys: KeyRing;
  readonly barring: Barring;
  readonly step: (input: RunInput) => Promise<Result<unknown>>;
  readonly present: () => RunState | undefined;
  /** Whether a version is kept with all of its shards. */
  readonly isKept: (version: number) => boolean;
  readonly archive: ArchiveMark;
  readonly listing: ListingMark;
  /** After the run's place in the list was changed. */
  readonly onListed: () => Promise<void>;
  readonly archives: ArchiveTerm;
  /** After the host has chosen how long archives are kept. */
  readonly onTerm: () => Promise<void>;
}

/** What only a host asks of its run: each call says who calls, and whoever may not is told so. */
export class HostDesk {
  private readonly ports: DeskPorts;

  constructor(ports: DeskPorts) {
    this.ports = ports;
  }

  ask(shown: ShownKey, ask: HostAsk): Promise<Result<HostDetails | true>> {
    switch (ask.type) {
      case 'about':
        return this.about(shown);
      case 'archive':
        return this.ifMay('archive', shown, () => this.archive(ask.archived));
      case 'visibility':
        return this.ifMay('setVisibility', shown, () => this.setVisibility(ask.visibility));
      case 'archives':
        return this.ifMay('keepArchives', shown, () => this.setTerm(ask.action));
      case 'rename':
        return this.ifMay('renameVolunteer', shown, () => this.order(ask));
    }
  }

  /** So a page knows at once whether a key is right. */
  private async about({ key, isOwner }: ShownKey): Promise<Result<HostDetails>> {
    const { env, identity, keys, archive, listing } = this.ports;
    const allowed = await keys.mayDo('lookAsHost', key, isOwner);
    if (!allowed.ok) return allowed;
    const { run, sealedJoinCode } = identity;
    const joinCode = sealedJoinCode === undefined ? null : await unseal(env, codeUse(run), sealedJoinCode);
    const { visibility } = listing;
    return accepted({ caller: isOwner ? 'owner' : 'host', joinCode, archived: archive.isSet, visibility });
  }

  /** [KEY6] Volunteers of an open run are at work, and a run that stands still without a word helps nobody. */
  private async archive(isArchived: boolean): Promise<Result<true>> {
    const { present, archive, onListed } = this.ports;
    if (isArchived && present()?.phase === 'open')
      return refused('run-not-open', 'the run is open: pause or finish it before you archive it');
    archive.put(isArchived);
    await onListed();
    return accepted(true);
  }

  /** It changes nothing in the run, so it may be done in the archive too. */
  private async setVisibility(visibility: Visibility): Promise<Result<true>> {
    this.ports.listing.put(visibility);
    await this.ports.onListed();
    return accepted(true);
  }

  /** [SWEEP5] */
  private async setTerm(action: 'extend' | 'end'): Promise<Result<true>> {
    const { present, archives, onTerm } = this.ports;
    if (present()?.phase !== 'finished')
      return refused('run-not-open', 'the run goes on: its updates are kept until it has ended');
    if (action === 'extend') archives.extend(Date.now());
    else archives.end(Date.now());
    await onTerm();
    return accepted(true);
  }

  mayDelete({ key, isOwner }: ShownKey): Promise<Result<true>> {
    return this.ports.keys.mayDo('deleteRun', key, isOwner);
  }

  control(shown: ShownKey, action: ControlAction): Promise<Result<true>> {
    return this.ifMay('control', shown, () => this.order({ type: 'control', action }));
  }

  /** [BACK1] */
  takeBack(shown: ShownKey, to: number): Promise<Result<true>> {
    return this.ifMay('takeBack', shown, async () => {
      const { identity, present, isKept } = this.ports;
      const state = present();
      if (state && !isKept(to)) return refused('not-found', whyMissing({ identity, state }, to));
      return this.order({ type: 'take-back', to });
    });
  }

  remove(shown: ShownKey, volunteer: string): Promise<Result<true>> {
    return this.ifMay('removeVolunteer', shown, async () => {
      const allowed = this.ports.archive.allowsChange();
      return allowed.ok ? this.putOut([volunteer]) : allowed;
    });
  }

  listKeys(shown: ShownKey): Promise<Result<KeyListing[]>> {
    return this.ifMay('manageKeys', shown, async () => accepted(this.ports.keys.list()));
  }

  makeKey(shown: ShownKey, request: KeyRequest): Promise<Result<MadeKey>> {
    return this.ifMay('manageKeys', shown, () => this.ports.keys.make(request));
  }

  /** [KEY3] Whoever joined with it is put out. So to repeat a call that broke off puts out the rest. */
  revokeKey(shown: ShownKey, id: string): Promise<Result<true>> {
    return this.ifMay('manageKeys', shown, async () => {
      const wasThere = this.ports.keys.revoke(id);
      const joined = [...(this.ports.present()?.volunteers.values() ?? [])].filter(
        ({ identity }) => identity.key === id,
      );
      return wasThere || joined.length > 0
        ? this.putOut(joined.map(volunteer => volunteer.id))
        : refused('not-found', `key ${id}`);
    });
  }

  /** [KEY4] Whoever repeats a call whose reply was lost shows a key that is none any more, but knows its nonce. */
  async renewHostKey(shown: ShownKey, nonce: string): Promise<Result<{ hostKey: string }>> {
    const { env, identity, keys } = this.ports;
    const hostKey = await deriveKey(env, 'renewed host key', `${identity.run} ${nonce}`);
    if (await keys.isHostKey(hostKey)) return accepted({ hostKey });
    return this.ifMay('manageKeys', shown, async () => {
      await keys.renewHostKey(hostKey);
      return accepted({ hostKey });
    });
  }

  /** [KEY2] The cohorts hear of it too: a lease's token is good without the coordinator. */
  private async putOut(volunteers: readonly string[]): Promise<Result<true>> {
    const { barring, step, present } = this.ports;
    if (volunteers.length > 0) barring.note(volunteers);
    for (const volunteer of volunteers) {
      const result = await step({ type: 'remove', volunteer });
      if (!result.ok) return result;
    }
    const state = present();
    if (state) await barring.tell(state);
    return accepted(true);
  }

  private async order(input: RunInput): Promise<Result<true>> {
    const allowed = this.ports.archive.allowsChange();
    if (!allowed.ok) return allowed;
    const result = await this.ports.step(input);
    return result.ok ? accepted(true) : result;
  }

  private async ifMay<T>(
    action: Action,
    { key, isOwner }: ShownKey,
    act: () => Promise<Result<T>>,
  ): Promise<Result<T>> {
    const allowed = await this.ports.keys.mayDo(action, key, isOwner);
    return allowed.ok ? act() : allowed;
  }
}
