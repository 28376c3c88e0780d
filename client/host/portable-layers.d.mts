/** @param tf all of `@tensorflow/tfjs`, whose registry of layers gets those that Homeroom adds */
export function registerLayers(tf: object): void;
