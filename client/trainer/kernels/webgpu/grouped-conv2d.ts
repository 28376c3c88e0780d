import {
  backend_util,
  Conv2DBackpropFilter,
  type Conv2DBackpropFilterAttrs,
  type Conv2DBackpropFilterInputs,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core';
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
import { WORKGROUPS_WANTED } from './column-sums.ts';
import { convFilterGradient, convForward, convInputGradient, convUniforms } from './conv-products.ts';
import { disposeScratch, floatKernel, type GpuKernelArgs, stockKernel } from './gpu-kernel.ts';
import { type GpuBackend, makeTensor } from './gpu-program.ts';
import { sumColumns } from './sum-columns.ts';
import { runTiledProduct, tileOf } from './tiled-product.ts';

/** The fewest places of a split: with fewer, summing the splits costs more than it saves. */
const PLACES_A_SPLIT = 256;

const outputPlaces = ({ batchSize, outHeight, outWidth }: backend_util.Conv2DInfo): number =>
  batchSize * outHeight * outWidth;

function groupedConv2d({
  inputs: { x, filter },
  attrs,
  backend,
}: GpuKernelArgs<GroupedConv2DInputs, GroupedConv2DAttrs>) {
  const info = groupedConvInfo(x.shape, filter.shape, attrs);
  const { groups } = attrs;
  const y = makeTensor(backend, info.outShape);
  const size = {
    m: outputPlaces(info),
    n: info.outChannels / groups,
    k: (info.filterHeight * info.filterWidth * info.inChannels) / groups,
    batches: groups,
    splits: 1,
  };
  runTiledProduct(backend, convForward, size, [x, filter], y, convUniforms(info, groups));
  return y;
}

function groupedConv2dBackpropInput({
  inputs: { dy, filter },
  attrs,
  backend,
}: GpuKernelArgs<GroupedConv2DBackpropInputInputs, GroupedConv2DBackpropInputAttrs>) {
  const info = groupedConvInfo(attrs.inputShape, filter.shape, attrs);
  const { groups } = attrs;
  const dx = makeTensor(backend, attrs.inputShape);
  const size = {
    m: info.batchSize * info.inHeight * info.inWidth,
    n: info.inChannels / groups,
    k: (info.filterHeight * info.filterWidth * info.outChannels) / groups,
    batches: groups,
    splits: 1,
  };
  runTiledProduct(backend, convInputGradient, size, [dy, filter], dx, convUniforms(info, groups));
  return dx;
}

/** Long sums for few results: the places are split over workgroups, and a second dispatch sums the splits. */
function filterGradient(
  backend: GpuBackend,
  x: TensorInfo,
  dy: TensorInfo,
  info: backend_util.Conv2DInfo,
  groups: number,
  filterShape: readonly number[],
): TensorInfo {
  const m = (info.filterHeight * info.filterWidth * info.inChannels) / groups;
  const n = info.outChannels / groups;
  const k = outputPlaces(info);
  const tile = tileOf({ m, n });
  const tiles = Math.ceil(m / tile.rows) * Math.ceil(n / tile.columns) * groups;
  const splits = Math.max(1, Math.min(Math.ceil(WORKGROUPS_WANTED / tiles), Math.floor(k / PLACES_A_SPLIT)));
  const columns = util.sizeFromShape([...filterShape]);
  const splitSums = makeTensor(backend, splits === 1 ? filterShape : [splits, columns]);
  const size = { m, n, k, batches: groups, splits };
  runTiledProduct(backend, convFilterGradient, size, [x, dy], splitSums, convUniforms(info, groups));
  if (splits === 1) return splitSums;
  const sum = sumColumns(backend, splitSums, 1, { rows: splits, columns }, 1, filterShape);
  disposeScratch(backend, splitSums);
  return sum;
}

const groupedConv2dBackpropFilter = ({
  inputs: { x, dy },
  attrs,
  backend,
}: GpuKernelArgs<GroupedConv2DBackpropFilterInputs, GroupedConv2DBackpropFilterAttrs>) =>
  filterGradient(
    backend,
    x,
    dy,
    groupedConvInfo(x.shape, attrs.filterShape, attrs),
    attrs.groups,
    attrs.filterShape,
  );

/**
 * In the stock kernel one thread for each weight goes through all places of the batch, and reads two values for each
 * product.
 */
function conv2dBackpropFilterConfig() {
  const stock = stockKernel<{ x: TensorInfo; dy: TensorInfo }, Conv2DBackpropFilterAttrs>(
    Conv2DBackpropFilter,
  );
  return floatKernel<Conv2DBackpropFilterInputs, Conv2DBackpropFilterAttrs>(
    Conv2DBackpropFilter,
    ({ inputs: { x, dy }, attrs, backend }) => {
      const { strides, pad, filterShape, dimRoundingMode } = attrs;
      if (attrs.dataFormat === 'NCHW') return stock(backend, { x, dy }, attrs);
      const [n = 1, h = 1, w = 1, c = 1] = x.shape;
      const info = backend_util.computeConv2DInfo(
        [n, h, w, c],
        filterShape,
        strides,
        1,
        pad,
        dimRoundingMode,
      );
      return filterGradient(backend, x, dy, info, 1, filterShape);
    },
  );
}

export const groupedConv2dConfigs = () => [
  floatKernel(GroupedConv2D, groupedConv2d),
  floatKernel(GroupedConv2DBackpropInput, groupedConv2dBackpropInput),
  floatKernel(GroupedConv2DBackpropFilter, groupedConv2dBackpropFilter),
  conv2dBackpropFilterConfig(),
];
