import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import type { RunView, VolunteerView } from '../../../shared/protocol/run-view.ts';
import { Avatar } from '../ui/avatar.tsx';
import { formatClock, formatCount } from '../ui/format.ts';
import { RoleBadge } from '../ui/role-badge.tsx';
import { eventWords } from '../words/event-words.ts';
import { runWords } from '../words/run-words.ts';
import type { Presence } from './presence.ts';
import { StandingCell } from './standing-cell.tsx';

export interface ShownVolunteer {
  readonly volunteer: VolunteerView;
  readonly presence: Presence;
  readonly isYou: boolean;
}

interface VolunteerRowProps {
  readonly shown: ShownVolunteer;
  readonly view: Pick<RunView, 'version'>;
  /** Cells that only some see. */
  readonly children?: ComponentChildren;
}

export function VolunteerRow({ shown: { volunteer, presence, isYou }, view, children }: VolunteerRowProps) {
  const { backend, samplesPerSecond, updates, refused } = volunteer;
  // Of a crowd, few change from one view to the next.
  const cells = useMemo(
    () => (
      <>
        <th scope="row">
          <Who volunteer={volunteer} isYou={isYou} />
        </th>
        <td data-presence={presence.is}>{volunteer.removed ? '–' : <PresenceCell presence={presence} />}</td>
        <td>{backend}</td>
        <StandingCell volunteer={volunteer} version={view.version} />
        <td class="number">{samplesPerSecond === null ? '–' : formatCount(samplesPerSecond)}</td>
        <td class="number">{formatCount(updates)}</td>
        <td class="number">{formatCount(refused)}</td>
      </>
    ),
    [volunteer, view.version, isYou, JSON.stringify(presence)],
  );
  return (
    <tr data-testid="volunteer-row" data-volunteer={volunteer.volunteer} data-you={isYou}>
      {cells}
      {children}
    </tr>
  );
}

function Who({ volunteer, isYou }: Pick<ShownVolunteer, 'volunteer' | 'isYou'>) {
  const words = runWords();
  const { name, referee, removed, harmful = 0 } = volunteer;
  return (
    <span class="who">
      <Avatar volunteer={volunteer.volunteer} name={name} isYou={isYou} />
      <span class="who-name">
        <span class="clipped" title={name}>
          {name}
        </span>
        {isYou && <span class="badge you-badge">{words.you}</span>}
        {referee && <span class="badge">{words.referee}</span>}
        {removed && <span class="badge">{words.removed}</span>}
        {harmful > 0 && (
          <span class="badge" title={words.whyHarmful(harmful)}>
            {words.madeWorse}
          </span>
        )}
      </span>
    </span>
  );
}

function PresenceCell({ presence }: { presence: Presence }) {
  const words = runWords();
  switch (presence.is) {
    case 'at-work':
      return (
        <span title={eventWords().partOf(presence.role)}>
          <RoleBadge of={presence.role} />
        </span>
      );
    case 'here':
      return <span class="muted">{words.hereIdle}</span>;
    case 'seen':
      return <span class="muted">{words.seenAt(formatClock(presence.at))}</span>;
    case 'left':
      return <span class="muted">{words.leftAt(formatClock(presence.at))}</span>;
  }
}
