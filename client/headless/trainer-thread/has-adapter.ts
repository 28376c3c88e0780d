import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A driver that hangs must not keep the device from training on its processor. The look takes 0.1 s. */
const LONGEST_LOOK_MS = 20_000;

/**
 * Whether WebGPU finds a graphics card. Drivers that find none write to the terminal, past Node. So a process of its own
 * looks, and nobody hears it.
 */
export const hasAdapter = (): Promise<boolean> =>
  new Promise(resolve => {
    const probe = fileURLToPath(new URL('./probe-adapter.ts', import.meta.url));
    const child = spawn(process.execPath, [probe], { stdio: 'ignore', timeout: LONGEST_LOOK_MS });
    child.on('error', () => resolve(false));
    child.on('exit', status => resolve(status === 0));
  });
