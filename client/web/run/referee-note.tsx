import { comparesWithRoot } from '../../../shared/protocol/root-set.ts';
import type { RunSpec } from '../../../shared/protocol/run-spec.ts';
import type { RunView } from '../../../shared/protocol/run-view.ts';
import { hostKeyOf } from '../state/host-keys.ts';
import { runWords } from '../words/run-words.ts';

interface RefereeNoteProps {
  readonly run: string;
  readonly spec: RunSpec;
  readonly phase: RunView['phase'];
}

/** Tells the host that the run's rule needs a referee, and how to be one. */
export function RefereeNote({ run, spec, phase }: RefereeNoteProps) {
  if (!comparesWithRoot(spec) || phase === 'finished' || hostKeyOf(run) === null) return null;
  return (
    <section class="card" aria-label={runWords().referee}>
      <p class="muted note">{runWords().refereeNote}</p>
    </section>
  );
}
