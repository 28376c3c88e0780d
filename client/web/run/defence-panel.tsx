import type { RunSpec } from '../../../shared/protocol/run-spec.ts';
import type { RoundView, RunView } from '../../../shared/protocol/run-view.ts';
import { type CheckOutcome, checkOutcome, defenceOf } from '../../../shared/view/defence.ts';
import { trustHref } from '../state/router.ts';
import { formatLoss, plural } from '../ui/format.ts';

interface DefencePanelProps {
  readonly spec: RunSpec;
  readonly view: RunView;
}

/** What defends the run against hostile updates, what does not, and what became of its last versions. */
export function DefencePanel({ spec, view }: DefencePanelProps) {
  const { gap, lines } = defenceOf(spec, view);
  return (
    <section class="card" aria-labelledby="defence-title">
      <h2 id="defence-title">Against hostile updates</h2>
      {lines.map(line => (
        <p key={line}>{line}</p>
      ))}
      {gap && view.phase !== 'finished' && (
        <p class="error" data-testid="defence-gap">
          {gap}
        </p>
      )}
      <CheckStrip rounds={view.rounds} />
      <p class="note">
        <a href={trustHref}>Whom you trust</a> says the rest.
      </p>
    </section>
  );
}

/** So many marks fill two lines of a narrow panel. */
const SHOWN = 40;

/** A form each, so that nobody has to tell colours apart. */
const marks: Readonly<Record<CheckOutcome, readonly [mark: string, words: string]>> = {
  checked: ['●', 'checked and published'],
  mended: ['◐', 'published without the updates that made it worse'],
  nothing: ['✕', 'nothing of the round was taken'],
  unchecked: ['○', 'published unchecked'],
};

function CheckStrip({ rounds }: { rounds: readonly RoundView[] }) {
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
      <ol aria-label={`The last ${plural(shown.length, 'version')}, as they were checked`}>
        {shown.map(({ round, outcome }) => (
          <li key={round.round} class={`check-${outcome}`} title={describe(round, outcome)}>
            <span aria-hidden="true">{marks[outcome][0]}</span>
            <span class="visually-hidden">{describe(round, outcome)}</span>
          </li>
        ))}
      </ol>
      <figcaption class="muted note">
        {seen.map(outcome => `${marks[outcome][0]} ${marks[outcome][1]}`).join(' · ')}
      </figcaption>
    </figure>
  );
}

function describe({ version, check }: RoundView, outcome: CheckOutcome): string {
  const loss = check ? `: loss ${formatLoss(check.after)} after ${formatLoss(check.before)}` : '';
  return `version ${version}, ${marks[outcome][1]}${loss}`;
}
