import { create } from 'webgpu';

// Run as a process of its own: it exits with 0 if WebGPU finds a graphics card.
const adapter = await create([]).requestAdapter();
process.exit(adapter === null ? 1 : 0);
