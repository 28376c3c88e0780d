import type { RunView, VolunteerView } from '../../../shared/protocol/run-view.ts';
import {
  levelOf,
  newcomer,
  reasonTexts,
  type StandingLevel,
  valueAt,
} from '../../../shared/protocol/standing.ts';
import { formatPercent } from '../ui/format.ts';

const words: Readonly<Record<StandingLevel, string>> = {
  trusted: 'trusted',
  new: 'not known yet',
  distrusted: 'distrusted',
};

interface StandingCellProps {
  readonly volunteer: Pick<VolunteerView, 'standing' | 'referee'>;
  readonly view: Pick<RunView, 'version'>;
}

/** [STAND9] What the platform thinks of a volunteer, in a word and as a bar. */
export function StandingCell({ volunteer: { standing = newcomer, referee }, view }: StandingCellProps) {
  if (referee) return <td data-testid="standing">trusted</td>;
  const value = valueAt(standing, view.version);
  const level = levelOf(value);
  const why = standing.why && reasonTexts[standing.why];
  return (
    <td data-testid="standing" data-level={level} title={why ?? ''}>
      <meter min={0} max={1} value={value} aria-label={`Standing: ${formatPercent(value)}`} /> {words[level]}
      {why && <span class="visually-hidden">: {why}</span>}
    </td>
  );
}

/** What the column means, for whoever wonders. */
export function StandingNote() {
  return (
    <details class="note">
      <summary>What standing is</summary>
      <p>
        The platform measures each update: whether it points where those of the others point. Updates that do
        earn standing, three of them make a device trusted. Updates of nothing, copies and random ones earn
        none. Standing is lost by updates that no honest program sends, and by test results that others
        contradict. Whoever is trusted comes first where there is not work for all. Whoever is distrusted
        comes last, and its updates weigh less. Each standing goes back to the middle by itself, so everyone
        can come back.
      </p>
      <p>
        Pictures a second are measured too: the pictures of a task over the time from its start until its
        update was there.
      </p>
    </details>
  );
}
