import { runPage } from '../../../shared/protocol/paths.ts';
import type { RunSpec } from '../../../shared/protocol/run-spec.ts';
import { checkHref } from '../state/router.ts';
import { CopyField } from '../ui/copy-field.tsx';

/** How anyone recomputes this run, and for how long that is possible. */
export function ReplayPanel({ run, policy }: { run: string; policy: RunSpec['policy'] }) {
  return (
    <section class="card" aria-labelledby="replay-title">
      <h2 id="replay-title">Check it yourself</h2>
      <p>
        Your computer can make every version anew from what people sent, and compare them to the last byte:
      </p>
      <CopyField
        label="Command that recomputes this run"
        text={`npx homeroom replay ${location.origin}${runPage(run)}`}
      />
      <p class="muted note">
        {describeKeeping(policy)} <a href={checkHref}>What this proves, and what it does not</a>
      </p>
    </section>
  );
}

export const describeKeeping = ({ keepRounds }: Pick<RunSpec['policy'], 'keepRounds'>): string =>
  keepRounds === 0
    ? 'Updates are kept for good.'
    : `Updates are kept for ${keepRounds} ${keepRounds === 1 ? 'round' : 'rounds'}.`;
