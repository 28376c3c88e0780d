import { zooNames } from '../../../../shared/protocol/model-zoo.ts';

/** What a family's name stands for: in a browser's width, or as published. */
const FAMILIES: Readonly<Record<string, { readonly browser: string; readonly full: string }>> = {
  cnn: { browser: 'cnn-5', full: 'cnn-5' },
  vgg16: { browser: 'vgg16-quarter', full: 'vgg16' },
  resnext: { browser: 'resnext20-8x4', full: 'resnext29-8x64' },
  densenet: { browser: 'densenet-28-12', full: 'densenet-100-12' },
  // The zoo calls it `cnn`, which is the name of the family here. `bench:kernels` calls it `two-conv` too.
  'two-conv': { browser: 'cnn', full: 'cnn' },
};

export const DEFAULT_MODELS = 'cnn,vgg16,resnext,densenet';

/** The zoo's name of a family or of a model. @throws with one line if there is neither */
export function zooNameOf(name: string, isFull: boolean): string {
  const family = FAMILIES[name];
  if (family) return isFull ? family.full : family.browser;
  if (zooNames.includes(name)) return name;
  const known = [...new Set([...Object.keys(FAMILIES), ...zooNames])];
  throw new Error(`--models: there is no '${name}', there are ${known.join(', ')}`);
}
