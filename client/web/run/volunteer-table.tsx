import type { ComponentChildren } from 'preact';
import { countCohorts } from '../../../shared/protocol/cohorts.ts';
import type { RunSpec } from '../../../shared/protocol/run-spec.ts';
import type { RunView, VolunteerView } from '../../../shared/protocol/run-view.ts';
import { hostKeyOf } from '../state/host-keys.ts';
import { Avatar } from '../ui/avatar.tsx';
import { plural } from '../ui/format.ts';
import { RoleBadge } from '../ui/role-badge.tsx';
import { currentSession } from '../volunteering/current-session.ts';
import { RemoveButton } from './remove-button.tsx';
import { StandingCell, StandingNote } from './standing-cell.tsx';

/** The most rows that are shown. The rest of a crowd is a number. */
const SHOWN = 30;

interface VolunteerTableProps {
  readonly run: string;
  readonly view: RunView;
  readonly policy: Pick<RunSpec['policy'], 'cohorts'>;
}

/** Those who joined; of a crowd, some. Those at work come first, then those with the most updates. */
export function VolunteerTable({ run, view, policy }: VolunteerTableProps) {
  const isHost = hostKeyOf(run) !== null;
  const you = currentSession.value?.status.value.volunteer ?? null;
  const all = Object.values(view.volunteers).sort(
    (a, b) =>
      Number(b.volunteer === you) - Number(a.volunteer === you) ||
      Number(b.role !== null) - Number(a.role !== null) ||
      b.updates - a.updates,
  );
  const cohorts = countCohorts(policy.cohorts, view.joined);
  const { joined, left = 0 } = view;
  const rest = joined - left - Math.min(SHOWN, all.length);
  return (
    <section class="card" aria-labelledby="volunteers-title">
      <h2 id="volunteers-title">Volunteers</h2>
      {all.length === 0 ? (
        <p class="muted">Nobody has joined yet. This browser could be the first.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: on a phone it scrolls sideways, which needs the focus where there is no finger
        <section class="table-scroll" tabIndex={0} aria-label="Table of volunteers">
          <table>
            <VolunteerColumns isHost={isHost} />
            <tbody>
              {all.slice(0, SHOWN).map(volunteer => (
                <VolunteerRow
                  key={volunteer.volunteer}
                  volunteer={volunteer}
                  isYou={volunteer.volunteer === you}
                  view={view}
                >
                  {isHost && (
                    <td>
                      <RemoveButton run={run} volunteer={volunteer} />
                    </td>
                  )}
                </VolunteerRow>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {all.length > 0 && <StandingNote />}
      {rest > 0 && <p class="muted">and {plural(rest, 'more volunteer')}</p>}
      {left > 0 && (
        <p class="muted note" data-testid="left">
          {plural(left, 'more volunteer')} joined and left. Whoever joins and does nothing makes room for
          others after a while.
        </p>
      )}
      {cohorts > 1 && (
        <p class="muted note" data-testid="cohorts">
          They are split into {cohorts} cohorts, whose updates are summed at the same time. The versions are
          the same to the last byte as with one.
        </p>
      )}
    </section>
  );
}

const words = ['Name', 'Now', 'On', 'Standing'];
const figures = ['Pictures/s', 'Updates', 'Refused'];

function VolunteerColumns({ isHost }: { isHost: boolean }) {
  return (
    <thead>
      <tr>
        {[...words, ...figures].map(name => (
          <th key={name} scope="col" class={figures.includes(name) ? 'number' : ''}>
            {name}
          </th>
        ))}
        {isHost && <th scope="col">Host</th>}
      </tr>
    </thead>
  );
}

const whyHarmful = (count: number): string =>
  `${plural(count, 'update')} refused, since a version was worse with ${count === 1 ? 'it' : 'them'} on held-out pictures`;

interface VolunteerRowProps {
  readonly volunteer: VolunteerView;
  readonly isYou: boolean;
  readonly view: RunView;
  /** Cells that only some see. */
  readonly children?: ComponentChildren;
}

function VolunteerRow({ volunteer, isYou, view, children }: VolunteerRowProps) {
  const { name, role, backend, samplesPerSecond, updates, refused, referee, removed } = volunteer;
  const { harmful = 0 } = volunteer;
  return (
    <tr data-testid="volunteer-row" data-volunteer={volunteer.volunteer} data-you={isYou}>
      <th scope="row">
        <span class="who">
          <Avatar volunteer={volunteer.volunteer} name={name} isYou={isYou} />
          <span class="who-name">
            <span class="clipped" title={name}>
              {name}
            </span>
            {isYou && <span class="badge you-badge">you</span>}
            {referee && <span class="badge">referee</span>}
            {removed && <span class="badge">removed</span>}
            {harmful > 0 && (
              <span class="badge" title={whyHarmful(harmful)}>
                made it worse
              </span>
            )}
          </span>
        </span>
      </th>
      <td>{role ? <RoleBadge of={role} /> : <span class="muted">waiting</span>}</td>
      <td>{backend}</td>
      <StandingCell volunteer={volunteer} view={view} />
      <td class="number">{samplesPerSecond?.toFixed(0) ?? '–'}</td>
      <td class="number">{updates}</td>
      <td class="number">{refused}</td>
      {children}
    </tr>
  );
}
