import type { Draw } from '../draw.ts';
import { batchOf, flag, type LayerTable } from './layer-setting.ts';

/** Their usual initial weights are orthogonal, which takes tfjs's chained operations; the trainer leaves those out. */
const plainStart = { recurrentInitializer: 'glorotUniform' } as const;

const recurrent = (draw: Draw) => ({
  config: {
    ...plainStart,
    units: draw.whole(1, 5),
    returnSequences: flag(draw),
    goBackwards: flag(draw),
    useBias: flag(draw),
  },
  inputs: [[batchOf(draw), draw.whole(2, 5), draw.whole(1, 5)]],
});

/** Layers that read a picture row by row. */
export const SEQUENCES: LayerTable = {
  SimpleRNN: recurrent,
  GRU: recurrent,
  LSTM: recurrent,
  ConvLSTM2D: draw => ({
    config: {
      ...plainStart,
      filters: draw.whole(1, 3),
      kernelSize: draw.whole(1, 3),
      padding: 'same',
      returnSequences: flag(draw),
    },
    inputs: [[batchOf(draw), draw.whole(2, 3), draw.whole(3, 5), draw.whole(3, 5), draw.whole(1, 3)]],
  }),
  TimeDistributed: draw => ({
    config: { layer: { className: 'Dense', config: { units: draw.whole(1, 5) } } },
    inputs: [[batchOf(draw), draw.whole(2, 5), draw.whole(1, 5)]],
  }),
  Bidirectional: draw => {
    const { config, inputs } = recurrent(draw);
    const mergeMode = draw.pick(['concat', 'sum', 'mul', 'ave']);
    return {
      config: { layer: { className: 'GRU', config: { ...config, goBackwards: false } }, mergeMode },
      inputs,
    };
  },
};
