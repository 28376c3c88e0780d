import { describe, expect, it } from 'vitest';
import { openThread } from '../../client/web/state/open-thread.ts';

const describeAs = (message: string): string => `it broke: ${message}`;

class BreakingWorker extends EventTarget {
  isEnded = false;
  terminate(): void {
    this.isEnded = true;
  }
  postMessage(): void {}
}

const isWorker = (thread: unknown): thread is Worker => thread instanceof BreakingWorker;

function breaking(): { worker: Worker; fake: BreakingWorker } {
  const fake = new BreakingWorker();
  if (!isWorker(fake)) throw new Error('it is none');
  return { worker: fake, fake };
}

describe('a thread beside the page', () => {
  it('says in words that this browser starts none, whatever the browser throws', async () => {
    const thread = openThread(() => {
      throw new DOMException('no', 'SecurityError');
    }, describeAs);
    await expect(thread.broken).rejects.toThrow(/^this browser lets the page do nothing in the background/);
    thread.terminate();
  });

  it('says that it broke', async () => {
    const { worker, fake } = breaking();
    const thread = openThread(() => worker, describeAs);
    fake.dispatchEvent(Object.assign(new Event('error', { cancelable: true }), { message: 'out of memory' }));
    await expect(thread.broken).rejects.toThrow('it broke: out of memory');
    thread.terminate();
    expect(fake.isEnded).toBe(true);
  });
});
