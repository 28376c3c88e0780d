import type * as tfl from '@tensorflow/tfjs-layers';
import * as z from 'zod';
import { parseJsonBytes } from '../../../shared/math/utf8.ts';
import type { ModelFiles, ModelRequest } from '../trainer-api.ts';
import { buildGraph } from './build-graph.ts';
import { checkStatistics, wrongScale } from './check-scales.ts';
import { checkSize } from './check-size.ts';
import { cutsFor } from './choose-cuts.ts';
import { loadWeights, weightsManifestSchema } from './load-weights.ts';
import { type ModelGraph, ModelRefusal, plainLine, withoutInitializers } from './model-graph.ts';
import type { Augment } from './topology/front-layers.ts';
import { normaliseGraph } from './topology/normalise-graph.ts';
import { readTopology } from './topology/read-topology.ts';
import { tryTraining } from './try-training.ts';

/** A network that a host brought, with its weights, and the layers after which it is cut. */
export interface HostModel {
  readonly model: tfl.LayersModel;
  readonly graph: ModelGraph;
  readonly cuts: readonly string[];
  /** What was changed about it, in words for its owner. */
  readonly notes: readonly string[];
  /** What its own augmentation asks of the run; null if it has none that the run can do. */
  readonly augment: Augment | null;
}

const fileSchema = z.looseObject({
  format: z.string().optional(),
  modelTopology: z.unknown(),
  weightsManifest: weightsManifestSchema.optional(),
});

/**
 * Reads a `model.json` of tf.layers, from tfjs or from Keras, with its files of weights. If it has no manifest of
 * weights, it starts from its own initialisers.
 * @throws ModelRefusal if it cannot be trained or cut here
 */
export async function readHostModel(request: ModelRequest, files: ModelFiles): Promise<HostModel> {
  const { modelTopology, weightsManifest } = readFile(files.modelJson);
  const read = readTopology(modelTopology);
  const { graph, notes, augment } = normaliseGraph(
    { ...read.graph, name: request.name },
    request.inputShape,
    read.keras,
  );
  checkSize(graph);
  const model = await buildGraph(weightsManifest ? withoutInitializers(graph) : graph);
  try {
    if (weightsManifest) {
      loadWeights(model, weightsManifest, files.weights, read.writtenNames);
      checkStatistics(model);
    }
    checkOutput(model, graph.name, request.classes);
    const cuts = cutsFor(request, model, graph);
    await tryTraining(model, request);
    const warning = weightsManifest ? await wrongScale(model, request) : null;
    const told = [...read.notes, ...notes, ...(warning === null ? [] : [warning])];
    return { model, graph, cuts, notes: told.map(plainLine), augment };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

function readFile(bytes: Uint8Array): z.infer<typeof fileSchema> {
  const json = parseJsonBytes(bytes);
  if (json === undefined)
    throw new ModelRefusal('this is not a model.json: it is not JSON, or nests too deep');
  const parsed = fileSchema.safeParse(json);
  if (!parsed.success) throw new ModelRefusal('this is not a model.json of tf.layers: it has other fields');
  if (parsed.data.format === 'graph-model')
    throw new ModelRefusal(
      'this is a graph model, whose layers are gone. Convert the file that Keras saved: tensorflowjs_converter --input_format=keras model.h5 FOLDER, or --input_format=keras_keras for a .keras file',
    );
  return parsed.data;
}

function checkOutput({ outputShape }: tfl.LayersModel, name: string, classes: number): void {
  const [, ...sizes] = outputShape;
  if (sizes.length !== 1 || sizes[0] !== classes)
    throw new ModelRefusal(
      `${name} puts out ${sizes.join(' × ')} numbers for a picture, but the data has ${classes} classes`,
    );
}
