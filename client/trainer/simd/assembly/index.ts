export { convolve } from './convolve';
export { copyRows } from './copy-rows';
export { depthwise, depthwiseFilterGradient, depthwiseInputGradient } from './depthwise';
export { add, addRow, clip, maximum, minimum, nesterovUpdate, relu, reluGradient } from './elementwise';
export { filterGradient } from './filter-gradient';
export { batchMoments, blockMoments, groupNorm, normalise } from './norm';
export {
  batchGradients, blockGradients, groupNormGradient, groupScaleGradients, normaliseGradient,
} from './norm-gradient';
export { packWeights } from './pack-weights';
export { padImages } from './pad-images';
export { averagePool, maxPool } from './pool';
export { averagePoolGradient, maxPoolGradient } from './pool-gradient';
export { splitChannels } from './split-channels';
export { sumMiddle } from './sums';
