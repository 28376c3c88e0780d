import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import type { BackendError } from './backend-errors.ts';
import { GpuWatch } from './gpu-watch.ts';

/** How tfjs's backend is set. */
export const WEBGPU_FLAGS = {
  // Otherwise small tensors of which the processor has a copy would be computed there. That is other code than the
  // checked and warmed-up one, and the tensors would move to and fro.
  WEBGPU_CPU_FORWARD: false,
  // The input gradient of a convolution as a tiled product, which reads each value of a tile once. The naive loop
  // over each value reads two values from memory for every multiplication.
  WEBGPU_USE_NAIVE_CONV2D_TRANSPOSE: false,
} as const;

interface Started {
  readonly device: GPUDevice;
  readonly watch: GpuWatch;
  readonly isSoftware: boolean;
}

let started: Started | null = null;

/** Whether there is a graphics card: the adapter of a software renderer is slower than WASM. */
export async function hasRealGpu(): Promise<boolean> {
  const adapter = await requestAdapter();
  return adapter !== null && !isSoftware(adapter);
}

/**
 * TypeScript always has `GPUAdapter.info`. The first engines with WebGPU lack it, and have `isFallbackAdapter` beside
 * it.
 */
type AnyAdapter = Partial<Pick<GPUAdapter, 'info'>> & { readonly isFallbackAdapter?: boolean };

function isSoftware({ info, isFallbackAdapter }: AnyAdapter): boolean {
  const { architecture = '', description = '' } = info ?? {};
  const isFallback = info?.isFallbackAdapter ?? isFallbackAdapter ?? false;
  return isFallback || /swiftshader|llvmpipe|lavapipe|software/i.test(`${architecture} ${description}`);
}

/** TypeScript always has `navigator.gpu`; engines may not. */
const gpuOf = (): GPU | undefined => (globalThis.navigator as Partial<Navigator> | undefined)?.gpu;

/** Null if there is none, or if asking for one fails. */
async function requestAdapter(): Promise<GPUAdapter | null> {
  try {
    return (await gpuOf()?.requestAdapter({ powerPreference: 'high-performance' })) ?? null;
  } catch {
    return null;
  }
}

/**
 * Registers tfjs's WebGPU backend as `webgpu`, with our kernels, on a device of our own that is watched.
 * @throws if there is no adapter, or if it gives no device
 */
export async function startWebgpu(): Promise<void> {
  const adapter = await requestAdapter();
  if (!adapter) throw new Error(gpuOf() ? 'no graphics driver was found' : 'there is no WebGPU here');
  // Imported only now: most volunteers never need them, and tfjs's backend registers itself above every other.
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  const { registerWebgpuKernels } = await import('../kernels/webgpu/register-webgpu-kernels.ts');
  for (const [flag, value] of Object.entries(WEBGPU_FLAGS)) tf.env().set(flag, value);
  registerWebgpuKernels();
  const device = await adapter.requestDevice({
    requiredFeatures: adapter.features.has('timestamp-query') ? ['timestamp-query'] : [],
    requiredLimits: largestLimits(adapter.limits),
  });
  stopWebgpu();
  started = { device, watch: new GpuWatch(device), isSoftware: isSoftware(adapter) };
  tf.registerBackend('webgpu', () => new WebGPUBackend(device, adapter.info), 0);
}

/**
 * Lets the device go with everything on it, if there is one. Also removes tfjs's own backend, which registers on
 * import.
 */
export function stopWebgpu(): void {
  started?.watch.close();
  if (tf.findBackendFactory('webgpu')) tf.removeBackend('webgpu');
  started?.device.destroy();
  started = null;
}

/** Whether the device is a renderer on the processor, whose own cores compile the shaders. */
export const isSoftwareGpu = (): boolean => started?.isSoftware ?? false;

/** What went wrong on the device since it was last asked; null if nothing did, or if there is no device. */
export const takeGpuFailure = (): BackendError | null => started?.watch.takeFailure() ?? null;

/**
 * Waits for everything that was asked of the device, then a turn of the event loop for its reports: results of a
 * device that was just lost can come before the news. Without a device there is nothing to wait for.
 */
export async function settleGpu(): Promise<void> {
  if (!started) return;
  submitCommands();
  await started.device.queue.onSubmittedWorkDone().catch(() => {});
  await new Promise(resolve => setTimeout(resolve, 0));
}

/** What is used here of how tfjs gathers commands. */
interface Commands {
  readonly commandEncoder: GPUCommandEncoder | null;
  endComputePassEncoder(): void;
  submitQueue(): void;
}

/** tfjs holds commands back until there are several. Their errors would come up in the next lease. */
function submitCommands(): void {
  if (tf.getBackend() !== 'webgpu') return;
  const backend = tf.backend() as unknown as Commands;
  if (!backend.commandEncoder) return;
  backend.endComputePassEncoder();
  backend.submitQueue();
}

/** What is used here of tfjs's private pool of buffers. */
interface BufferPool {
  readonly freeBuffers: Map<string, GPUBuffer[]>;
  numFreeBuffers: number;
  numBytesAllocated: number;
}

/**
 * Frees the memory that no tensor uses. The backend keeps every buffer for the next tensor of exactly its size.
 * Buffers of another model, or of a batch that was too large, would stay for good.
 */
export function freeUnusedBuffers(): void {
  if (tf.getBackend() !== 'webgpu') return;
  const pool = (tf.backend() as WebGPUBackend).bufferManager as unknown as BufferPool;
  for (const buffers of pool.freeBuffers.values())
    for (const buffer of buffers.splice(0)) {
      pool.numFreeBuffers--;
      pool.numBytesAllocated -= buffer.size;
      buffer.destroy();
    }
}

/** A device has the standard's lowest limits, unless more is asked for. */
function largestLimits(limits: GPUSupportedLimits): Record<string, number> {
  const { maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupStorageSize } = limits;
  const { maxComputeWorkgroupsPerDimension, maxComputeWorkgroupSizeX, maxComputeInvocationsPerWorkgroup } =
    limits;
  return {
    maxBufferSize,
    maxStorageBufferBindingSize,
    maxComputeWorkgroupStorageSize,
    maxComputeWorkgroupsPerDimension,
    maxComputeWorkgroupSizeX,
    maxComputeInvocationsPerWorkgroup,
  };
}
