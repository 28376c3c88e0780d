import { type Examples, selectExamples } from '../../shared/datasets/examples.ts';
import { drawGlyphsPart } from '../../shared/datasets/glyphs.ts';
import { decodePart } from '../../shared/datasets/part.ts';
import { measureStyle } from '../../shared/datasets/picture-style.ts';
import { networkFor } from '../../shared/plan/plan-tasks.ts';
import { classNamesOf } from '../../shared/protocol/class-names-of.ts';
import { type Dataset, datasetShape } from '../../shared/protocol/dataset.ts';
import type { RunInfo } from '../../shared/protocol/messages.ts';
import type { HomeroomClient } from '../platform/homeroom-client.ts';
import type { ModelMetadata } from './model-metadata.ts';

/** What an export says of its network: how it is used, by whoever knows nothing of its run. */
export async function metadataOf(
  client: Pick<HomeroomClient, 'getBlob'>,
  { name, dataset, plan }: RunInfo['spec'],
  version: number,
): Promise<ModelMetadata> {
  const samples = await firstTestPictures(client, dataset);
  return {
    generatedBy: 'Homeroom',
    ...{ name, version },
    labels: [...classNamesOf(dataset)],
    imageShape: datasetShape(dataset),
    pixels: [0, 1],
    output: networkFor(plan).keepsHeads === 'ensemble' ? 'probabilities' : 'logits',
    ...(samples && { style: styleOf(samples) }),
    ...(dataset.kind === 'hosted' && dataset.columns && { columns: dataset.columns }),
  };
}

const styleOf = (samples: Examples): ModelMetadata['style'] => {
  const { centre, ...style } = measureStyle(firstExamples(samples, SAMPLES));
  return { ...style, centre: [...centre] };
};

/** Enough to see what the pictures look like. */
const SAMPLES = 48;

const firstExamples = (examples: Examples, most: number): Examples =>
  selectExamples(examples, [...Array(Math.min(most, examples.labels.length)).keys()]);

/** Null if they cannot be had: the network is worth exporting without them. */
async function firstTestPictures(
  client: Pick<HomeroomClient, 'getBlob'>,
  dataset: Dataset,
): Promise<Examples | null> {
  if (dataset.kind === 'glyphs') return drawGlyphsPart(dataset, 'test', 0);
  const [first] = dataset.test;
  const file = first && (await client.getBlob(first.sha256).catch(() => null));
  const part = file && decodePart(file);
  return part?.ok ? part.value : null;
}
