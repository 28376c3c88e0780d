import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../client/headless/package-root.ts';
import { hasAdapter } from '../../client/headless/trainer-thread/has-adapter.ts';
import { hasDriver } from '../../client/headless/trainer-thread/node-webgpu.ts';

/** The words of drivers go past Node to the terminal, so only a process of its own shows them. */
const prepare = (backend: string) =>
  spawnSync(process.execPath, [
    '--input-type=module-typescript',
    '--eval',
    `import { prepareTrainer } from '${join(packageRoot, 'client/headless/trainer-thread/prepare-trainer.ts')}';
    console.log(await prepareTrainer('${backend}'));
    await globalThis.navigator.gpu?.requestAdapter();
    process.exit(0);`,
  ]);

it.runIf(hasDriver() && !(await hasAdapter()))(
  'drivers that find no graphics card write nothing to the terminal, and whoever asked for one hears why',
  () => {
    const [chosen, asked] = [prepare('auto'), prepare('webgpu')];
    expect([String(chosen.stderr), String(chosen.stdout)]).toEqual(['', 'null\n']);
    expect(String(asked.stderr)).toBe('');
    expect(String(asked.stdout)).toContain('WebGPU finds no graphics card here');
  },
);
