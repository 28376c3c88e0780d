import { fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { afterEach, describe, expect, it } from 'vitest';
import { StorageLine } from '../../client/web/volunteering/storage-line.tsx';
import { blobCache, clearStored, residualStore } from '../../client/web/volunteering/volunteer-stores.ts';

const used = (): string | null => screen.getByTestId('storage-used').textContent;

afterEach(clearStored);

describe('the line on storage', () => {
  it('says what is kept, also while more comes', async () => {
    await blobCache.put('a'.repeat(64), new Uint8Array(1_500));
    render(<StorageLine />);
    await waitFor(() => expect(used()).toBe('1.5 kB'));
    await blobCache.put('b'.repeat(64), new Uint8Array(1_000));
    await waitFor(() => expect(used()).toBe('2.5 kB'));
  });

  it('clears it at a click, residuals included', async () => {
    await blobCache.put('a'.repeat(64), new Uint8Array(1_500));
    await residualStore.put('c'.repeat(64), new Uint8Array(2_000));
    render(<StorageLine />);
    await waitFor(() => expect(used()).toBe('3.5 kB'));
    fireEvent.click(screen.getByRole('button', { name: 'Clear' }));
    await waitFor(() => expect(used()).toBe('0 B'));
    expect(await blobCache.get('a'.repeat(64))).toBeUndefined();
    expect(await residualStore.get('c'.repeat(64))).toBeUndefined();
  });

  it('has nothing to clear at first', () => {
    render(<StorageLine />);
    expect(used()).toBe('0 B');
    expect(screen.getByRole('button', { name: 'Clear' })).toHaveProperty('disabled', true);
  });
});
