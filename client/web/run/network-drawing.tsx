import type { RunView, VolunteerView } from '../../../shared/protocol/run-view.ts';
import type { RunFacts } from '../state/live-run.ts';
import { Avatar } from '../ui/avatar.tsx';
import { formatShortCount } from '../ui/format.ts';
import { RoleBadge } from '../ui/role-badge.tsx';
import { roleColor } from '../ui/role-color.ts';
import { currentSession } from '../volunteering/current-session.ts';
import { countLayers, layerKind, networkPlaces, type Place } from './network-places.ts';

/** The most discs that are drawn at one place. The rest is a number, because a class would hide the network. */
const SHOWN_AVATARS = 12;

interface NetworkDrawingProps {
  readonly facts: RunFacts;
  readonly view: RunView;
  readonly changedIn: Readonly<Record<string, number>>;
}

/** The network as a stack of segments from input to output, with everyone at the place they train. */
export function NetworkDrawing({ facts, view, changedIn }: NetworkDrawingProps) {
  const { model } = facts;
  const places = networkPlaces(facts, view, changedIn);
  const evaluators = Object.values(view.volunteers).filter(({ role }) => role === 'evaluator');
  return (
    <section class="card" aria-labelledby="network-title">
      <h2 id="network-title">The network</h2>
      <ol class="network">
        <li class="terminal">{model.inputShape.join(' × ')} picture</li>
        {places.map(place => (
          <li key={place.segment.id} class="link">
            <SegmentCard place={place} />
            {place.beside.map(beside => (
              <SegmentCard key={beside.segment.id} place={beside} />
            ))}
          </li>
        ))}
        <li class="terminal">{model.classes} classes</li>
      </ol>
      <p class="evaluating">
        <RoleBadge of="evaluator" />
        {evaluators.length > 0 ? (
          <Crowd volunteers={evaluators} count={view.atWork.evaluator ?? 0} />
        ) : (
          <span class="muted">nobody is testing now</span>
        )}
      </p>
    </section>
  );
}

/** How a head that stays answers for the network. */
const joinedWith = { sum: 'added to', ensemble: 'averaged with' } as const;

function SegmentCard({ place }: { place: Place }) {
  const { segment, parameters, standing, isNew, stays, trainedBy, volunteers, atWork } = place;
  const [trainer] = trainedBy;
  return (
    <article
      class={`segment ${segment.kind} ${standing} ${isNew ? 'new' : ''} ${stays ? 'stays' : ''}`}
      style={trainer && { '--edge': `var(${roleColor(trainer)})` }}
      data-testid={`segment-${segment.id}`}
      data-trained-by={trainedBy.join(' ')}
      data-standing={standing}
    >
      <header>
        <h3>{segment.id}</h3>
        {trainedBy.map(role => (
          <RoleBadge key={role} of={role} />
        ))}
        <StandingBadge place={place} />
        {volunteers.length > 0 && <Crowd volunteers={volunteers} count={atWork} />}
      </header>
      <Layers layers={segment.layers} />
      <p class="muted segment-facts">
        {formatShortCount(parameters)} parameters
        {segment.kind === 'head' && ` · an exit after ${segment.of}`}
        {stays && `, ${joinedWith[stays]} the network’s last exit`}
        <ChangedIn place={place} />
      </p>
    </article>
  );
}

/** Says of a segment that nobody trains now why that is so. */
function StandingBadge({ place: { segment, standing, joinsIn } }: { place: Place }) {
  switch (standing) {
    case 'frozen':
      return <span class="badge ice">❄ frozen</span>;
    case 'follows':
      return <span class="badge">follows {segment.of}</span>;
    case 'joins-later':
      return <span class="badge">joins in round {joinsIn}</span>;
    case 'done':
      return <span class="badge">not needed now</span>;
    case 'unused':
      return <span class="badge">not part of this run</span>;
    default:
      return null;
  }
}

function ChangedIn({ place: { changedIn, isNew } }: { place: Place }) {
  if (changedIn === 0) return <> · not changed yet</>;
  // The key restarts the glow with every version.
  return (
    <span key={changedIn} class={isNew ? 'just-changed' : ''}>
      {' '}
      · changed in version {changedIn}
    </span>
  );
}

/** Draws each layer as a plank in the colour of its kind, and lists the names. */
function Layers({ layers }: { layers: readonly string[] }) {
  const words = countLayers(layers).map(({ name, count }) => (count > 1 ? `${name} ×${count}` : name));
  const told = words.join(' · ');
  return (
    <>
      <div class="layers" aria-hidden="true">
        {layers.map((name, index) => (
          <span key={index} class="layer" data-kind={layerKind(name)} title={name} />
        ))}
      </div>
      <p class="layer-names" title={told}>
        {told}
      </p>
    </>
  );
}

/** @param count all of them: of a crowd, `volunteers` has only some */
function Crowd({ volunteers, count }: { volunteers: readonly VolunteerView[]; count: number }) {
  const you = currentSession.value?.status.value.volunteer;
  const shown = volunteers.slice(0, SHOWN_AVATARS);
  const rest = count - shown.length;
  return (
    <span class="crowd">
      {shown.map(({ volunteer, name }) => (
        <Avatar key={volunteer} volunteer={volunteer} name={name} isYou={volunteer === you} />
      ))}
      {rest > 0 && <span class="muted">and {rest} more</span>}
    </span>
  );
}
