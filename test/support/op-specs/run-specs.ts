import { setTestEnvs } from '@tensorflow/tfjs-core/dist/jasmine_util.js';
import jasmineCore, { type SpecResult } from 'jasmine-core';
import { boundMs } from '../patience.ts';
import { loadSpecFile, SPEC_FILES } from './spec-files.ts';

export interface Spec {
  /** Its file, such as `ops/abs`. */
  readonly file: string;
  /** What it is called in its file, without the backend. A name that comes again has its number behind it. */
  readonly name: string;
  /** Null if it passed. */
  readonly failure: string | null;
}

/**
 * Runs tfjs-core's own specs on a backend that is registered, on the instance of tfjs that vitest has loaded. Specs
 * that tfjs itself leaves out in Node are left out. It runs once in a process, because jasmine and tfjs keep what was
 * described.
 * @param flags tfjs's, which its specs set back to these
 */
export async function runSpecs(
  backendName: string,
  flags: Readonly<Record<string, boolean>> = {},
): Promise<readonly Spec[]> {
  const { jasmine, ...globals } = jasmineCore.noGlobals();
  Object.assign(globalThis, { jasmine, ...globals });
  jasmine.DEFAULT_TIMEOUT_INTERVAL = boundMs(20_000);
  setTestEnvs([
    { name: backendName, backendName, flags: { ...flags }, isDataSync: backendName !== 'webgpu' },
  ]);
  for (const file of SPEC_FILES) await describeUnder(file, globals.describe);

  const results: SpecResult[] = [];
  const env = jasmine.getEnv();
  env.configure({ random: false });
  env.addReporter({ specDone: result => results.push(result) });
  await env.execute();
  // As tfjs adds it to the names of its outermost descriptions.
  const environment = ` ${backendName} ${JSON.stringify(flags)}`;
  return numbered(
    results.filter(({ status }) => status !== 'pending').map(result => asSpec(result, environment)),
  );
}

/** Between the file's name and the spec's own: no name of tfjs has it. */
const SEPARATOR = ' › ';

async function describeUnder(
  file: string,
  describe: (name: string, describeSpecs: () => void) => unknown,
): Promise<void> {
  let depth = 0;
  const describeHere = (name: string, describeSpecs: () => void): unknown =>
    describe(depth === 0 ? `${file}${SEPARATOR}${name}` : name, () => {
      depth++;
      describeSpecs();
      depth--;
    });
  Object.assign(globalThis, { describe: describeHere });
  await loadSpecFile(file);
}

function asSpec({ fullName, status, failedExpectations }: SpecResult, environment: string): Spec {
  const [file = '', name = ''] = fullName.split(SEPARATOR);
  const messages = failedExpectations.map(({ message }) => message).join('\n');
  return {
    file,
    name: name.replace(environment, ''),
    failure: status === 'failed' ? messages : null,
  };
}

function numbered(specs: readonly Spec[]): readonly Spec[] {
  const counts = new Map<string, number>();
  return specs.map(spec => {
    const key = `${spec.file}${SEPARATOR}${spec.name}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count === 1 ? spec : { ...spec, name: `${spec.name} #${count}` };
  });
}
