import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { whileLocked } from '../../client/headless/build/build-lock.ts';

/** Takes the lock, says so, and never lets it go. Nothing is left that would call it back, so all of it can be collected. */
const HOLD = `
const [lock, file] = process.argv.slice(1);
const { whileLocked } = await import(lock);
setInterval(() => {}, 1e6);
setTimeout(() => { gc(); console.log('held'); }, 1);
await whileLocked(file, () => new Promise(() => {}));
`;

test('a build that was killed leaves no lock that others wait for', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'homeroom-lock-'));
  const file = join(folder, 'lock');
  const module = new URL('../../client/headless/build/build-lock.ts', import.meta.url).href;
  const holder = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', HOLD, module, file]);
  await once(holder.stdout, 'data');
  const heard: string[] = [];
  const mine = whileLocked(
    file,
    async () => void heard.push('mine'),
    () => heard.push('waits'),
  );
  expect(heard).toEqual(['waits']);
  holder.kill('SIGKILL');
  await mine;
  expect(heard).toEqual(['waits', 'mine']);
  await rm(folder, { recursive: true });
});
