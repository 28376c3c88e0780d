import { signal } from '@preact/signals';

/** Whether the platform has other pages by now than those that this tab was loaded from. */
export const isNewerThere = signal(false);

/** It is a file, which costs a deployment nothing. Each tab asks so often, and when its connection comes back. */
const LOOK_EVERY_MS = 600_000;

/** A deploy ends every event socket, so a tab that shows a run hears of it at once. */
export function watchForNewerPage(): void {
  setInterval(() => void lookForNewerPage(), LOOK_EVERY_MS);
}

let isLooking = false;

/**
 * Compares the script that this tab has with the one that the platform names now. A build names its files by their content, so
 * they differ if anything does that this tab has loaded or may load. What is not known is not said. It never rejects.
 */
export async function lookForNewerPage(): Promise<void> {
  if (isLooking || isNewerThere.value) return;
  isLooking = true;
  const there = await entryThere().catch(() => null);
  isLooking = false;
  const own = document.querySelector('script[type=module][src]')?.getAttribute('src') ?? null;
  if (there !== null && own !== null && there !== own) isNewerThere.value = true;
}

async function entryThere(): Promise<string | null> {
  const response = await fetch(location.pathname, { cache: 'no-store' });
  return response.ok ? entryOf(await response.text()) : null;
}

/** The script of a page. Null if it is no page of ours, such as that of a guest network. */
export const entryOf = (html: string): string | null =>
  /<script type="module"[^>]*\ssrc="(\/assets\/index-[^"]+)"/.exec(html)?.[1] ?? null;
