import * as tfl from '@tensorflow/tfjs-layers';
import { asBackendError, isAllocationError } from '../backends/backend-errors.ts';
import { registerLayers } from '../layers/register-layers.ts';
import { type ModelGraph, ModelRefusal, writeTopology } from './model-graph.ts';

/** Is asked before a layer makes a weight. @throws ModelRefusal if it must not be made */
export type CheckWeight = (name: string, shape: readonly (number | null)[]) => void;

/**
 * Builds a network that `readTopology` read. tf.layers would search for the beginning for ever if the layers went in
 * a circle or if nothing went into one of them.
 * @param check if given, is asked before each weight is made, and weights are made of zeros
 * @throws ModelRefusal with tf.layers' reason if it does not build the network: it checks layers against each other.
 * If weights are checked and the device fails nevertheless, the network is not at fault, and the device's error is
 * thrown
 */
export async function buildGraph(graph: ModelGraph, check?: CheckWeight): Promise<tfl.LayersModel> {
  registerLayers();
  try {
    return await (check ? withChecked(check, () => modelOf(graph)) : modelOf(graph));
  } catch (error) {
    if (error instanceof ModelRefusal || (check && isOfDevice(error))) throw error;
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new ModelRefusal(`${graph.name} cannot be built: ${reason}`);
  }
}

const isOfDevice = (error: unknown): boolean =>
  asBackendError(error) !== null ||
  error instanceof WebAssembly.RuntimeError ||
  error instanceof DOMException ||
  (error instanceof Error && isAllocationError(error));

/** Throws nothing except through its promise. */
const modelOf = async (graph: ModelGraph): Promise<tfl.LayersModel> =>
  tfl.models.modelFromJSON(JSON.parse(writeTopology(graph)));

type AddWeight = (
  this: tfl.layers.Layer,
  name: string,
  shape: tfl.Shape,
  dtype?: string,
  initializer?: unknown,
  ...others: unknown[]
) => tfl.LayerVariable;

/** What is used here of the parent of all layers, where the method is protected. */
const layerPrototype = tfl.layers.Layer.prototype as unknown as { addWeight: AddWeight };

/**
 * A layer makes its weights while it is built, through this one method. The method is replaced for the call only:
 * without a file of weights, tf.layers builds a model before its first await. Weights made before a refusal are
 * disposed here, because no model owns them.
 */
async function withChecked(
  check: CheckWeight,
  build: () => Promise<tfl.LayersModel>,
): Promise<tfl.LayersModel> {
  const made: tfl.LayerVariable[] = [];
  const { addWeight } = layerPrototype;
  layerPrototype.addWeight = function checked(name, shape, dtype, _, ...others) {
    check(`${this.name}/${name}`, shape);
    const weight = addWeight.call(this, name, shape, dtype, tfl.initializers.zeros(), ...others);
    made.push(weight);
    return weight;
  };
  const building = build();
  layerPrototype.addWeight = addWeight;
  try {
    return await building;
  } catch (error) {
    for (const weight of made) weight.dispose();
    throw error;
  }
}
