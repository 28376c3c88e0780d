import { render, screen, waitFor } from '@testing-library/preact';
import { describe, expect, it } from 'vitest';
import { QrCode } from '../../client/web/ui/qr-code.tsx';

describe('a text as a picture for phones', () => {
  const pathIn = (): string | null | undefined =>
    screen.getByRole('img', { name: 'QR code' }).querySelector('path')?.getAttribute('d');

  it('is drawn, and drawn anew for another text', async () => {
    const { rerender } = render(<QrCode text="http://localhost/#/runs/one" label="QR code" />);
    await waitFor(() => expect(pathIn()).toMatch(/^M/));
    const before = pathIn();
    rerender(<QrCode text="http://localhost/#/runs/two" label="QR code" />);
    await waitFor(() => expect(pathIn()).not.toBe(before));
    expect(pathIn()).toMatch(/^M/);
  });
});
