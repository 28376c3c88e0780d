import { pathKey } from './flatten-model.ts';
import type { RawModel } from './raw-model.ts';

/**
 * The names under which a `.keras` file keeps what layers have learnt: by class, in the order of the model's layers,
 * and not by the layers' names. `layers/conv2d_1/vars/0` is the first weight of the second convolution.
 * @returns for each layer, by the key of its path, what its weights' names begin with
 */
export function weightPathsOf(
  model: RawModel,
  path: readonly string[] = [],
  place = '',
): Map<string, string> {
  const paths = new Map<string, string>();
  const counts = new Map<string, number>();
  for (const layer of model.layers) {
    const kind = snakeOf(layer.writtenClass);
    const count = counts.get(kind) ?? 0;
    counts.set(kind, count + 1);
    const own = `${place}layers/${count === 0 ? kind : `${kind}_${count}`}/`;
    if (layer.model)
      for (const [inner, found] of weightPathsOf(layer.model, [...path, layer.name], own))
        paths.set(inner, found);
    else paths.set(pathKey(...path, layer.name), `${own}vars/`);
  }
  return paths;
}

/** As Keras turns the name of a class into the name of a layer: `DepthwiseConv2D` into `depthwise_conv2d`. */
const snakeOf = (className: string): string =>
  className
    .replaceAll(/\W+/g, '')
    .replaceAll(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
