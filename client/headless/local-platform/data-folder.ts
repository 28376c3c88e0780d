import { randomBytes } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { access, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeFileError } from '../files/describe-file-error.ts';
import { isEmptyFolder, makePrivateFolder, tightenFile, tightenFolder } from '../files/private-folder.ts';
import { UsageError } from '../terminal/usage-error.ts';

/** Signs tokens. It is kept with the data, so that volunteers stay known after a restart. */
export const TOKEN_SECRET = 'token-secret';

/** The deployment key of a platform on a laptop. Who can read it is who started the platform, or may do as much. */
export const DEPLOYMENT_KEY = 'deployment-key';

const parts = ['objects', 'r2', 'd1'] as const;

/** What workerd keeps in the folder, each a folder of its own. */
export const storageOptions = (folder: string) => ({
  durableObjectsPersist: join(folder, 'objects'),
  r2Persist: join(folder, 'r2'),
  d1Persist: join(folder, 'd1'),
});

/**
 * Makes the folder if it is not there. So whoever named one that cannot be hears of it before anything is built.
 * @throws UsageError if it cannot be written
 */
export async function requireDataFolder(folder: string): Promise<void> {
  try {
    makePrivateFolder(folder);
    await access(folder, constants.W_OK);
  } catch (error) {
    throw cannotKeep(folder, error);
  }
}

const cannotKeep = (folder: string, error: unknown): UsageError =>
  new UsageError(
    `cannot keep data in ${folder}: ${describeFileError(error)}. Choose another folder with --folder`,
  );

/**
 * Makes the folder that a platform keeps its data in, closed to other users of this machine. One that an older release left
 * open is closed. If there is something else in it too, only what is ours is closed: the user may have named a folder that
 * others use.
 * @returns whether others could look into it before, and cannot any more
 * @throws UsageError if it cannot be written
 */
export async function openDataFolder(folder: string): Promise<boolean> {
  await requireDataFolder(folder);
  try {
    const isOurs = isEmptyFolder(folder) || existsSync(join(folder, TOKEN_SECRET));
    const paths = parts.map(part => join(folder, part));
    paths.forEach(makePrivateFolder);
    // An empty one has nothing that anybody could have read.
    const isNew = isEmptyFolder(join(folder, 'objects'));
    const closed = [...(isOurs ? [folder] : []), ...paths].map(tightenFolder);
    const secrets = [TOKEN_SECRET, DEPLOYMENT_KEY].map(name => join(folder, name)).filter(existsSync);
    return [...closed, ...secrets.map(tightenFile)].includes(true) && !isNew;
  } catch (error) {
    throw cannotKeep(folder, error);
  }
}

/** The system's code of an error, such as ENOSPC. Undefined if it is none of the system's. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? /^E[A-Z0-9]+$/.exec(String(error.code))?.[0] : undefined;

/** A secret of the folder's. It is made once, and only its owner may read it. */
export async function readSecret(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  const kept = existsSync(path) ? await readFile(path, 'utf8') : '';
  // An empty one is left of a write that a full disk or a power cut broke off.
  if (kept !== '') return kept;
  const secret = randomBytes(32).toString('hex');
  await writeFile(`${path}.new`, secret, { mode: 0o600 });
  await rename(`${path}.new`, path);
  return secret;
}
