import * as tfl from '@tensorflow/tfjs-layers';
import { firstLine } from '../../../shared/protocol/error-text.ts';
import { asBackendError, isAllocationError } from '../backends/backend-errors.ts';
import { registerLayers } from '../layers/register-layers.ts';
import { type ModelGraph, ModelRefusal, writeTopology } from './model-graph.ts';

/** Is asked before a layer makes a weight. @throws ModelRefusal if it must not be made */
export type CheckWeight = (name: string, shape: readonly (number | null)[]) => void;

/**
 * Builds a network that `readTopology` read. tf.layers would search for the beginning for ever if the layers went in
 * a circle or if nothing went into one of them.
 * @param check if given, is asked before each weight is made, and weights are made of zeros
 * @throws ModelRefusal if tf.layers does not build the network: it checks layers against each other. The refusal names
 * the layer and what goes in. If weights are checked and the device fails nevertheless, the network is not at fault,
 * and the device's error is thrown
 */
export async function buildGraph(graph: ModelGraph, check?: CheckWeight): Promise<tfl.LayersModel> {
  registerLayers();
  const isOfNetwork = (error: unknown): boolean =>
    !(error instanceof ModelRefusal || (check && isOfDevice(error)));
  try {
    return await buildWatched(() => modelOf(graph), isOfNetwork, check);
  } catch (error) {
    if (!isOfNetwork(error)) throw error;
    throw new ModelRefusal(`tf.layers cannot build ${graph.name}, and says: ${firstLine(error)}`);
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

type Apply = (this: tfl.layers.Layer, inputs: Inputs, ...others: unknown[]) => unknown;
type Inputs = tfl.SymbolicTensor | readonly tfl.SymbolicTensor[];

type AddWeight = (
  this: tfl.layers.Layer,
  name: string,
  shape: tfl.Shape,
  dtype?: string,
  initializer?: unknown,
  ...others: unknown[]
) => tfl.LayerVariable;

/** What is used here of the parent of all layers, where one method is protected. */
const layerPrototype = tfl.layers.Layer.prototype as unknown as { addWeight: AddWeight; apply: Apply };

/**
 * A layer makes its weights while it is built, through one method, and it is built when it is applied. Both methods
 * are replaced for the call only: without a file of weights, tf.layers builds a model before its first await. Weights
 * made before a refusal are disposed here, because no model owns them.
 */
async function buildWatched(
  build: () => Promise<tfl.LayersModel>,
  isOfNetwork: (error: unknown) => boolean,
  check: CheckWeight | undefined,
): Promise<tfl.LayersModel> {
  const made: tfl.LayerVariable[] = [];
  const { addWeight, apply } = layerPrototype;
  layerPrototype.apply = named(apply, isOfNetwork);
  layerPrototype.addWeight = function checked(name, shape, dtype, initializer, ...others) {
    check?.(`${this.name}/${name}`, shape);
    const first = check ? tfl.initializers.zeros() : initializer;
    const weight = addWeight.call(this, name, shape, dtype, first, ...others);
    made.push(weight);
    return weight;
  };
  const building = build();
  Object.assign(layerPrototype, { addWeight, apply });
  try {
    return await building;
  } catch (error) {
    for (const weight of made) weight.dispose();
    throw error;
  }
}

/** tf.layers' errors seldom say in which layer they arose. */
const named = (apply: Apply, isOfNetwork: (error: unknown) => boolean): Apply =>
  function applyNamed(inputs, ...others) {
    try {
      return apply.call(this, inputs, ...others);
    } catch (error) {
      if (!isOfNetwork(error)) throw error;
      const shapes = [inputs].flat().map(({ shape }) =>
        shape
          .slice(1)
          .map(size => size ?? 'any')
          .join(' × '),
      );
      throw new ModelRefusal(
        `layer ${this.name} (${this.getClassName()}) cannot take ${shapes.join(' and ')}. tf.layers says: ${firstLine(error)}`,
      );
    }
  };
