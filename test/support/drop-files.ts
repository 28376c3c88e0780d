import type { Locator } from 'playwright-core';

/** Drops files or folders of this machine on an element, as the browser's own window tells it. */
export async function dropFiles(onto: Locator, paths: readonly string[]): Promise<void> {
  await onto.scrollIntoViewIfNeeded();
  const box = await onto.boundingBox();
  if (!box) throw new Error('there is nothing to drop on');
  const drag = await onto.page().context().newCDPSession(onto.page());
  // Near the edge, where no button is.
  const at = { x: box.x + box.width / 2, y: box.y + Math.min(12, box.height / 2) };
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await drag.send('Input.dispatchDragEvent', { type, ...at, data });
  await drag.detach();
}
