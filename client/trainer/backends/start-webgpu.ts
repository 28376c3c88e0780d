import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import type { BackendError } from './backend-errors.ts';
import { GpuWatch } from './gpu-watch.ts';

interface Started {
  readonly device: GPUDevice;
  readonly watch: GpuWatch;
  readonly isSoftware: boolean;
}

let started: Started | null = null;

/** Where there is a graphics card: the adapter of a software renderer is slower than WASM. */
export async function hasRealGpu(): Promise<boolean> {
  const adapter = await requestAdapter();
  return adapter !== null && !isSoftware(adapter);
}

/** TypeScript has `GPUAdapter.info` always; the first engines with WebGPU do not, and keep `isFallbackAdapter` beside it. */
type AnyAdapter = Partial<Pick<GPUAdapter, 'info'>> & { readonly isFallbackAdapter?: boolean };

function isSoftware({ info, isFallbackAdapter }: AnyAdapter): boolean {
  const { architecture = '', description = '' } = info ?? {};
  const isFallback = info?.isFallbackAdapter ?? isFallbackAdapter ?? false;
  return isFallback || /swiftshader|llvmpipe|lavapipe|software/i.test(`${architecture} ${description}`);
}

/** TypeScript has `navigator.gpu` always; engines do not. */
const gpuOf = (): GPU | undefined => (globalThis.navigator as Partial<Navigator> | undefined)?.gpu;

/** Null where there is none, and where asking for one fails. */
async function requestAdapter(): Promise<GPUAdapter | null> {
  try {
    return (await gpuOf()?.requestAdapter({ powerPreference: 'high-performance' })) ?? null;
  } catch {
    return null;
  }
}

/**
 * Registers tfjs's WebGPU backend under the name `webgpu`, on a device of our own that is watched, with our kernels.
 * @throws where there is no adapter, or it gives no device
 */
export async function startWebgpu(): Promise<void> {
  const adapter = await requestAdapter();
  if (!adapter) throw new Error(gpuOf() ? 'no graphics driver was found' : 'there is no WebGPU here');
  // Only now: most volunteers never need them, and tfjs's registers itself above every other backend.
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  const { registerWebgpuKernels } = await import('../kernels/webgpu/register-webgpu-kernels.ts');
  setFlags();
  registerWebgpuKernels();
  const device = await adapter.requestDevice({
    requiredFeatures: adapter.features.has('timestamp-query') ? ['timestamp-query'] : [],
    requiredLimits: largestLimits(adapter.limits),
  });
  stopWebgpu();
  started = { device, watch: new GpuWatch(device), isSoftware: isSoftware(adapter) };
  tf.registerBackend('webgpu', () => new WebGPUBackend(device, adapter.info), 0);
}

/** Lets the device go with all that is on it, where there is one; also tfjs's own, which it registers when imported. */
export function stopWebgpu(): void {
  started?.watch.close();
  if (tf.findBackendFactory('webgpu')) tf.removeBackend('webgpu');
  started?.device.destroy();
  started = null;
}

/** Whether the device is a renderer on the processor, whose own cores compile the shaders. */
export const isSoftwareGpu = (): boolean => started?.isSoftware ?? false;

/** What went wrong on the device since it was last asked, null where nothing did or there is none. */
export const takeGpuFailure = (): BackendError | null => started?.watch.takeFailure() ?? null;

/**
 * Waits for all that was asked of the device, and a turn of the event loop for what it has to say of it: of a device just
 * lost, results can come before the news. Nothing to wait for where there is no device.
 */
export async function settleGpu(): Promise<void> {
  if (!started) return;
  submitCommands();
  await started.device.queue.onSubmittedWorkDone().catch(() => {});
  await new Promise(resolve => setTimeout(resolve, 0));
}

/** As much of how tfjs gathers commands as it takes to have them carried out. */
interface Commands {
  readonly commandEncoder: GPUCommandEncoder | null;
  endComputePassEncoder(): void;
  submitQueue(): void;
}

/** tfjs holds commands back until there are several: what is wrong with them would come up in the next lease. */
function submitCommands(): void {
  if (tf.getBackend() !== 'webgpu') return;
  const backend = tf.backend() as unknown as Commands;
  if (!backend.commandEncoder) return;
  backend.endComputePassEncoder();
  backend.submitQueue();
}

/** As much of tfjs's private pool of buffers as it takes to empty it. */
interface BufferPool {
  readonly freeBuffers: Map<string, GPUBuffer[]>;
  numFreeBuffers: number;
  numBytesAllocated: number;
}

/**
 * Gives back the memory that no tensor uses. The backend keeps every buffer for the next tensor of just its size: those
 * of another model, or of a batch that was too large, would stay for good.
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

function setFlags(): void {
  // Small tensors of which the processor has a copy would be computed there: other code than the one that is checked
  // and warmed up, and tensors that move to and fro.
  tf.env().set('WEBGPU_CPU_FORWARD', false);
  // The input gradient of a convolution as a tiled product, which reads each value of a tile once, and not as one loop a
  // value that reads two values from memory for every multiplication.
  tf.env().set('WEBGPU_USE_NAIVE_CONV2D_TRANSPOSE', false);
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
