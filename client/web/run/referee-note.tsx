import { comparesWithRoot } from '../../../shared/protocol/root-set.ts';
import type { RunSpec } from '../../../shared/protocol/run-spec.ts';
import type { RunView } from '../../../shared/protocol/run-view.ts';
import { hostKeyOf } from '../state/host-keys.ts';

interface RefereeNoteProps {
  readonly run: string;
  readonly spec: RunSpec;
  readonly phase: RunView['phase'];
}

/** Tells the host that the run's rule needs a referee, and how to be one. */
export function RefereeNote({ run, spec, phase }: RefereeNoteProps) {
  if (!comparesWithRoot(spec) || phase === 'finished' || hostKeyOf(run) === null) return null;
  return (
    <section class="card" aria-label="Referee">
      <p class="muted note">
        This run is defended against harmful updates only while a referee is there. Train in this tab to be
        one, or give a referee’s link to somebody you trust. Rounds without one count by a weaker rule, which
        the activity names.
      </p>
    </section>
  );
}
