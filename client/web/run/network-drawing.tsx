import { useMemo } from 'preact/hooks';
import { exampleKind } from '../../../shared/protocol/dataset.ts';
import type { RunView, VolunteerView } from '../../../shared/protocol/run-view.ts';
import { atWorkAs } from '../../../shared/view/at-work-in.ts';
import type { RunFacts } from '../state/live-run.ts';
import { Avatar } from '../ui/avatar.tsx';
import { formatShortCount } from '../ui/format.ts';
import { RoleBadge } from '../ui/role-badge.tsx';
import { roleColor } from '../ui/role-color.ts';
import { currentSession } from '../volunteering/current-session.ts';
import { runWords } from '../words/run-words.ts';
import { countLayers, layerKind, networkPlaces, type Place, presentAtWork } from './network-places.ts';

/** The most discs that are drawn at one place. The rest is a number, because a class would hide the network. */
const SHOWN_AVATARS = 12;

interface NetworkDrawingProps {
  readonly facts: RunFacts;
  readonly view: RunView;
  readonly changedIn: Readonly<Record<string, number>>;
}

/** The network as a stack of segments from input to output, with everyone at the place they train. */
export function NetworkDrawing({ facts, view, changedIn }: NetworkDrawingProps) {
  const words = runWords();
  const { model } = facts;
  const places = networkPlaces(facts, view, changedIn);
  const evaluators = presentAtWork(view).filter(({ role }) => role === 'evaluator');
  return (
    <section class="card" aria-labelledby="network-title">
      <h2 id="network-title">{words.network}</h2>
      <ol class="network">
        <li class="terminal">{words.input(model.inputShape, exampleKind(facts.spec.dataset))}</li>
        {places.map(place => (
          <li key={place.segment.id} class="link">
            <SegmentCard place={place} />
            {place.beside.map(beside => (
              <SegmentCard key={beside.segment.id} place={beside} />
            ))}
          </li>
        ))}
        <li class="terminal">{words.classes(model.classes)}</li>
      </ol>
      {view.phase !== 'finished' && (
        <p class="evaluating">
          <RoleBadge of="evaluator" />
          {evaluators.length > 0 ? (
            <Crowd volunteers={evaluators} count={atWorkAs(view, 'evaluator')} />
          ) : (
            <span class="muted">{words.nobodyTests}</span>
          )}
        </p>
      )}
    </section>
  );
}

function SegmentCard({ place }: { place: Place }) {
  const words = runWords();
  const { segment, parameters, standing, isNew, stays, trainedBy, volunteers, atWork } = place;
  const [trainer] = trainedBy;
  // A view comes with every event. The layers never change, and a deep network has hundreds.
  const layers = useMemo(() => <Layers layers={segment.layers} />, [segment.layers]);
  return (
    <article
      class={`segment ${segment.kind} ${standing} ${isNew ? 'new' : ''} ${stays ? 'stays' : ''}`}
      style={trainer && { '--edge': `var(${roleColor(trainer)})` }}
      aria-label={segment.id}
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
      {layers}
      <p class="muted segment-facts">
        {words.parameters(formatShortCount(parameters))}
        {segment.kind === 'head' && ` · ${words.exitAfter(segment.of ?? '')}`}
        {stays && `, ${words.stays[stays]}`}
        <ChangedIn place={place} />
      </p>
    </article>
  );
}

/** Says of a segment that nobody trains now why that is so. */
function StandingBadge({ place: { segment, standing, joinsIn } }: { place: Place }) {
  const words = runWords();
  switch (standing) {
    case 'frozen':
      return <span class="badge ice">❄ {words.frozen}</span>;
    case 'follows':
      return <span class="badge">{words.follows(segment.of ?? '')}</span>;
    case 'joins-later':
      return <span class="badge">{words.joinsIn(joinsIn ?? 0)}</span>;
    case 'done':
      return <span class="badge">{words.notNeeded}</span>;
    case 'unused':
      return <span class="badge">{words.notPart}</span>;
    default:
      return null;
  }
}

function ChangedIn({ place: { changedIn, isNew } }: { place: Place }) {
  const words = runWords();
  if (changedIn === 0) return <> · {words.notChanged}</>;
  // The key restarts the glow with every version.
  return (
    <>
      {' · '}
      <span key={changedIn} class={isNew ? 'just-changed' : ''}>
        {words.changedIn(changedIn)}
      </span>
    </>
  );
}

/** A plank for each layer. More would be lines that nobody tells apart, and the names say the rest. */
const MOST_PLANKS = 80;

/** Draws each layer as a plank in the colour of its kind, and lists the names. */
function Layers({ layers }: { layers: readonly string[] }) {
  const told = describeLayers(layers);
  return (
    <>
      <div class="layers" aria-hidden="true">
        {layers.slice(0, MOST_PLANKS).map((name, index) => (
          <span key={index} class="layer" data-kind={layerKind(name)} title={name} />
        ))}
        {layers.length > MOST_PLANKS && '…'}
      </div>
      <p class="layer-names" title={told}>
        {told}
      </p>
    </>
  );
}

/** The layers in order, equal neighbours counted. */
export const describeLayers = (layers: readonly string[]): string =>
  countLayers(layers)
    .map(({ name, count }) => (count > 1 ? `${name} ×${count}` : name))
    .join(' · ');

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
      {rest > 0 && <span class="muted">{runWords().andMore(rest)}</span>}
    </span>
  );
}
