import {
  bodySegments,
  type ModelOutline,
  type Segment,
  segmentById,
} from '../../shared/protocol/model-outline.ts';
import { accepted, type Result, refused } from '../../shared/protocol/refusals.ts';

/**
 * Refuses an outline if its segments do not make one network: if a name comes twice, or if a head or an average is of
 * something that is not there.
 */
export function checkSegments(model: ModelOutline): Result<true> {
  const why =
    whyNamedTwice(model) ??
    model.segments.map(segment => whyLoose(model, segment) ?? whyUnlike(model, segment)).find(Boolean);
  if (why) return refused('bad-spec', why);
  return bodySegments(model).length > 0
    ? accepted(true)
    : refused('bad-spec', `model ${model.name} has no body segment: its heads hang on nothing`);
}

function whyNamedTwice({ segments }: ModelOutline): string | null {
  const twice = repeated(segments.map(({ id }) => id));
  if (twice) return `the model has two segments ${twice}`;
  const places = repeated(
    segments.filter(({ kind }) => kind !== 'body').map(({ kind, of }) => `${kind} of ${of}`),
  );
  if (places) return `the model has more than one ${places}`;
  for (const { id, tensors } of segments) {
    const name = repeated(tensors.map(tensor => tensor.name));
    if (name) return `${id} has two tensors ${name}`;
  }
  return null;
}

function repeated(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find(name => seen.size === seen.add(name).size);
}

/** Why a head or an average hangs on nothing. Null if there is nothing wrong. */
function whyLoose(model: ModelOutline, { id, kind, of }: Segment): string | null {
  if (kind === 'body') return null;
  const place = bodySegments(model).findIndex(body => body.id === of);
  if (place < 0)
    return `${id} is ${nameOf[kind]} of ${of ?? 'nothing'}, which is no body segment of the model`;
  return kind === 'average' && place === 0
    ? `${id} is ${nameOf[kind]} of ${of}, before which no head stands`
    : null;
}

const nameOf = { head: 'a head', average: 'a moving average' } as const;

/** Why an average cannot follow its segment. Null if there is nothing wrong. */
function whyUnlike(model: ModelOutline, { id, kind, of = '', decay, tensors }: Segment): string | null {
  if (kind !== 'average') return null;
  if (decay === undefined) return `${id} is a moving average and does not say its decay`;
  const shapes = new Map(segmentById(model, of).tensors.map(({ name, shape }) => [name, shape.join('×')]));
  const other = tensors.find(({ name, shape }) => shapes.get(name) !== shape.join('×'));
  return other
    ? `${id} averages ${other.name} of shape ${other.shape.join('×')}, which ${of} has ${shapes.has(other.name) ? `of shape ${shapes.get(other.name)}` : 'not'}`
    : null;
}
