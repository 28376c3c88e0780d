import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEPLOYMENT_KEY } from './data-folder.ts';
import { addressOf } from './folder-owner.ts';

const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/**
 * The deployment key of a platform that this user runs on this machine: who can read its data folder owns it. It is shown to
 * nobody else, so the folder must say that its platform is up at this very address.
 * @returns undefined if the address is another one, or if the folder cannot be read
 */
export function ownDeploymentKey(origin: string, folder: string): string | undefined {
  const [asked, up] = [new URL(origin), addressOf(folder)];
  const isOurs = up !== null && LOOPBACK.includes(asked.hostname) && new URL(up).port === asked.port;
  if (!isOurs) return undefined;
  try {
    return readFileSync(join(folder, DEPLOYMENT_KEY), 'utf8') || undefined;
  } catch {
    return undefined;
  }
}
