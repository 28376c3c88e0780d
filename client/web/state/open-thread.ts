/**
 * Begins a thread of the page. Whoever calls it is ready for an error: some browsers have no such threads, or forbid them.
 * @throws Error in words that say what to do
 */
export function openThread(open: () => Worker): Worker {
  if (typeof Worker !== 'function')
    throw new Error(
      'this browser gives pages no threads (Web Workers), and the work would stop the page without them: open the page in a newer browser, or allow them',
    );
  return open();
}
