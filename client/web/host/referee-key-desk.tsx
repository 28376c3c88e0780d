import { useSignal } from '@preact/signals';
import type { TargetedSubmitEvent } from 'preact';
import { useEffect } from 'preact/hooks';
import type { ToldKey } from '../../../shared/protocol/keys.ts';
import { keyPage } from '../../../shared/protocol/paths.ts';
import type { RunHost } from '../../platform/run-host.ts';
import { inviteOriginOf } from '../state/invite-origin.ts';
import type { RunFacts } from '../state/live-run.ts';
import { CopyField } from '../ui/copy-field.tsx';
import { formatMoment } from '../ui/format.ts';
import { LinkButton } from '../ui/link-button.tsx';
import { hostWords } from '../words/host-words.ts';
import { ActError, useAct } from './use-act.tsx';

const HOUR_MS = 3_600_000;

const WEEK_MS = 7 * 24 * HOUR_MS;

const lasts = [
  [HOUR_MS, 'hour'],
  [24 * HOUR_MS, 'day'],
  [WEEK_MS, 'week'],
  [30 * 24 * HOUR_MS, 'month'],
] as const;

interface RefereeKeysProps {
  readonly facts: RunFacts;
  readonly host: RunHost;
}

/** The keys that the host gave to referees, and a form that makes one. */
export function RefereeKeyDesk({ facts, host }: RefereeKeysProps) {
  const words = hostWords();
  const keys = useSignal<readonly ToldKey[] | null>(null);
  const link = useSignal<string | null>(null);
  const act = useAct();
  const thenList = (what: () => Promise<unknown> = async () => {}): void =>
    void act.run(async () => {
      await what();
      keys.value = await host.listKeys();
    });
  useEffect(() => thenList(), []);
  const make = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const request = { label: String(form.get('label')), lastsMs: Number(form.get('lasts')) };
    thenList(async () => {
      const { key } = await host.makeKey(request);
      link.value = inviteOriginOf(facts) + keyPage(facts.run, key);
    });
  };
  return (
    <>
      <p class="muted note">{words.refereesNote}</p>
      <form onSubmit={make}>
        <label>
          {words.forWhom}
          <input name="label" required maxLength={40} autocomplete="off" />
        </label>
        <label>
          {words.endsAfter}
          <select name="lasts">
            {lasts.map(([ms, text]) => (
              <option key={ms} value={ms} selected={ms === WEEK_MS}>
                {words.lasts[text]}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" class="secondary">
          {words.makeLink}
        </button>
      </form>
      {link.value && <CopyField label={words.refereeLink} text={link.value} />}
      <ActError act={act} />
      <ul class="keys" aria-label={words.refereeKeys}>
        {keys.value?.map(key => (
          <li key={key.id}>
            <span>{words.keyUntil(key.label, formatMoment(key.endsAt))}</span>
            <LinkButton text={words.revoke} onClick={() => thenList(() => host.revokeKey(key.id))} />
          </li>
        ))}
      </ul>
    </>
  );
}
