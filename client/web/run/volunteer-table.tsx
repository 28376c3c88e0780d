import { useSignal } from '@preact/signals';
import { countCohorts } from '../../../shared/protocol/cohorts.ts';
import type { ExampleKind } from '../../../shared/protocol/dataset.ts';
import type { RunSpec } from '../../../shared/protocol/run-spec.ts';
import type { RunView, VolunteerView } from '../../../shared/protocol/run-view.ts';
import { atWorkIn } from '../../../shared/view/at-work-in.ts';
import { VolunteerActions } from '../host/volunteer-actions.tsx';
import { hostKeyOf } from '../state/host-keys.ts';
import { useNow } from '../state/use-now.ts';
import { formatCount } from '../ui/format.ts';
import { LinkButton } from '../ui/link-button.tsx';
import { ScrollBox } from '../ui/scroll-box.tsx';
import { currentSession } from '../volunteering/current-session.ts';
import { runWords } from '../words/run-words.ts';
import { presenceIn, presenceOrder } from './presence.ts';
import { StandingNote } from './standing-cell.tsx';
import { type ShownVolunteer, VolunteerRow } from './volunteer-row.tsx';

/** So many rows are shown until somebody asks for more. */
const SHOWN = 30;

interface VolunteerTableProps {
  readonly run: string;
  readonly view: RunView;
  readonly policy: Pick<RunSpec['policy'], 'cohorts'>;
  readonly kind: ExampleKind;
  /** Then its host changes nothing in it. */
  readonly isArchived?: boolean;
}

/** Those who joined; of a crowd, some. This browser comes first, then those at work, then those with the most updates. */
export function VolunteerTable({ run, view, policy, kind, isArchived = false }: VolunteerTableProps) {
  const words = runWords();
  const now = useNow(view.phase !== 'finished', PRESENCE_MS);
  const all = inOrder(view, currentSession.value?.status.value.volunteer ?? null, now);
  const cohorts = countCohorts(policy.cohorts, view.joined);
  return (
    <section class="card" aria-labelledby="volunteers-title">
      <h2 id="volunteers-title">{words.volunteers}</h2>
      {all.length === 0 ? (
        <p class="muted">{view.phase === 'finished' ? words.nobodyCame : words.nobodyYet}</p>
      ) : (
        <>
          <PresenceLine view={view} shown={all} />
          <ListedVolunteers
            run={run}
            view={view}
            all={all}
            kind={kind}
            isHost={!isArchived && hostKeyOf(run) !== null}
          />
          <StandingNote />
        </>
      )}
      <Unlisted view={view} listed={all.length} />
      {cohorts > 1 && (
        <p class="muted note" data-testid="cohorts">
          {words.cohorts(cohorts)}
        </p>
      )}
    </section>
  );
}

/** Nobody has to know to the second that somebody has left. */
const PRESENCE_MS = 15_000;

function inOrder(view: RunView, you: string | null, now: number): ShownVolunteer[] {
  return Object.values(view.volunteers)
    .map(volunteer => ({
      volunteer,
      presence: presenceIn(view, volunteer, now),
      isYou: volunteer.volunteer === you,
    }))
    .sort(
      (a, b) =>
        Number(b.isYou) - Number(a.isYou) ||
        presenceOrder[a.presence.is] - presenceOrder[b.presence.is] ||
        b.volunteer.updates - a.volunteer.updates,
    );
}

/** How many are where. If the platform does not say it, only the listed ones are known to be here. */
function PresenceLine({ view, shown }: { view: RunView; shown: readonly ShownVolunteer[] }) {
  if (view.phase === 'finished') return null;
  const isListed = ({ presence: { is } }: ShownVolunteer): boolean => is === 'here' || is === 'at-work';
  const here = view.here ?? Math.max(shown.filter(isListed).length, atWorkIn(view));
  const gone = Math.max(0, view.joined - here);
  return (
    <p data-testid="presence">
      {runWords().presence(formatCount(here), formatCount(atWorkIn(view)), formatCount(gone))}
    </p>
  );
}

interface ListedVolunteersProps {
  readonly run: string;
  readonly view: RunView;
  readonly all: readonly ShownVolunteer[];
  readonly kind: ExampleKind;
  /** Whether this browser may change what is listed. */
  readonly isHost: boolean;
}

/** The table. A long list can be searched, and shown whole. */
function ListedVolunteers({ run, view, all, kind, isHost }: ListedVolunteersProps) {
  const words = runWords();
  const text = useSignal('');
  const isWhole = useSignal(false);
  const wanted = text.value.trim().toLocaleLowerCase();
  const found = wanted === '' ? all : all.filter(one => isCalled(one.volunteer, wanted));
  const rows = isWhole.value || wanted !== '' ? found : found.slice(0, SHOWN);
  return (
    <>
      {all.length > SHOWN && (
        <input
          type="search"
          aria-label={words.search}
          placeholder={words.search}
          value={text.value}
          onInput={({ currentTarget }) => (text.value = currentTarget.value)}
        />
      )}
      <ScrollBox label={words.tableLabel}>
        <table class="volunteers" aria-label={words.volunteers}>
          <VolunteerColumns isHost={isHost} kind={kind} />
          <tbody>
            {rows.map(shown => (
              <VolunteerRow key={shown.volunteer.volunteer} shown={shown} view={view}>
                {isHost && (
                  <td>
                    <VolunteerActions run={run} phase={view.phase} volunteer={shown.volunteer} />
                  </td>
                )}
              </VolunteerRow>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      {rows.length === 0 && <p role="status">{words.noMatch(text.value.trim())}</p>}
      {wanted === '' && all.length > SHOWN && (
        <p>
          <LinkButton
            text={isWhole.value ? words.showFewer : words.showAll(all.length)}
            onClick={() => (isWhole.value = !isWhole.value)}
          />
        </p>
      )}
    </>
  );
}

const isCalled = ({ name }: VolunteerView, wanted: string): boolean =>
  name.toLocaleLowerCase().includes(wanted);

function VolunteerColumns({ isHost, kind }: { isHost: boolean; kind: ExampleKind }) {
  const words = runWords();
  return (
    <thead>
      <tr>
        {[words.name, words.doing, words.backend, words.standing].map(name => (
          <th key={name} scope="col">
            {name}
          </th>
        ))}
        {[words.speed(kind), words.updates, words.refusedCount].map(name => (
          <th key={name} scope="col" class="number">
            {name}
          </th>
        ))}
        {isHost && <th scope="col">{words.host}</th>}
      </tr>
    </thead>
  );
}

/** Those whom the platform does not list: the rest of a crowd, and those who gave their places back. */
function Unlisted({ view: { joined, left = 0 }, listed }: { view: RunView; listed: number }) {
  const words = runWords();
  const rest = joined - left - listed;
  return (
    <>
      {rest > 0 && <p class="muted">{words.moreVolunteers(rest)}</p>}
      {left > 0 && (
        <p class="muted note" data-testid="left">
          {words.leftCount(left)}
        </p>
      )}
    </>
  );
}
