import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { startTrainer } from '../../client/headless/trainer-thread/start-trainer.ts';
import { createRun } from '../../client/host/create-run.ts';
import { defaultGlyphs, defaultSpec } from '../../client/host/default-spec.ts';
import type { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { runPage } from '../../shared/protocol/paths.ts';
import { startBrowserPlatform } from '../support/browser-run.ts';
import { findBrowser } from '../support/find-browser.ts';
import { type BodyOf, entriesOf, until } from '../support/poll.ts';
import {
  assertWritable,
  describeMachine,
  formatTable,
  orRefuse,
  parseCount,
  parseFlags,
  refuseFlags,
  summarise,
  writeReport,
} from './report.ts';

/** The volunteer's steps as it marks them (client/volunteer/user-timing), in their order. */
const STEPS = ['load', 'compile', 'join', 'lease', 'download', 'train', 'encode', 'upload'] as const;
type Step = (typeof STEPS)[number];

/** The times to be reached; the platform runs on the same machine. */
const GOAL_MS = { cold: 5_000, warm: 2_000 } as const;
type Visit = keyof typeof GOAL_MS;

const LONGEST_MS = 120_000;

/**
 * One visit: how long each step took, and when the platform had accepted the update, counted from the navigation's
 * beginning.
 */
type Times = Readonly<Record<Step | 'total', number>>;

interface Sample extends Times {
  readonly visit: Visit;
  readonly role: string;
  readonly backend: string;
}

/** Runs in the page before its own code. The first measure of each step is that of the first contribution. */
function keepFirstMeasures(): void {
  const seen: Record<string, { start: number; end: number }> = {};
  Object.assign(globalThis, { homeroomSteps: seen });
  new PerformanceObserver(list => {
    for (const { name, startTime, duration } of list.getEntries())
      if (name.startsWith('homeroom:'))
        seen[name.slice(9)] ??= { start: startTime, end: startTime + duration };
  }).observe({ type: 'measure', buffered: true });
}

type Marks = Partial<Record<Step, { readonly start: number; readonly end: number }>>;

const marksOf = (page: Page): Promise<Marks> =>
  page.evaluate(() => (globalThis as unknown as { homeroomSteps: Marks }).homeroomSteps);

/** The visit's first contribution; the page stays open. */
async function visit(page: Page, client: HomeroomClient, run: string, kind: Visit): Promise<Sample> {
  const accepted = () => entriesOf(client, run, 'update-accepted');
  const before = (await accepted()).length;
  if (kind === 'cold') await follow(page, client.origin + runPage(run));
  else await page.reload();
  const marks = await until(
    async () => {
      const found = await marksOf(page);
      return found.upload && found;
    },
    'a first contribution',
    LONGEST_MS,
  );
  const first = await until(async () => (await accepted())[before], 'its acceptance');
  const took = STEPS.map(step => [step, duration(marks, step)]);
  const times = Object.fromEntries(took) as Record<Step, number>;
  return { ...times, total: marks.upload?.end ?? Number.NaN, visit: kind, ...told(first) };
}

/** A volunteer that has joined before does not join again. */
const duration = (marks: Marks, step: Step): number => {
  const { start, end } = marks[step] ?? { start: 0, end: step === 'join' ? 0 : Number.NaN };
  return end - start;
};

/** Does what a visitor does who needs no time to think. A reloaded page goes on by itself. */
async function follow(page: Page, link: string): Promise<void> {
  await page.goto(link, { waitUntil: 'commit' });
  await page.getByTestId('start-volunteering').click();
}

const told = ({ role, backend }: BodyOf<'update-accepted'>) => ({ role, backend });

/** With a new profile and a new run: follows a link for the first time, then reloads the page. */
async function measure(executablePath: string, client: HomeroomClient): Promise<readonly Sample[]> {
  const profile = await mkdtemp(join(tmpdir(), 'homeroom-profile-'));
  const run = await createBenchRun(client);
  const context = await openProfile(executablePath, profile);
  try {
    const page = await context.newPage();
    await page.addInitScript(keepFirstMeasures);
    const cold = await visit(page, client, run, 'cold');
    const warm = await visit(page, client, run, 'warm');
    return [cold, warm];
  } finally {
    await context.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** The profile is on disk like a visitor's: a browser context without one keeps no compiled code from page to page. */
const openProfile = (executablePath: string, folder: string): Promise<BrowserContext> =>
  chromium.launchPersistentContext(folder, {
    executablePath,
    headless: true,
    args: ['--no-sandbox', '--no-first-run', '--disable-background-networking', '--disable-component-update'],
  });

/** What a host makes who changes nothing: the small CNN on glyphs, with the default lease. */
async function createBenchRun(client: HomeroomClient): Promise<string> {
  const thread = startTrainer();
  try {
    await thread.trainer.start({ backend: 'wasm' });
    const spec = defaultSpec({
      name: 'from link to first contribution',
      seed: 1,
      dataset: defaultGlyphs(1),
      plan: 'layer-to-layer',
      rounds: 1_000,
    });
    const { run } = await createRun({ client, trainer: thread.trainer, model: 'cnn', spec });
    return run;
  } finally {
    await thread.stop();
  }
}

const columns = [...STEPS, 'total'] as const;

const toRow = ({ visit, role, backend, ...times }: Sample) => ({
  visit,
  role,
  backend,
  ...Object.fromEntries(columns.map(column => [`${column}Ms`, times[column]])),
});

function printSummary(samples: readonly Sample[], kind: Visit): void {
  const mine = samples.filter(sample => sample.visit === kind);
  const rows = columns.map(column => {
    const { median, min, max } = summarise(mine.map(sample => sample[column]));
    return [column, ...[median, min, max].map(ms => ms.toFixed(0))];
  });
  const { role, backend } = mine[0] ?? { role: '-', backend: '-' };
  const total = summarise(mine.map(sample => sample.total)).median;
  console.log(`\n${kind} page, ${role} on ${backend}, ms (steps overlap):`);
  console.log(formatTable(['step', 'median', 'min', 'max'], rows));
  const verdict = total <= GOAL_MS[kind] ? 'met' : 'missed';
  console.log(`Goal of ${GOAL_MS[kind] / 1_000} s ${verdict}: ${(total / 1_000).toFixed(2)} s`);
}

const help = `npm run bench:join -- [flags]

From a join link to the first contribution, in Chromium, step by step: with an empty cache (cold), and once more (warm).

  --repeats N  visits of each kind (5)
  --json FILE  a row for each visit as JSON`;

const flags = parseFlags({ json: { type: 'string' }, repeats: { type: 'string', default: '5' } }, help);
const { json } = flags;
const repeats = parseCount('repeats', flags.repeats);
// Before the visits, not after them.
if (json !== undefined) orRefuse(() => assertWritable(json));
const executable = findBrowser();
if (!executable) refuseFlags('no Chrome or Chromium found: install one, or say where it is with CHROME_PATH');

const home = await startBrowserPlatform();
const samples: Sample[] = [];
try {
  for (let i = 1; i <= repeats; i++) {
    console.log(`visit ${i} of ${repeats} …`);
    samples.push(...(await measure(executable, home.client)));
  }
} finally {
  await home.stop();
}
const machine = describeMachine();
console.log(`\n${machine.cpu}, ${machine.cores} cores, node ${machine.node}`);
console.log('From link to first contribution: the small CNN on glyphs, page and platform on one machine.');
printSummary(samples, 'cold');
printSummary(samples, 'warm');
if (json !== undefined) {
  const settings = { model: 'cnn', dataset: 'glyphs', repeats, goalMs: GOAL_MS };
  writeReport(json, { name: 'join', machine, settings, results: samples.map(toRow) });
}
