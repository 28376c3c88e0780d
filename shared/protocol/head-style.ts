/**
 * The auxiliary heads that a plan may want, each by its paper's rule:
 * `linear`: a grid of averages and a dense layer, at most 5 % of the network's multiply-accumulates (ours, the
 * default);
 * `convolutional`: convolution 3 × 3 in steps of 2, norm, ReLU, mean, dense layer (DGL, arXiv 1901.08164);
 * `dense`: the features as they are into a dense layer (DSN, arXiv 1409.5185);
 * `aug-local`: the shapes of layers spread evenly over what follows (AugLocal, arXiv 2402.17318);
 * `momentum`: a moving average of the next segment's first layer and a learned bias (MAN, arXiv 2407.05623).
 */
export const headStyles = ['linear', 'convolutional', 'dense', 'aug-local', 'momentum'] as const;
export type HeadStyle = (typeof headStyles)[number];
