export { convolve } from './convolve';
export { filterGradient } from './filter-gradient';
export { packWeights } from './pack-weights';
export { padImages } from './pad-images';
