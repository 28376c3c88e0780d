import { augmentedCnn, flatMlp, lenet5, quickStartCnn, quickStartMlp, vggLike } from './classic-networks.ts';
import {
  mobilenetV1,
  mobilenetV2,
  teachableMachine,
  transferLearning,
  xceptionLike,
} from './mobile-networks.ts';
import { convnextLike, efficientnetLike, hardGated } from './modern-networks.ts';
import { resnet8, resnet18, squeezenet } from './residual-networks.ts';
import type { Sketch } from './sketch.ts';

/** A network that people bring. */
export interface Network {
  /** @param dropout the rate of its drop-outs, if it has any: a step without chance can be compared */
  readonly sketch: (dropout: number) => Sketch;
  /** Height, width and channels of the pictures that it is trained on. */
  readonly pictures: readonly [number, number, number];
  /** The largest number in a picture as the network itself is written. */
  readonly white: 1 | 255;
  /** Whether it ends without a softmax. */
  readonly endsInLogits: boolean;
}

const grey = { pictures: [28, 28, 1], white: 1, endsInLogits: false } as const;
const coloured = { pictures: [32, 32, 3], white: 1, endsInLogits: false } as const;

/** The well-known small networks, by name. Those that differ most in their layers come first. */
export const networks: Readonly<Record<string, Network>> = {
  'the quick-start MLP': { sketch: quickStartMlp, ...grey, endsInLogits: true },
  'a Teachable Machine’s': { sketch: teachableMachine, ...coloured },
  'one with hard gates': { sketch: hardGated, ...coloured },
  'a ConvNeXt-like one': { sketch: convnextLike, ...coloured },
  'an Xception-like one': { sketch: xceptionLike, ...coloured },
  'a CNN with augmentation in front': {
    ...{ sketch: augmentedCnn, ...coloured },
    ...{ white: 255, endsInLogits: true },
  },
  'an EfficientNet-like one': { sketch: efficientnetLike, ...coloured },
  'a graph in a graph': { sketch: transferLearning, ...coloured, endsInLogits: true },
  'ResNet-8': { sketch: resnet8, ...coloured },
  'LeNet-5': { sketch: lenet5, ...grey },
  'an MLP on 784 numbers': { sketch: flatMlp, ...grey },
  'the quick-start CNN': { sketch: quickStartCnn, ...coloured, endsInLogits: true },
  'a VGG-like one': { sketch: vggLike, ...coloured },
  'ResNet-18': { sketch: resnet18, ...coloured },
  SqueezeNet: { sketch: squeezenet, ...coloured },
  'MobileNet v1 at 0.25': { sketch: mobilenetV1, ...coloured },
  'MobileNet v2 at 0.25': { sketch: mobilenetV2, ...coloured },
};
