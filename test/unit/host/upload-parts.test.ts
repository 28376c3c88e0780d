import { describe, expect, it } from 'vitest';
import { PartUploader } from '../../../client/host/upload-parts.ts';
import { RefusedError } from '../../../client/platform/call-platform.ts';
import { HomeroomClient } from '../../../client/platform/homeroom-client.ts';

const blobOf = (name: string) => ({ sha256: name, bytes: Uint8Array.of(name.length) });

/** A platform that says what it is sent, in order, and ends a call when the test lets it. */
class HeldPlatform extends HomeroomClient {
  readonly begun: string[] = [];
  readonly ended: string[] = [];
  readonly there = new Set<string>();
  readonly refuses = new Set<string>();
  private readonly waiting = new Map<string, () => void>();

  constructor() {
    super('http://nowhere.test');
    this.lackingBlobs = async names => names.filter(name => !this.there.has(name));
    this.putBlob = async sha256 => {
      if (this.refuses.has(sha256)) throw new RefusedError(413, 'too-large', 'too large', undefined);
      this.begun.push(sha256);
      await new Promise<void>(resolve => this.waiting.set(sha256, resolve));
      this.ended.push(sha256);
    };
  }

  /** Ends a call as soon as it has begun. */
  letGo = async (sha256: string): Promise<void> => {
    while (!this.waiting.has(sha256)) await settle();
    this.waiting.get(sha256)?.();
    await settle();
  };
}

/** Until everything that waits for nothing outside has happened. */
const settle = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 0));

const isPending = async (promise: Promise<unknown>): Promise<boolean> => {
  let isDone = false;
  promise.then(
    () => (isDone = true),
    () => (isDone = true),
  );
  await settle();
  return !isDone;
};

describe('an upload of parts that are made one after another', () => {
  it('sends the first alone, four at once after it, and the last after all others', async () => {
    const platform = new HeldPlatform();
    const uploader = new PartUploader(platform);
    await uploader.add(blobOf('a'));
    const second = uploader.add(blobOf('b'));
    await settle();
    expect(platform.begun).toEqual(['a']);
    await platform.letGo('a');
    await second;
    for (const name of ['c', 'd', 'e', 'f']) await uploader.add(blobOf(name));
    const full = uploader.add(blobOf('g'));
    expect(await isPending(full)).toBe(true);
    expect(platform.begun).toEqual(['a', 'b', 'c', 'd', 'e']);
    await platform.letGo('c');
    await full;
    const finished = uploader.finish();
    expect(await isPending(finished)).toBe(true);
    expect(platform.begun).not.toContain('g');
    for (const name of ['b', 'd', 'e', 'f', 'g']) await platform.letGo(name);
    await finished;
    expect(platform.ended.at(-1)).toBe('g');
  });

  it('sends nothing that is there already', async () => {
    const platform = new HeldPlatform();
    platform.there.add('a').add('b');
    const uploader = new PartUploader(platform);
    await uploader.add(blobOf('a'));
    await uploader.add(blobOf('b'));
    await uploader.finish();
    expect(platform.begun).toEqual([]);
  });

  it('of one part is sent when it is finished, and of none is nothing', async () => {
    const platform = new HeldPlatform();
    const uploader = new PartUploader(platform);
    await uploader.finish();
    await uploader.add(blobOf('a'));
    expect(platform.begun).toEqual([]);
    const finished = uploader.finish();
    await platform.letGo('a');
    await finished;
    expect(platform.ended).toEqual(['a']);
  });

  it.each(['a', 'b', 'c'])('tells that %s of three was refused', async refused => {
    const platform = new HeldPlatform();
    platform.there.add('a').add('b').add('c').delete(refused);
    platform.refuses.add(refused);
    const uploader = new PartUploader(platform);
    const sent = async (): Promise<void> => {
      for (const name of ['a', 'b', 'c']) await uploader.add(blobOf(name));
      await uploader.finish();
    };
    await expect(sent()).rejects.toThrow('too large');
  });
});
