import type { VolunteerView } from '../../../shared/protocol/run-view.ts';
import { levelOf, newcomer, valueAt } from '../../../shared/protocol/standing.ts';
import { formatPercent } from '../ui/format.ts';
import { eventWords } from '../words/event-words.ts';
import { runWords } from '../words/run-words.ts';

interface StandingCellProps {
  readonly volunteer: Pick<VolunteerView, 'standing' | 'referee'>;
  /** The newest one. */
  readonly version: number;
}

/** [STAND9] What the platform thinks of a volunteer, in a word and as a bar. */
export function StandingCell({ volunteer: { standing = newcomer, referee }, version }: StandingCellProps) {
  const words = runWords();
  if (referee)
    return (
      <td class="standing" data-testid="standing">
        {words.standingOf('trusted')}
      </td>
    );
  const value = valueAt(standing, version);
  const level = levelOf(value);
  const why = standing.why && eventWords().standingReason(standing.why);
  return (
    <td class="standing" data-testid="standing" data-level={level} title={why ?? ''}>
      <meter min={0} max={1} value={value} aria-label={words.standingValue(formatPercent(value))} />{' '}
      {words.standingOf(level)}
      {why && <span class="visually-hidden">: {why}</span>}
    </td>
  );
}

/** What the column means, for whoever wonders. */
export function StandingNote() {
  const words = runWords();
  return (
    <details class="note">
      <summary>{words.whatStanding}</summary>
      {words.standingMore.map(text => (
        <p key={text}>{text}</p>
      ))}
    </details>
  );
}
