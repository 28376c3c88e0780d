import type { KernelReport } from './kernel-worker.ts';

/** Entry of a page that runs the conformance suite in a worker and puts what it reports where a test can read it. */
declare global {
  var kernelReport: KernelReport | undefined;
}

const worker = new Worker(new URL('./kernel-worker.ts', import.meta.url), { type: 'module' });
worker.onmessage = ({ data }) => {
  globalThis.kernelReport = data as KernelReport;
};
worker.onerror = ({ message }) => {
  globalThis.kernelReport = { groups: 0, failures: [`the worker broke: ${message}`] };
};
