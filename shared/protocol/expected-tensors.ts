import { elementsOf } from './elements-of.ts';
import { type ModelOutline, segmentById } from './model-outline.ts';

/** The tensors an update of these segments carries, in the order in which it carries them. */
export const expectedTensors = (model: ModelOutline, trains: readonly string[]) =>
  trains.flatMap(id =>
    segmentById(model, id).tensors.map(({ name, shape }) => ({
      segment: id,
      tensor: name,
      elements: elementsOf(shape),
    })),
  );
