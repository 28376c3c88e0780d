import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { boundMs } from '../patience.ts';
import { environmentOf, type Trial, type VulkanDriver } from './choose-driver.ts';

const PROGRAM = fileURLToPath(new URL('./driver-trial.ts', import.meta.url));

const trialSchema = z.discriminatedUnion('works', [
  z.object({ works: z.literal(true), isCard: z.boolean(), device: z.string() }),
  z.object({ works: z.literal(false), why: z.string() }),
]);

/** What comes of a driver, in a process of its own: a driver may crash, and the loader reads its environment once. */
export async function tryDriver(driver: VulkanDriver): Promise<Trial> {
  const env = environmentOf(driver, process.env);
  const options = { env, timeout: boundMs(30_000), killSignal: 'SIGKILL' } as const;
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM], options);
    return trialSchema.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
  } catch (error) {
    return { works: false, why: `trying it failed: ${error instanceof Error ? error.message : error}` };
  }
}
