import { beforeAll, expect, it, vi } from 'vitest';
import { boundMs } from '../patience.ts';
import { runSpecs, type Spec } from './run-specs.ts';
import { SPEC_FILES } from './spec-files.ts';

/** By reason, the specs that fail; each as `file: name`. */
export type KnownFailures = Readonly<Record<string, readonly string[]>>;

/** tfjs-core 4.22 has 4,227 specs for the CPU in Node, and 4,166 for a backend that cannot be read at once. */
const FEWEST_SPECS = 4_150;

/** They hold that a clock went on. A quick machine may do their work within its clock's smallest step. */
const TIME_KEEPERS: readonly string[] = [
  'browser_util: nextFrame basic usage',
  'globals: time cpu simple upload',
];

const keyOf = ({ file, name }: Spec): string => `${file}: ${name}`;

export interface SpecSuite {
  /** As the backend is registered by `start`. */
  readonly backend: string;
  readonly start: () => unknown;
  /** What the specs set tfjs's flags back to. */
  readonly flags?: Readonly<Record<string, boolean>>;
  readonly knownFailures: KnownFailures;
  /** What fails on some drivers of the graphics device alone, so that nobody can say that it passes. */
  readonly failsOnSomeDrivers?: KnownFailures;
}

const namesIn = (list: KnownFailures): ReadonlySet<string> => new Set(Object.values(list).flat());

/**
 * Holds tfjs-core's own specs on one backend, file by file. A spec that fails has its reason in the list, and a spec of
 * the list fails: the list can only shrink.
 */
export function holdSpecs({
  backend,
  start,
  flags,
  knownFailures,
  failsOnSomeDrivers = {},
}: SpecSuite): void {
  const known = namesIn(knownFailures);
  const unsure = new Set([...TIME_KEEPERS, ...namesIn(failsOnSomeDrivers)]);
  let specs: readonly Spec[];

  beforeAll(async () => {
    // Specs print what they profile, and the binary what it does not support.
    for (const method of ['log', 'warn', 'error'] as const)
      vi.spyOn(console, method).mockImplementation(() => {});
    await start();
    specs = await runSpecs(backend, flags);
    vi.restoreAllMocks();
  }, boundMs(240_000));

  it('runs them all', () => {
    expect(specs.length).toBeGreaterThan(FEWEST_SPECS);
  });

  it('knows no failure of a spec that is gone', () => {
    const keys = new Set(specs.map(keyOf));
    expect([...known, ...unsure].filter(key => !keys.has(key))).toEqual([]);
  });

  it.each(SPEC_FILES)('%s: only what is known fails', file => {
    const ofFile = specs.filter(spec => spec.file === file && !unsure.has(keyOf(spec)));
    const surprises = ofFile.filter(spec => spec.failure !== null && !known.has(keyOf(spec)));
    expect(surprises.map(spec => `${keyOf(spec)}\n${spec.failure}`)).toEqual([]);
    const mended = ofFile.filter(spec => spec.failure === null && known.has(keyOf(spec)));
    expect(mended.map(keyOf), 'these pass: take them out of the known failures').toEqual([]);
  });
}
