import type { ComponentChildren } from 'preact';

const otherwise =
  'If it does not help, use another browser, or ask the host of the run for a referee’s link, with which nobody is checked.';

/** [CROWD8] The page of the check of people. */
export const person = {
  title: 'Are you a person?',
  intro: 'This platform asks that before a device joins a run, so that no program can join a thousand times.',
  unasked: 'The page of a run opens this one when you join.',
  allRuns: 'All runs',
  tryAgain: 'Try again',
  loadAgain: 'Load it again',
  loading: 'Loading the check…',
  asking: 'Cloudflare checks it, mostly by itself. If it shows a box, tick it.',
  passing: 'Telling the platform…',
  passed: (runHref: string): ComponentChildren => (
    <>
      <strong>You are through.</strong> Your device joins by itself. Close this window, or go{' '}
      <a href={runHref}>back to the run</a>.
    </>
  ),
  unkept:
    'You have passed, but this browser keeps nothing of this site, so the run’s page cannot know. Allow the site to store data, or use a window that does, and join again.',
  unsupported: `This browser is too old for Cloudflare’s check. ${otherwise}`,
  unloaded: (): ComponentChildren => (
    <>
      The check did not load. It comes from <code>challenges.cloudflare.com</code>, which a blocker or your
      network may keep out. Allow it and load this page again. {otherwise}
    </>
  ),
  failed: (why: string): string => `That did not work: ${why}. ${otherwise}`,
  cloudflareSays: (code: string): string => `Cloudflare says ${code}`,
  told: 'Cloudflare sees your address in the network and properties of your browser. Homeroom tells it neither your name nor what you train. You can close this window and watch the run without it.',
};
export type PersonWords = Readonly<typeof person>;
