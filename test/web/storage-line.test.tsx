import { fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { afterEach, describe, expect, it } from 'vitest';
import { StorageLine } from '../../client/web/volunteering/storage-line.tsx';
import {
  blobCache,
  clearDownloads,
  clearUpdates,
  outboxStore,
  residualStore,
} from '../../client/web/volunteering/volunteer-stores.ts';

const used = (): string | null => screen.getByTestId('storage-used').textContent;
const waiting = (): string | null => screen.queryByTestId('storage-updates')?.textContent ?? null;
const click = (name: string): boolean => fireEvent.click(screen.getByRole('button', { name }));

afterEach(async () => {
  await clearDownloads();
  await clearUpdates();
});

describe('the line on storage', () => {
  it('says what is kept, also while more comes', async () => {
    await blobCache.put('a'.repeat(64), new Uint8Array(1_500));
    render(<StorageLine />);
    await waitFor(() => expect(used()).toBe('1.5\u00a0kB'));
    await blobCache.put('b'.repeat(64), new Uint8Array(1_000));
    await waitFor(() => expect(used()).toBe('2.5\u00a0kB'));
  });

  it('clears it at a click, residuals included', async () => {
    await blobCache.put('a'.repeat(64), new Uint8Array(1_500));
    await residualStore.put('c'.repeat(64), new Uint8Array(2_000));
    render(<StorageLine />);
    await waitFor(() => expect(used()).toBe('3.5\u00a0kB'));
    click('Clear');
    await waitFor(() => expect(used()).toBe('0\u00a0B'));
    expect(await blobCache.get('a'.repeat(64))).toBeUndefined();
    expect(await residualStore.get('c'.repeat(64))).toBeUndefined();
  });

  it('says which updates wait to be sent, of whichever run', async () => {
    await outboxStore.put('d'.repeat(64), new Uint8Array(3_000));
    render(<StorageLine />);
    await waitFor(() => expect(waiting()).toBe('1 update waits to be sent (3.0\u00a0kB).'));
    await outboxStore.put('e'.repeat(64), new Uint8Array(1_000));
    await waitFor(() => expect(waiting()).toBe('2 updates wait to be sent (4.0\u00a0kB).'));
    await outboxStore.remove('d'.repeat(64));
    await outboxStore.remove('e'.repeat(64));
    await waitFor(() => expect(waiting()).toBeNull());
  });

  it('asks before it clears updates that wait, and can leave them', async () => {
    await blobCache.put('a'.repeat(64), new Uint8Array(1_500));
    await outboxStore.put('d'.repeat(64), new Uint8Array(3_000));
    render(<StorageLine />);
    await waitFor(() => expect(waiting()).not.toBeNull());
    click('Clear');
    expect(used()).toBe('1.5\u00a0kB');
    click('Keep the updates');
    await waitFor(() => expect(used()).toBe('0\u00a0B'));
    expect(await outboxStore.list()).toHaveLength(1);
    click('Clear');
    click('Clear all and lose the updates');
    await waitFor(() => expect(waiting()).toBeNull());
    expect(await outboxStore.list()).toEqual([]);
    expect(screen.getByRole('button', { name: 'Clear' })).toHaveProperty('disabled', true);
  });

  it('has nothing to clear at first', () => {
    render(<StorageLine />);
    expect(used()).toBe('0\u00a0B');
    expect(screen.getByRole('button', { name: 'Clear' })).toHaveProperty('disabled', true);
  });
});
