import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { findBrowser } from '../support/find-browser.ts';
import { until } from '../support/poll.ts';
import { textOf, useBrowser } from '../support/use-browser.ts';

const executable = findBrowser();

const contributionsOf = async (page: Page): Promise<number> => Number(await textOf(page, 'contributions'));

const volunteerOf = (page: Page): Promise<string | null> =>
  page.getByTestId('volunteer-work').getAttribute('data-volunteer');

const contributes = (page: Page, atLeast: number): Promise<true> =>
  until(async () => (await contributionsOf(page)) >= atLeast || null, `${atLeast} contributions`);

const isActive = (page: Page, activity: string): Promise<true> =>
  until(
    async () =>
      (await page.getByTestId('volunteer-activity').getAttribute('data-activity')) === activity || null,
    `a volunteer that is ${activity}`,
  );

describe.runIf(executable)('one tab', () => {
  const browser = useBrowser(executable);

  it('pauses and resumes where it was', async () => {
    const page = await browser.openVolunteer(await browser.createRun());
    await contributes(page, 2);
    await page.getByTestId('pause-volunteering').click();
    await isActive(page, 'paused');
    const before = await contributionsOf(page);
    await page.getByTestId('pause-volunteering').click();
    await contributes(page, before + 1);
  });

  it('comes back from a reload as the same volunteer and goes on, with its shards still there', async () => {
    const run = await browser.createRun();
    const page = await browser.openVolunteer(run);
    await contributes(page, 1);
    const before = await volunteerOf(page);
    const asked: string[] = [];
    page.on('request', request => asked.push(request.url()));
    await page.reload();
    await until(async () => (await volunteerOf(page)) !== '', 'the volunteer is back');
    expect(await volunteerOf(page)).toBe(before);
    await contributes(page, 2);
    const { view, model } = await browser.client.run(run);
    expect(Object.keys(view.volunteers)).toHaveLength(1);
    const topologies = model.segments.map(segment => segment.topology);
    expect(asked.filter(url => topologies.some(sha256 => url.includes(sha256)))).toEqual([]);
  });

  it('downloads no shard twice', async () => {
    const run = await browser.createRun({ rounds: 3 });
    const blobs: string[] = [];
    await browser.openVolunteer(run, {
      prepare: async page => {
        page.on('request', request => {
          const [, sha256] = /\/api\/blobs\/([0-9a-f]{64})/.exec(request.url()) ?? [];
          if (sha256) blobs.push(sha256);
        });
      },
    });
    await until(async () => (await browser.client.run(run)).view.phase === 'finished', 'the end of the run');
    expect(blobs.length).toBeGreaterThan(0);
    expect(blobs).toHaveLength(new Set(blobs).size);
  });

  it('finishes its task and stops when told to, and the run keeps what it gave', async () => {
    const run = await browser.createRun();
    const page = await browser.openVolunteer(run);
    await contributes(page, 1);
    await page.getByTestId('finish-volunteering').click();
    await isActive(page, 'stopped');
    const { view } = await browser.client.run(run);
    expect(view.accepted).toBeGreaterThan(0);
    expect(view.refused).toBe(0);
    expect(Object.values(view.volunteers).map(({ lease }) => lease)).toEqual([null]);
  });
});
