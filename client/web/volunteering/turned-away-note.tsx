import type { RunView } from '../../../shared/protocol/run-view.ts';
import { forgetHostKey, hostKeyOf } from '../state/host-keys.ts';
import type { RunFacts } from '../state/live-run.ts';
import { LinkButton } from '../ui/link-button.tsx';
import { hostWords } from '../words/host-words.ts';
import { volunteerWords } from '../words/volunteer-words.ts';
import type { VolunteerMemory } from './volunteer-memory.ts';
import type { TurnedAway } from './volunteer-session.ts';

/** Whether the host has put out whom this browser was. The view tells it at once, the memory after a reload too. */
export const isPutOut = (
  memory: VolunteerMemory | null,
  { volunteers }: Pick<RunView, 'volunteers'>,
): boolean => memory?.wasRemoved === true || volunteers[memory?.identity?.volunteer ?? '']?.removed === true;

/** As the run calls whoever this browser was: the host may have given it another name. */
export const nameInRun = (memory: VolunteerMemory, { volunteers }: Pick<RunView, 'volunteers'>): string =>
  volunteers[memory.identity?.volunteer ?? '']?.name ?? memory.name;

interface TurnedAwayNoteProps {
  readonly facts: Pick<RunFacts, 'run' | 'needsCode'>;
  readonly view: Pick<RunView, 'volunteers'>;
  readonly memory: VolunteerMemory | null;
  readonly turnedAway: TurnedAway | null;
}

/** Why this browser cannot go on as it was, and what it may do now. A wrong join code is told at its field. */
export function TurnedAwayNote({ facts, view, memory, turnedAway }: TurnedAwayNoteProps) {
  const words = volunteerWords();
  if (turnedAway?.why === 'host-key' && hostKeyOf(facts.run) !== null)
    return (
      <p class="error" role="alert" data-testid="turned-away">
        {words.hostKeyGone} <LinkButton text={hostWords().forget} onClick={() => forgetHostKey(facts.run)} />
      </p>
    );
  if (memory === null || !isPutOut(memory, view)) return null;
  return (
    <p class="error" role="alert" data-testid="turned-away">
      {words.wasRemoved(nameInRun(memory, view))} {facts.needsCode ? words.comeBackWithCode : words.comeBack}
    </p>
  );
}
