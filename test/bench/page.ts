import { chromium, type Page, type WebSocketRoute } from 'playwright-core';
import { paths, runPage } from '../../shared/protocol/paths.ts';
import { startBrowserPlatform } from '../support/browser-run.ts';
import { findBrowser } from '../support/find-browser.ts';
import { createTinyRun } from '../support/tiny-run.ts';
import { type CrowdSize, crowdView, nextChanges } from './page/crowd-view.ts';
import {
  assertWritable,
  describeMachine,
  formatTable,
  orRefuse,
  parseCount,
  parseFlags,
  refuseFlags,
  writeReport,
} from './report.ts';

/** More often than the platform tells anything. */
const CHANGES_A_SECOND = 4;

/** A task that takes longer is felt. */
const GOAL_MS = 100;

interface Row {
  readonly phase: string;
  readonly tasks: number;
  readonly longestTaskMs: number;
  readonly frameP95Ms: number;
  readonly longestFrameMs: number;
  /** Of the main thread, its own: on a busy machine the other figures have the time in which others had the processor. */
  readonly cpuMsASecond: number;
}

interface Seen {
  readonly tasks: number[];
  readonly frames: number[];
}

/** Runs in the page before its own code: it keeps how long each long task took, and the time between two frames. */
function watchMainThread(): void {
  const seen: Seen = { tasks: [], frames: [] };
  Object.assign(globalThis, { homeroomSeen: seen });
  const keep = (list: PerformanceObserverEntryList): void => {
    for (const { duration } of list.getEntries()) seen.tasks.push(duration);
  };
  new PerformanceObserver(keep).observe({ type: 'longtask', buffered: true });
  let before = performance.now();
  const onFrame = (now: number): void => {
    seen.frames.push(now - before);
    before = now;
    requestAnimationFrame(onFrame);
  };
  requestAnimationFrame(onFrame);
}

/** Tells the row of each phase when it is over. */
async function watchPhases(page: Page): Promise<(phase: string) => Promise<Row>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  let [at, spent] = [Date.now(), 0];
  return async phase => {
    const seen = await takeSeen(page);
    const { metrics } = await session.send('Performance.getMetrics');
    const before = { at, spent };
    [at, spent] = [Date.now(), metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0];
    const cpuMsASecond = ((spent - before.spent) * 1e6) / Math.max(1, at - before.at);
    return { ...rowOf(phase, seen), cpuMsASecond };
  };
}

/** What was seen since the last call. */
const takeSeen = (page: Page): Promise<Seen> =>
  page.evaluate(() => {
    const { homeroomSeen } = globalThis as unknown as { homeroomSeen: Seen };
    return { tasks: homeroomSeen.tasks.splice(0), frames: homeroomSeen.frames.splice(0) };
  });

function rowOf(phase: string, { tasks, frames }: Seen): Omit<Row, 'cpuMsASecond'> {
  const sorted = frames.toSorted((a, b) => a - b);
  return {
    ...{ phase, tasks: tasks.length, longestTaskMs: Math.max(0, ...tasks) },
    ...{ frameP95Ms: sorted[Math.floor(sorted.length * 0.95)] ?? 0, longestFrameMs: sorted.at(-1) ?? 0 },
  };
}

/** Shows the page a crowd in the place of the run that there is, and changes of it if it is told to. */
async function showCrowd(page: Page, run: string, info: Readonly<Record<string, unknown>>, size: CrowdSize) {
  const { view: empty, ...facts } = info;
  const view = crowdView(empty as Parameters<typeof crowdView>[0], size);
  let tick = 0;
  let socket: WebSocketRoute | null = null;
  await page.route(`**${paths.run(run)}`, route => route.fulfill({ json: { ...facts, view } }));
  // The version that this crowd would have: its first one.
  await page.route(`**${paths.version(run, view.version)}`, async route =>
    route.fulfill({ response: await route.fetch({ url: route.request().url().replace(/\d+$/, '0') }) }),
  );
  await page.routeWebSocket(new RegExp(`${paths.events(run)}\\?`), opened => {
    socket = opened;
    opened.send(JSON.stringify({ type: 'view', view, latest: [], names: {} }));
  });
  return {
    change: (): void => socket?.send(JSON.stringify(nextChanges(view, ++tick))),
  };
}

/** Moves the pointer to and fro over the first chart. */
async function moveOverChart(page: Page, until: number): Promise<void> {
  const box = await page.locator('.u-over').first().boundingBox();
  if (!box) throw new Error('there is no chart');
  for (let i = 0; Date.now() < until; i++)
    await page.mouse.move(box.x + (box.width * (i % 50)) / 50, box.y + box.height / 2);
}

async function measure(executablePath: string, size: CrowdSize, seconds: number): Promise<Row[]> {
  const home = await startBrowserPlatform();
  const browser = await chromium.launch({ executablePath, headless: true, args: ['--no-sandbox'] });
  try {
    const { run } = await createTinyRun(home.client);
    const info = await (await fetch(home.client.origin + paths.run(run))).json();
    const page = await browser.newPage({ viewport: { width: 1_280, height: 900 } });
    await page.addInitScript(watchMainThread);
    const over = await watchPhases(page);
    const crowd = await showCrowd(page, run, info, size);
    await page.goto(home.client.origin + runPage(run));
    const chart = page.locator('.u-over').first();
    await chart.waitFor();
    await chart.scrollIntoViewIfNeeded();
    await new Promise(resolve => setTimeout(resolve, 1_000));
    const rows = [await over('opening')];
    const until = (): number => Date.now() + seconds * 1_000;
    await moveOverChart(page, until());
    rows.push(await over('pointer over a chart'));
    const changing = setInterval(crowd.change, 1_000 / CHANGES_A_SECOND);
    await new Promise(resolve => setTimeout(resolve, seconds * 1_000));
    rows.push(await over('changes'));
    await moveOverChart(page, until());
    clearInterval(changing);
    rows.push(await over('changes and pointer'));
    return rows;
  } finally {
    await browser.close();
    await home.stop();
  }
}

const help = `npm run bench:page -- [flags]

How quick the page of a run stays with a crowd: the longest task of its main thread, and the time between two frames.

  --volunteers N  who joined (1000)
  --rounds N      that are done (2000)
  --all           sends every round, as older platforms do
  --seconds N     for each phase (10)
  --json FILE     a row for each phase as JSON`;

const flags = parseFlags(
  {
    volunteers: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '2000' },
    all: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '10' },
    json: { type: 'string' },
  },
  help,
);
const { json } = flags;
const size = {
  volunteers: parseCount('volunteers', flags.volunteers),
  rounds: parseCount('rounds', flags.rounds),
  areAllSent: flags.all,
};
const seconds = parseCount('seconds', flags.seconds);
if (json !== undefined) orRefuse(() => assertWritable(json));
const executable = findBrowser();
if (!executable) refuseFlags('no Chrome or Chromium found: install one, or say where it is with CHROME_PATH');

const rows = await measure(executable, size, seconds);
const machine = describeMachine();
console.log(`${machine.cpu}, ${machine.cores} cores, node ${machine.node}`);
console.log(
  formatTable(
    ['phase', 'tasks over 50 ms', 'longest, ms', 'frame p95, ms', 'longest frame, ms', 'CPU, ms a second'],
    rows.map(row => [
      row.phase,
      String(row.tasks),
      ...[row.longestTaskMs, row.frameP95Ms, row.longestFrameMs, row.cpuMsASecond].map(ms => ms.toFixed(0)),
    ]),
  ),
);
const longest = Math.max(...rows.slice(1).map(row => row.longestTaskMs));
console.log(
  `Goal of ${GOAL_MS} ms a task ${longest <= GOAL_MS ? 'met' : 'missed'}: ${longest.toFixed(0)} ms`,
);
if (json !== undefined) writeReport(json, { name: 'page', machine, settings: size, results: rows });
