import { fireEvent, render, screen } from '@testing-library/preact';
import { describe, expect, it, vi } from 'vitest';
import { InvitePanel } from '../../client/web/run/invite-panel.tsx';
import { RUN } from './some-run.ts';

const link = `${location.origin}/#/runs/${RUN}`;

describe('the invitation', () => {
  it('is the run’s link as text and as a picture', () => {
    render(<InvitePanel run={RUN} needsCode={false} />);
    expect(screen.getByLabelText('Link to this run')).toMatchObject({ value: link, readOnly: true });
    const picture = screen.getByRole('img', { name: `QR code of ${link}` });
    expect(picture.querySelectorAll('path').length).toBeGreaterThan(0);
  });

  it('speaks of the join code only if the run has one', () => {
    const { rerender } = render(<InvitePanel run={RUN} needsCode={false} />);
    expect(screen.queryByText(/join code/)).toBeNull();
    rerender(<InvitePanel run={RUN} needsCode={true} />);
    expect(screen.getByText(/join code/)).toBeTruthy();
  });

  it('says how other devices come in if the address is this computer’s own', () => {
    render(<InvitePanel run={RUN} needsCode={false} />);
    expect(location.hostname).toBe('localhost');
    expect(screen.getByText('npm start -- --lan')).toBeTruthy();
  });

  it('is copied at a click, which the button says for a while', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const writeText = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
    render(<InvitePanel run={RUN} needsCode={false} />);
    fireEvent.click(screen.getByRole('button', { name: 'Copy' }));
    await screen.findByRole('button', { name: 'Copied' });
    expect(writeText).toHaveBeenCalledExactlyOnceWith(link);
    vi.advanceTimersByTime(2_000);
    await screen.findByRole('button', { name: 'Copy' });
    vi.useRealTimers();
  });
});
