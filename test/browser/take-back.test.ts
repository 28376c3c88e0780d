import { describe, expect, it } from 'vitest';
import { runPage } from '../../shared/protocol/paths.ts';
import { findBrowser } from '../support/find-browser.ts';
import { entriesOf, publishedVersion, until } from '../support/poll.ts';
import { createTinyRun, joinMany, train } from '../support/tiny-run.ts';
import { textOf, useBrowser } from '../support/use-browser.ts';

const executable = findBrowser();

describe.runIf(executable)('the host’s way back', () => {
  const browser = useBrowser(executable);

  it('[BACK1] asks, returns to the version that was chosen, and shows that to everybody', async () => {
    const { client } = browser;
    const policy = { updatesPerRound: 2, evaluators: 'referees' } as const;
    const spec = { plan: { name: 'conventional' }, rounds: 9, policy } as const;
    const tiny = await createTinyRun(client, { spec });
    const pair = await joinMany(client, tiny.run, 2);
    for (const version of [1, 2, 3]) {
      for (const volunteer of pair) await train(client, tiny, volunteer, () => version / 8);
      await publishedVersion(client, tiny.run, version);
    }
    const page = await browser.newPage();
    await page.goto(browser.origin + runPage(tiny.run));
    const others = await browser.newPage();
    await others.goto(browser.origin + runPage(tiny.run));
    await page.getByText('I am the host').click();
    await page.getByLabel('Host key').fill(tiny.hostKey);
    await page.getByRole('button', { name: 'Use it in this browser' }).click();
    await page.getByTestId('host-take-back').click();
    await page.getByTestId('kept-versions').selectOption('version 1');
    expect(await entriesOf(client, tiny.run, 'run-taken-back')).toEqual([]);
    await page.getByTestId('host-take-back-yes').click();
    const { segments } = await publishedVersion(client, tiny.run, 4);
    expect(segments).toEqual((await client.version(tiny.run, 1)).segments);
    for (const each of [page, others]) {
      await until(async () => (await textOf(each, 'version')) === '4', 'the page shows the next version');
      expect(await textOf(each, 'taken-back')).toBe(
        'In round 4 the host took the run back from version 3 to version 1.',
      );
      await each.getByText('The figures as a table').click();
      expect(await textOf(each, 'rounds-table')).toContain('none: back to version 1');
    }
  });
});
