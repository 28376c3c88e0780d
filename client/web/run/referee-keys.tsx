import { useSignal } from '@preact/signals';
import type { TargetedSubmitEvent } from 'preact';
import { errorText } from '../../../shared/protocol/error-text.ts';
import type { ToldKey } from '../../../shared/protocol/keys.ts';
import { keyPage } from '../../../shared/protocol/paths.ts';
import type { RunHost } from '../../platform/run-host.ts';
import { CopyField } from '../ui/copy-field.tsx';

const HOUR_MS = 3_600_000;

const WEEK_MS = 7 * 24 * HOUR_MS;

const lasts: readonly (readonly [ms: number, text: string])[] = [
  [HOUR_MS, 'an hour'],
  [24 * HOUR_MS, 'a day'],
  [WEEK_MS, 'a week'],
  [30 * 24 * HOUR_MS, '30 days'],
];

interface RefereeKeysProps {
  readonly run: string;
  readonly host: RunHost;
}

/** The keys that the host gave to referees. They are asked for when somebody looks. */
export function RefereeKeys({ run, host }: RefereeKeysProps) {
  const keys = useSignal<readonly ToldKey[] | null>(null);
  const link = useSignal<string | null>(null);
  const error = useSignal<string | null>(null);
  const act = async (what: () => Promise<unknown>): Promise<void> => {
    error.value = null;
    try {
      await what();
      keys.value = await host.listKeys();
    } catch (reason) {
      error.value = errorText(reason);
    }
  };
  const make = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const request = { label: String(form.get('label')), lastsMs: Number(form.get('lasts')) };
    void act(async () => (link.value = location.origin + keyPage(run, (await host.makeKey(request)).key)));
  };
  return (
    <details class="host-key" onToggle={event => event.currentTarget.open && void act(async () => {})}>
      <summary>Referees</summary>
      <p class="muted note">
        A referee may test every version, and needs no join code. Give the link to somebody you trust.
      </p>
      <form onSubmit={make}>
        <label>
          For whom
          <input name="label" required maxLength={40} autocomplete="off" />
        </label>
        <label>
          Ends after
          <select name="lasts">
            {lasts.map(([ms, text]) => (
              <option key={ms} value={ms} selected={ms === WEEK_MS}>
                {text}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" class="secondary">
          Make a link
        </button>
      </form>
      {link.value && <CopyField label="Link for a referee. It is not shown again" text={link.value} />}
      {error.value && (
        <p class="error" role="alert">
          {error.value}
        </p>
      )}
      <ul class="keys" aria-label="Keys of referees">
        {keys.value?.map(key => (
          <li key={key.id}>
            <span>
              {key.label}, until {new Date(key.endsAt).toLocaleString()}
            </span>
            <button type="button" class="link-button" onClick={() => void act(() => host.revokeKey(key.id))}>
              Revoke
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
