import { beforeAll, expect, it, vi } from 'vitest';
import { boundMs } from '../patience.ts';
import { runSpecs, type Spec } from './run-specs.ts';
import { SPEC_FILES } from './spec-files.ts';

/** By reason, the specs that fail; each as `file: name`. */
export type KnownFailures = Readonly<Record<string, readonly string[]>>;

/** tfjs-core 4.22 has 4,227 specs that run in Node on a backend that can do everything. */
const FEWEST_SPECS = 4_200;

const keyOf = ({ file, name }: Spec): string => `${file}: ${name}`;

/**
 * Holds tfjs-core's own specs on one backend, file by file. A spec that fails has its reason in the list, and a spec of
 * the list fails: the list can only shrink.
 * @param start registers the backend under this name
 */
export function holdSpecs(
  backendName: string,
  start: () => unknown,
  ...lists: readonly KnownFailures[]
): void {
  const known = new Set(lists.flatMap(list => Object.values(list).flat()));
  let specs: readonly Spec[];

  beforeAll(async () => {
    // Specs print what they profile, and the binary what it does not support.
    vi.spyOn(console, 'log').mockImplementation(() => {});
    vi.spyOn(console, 'error').mockImplementation(() => {});
    await start();
    specs = await runSpecs(backendName);
    vi.restoreAllMocks();
  }, boundMs(240_000));

  it('runs them all', () => {
    expect(specs.length).toBeGreaterThan(FEWEST_SPECS);
  });

  it('knows no failure of a spec that is gone', () => {
    const keys = new Set(specs.map(keyOf));
    expect([...known].filter(key => !keys.has(key))).toEqual([]);
  });

  it.each(SPEC_FILES)('%s: only what is known fails', file => {
    const ofFile = specs.filter(spec => spec.file === file);
    const surprises = ofFile.filter(spec => spec.failure !== null && !known.has(keyOf(spec)));
    expect(surprises.map(spec => `${keyOf(spec)}\n${spec.failure}`)).toEqual([]);
    const mended = ofFile.filter(spec => spec.failure === null && known.has(keyOf(spec)));
    expect(mended.map(keyOf), 'these pass: take them out of the known failures').toEqual([]);
  });
}
