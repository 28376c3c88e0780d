import type { ExampleKind } from '../../../../shared/protocol/dataset.ts';
import type { SuitedReason, Unfit } from '../../../host/zoo/suited-network.ts';
import { examples } from './examples.ts';

/** What each network of the zoo is good for, in one sentence. */
const goodFor: Readonly<Record<string, string>> = {
  cnn: 'The small one for digits, letters and other simple grey pictures: any phone can train it.',
  'cnn-tiny':
    'The smallest, for the weakest devices and for trying things out: it learns less than the others.',
  'cnn-3': 'Three layers for simple pictures with more classes, still light.',
  'cnn-4': 'Four layers for small colour pictures on weak devices: two of them are light enough for a phone.',
  'cnn-5': 'Five layers for small colour pictures: a good balance of accuracy and work.',
  vgg16: 'The classic of 2014, large and heavy to send: for comparisons, on computers with a graphics card.',
  'vgg16-quarter': 'VGG16 at a quarter of its width: most of its accuracy for a sixteenth of the work.',
  'resnext29-8x64':
    'The most accurate one on CIFAR, and by far the heaviest: only for strong graphics cards.',
  'resnext29-32x4': 'Very accurate for its size, for photographs and for computers with a graphics card.',
  'resnext29-8x4': 'A narrow ResNeXt for photographs, for laptops with a graphics card.',
  'resnext20-8x4':
    'A short ResNeXt that halves pictures first: for photographs and many classes on any device.',
  'densenet-100-12': 'Few weights to send but much to compute: for strong devices on slow connections.',
  'densenet-40-12': 'Few weights to send for its accuracy on photographs, with more to compute.',
  'densenet-28-12': 'The light DenseNet: hardly anything to send, for photographs on any device.',
  mlp: 'Plain dense layers for tables of numbers.',
};

const reasons: Readonly<Record<SuitedReason, string>> = {
  'few-pictures': 'there are few pictures, and a larger network would only learn them by heart',
  simple: 'small grey pictures do not need a larger one, and any device can train it',
  'many-classes': 'so many classes need a deeper network',
  colour: 'it is made for small colour pictures, and most devices can train it',
  large: 'pictures as large as these make others slow; smaller pictures would allow a better one',
  table: 'it is made for tables of numbers',
};

export const networks = {
  group: 'Network',
  suits: 'Start with what suits',
  suitsWhich: (network: string, reason: SuitedReason) => `${network}, because ${reasons[reason]}.`,
  goodFor: (network: string) => goodFor[network.replace(/-bn$/, '')] ?? '',
  batchNorm: 'With batch norm in place of group norm',
  batchNormHint: 'These learn a little better if all volunteers have data alike, and worse if they do not.',
  size: (parameters: string, bytes: string) => `${parameters} parameters, ${bytes}`,
  cost: (macs: string, kind: ExampleKind) => `${macs} multiplications a ${examples[kind].one}`,
  round: (time: string) => `about ${time} a round here`,
  traffic: (down: string, up: string) => `a volunteer: ${down} down, ${up} up a round`,
  notServed: 'The chosen plan cannot train it.',
  unfit: (unfit: Unfit) =>
    unfit.reason === 'table'
      ? 'For pictures only, and these data are a table of numbers.'
      : `Needs pictures of at least ${unfit.least} × ${unfit.least}.`,
  notOffered: 'Not for these data',
};
export type NetworksWords = Readonly<typeof networks>;
