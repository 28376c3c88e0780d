import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../../client/headless/package-root.ts';
import { readCorpus, strayFolders } from '../../fuzz/corpus.ts';
import { decoders } from '../../fuzz/decoders.ts';
import { fuzz } from '../../fuzz/fuzz.ts';
import type { Reported } from '../../fuzz/fuzz-job.ts';
import { tryInput } from '../../fuzz/try-input.ts';
import { propertyRuns } from '../../support/extent.ts';

const names = decoders.map(({ name }) => name);

/** In every run the same, so that a failure comes again. `npm run fuzz` draws others. */
const SEED = 1;
const RUNS = propertyRuns(40);
const AT_ONCE = 10;

const groups = Array.from({ length: Math.ceil(names.length / AT_ONCE) }, (_, i) =>
  names.slice(i * AT_ONCE, (i + 1) * AT_ONCE),
);

/** All decoders are tried in one thread, one after another: to load them takes a thread longer than to try ten. */
class Trials {
  private readonly reports = new Map<string, Reported>();
  private ended: Promise<unknown> | null = null;
  private told: () => void = () => {};

  /** Of these decoders, as soon as they are tried. */
  async of(group: readonly string[]): Promise<Reported[]> {
    this.ended ??= fuzz({ names, seed: SEED, runs: RUNS, onReport: report => this.take(report) });
    while (group.some(name => !this.reports.has(name)))
      await Promise.race([this.ended, new Promise<void>(resolve => (this.told = resolve))]);
    return group.flatMap(name => this.reports.get(name) ?? []);
  }

  private take(report: Reported): void {
    this.reports.set(report.decoder, report);
    this.told();
  }
}

describe('whatever comes, a decoder refuses it in its own words, soon, and within its memory', () => {
  const trials = new Trials();

  test.each(groups)('%s and the next ones', async (...group) => {
    const reports = await trials.of(group);
    const failed = reports.flatMap(({ decoder, failure }) =>
      failure ? [`${decoder}: ${failure.problem}; npm run fuzz -- --seed ${SEED} --runs ${RUNS}`] : [],
    );
    expect(failed).toEqual([]);
    expect(reports).toHaveLength(group.length);
  });

  const kept = decoders.flatMap(decoder =>
    readCorpus(decoder.name).map(({ name, input }) => ({ decoder, name, input })),
  );
  test.each(kept)('$decoder.name: $name of the corpus', async ({ decoder, input }) => {
    // Its first call compiles functions, which is not the input's doing.
    await tryInput(decoder, input);
    expect(await tryInput(decoder, input)).toBeNull();
  });
});

test('the fuzzer finds what it is for: an error of no kind that was told, a hang, and memory without bound', async () => {
  const bound = { eachByte: 1, always: 3_000_000 };
  const bare = { name: 'a fault', files: [], inputs: decoders[0]?.inputs ?? expect.fail(), most: bound };
  const input = new Uint8Array(10);
  const nothing = (): unknown => JSON.parse('{');
  expect(await tryInput({ ...bare, decode: nothing }, input)).toMatch(/^it threw SyntaxError/);
  expect(await tryInput({ ...bare, decode: nothing, refusals: ['SyntaxError'] }, input)).toMatch(/^it threw/);
  const large = (): unknown => new Float64Array(1e6);
  expect(await tryInput({ ...bare, decode: large }, input)).toMatch(/^it took [78]\d{6} bytes for 10/);
  expect(await tryInput({ ...bare, decode: () => null }, input)).toBeNull();
});

describe('the table', () => {
  test('has each name once', () => {
    expect(names).toEqual([...new Set(names)]);
    expect(strayFolders(names)).toEqual([]);
  });

  /** What makes values of bytes or of text. */
  const decodes = /JSON\.parse\(|parseJsonBytes\(|\.json\(\)|readJson\(|new DataView\(|dataViewOf\(/;
  const sources = globSync('{shared,worker,client}/**/*.{ts,tsx,mjs}', { cwd: packageRoot });
  const decoding = sources.filter(path => decodes.test(readFileSync(join(packageRoot, path), 'utf8')));

  /** Of these nothing comes from outside. */
  const inside: Readonly<Record<string, readonly string[]>> = {
    'rows that the Worker has written': [
      'worker/storage/dataset-directory.ts',
      'worker/storage/directory.ts',
      'worker/shelf/shelf-rows.ts',
      'worker/storage/setting-table.ts',
      ...['item-table', 'ledger', 'snapshot-table', 'swept-rows', 'version-table'].map(
        name => `worker/coordinator/store/${name}.ts`,
      ),
      ...['cohort-store', 'fold-rows', 'rule-memories', 'update-rows'].map(
        name => `worker/cohort/${name}.ts`,
      ),
    ],
    'files that this machine has written for itself': [
      'client/headless/build/stamp.ts',
      'client/headless/local-platform/folder-owner.ts',
      'client/headless/local-platform/local-platform.ts',
      'client/headless/volunteer/volunteer-place.ts',
      'client/web/state/local-store.ts',
    ],
    'a copy of a value at hand': ['shared/cohort/memory-log.ts', 'client/trainer/models/build-model.ts'],
    'bytes that are written': ['worker/cohort/archive-round.ts', 'client/trainer/backends/known-answer.ts'],
    'what an export has written into its own page': [
      'client/web/exported/held-network.ts',
      'client/web/exported/stock-engine.ts',
    ],
    'what the wrangler of this project prints': ['client/headless/deploy/run-deployment.ts'],
    'replies of a service that the owner of the deployment chose': ['worker/coordinator/turnstile.ts'],
    'parts of the decoders that call them': [
      'shared/math/bytes.ts',
      'shared/codec/little-endian.ts',
      'shared/datasets/hash-pictures.ts',
    ],
  };

  test('names every file that decodes what comes from outside', () => {
    const named = new Set([...decoders.flatMap(({ files }) => files), ...Object.values(inside).flat()]);
    expect(decoding.filter(path => !named.has(path))).toEqual([]);
  });

  test('names no file that is gone, or decodes nothing', () => {
    const gone = decoders
      .flatMap(({ files }) => files)
      .filter(path => !sources.includes(path) && !path.startsWith('test/'));
    expect(gone).toEqual([]);
    expect(
      Object.values(inside)
        .flat()
        .filter(path => !decoding.includes(path)),
    ).toEqual([]);
  });
});
