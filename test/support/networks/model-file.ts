import type { ModelFiles } from '../../../client/trainer/trainer-api.ts';
import { concatBytes } from '../../../shared/math/bytes.ts';
import type { SketchWeight } from './sketch-weights.ts';

export type Json = Readonly<Record<string, unknown>>;

/** What a writer makes of a sketch: the topology, and the weights under the names that the file gives them. */
export interface WrittenModel {
  readonly modelTopology: Json;
  readonly weights: readonly SketchWeight[];
  /** The file's own words about itself. */
  readonly about: { readonly generatedBy: string; readonly convertedBy: string | null };
  readonly path: string;
}

/** The `model.json` with its one file of weights. */
export function modelFile({ modelTopology, weights, about, path }: WrittenModel): ModelFiles {
  const manifest = weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' }));
  const json = {
    format: 'layers-model',
    ...about,
    modelTopology,
    weightsManifest: [{ paths: [path], weights: manifest }],
  };
  return {
    modelJson: new TextEncoder().encode(JSON.stringify(json)),
    weights: { [path]: concatBytes(weights.map(({ values }) => new Uint8Array(values.buffer))) },
  };
}

/** The converter's words about a file of Keras's. */
export const convertedFrom = (version: string) => ({
  about: { generatedBy: `keras v${version}`, convertedBy: 'TensorFlow.js Converter v4.22.0' },
  path: 'group1-shard1of1.bin',
});

/** As an h5 file lists its groups, and the converter after it. */
export const byName = <T extends { readonly name: string }>(items: readonly T[]): T[] =>
  items.toSorted((a, b) => (a.name < b.name ? -1 : 1));

/** As a network in a network lists its weights: its moving statistics last. */
export const trainedFirst = (weights: readonly SketchWeight[]): SketchWeight[] => [
  ...weights.filter(({ name }) => !name.includes('/moving_')),
  ...weights.filter(({ name }) => name.includes('/moving_')),
];
