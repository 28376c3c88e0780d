import { isAllowed } from '../../shared/protocol/access.ts';
import type { KeyListing } from '../../shared/protocol/keys.ts';
import type { JoinRequest } from '../../shared/protocol/messages.ts';
import { accepted, type Result, refused } from '../../shared/protocol/refusals.ts';
import type { Env } from '../env.ts';
import { createId, deriveId, readVolunteerToken } from '../tokens.ts';
import { CodeGuard } from './code-guard.ts';
import { JoinGate } from './join-gate.ts';
import type { KeyRing } from './key-ring.ts';
import type { RunIdentity } from './store/run-store.ts';
import { checkPass, checkToken } from './turnstile.ts';

const VOLUNTEER_ID_LENGTH = 12;

/** Whoever shows a key wants to be a referee. Let in as anything else, it would not know. */
export const KEY_GONE =
  'it is none of this run’s referees’ keys: it is mistyped, or was renewed or revoked, or has ended. Ask the host for a new one, or join without a key';

/** Who wants to join, and what it shows. */
export interface Joining {
  readonly request: JoinRequest;
  readonly shownKey: string | null;
  /** As the platform tells it. It is not known on a laptop. */
  readonly address: string | undefined;
  readonly isOwner: boolean | undefined;
}

interface Ports {
  readonly identity: RunIdentity;
  readonly keys: KeyRing;
  /** Whether this volunteer has joined: the reply to that was lost. */
  readonly isKnown: (volunteer: string) => boolean;
}

/** Who may join. */
interface Admitted {
  readonly volunteer: string;
  readonly referee: boolean;
  /** The key that it showed, if that is one that ends. */
  readonly key?: KeyListing | undefined;
}

/**
 * The door of one run. [RUN3] [KEY1] Whoever may judge comes in as referee, and needs nothing else. Whoever shows another key
 * is refused ([KEY3]). Everyone else shows the join code, waits for its turn ([CROWD7]), and passes the deployment's check of people ([CROWD8]).
 */
export class Admission {
  private readonly env: Env;
  private readonly codes = new CodeGuard();
  private readonly gate = new JoinGate();

  constructor(env: Env) {
    this.env = env;
  }

  async admit(
    { identity: { run, joinCodeHash }, keys, isKnown }: Ports,
    { request, shownKey, address = '', isOwner }: Joining,
  ): Promise<Result<Admitted>> {
    const { caller, key } = await keys.shownBy(shownKey, isOwner);
    const { name, nonce, code = '' } = request;
    const volunteer = nonce
      ? await deriveId(this.env, 'volunteer', `${run} ${nonce}`, VOLUNTEER_ID_LENGTH)
      : createId(VOLUNTEER_ID_LENGTH);
    if (isAllowed('judge', caller)) return accepted({ volunteer, referee: true, key });
    if (await this.isKey(shownKey)) return refused('forbidden', KEY_GONE);
    const known = await this.codes.check(code, joinCodeHash, address);
    if (!known.ok) return known;
    if (isKnown(volunteer)) return accepted({ volunteer, referee: false });
    const token = await checkPass(this.env, run, request);
    if (!token.ok) return token;
    // A program of an older release shows no nonce. Its name has to do.
    const wish = nonce ?? `${address} ${name}`;
    const turn = this.gate.admit({ wish, address, hasCode: joinCodeHash !== null }, Date.now());
    if (!turn.ok) return turn;
    const checked = token.value === null ? token : await checkToken(this.env, token.value, address);
    return checked.ok ? accepted({ volunteer, referee: false }) : checked;
  }

  /** A volunteer that joins once more may show its token, which is no key. */
  private async isKey(shown: string | null): Promise<boolean> {
    return shown !== null && (await readVolunteerToken(this.env, shown)) === null;
  }
}
