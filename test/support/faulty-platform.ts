import { afterAll, afterEach, beforeAll } from 'vitest';
import { buildChaosWorker } from '../bench/chaos/build-chaos-worker.ts';
import { FAULTS_PATH, type Faults } from '../bench/chaos/faults.ts';
import { TestPlatform } from './test-platform.ts';

interface FaultyPlatform {
  readonly platform: () => TestPlatform;
  /** From now on these faults and no others. */
  readonly setFaults: (faults: Faults) => Promise<void>;
}

/** One platform for all tests of a file, whose Worker has faults around it. A test begins without faults. */
export function useFaultyPlatform(): FaultyPlatform {
  let platform: TestPlatform | null = null;
  const running = (): TestPlatform => {
    if (!platform) throw new Error('the platform is not running');
    return platform;
  };
  const setFaults = async (faults: Faults): Promise<void> => {
    const body = JSON.stringify({ abortedPuts: 0, ...faults });
    const { ok } = await fetch(running().client.origin + FAULTS_PATH, { method: 'POST', body });
    if (!ok) throw new Error(`the chaos Worker does not take ${body}`);
  };
  beforeAll(async () => {
    platform = new TestPlatform({}, { script: await buildChaosWorker() });
    await platform.start();
  });
  afterEach(() => setFaults({}));
  afterAll(() => platform?.remove());
  return { platform: running, setFaults };
}
