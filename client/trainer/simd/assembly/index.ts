export { convolve } from './convolve';
export { copyRows } from './copy-rows';
export { depthwise, depthwiseFilterGradient, depthwiseInputGradient } from './depthwise';
export { add, addRow, clip, maximum, minimum, nesterovUpdate, relu, reluGradient } from './elementwise';
export { filterGradient } from './filter-gradient';
export { groupedConvolve, groupedFilterGradient } from './grouped';
export { batchMoments, blockMoments, groupNorm, normalise } from './norm';
export {
  batchGradients, blockGradients, groupNormGradient, groupScaleGradients, normaliseGradient,
} from './norm-gradient';
export { packWeights } from './pack-weights';
export { padImages } from './pad-images';
export { pointwiseGradient } from './pointwise-gradient';
export { averagePool, maxPool } from './pool';
export { averagePoolGradient, maxPoolGradient } from './pool-gradient';
export { splitChannels } from './split-channels';
export { sumMiddle } from './sums';
export { winogradConvolve } from './winograd-convolve';
export { winogradFilter } from './winograd-filter';
export { winogradFilterEnd, winogradGradient } from './winograd-gradient';
// Inner loops, not kernels. What is exported is not inlined: within a large function engines keep a loop's pointers in
// memory, not in registers.
export { multiplyRows } from './convolve';
export { addTaps, convolveSix } from './grouped';
export { add4, add8 } from './outer-products';
export { layInPlanes } from './pointwise-gradient';
export { transformLine } from './winograd';
export { multiply4, multiply8, writeLine } from './winograd-convolve';
export { transformGradientLine } from './winograd-gradient';
