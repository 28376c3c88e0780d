import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { runPage } from '../../shared/protocol/paths.ts';
import { findBrowser } from '../support/find-browser.ts';
import { boundMs } from '../support/patience.ts';
import { faultsEverywhere, focused, showsFocus, watchErrors } from '../support/shown-page.ts';
import { useBrowser } from '../support/use-browser.ts';

const executable = findBrowser();

/** The runs that some pages show. */
interface Runs {
  readonly open: string;
  readonly paused: string;
  readonly finished: string;
}

interface ShownPage {
  readonly name: string;
  readonly at: (runs: Runs) => string;
  /** Is there when the page is whole. */
  readonly ready: string;
  /** It asks for what there is not, which browsers tell as an error. */
  readonly isMissing?: true;
}

/** Every page, a line each. */
const pages: readonly ShownPage[] = [
  { name: 'the start page', at: () => '/', ready: '[data-testid=run-card]' },
  { name: 'the form for a run', at: () => '/#/new', ready: '[data-testid=create-run]' },
  { name: 'the page for data', at: () => '/#/data', ready: 'main h1' },
  { name: 'an open run', at: ({ open }) => runPage(open), ready: '[data-phase=open]' },
  { name: 'a paused run', at: ({ paused }) => runPage(paused), ready: '[data-phase=paused]' },
  { name: 'a finished run', at: ({ finished }) => runPage(finished), ready: '[data-phase=finished]' },
  { name: 'a run’s network to try', at: ({ open }) => `/try/${open}`, ready: 'main canvas' },
  { name: 'an exported network to try', at: () => '/try/', ready: 'main h1' },
  {
    name: 'a run that there is not',
    at: () => runPage('nosuchrun1'),
    ready: '[role=alert]',
    isMissing: true,
  },
  { name: 'about', at: () => '/#/about', ready: '.prose h1' },
  { name: 'how it works', at: () => '/#/how', ready: '.prose h1' },
  { name: 'privacy', at: () => '/#/privacy', ready: '.prose h1' },
  { name: 'what people can check', at: () => '/#/check', ready: '.prose h1' },
  { name: 'whom they trust', at: () => '/#/trust', ready: '.prose h1' },
  { name: 'no page', at: () => '/#/nowhere', ready: 'main h1' },
];

/** More than any page has. */
const MOST_STOPS = 120;

describe.runIf(executable)('every page', () => {
  const browser = useBrowser(executable);
  let runs: Runs;
  beforeAll(async () => {
    runs = {
      open: await browser.createRun(),
      paused: await browser.createRun({ afterwards: 'pause' }),
      finished: await browser.createRun({ afterwards: 'finish' }),
    };
  });

  const openPage = async (
    { at, ready }: ShownPage,
    language = 'en',
  ): Promise<{ page: Page; errors: string[] }> => {
    const page = await browser.newPage({ locale: language });
    const errors = watchErrors(page);
    await page.goto(browser.origin + at(runs));
    await page.locator(ready).first().waitFor();
    return { page, errors };
  };

  it.each(pages)(
    'is sound for people who see, hear or type it, from a phone to a projector: $name',
    async shown => {
      const { page, errors } = await openPage(shown);
      expect(await faultsEverywhere(page)).toEqual([]);
      if (!shown.isMissing) expect(errors).toEqual([]);
    },
    boundMs(60_000),
  );

  it.each(pages)('does not get wider than a small phone in German: $name', async shown => {
    const { page } = await openPage(shown, 'de-DE');
    await page.setViewportSize({ width: 320, height: 700 });
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('de');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  });

  it.each(pages)('shows where the keyboard is, at every stop: $name', async shown => {
    const { page } = await openPage(shown);
    for (const summary of await page.locator('main summary').all()) await summary.click();
    await page.evaluate(() => document.body.focus());
    for (let stop = 0; stop < MOST_STOPS; stop++) {
      await page.keyboard.press('Tab');
      if (await page.evaluate(() => document.activeElement === document.body)) return;
      expect(await showsFocus(page), await focused(page)).toBe(true);
    }
    throw new Error(`more than ${MOST_STOPS} stops`);
  });

  it('loads nothing at first but what its HTML names', async () => {
    const page = await browser.newPage();
    await page.goto(`${browser.origin}/`);
    await page.getByTestId('run-card').first().waitFor();
    const html = await (await fetch(browser.origin)).text();
    const loaded = await page.evaluate(() =>
      performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname),
    );
    const unnamed = loaded.filter(path => !path.startsWith('/api/') && !html.includes(path));
    expect(unnamed).toEqual([]);
  });

  it.each([
    ['/', 'Homeroom trains in this page, so it needs JavaScript.', 'Homeroom trainiert in dieser Seite'],
    [
      '/try/',
      'The network answers in this page, so it needs JavaScript.',
      'Das Netz antwortet in dieser Seite',
    ],
  ])(
    'says in both languages that it needs JavaScript, if there is none: %s',
    async (path, english, german) => {
      const page = await browser.newPage({ javaScriptEnabled: false, hasAgreed: false });
      await page.goto(browser.origin + path);
      // With scripts, a noscript has no elements.
      const shown = (await page.locator('noscript p').allTextContents()).join(' ');
      for (const text of [english, german]) expect(shown).toContain(text);
    },
  );

  it('says why it cannot start, if its script does not come', async () => {
    const page = await browser.newPage();
    await page.route(/assets\/index-.*\.js/, route => route.abort());
    await page.goto(`${browser.origin}/`);
    await page.getByText('This page could not start.').waitFor();
  });
});

describe.runIf(executable)('the start page', () => {
  const browser = useBrowser(executable);

  it.each([
    ['a desktop', 1_280, 900],
    ['a phone', 390, 844],
  ])('in one click makes a run in which this tab trains, on %s', async (_, width, height) => {
    const page = await browser.newPage();
    await page.setViewportSize({ width, height });
    await page.goto(`${browser.origin}/`);
    await page.getByRole('button', { name: 'Train digits with me' }).click();
    await page.getByRole('heading', { level: 1, name: /^Digits/ }).waitFor();
    await page.locator('.session-link[data-state=training]').waitFor();
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    await page.screenshot({ path: `.cache/screenshots/one-click-${width}.png` });
  });

  it('moves nothing for readers who have asked for less motion', async () => {
    const page = await browser.newPage();
    const moving = () =>
      page.evaluate(() => document.getAnimations().filter(({ playState }) => playState === 'running').length);
    await page.goto(`${browser.origin}/`);
    await page.getByRole('img', { name: /^Drawing/ }).waitFor();
    expect(await moving()).toBeGreaterThan(0);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    expect(await moving()).toBe(0);
  });
});
