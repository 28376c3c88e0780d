import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import coverage, { type CoverageMap } from 'istanbul-lib-coverage';
import libReport from 'istanbul-lib-report';
import reports from 'istanbul-reports';
import { packageRoot } from '../../client/headless/package-root.ts';
import { parseFlags } from '../bench/report.ts';
import { buildCountedWorker } from './build-counted-worker.ts';
import { COUNTED_WORKER, COUNTS_FOLDER, COVERAGE_FOLDER } from './counted-worker.ts';
import { missing, raised, readGoals, type Shares, writeGoals } from './goals.ts';

/**
 * The program of `npm run coverage`: how much of `shared` its pure tests reach, and how much of the Worker the tests on
 * workerd reach. V8's own counts are not to be had of workerd, so a Worker with counters is run there.
 */

const HELP = `npm run coverage

What the pure tests reach of shared, and the tests on workerd of the Worker. It takes many minutes, and has no flags. It
fails if a goal in test/coverage/goals.json is missed, and raises the goals if more is reached.`;

function runTests(...flags: string[]): void {
  const vitest = join(packageRoot, 'node_modules/vitest/vitest.mjs');
  const env = { ...process.env, HOMEROOM_COVERAGE: 'yes' };
  const { status } = spawnSync(process.execPath, [vitest, 'run', ...flags], { stdio: 'inherit', env });
  if (status !== 0) process.exit(status ?? 1);
}

function readCounts(folder: string, names: readonly string[]): CoverageMap {
  const all = coverage.createCoverageMap();
  for (const name of names) all.merge(JSON.parse(readFileSync(join(folder, name), 'utf8')));
  return all;
}

/** A table in the terminal, and pages in which every line is coloured. */
function report(name: string, coverageMap: CoverageMap): Shares {
  const dir = join(COVERAGE_FOLDER, name);
  const context = libReport.createContext({ dir, coverageMap, defaultSummarizer: 'nested' });
  reports.create('text').execute(context);
  reports.create('html').execute(context);
  const { statements, branches, functions } = coverageMap.getCoverageSummary();
  return { statements: statements.pct, branches: branches.pct, functions: functions.pct };
}

parseFlags({}, HELP);
rmSync(COVERAGE_FOLDER, { recursive: true, force: true });
await buildCountedWorker(COUNTED_WORKER);
runTests('--project', 'pure', '--coverage');
runTests('--project', 'worker');
const reached = {
  shared: report('shared', readCounts(join(COVERAGE_FOLDER, 'vitest'), ['coverage-final.json'])),
  worker: report('worker', readCounts(COUNTS_FOLDER, readdirSync(COUNTS_FOLDER))),
};
console.log(`Line by line: ${COVERAGE_FOLDER}/{shared,worker}/index.html`);
const goals = readGoals();
const problems = missing(goals, reached);
writeGoals(raised(goals, reached));
console.log(problems.length > 0 ? problems.join('\n') : 'Every goal of test/coverage/goals.json is reached.');
process.exitCode = problems.length > 0 ? 1 : 0;
