import type { TestProject } from 'vitest/node';
import { chooseDriver, type VulkanFinding, vulkanDrivers } from './choose-driver.ts';
import { tryDriver } from './try-driver.ts';

declare module 'vitest' {
  interface ProvidedContext {
    vulkan: VulkanFinding;
  }
}

/** Looks for a Vulkan driver once for all files of a run of the tests. */
export async function setup(project: TestProject): Promise<void> {
  const finding = await chooseDriver(vulkanDrivers(process.env), tryDriver);
  console.log(describeFinding(finding));
  project.provide('vulkan', finding);
}

const describeFinding = ({ driver, trials }: VulkanFinding): string => {
  const tried = trials.map(trial => `  ${trial}`).join('\n');
  if (driver) return `WebGPU is tested with ${driver.name}. Tried:\n${tried}`;
  return `\n!!! WebGPU is NOT tested: no Vulkan driver computes here. Tried:\n${tried}\n`;
};
