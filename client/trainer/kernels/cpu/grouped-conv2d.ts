import {
  GroupedConv2D,
  type GroupedConv2DAttrs,
  GroupedConv2DBackpropFilter,
  type GroupedConv2DBackpropFilterAttrs,
  type GroupedConv2DBackpropFilterInputs,
  GroupedConv2DBackpropInput,
  type GroupedConv2DBackpropInputAttrs,
  type GroupedConv2DBackpropInputInputs,
  type GroupedConv2DInputs,
  groupedConvInfo,
} from '../../ops/grouped-conv2d.ts';
import { cpuKernel, makeTensor, valuesOf } from './cpu-kernel.ts';

type Info = ReturnType<typeof groupedConvInfo>;

/** Calls `visit` for every product of the convolution, with the places in x, filter and y, all NHWC and row-major. */
function forEachProduct(
  info: Info,
  groups: number,
  visit: (x: number, filter: number, y: number) => void,
): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = info;
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = info;
  const depth = inChannels / groups;
  const perGroup = outChannels / groups;
  for (let n = 0; n < batchSize; n++)
    for (let oy = 0; oy < outHeight; oy++)
      for (let ox = 0; ox < outWidth; ox++)
        for (let ky = 0; ky < filterHeight; ky++)
          for (let kx = 0; kx < filterWidth; kx++) {
            const iy = oy * strideHeight + ky - padInfo.top;
            const ix = ox * strideWidth + kx - padInfo.left;
            if (iy < 0 || iy >= inHeight || ix < 0 || ix >= inWidth) continue;
            for (let o = 0; o < outChannels; o++)
              for (let d = 0; d < depth; d++) {
                const channel = Math.floor(o / perGroup) * depth + d;
                visit(
                  ((n * inHeight + iy) * inWidth + ix) * inChannels + channel,
                  ((ky * filterWidth + kx) * depth + d) * outChannels + o,
                  ((n * outHeight + oy) * outWidth + ox) * outChannels + o,
                );
              }
          }
}

const at = (values: Float32Array, place: number): number => values[place] as number;

const forward = cpuKernel<GroupedConv2DInputs, GroupedConv2DAttrs>(
  GroupedConv2D,
  ({ inputs, attrs, backend }) => {
    const info = groupedConvInfo(inputs.x.shape, inputs.filter.shape, attrs);
    const [x, filter] = [valuesOf(backend, inputs.x), valuesOf(backend, inputs.filter)];
    const y = new Float32Array(info.batchSize * info.outHeight * info.outWidth * info.outChannels);
    forEachProduct(info, attrs.groups, (i, f, o) => {
      y[o] = at(y, o) + at(x, i) * at(filter, f);
    });
    return makeTensor(backend, info.outShape, y);
  },
);

const backpropInput = cpuKernel<GroupedConv2DBackpropInputInputs, GroupedConv2DBackpropInputAttrs>(
  GroupedConv2DBackpropInput,
  ({ inputs, attrs, backend }) => {
    const info = groupedConvInfo(attrs.inputShape, inputs.filter.shape, attrs);
    const [dy, filter] = [valuesOf(backend, inputs.dy), valuesOf(backend, inputs.filter)];
    const dx = new Float32Array(attrs.inputShape.reduce((product, size) => product * size, 1));
    forEachProduct(info, attrs.groups, (i, f, o) => {
      dx[i] = at(dx, i) + at(dy, o) * at(filter, f);
    });
    return makeTensor(backend, attrs.inputShape, dx);
  },
);

const backpropFilter = cpuKernel<GroupedConv2DBackpropFilterInputs, GroupedConv2DBackpropFilterAttrs>(
  GroupedConv2DBackpropFilter,
  ({ inputs, attrs, backend }) => {
    const info = groupedConvInfo(inputs.x.shape, attrs.filterShape, attrs);
    const [x, dy] = [valuesOf(backend, inputs.x), valuesOf(backend, inputs.dy)];
    const dfilter = new Float32Array(attrs.filterShape.reduce((product, size) => product * size, 1));
    forEachProduct(info, attrs.groups, (i, f, o) => {
      dfilter[f] = at(dfilter, f) + at(x, i) * at(dy, o);
    });
    return makeTensor(backend, attrs.filterShape, dfilter);
  },
);

export const groupedConv2dConfigs = [forward, backpropInput, backpropFilter];
