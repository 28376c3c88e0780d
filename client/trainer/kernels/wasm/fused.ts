import { type TensorInfo, util } from '@tensorflow/tfjs-core';

export interface FusableAttrs {
  readonly activation: string;
}

/**
 * Whether our kernel can add the bias and apply the activation in the same pass: one number for each channel; relu or
 * none.
 */
export function canFuse(
  { activation }: FusableAttrs,
  bias: TensorInfo | null | undefined,
  channels: number,
): boolean {
  // As many numbers on another axis are one for each row.
  const isBiasAChannel =
    !bias || (util.sizeFromShape(bias.shape) === channels && bias.shape.at(-1) === channels);
  return isBiasAChannel && (activation === 'linear' || activation === 'relu');
}
