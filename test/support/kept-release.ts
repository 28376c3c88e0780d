import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import { packageRoot } from '../../client/headless/package-root.ts';

/** What the test of a kept folder knows of its run. */
const storySchema = z.object({
  run: z.string(),
  hostKey: z.string(),
  /** In the order of joining. The tokens were signed with the folder's secret, and end in the year 2100. */
  volunteers: z.array(z.object({ volunteer: z.string(), token: z.string() })),
  /** A task that its volunteer had in hand. */
  lease: z.object({ id: z.string(), token: z.string() }),
  /** The version that the run had published. */
  version: z.number(),
});
export type KeptStory = z.infer<typeof storySchema>;

const keptSchema = z.object({ story: storySchema, files: z.record(z.string(), z.string()) });

const fileOf = (release: string): string => join(packageRoot, 'test/fixtures', `release-${release}.json.gz`);

/** Keeps a data folder, which no platform uses, as one file of the repository. */
export function keepRelease(release: string, folder: string, story: KeptStory): void {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && !entry.name.endsWith('-shm'))
    .map(entry => join(entry.parentPath, entry.name));
  const files = Object.fromEntries(
    paths.map(path => [path.slice(folder.length + 1), readFileSync(path).toString('base64')]),
  );
  mkdirSync(dirname(fileOf(release)), { recursive: true });
  writeFileSync(fileOf(release), gzipSync(JSON.stringify({ story, files }), { level: 9 }));
}

/** Copies a kept data folder to a folder of the test's. */
export function unpackRelease(release: string, folder: string): KeptStory {
  const { story, files } = keptSchema.parse(
    JSON.parse(gunzipSync(readFileSync(fileOf(release))).toString('utf8')),
  );
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), Buffer.from(bytes, 'base64'), { mode: 0o600 });
  }
  return story;
}
