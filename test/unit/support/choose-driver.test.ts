import { describe, expect, it } from 'vitest';
import {
  chooseDriver,
  environmentOf,
  type Trial,
  type VulkanDriver,
  vulkanDrivers,
} from '../../support/vulkan/choose-driver.ts';

const MACHINE = 'the machine’s own drivers';
const SWIFTSHADER = 'Chromium’s SwiftShader';
const NAMED = 'VK_ICD_FILENAMES=/opt/icd.json';

const card: Trial = { works: true, isCard: true, device: 'a card' };
const processor: Trial = { works: true, isCard: false, device: 'the processor' };
const failed: Trial = { works: false, why: 'no adapter' };

/** The choice where these drivers come to this, in words; the others fail. */
async function choose(outcomes: Readonly<Record<string, Trial>>, environment = {}) {
  const tried: string[] = [];
  const tryDriver = async ({ name }: VulkanDriver): Promise<Trial> => {
    tried.push(name);
    return outcomes[name] ?? failed;
  };
  const { driver, isCard, trials } = await chooseDriver(vulkanDrivers(environment), tryDriver);
  return { chosen: driver?.name ?? null, isCard, tried, trials };
}

const named = { VK_ICD_FILENAMES: '/opt/icd.json' };

describe('the Vulkan driver for the tests', () => {
  it('is the one that the environment names, though it uses the processor, and no other is tried', async () => {
    expect(await choose({ [NAMED]: processor, [MACHINE]: card }, named)).toMatchObject({
      chosen: NAMED,
      tried: [NAMED],
    });
  });

  it('is another if no device comes of the one that the environment names', async () => {
    expect(await choose({ [MACHINE]: card }, named)).toMatchObject({
      chosen: MACHINE,
      isCard: true,
      trials: [`${NAMED}: no adapter`, `${MACHINE}: a card`],
    });
  });

  it('is the machine’s own for a graphics card', async () => {
    expect(await choose({ [MACHINE]: card, [SWIFTSHADER]: processor })).toMatchObject({
      chosen: MACHINE,
      isCard: true,
      tried: [MACHINE],
    });
  });

  it('is SwiftShader if the machine’s own give no device, as Mesa’s do without a card', async () => {
    expect(await choose({ [SWIFTSHADER]: processor })).toMatchObject({
      chosen: SWIFTSHADER,
      isCard: false,
      tried: [MACHINE, SWIFTSHADER],
    });
  });

  it('is SwiftShader rather than another that uses the processor', async () => {
    expect(await choose({ [MACHINE]: processor, [SWIFTSHADER]: processor })).toMatchObject({
      chosen: SWIFTSHADER,
    });
  });

  it('is the machine’s own that uses the processor if there is no SwiftShader', async () => {
    expect(await choose({ [MACHINE]: processor })).toMatchObject({ chosen: MACHINE, isCard: false });
  });

  it('is none if none works, with what came of each', async () => {
    expect(await choose({}, named)).toMatchObject({
      chosen: null,
      trials: [`${NAMED}: no adapter`, `${MACHINE}: no adapter`, `${SWIFTSHADER}: no adapter`],
    });
  });

  it('is the only one that its process knows', () => {
    const environment = { PATH: '/bin', VK_DRIVER_FILES: '/one.json', ...named };
    const [first, second, machines] = vulkanDrivers(environment).map(driver =>
      JSON.parse(JSON.stringify(environmentOf(driver, environment))),
    );
    expect(first).toEqual({ PATH: '/bin', VK_DRIVER_FILES: '/one.json' });
    expect(second).toEqual({ PATH: '/bin', ...named });
    expect(machines).toEqual({ PATH: '/bin' });
  });
});
