import { comparesWithRoot } from '../../../shared/protocol/root-set.ts';
import type { RunSpec } from '../../../shared/protocol/run-spec.ts';
import { hostKeyOf } from '../state/host-keys.ts';
import { currentSession } from '../volunteering/current-session.ts';
import { runWords } from '../words/run-words.ts';

interface RefereeNoteProps {
  readonly run: string;
  readonly spec: RunSpec;
}

/** Tells the host that the run's rule needs a referee, and how to be one, or what it is worth that this tab is. */
export function RefereeNote({ run, spec }: RefereeNoteProps) {
  if (!comparesWithRoot(spec) || hostKeyOf(run) === null) return null;
  const session = currentSession.value;
  const isHere = session?.run === run && session.isRunning.value;
  return (
    <section class="card" aria-label={runWords().referee}>
      <p class="muted note">{isHere ? runWords().refereeHere : runWords().refereeNote}</p>
    </section>
  );
}
