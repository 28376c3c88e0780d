import type { RunSpec } from '../../../shared/protocol/run-spec.ts';
import type { RoundView, RunView } from '../../../shared/protocol/run-view.ts';
import {
  type CheckOutcome,
  checkOutcome,
  type DefenceFact,
  defenceOf,
} from '../../../shared/view/defence.ts';
import { trustHref } from '../state/router.ts';
import { formatLoss } from '../ui/format.ts';
import { eventWords } from '../words/event-words.ts';
import { runWords } from '../words/run-words.ts';

interface DefencePanelProps {
  readonly spec: RunSpec;
  readonly view: RunView;
  /** Whether nothing is trained any more. Then nobody has to know what defends it now. */
  readonly isOver: boolean;
}

/** What is true only while somebody trains. */
const ofNow: readonly DefenceFact['is'][] = ['checked', 'no-referee', 'waits-for-referee'];

/** What defends the run against hostile updates, what does not, and what became of its last versions. */
export function DefencePanel({ spec, view, isOver }: DefencePanelProps) {
  const words = runWords();
  const events = eventWords();
  const { gap, facts } = defenceOf(spec, view);
  const told = isOver ? facts.filter(({ is }) => !ofNow.includes(is)) : facts;
  return (
    <section class="card" aria-labelledby="defence-title">
      <h2 id="defence-title">{words.defence}</h2>
      {told.map(fact => (
        <p key={fact.is}>{events.defence(fact)}</p>
      ))}
      {gap && !isOver && (
        <p class="error" data-testid="defence-gap">
          {events.defenceGap(gap)}
        </p>
      )}
      <CheckStrip rounds={view.rounds} />
      <p class="note">
        <a href={trustHref}>{words.trustLink}</a> {words.trustMore}
      </p>
    </section>
  );
}

/** So many marks fill two lines of a narrow panel. */
const SHOWN = 40;

/** A form each, so that nobody has to tell colours apart. */
const marks: Readonly<Record<CheckOutcome, string>> = {
  checked: '●',
  mended: '◐',
  nothing: '✕',
  unchecked: '○',
};

function CheckStrip({ rounds }: { rounds: readonly RoundView[] }) {
  const words = runWords();
  const shown = rounds.slice(-SHOWN).flatMap(round => {
    const outcome = checkOutcome(round);
    return outcome === null ? [] : [{ round, outcome }];
  });
  if (shown.length === 0) return null;
  const seen = (Object.keys(marks) as CheckOutcome[]).filter(one =>
    shown.some(({ outcome }) => outcome === one),
  );
  return (
    <figure class="check-strip" data-testid="check-strip">
      <ol aria-label={words.lastChecked(shown.length)}>
        {shown.map(({ round, outcome }) => (
          <li key={round.round} class={`check-${outcome}`} title={describe(round, outcome)}>
            <span aria-hidden="true">{marks[outcome]}</span>
            <span class="visually-hidden">{describe(round, outcome)}</span>
          </li>
        ))}
      </ol>
      <figcaption class="muted note">
        {seen.map(outcome => `${marks[outcome]} ${words.outcome(outcome)}`).join(' · ')}
      </figcaption>
    </figure>
  );
}

function describe({ version, check }: RoundView, outcome: CheckOutcome): string {
  const words = runWords();
  const loss = check ? words.lossAfter(formatLoss(check.after), formatLoss(check.before)) : '';
  return words.versionOutcome(version, outcome) + loss;
}
