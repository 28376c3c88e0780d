import { inject } from 'vitest';
import { environmentOf } from './vulkan/choose-driver.ts';
import { keepLoader } from './vulkan/keep-loader.ts';
// For the name under which the finding is provided.
import type {} from './vulkan/set-up.ts';

/**
 * Makes the Vulkan driver that was found for this run of the tests known to this process. Call it before WebGPU looks for one.
 * @returns why there is none, or null
 */
export function findVulkan(): string | null {
  const { driver, trials } = inject('vulkan');
  if (!driver) return trials.join('; ');
  for (const [key, value] of Object.entries(environmentOf(driver, {}))) {
    if (value === undefined) delete process.env[key];
    else process.env[key] = value;
  }
  keepLoader();
  return null;
}

/** Whether the driver that was found is a graphics card's. */
export const isGraphicsCard = (): boolean => inject('vulkan').isCard;
