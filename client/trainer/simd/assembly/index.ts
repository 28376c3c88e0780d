export { convolve } from './convolve';
export { nesterovUpdate, reluGradient } from './elementwise';
export { filterGradient } from './filter-gradient';
export { batchMoments, blockMoments, groupMoments, normalise } from './norm';
export {
  batchGradients, blockGradients, groupGradients, groupScaleGradients, normaliseGradient, spreadGroups,
} from './norm-gradient';
export { packWeights } from './pack-weights';
export { padImages } from './pad-images';
export { averagePoolGradient, maxPoolGradient } from './pool-gradient';
export { sumMiddle } from './sums';
