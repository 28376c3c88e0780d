import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { describe, expect, it, vi } from 'vitest';
import { InvitePanel } from '../../client/web/run/invite-panel.tsx';
import { forgetHostKey, keepHostKey } from '../../client/web/state/host-keys.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { factsOf, RUN } from './some-run.ts';
import { stubPlatform } from './stub-platform.ts';

const link = `${location.origin}/#/runs/${RUN}`;

describe('the invitation', () => {
  it('is the run’s link as text and as a picture', async () => {
    render(<InvitePanel facts={factsOf()} />);
    expect(screen.getByLabelText('Link to this run')).toMatchObject({ value: link, readOnly: true });
    const picture = screen.getByRole('img', { name: `QR code of ${link}` });
    await waitFor(() => expect(picture.querySelectorAll('path').length).toBeGreaterThan(0));
  });

  it('speaks of the join code only if the run has one', () => {
    const { rerender } = render(<InvitePanel facts={factsOf()} />);
    expect(screen.queryByText(/join code/)).toBeNull();
    rerender(<InvitePanel facts={factsOf({ needsCode: true })} />);
    expect(screen.getByText(/join code/)).toBeTruthy();
  });

  it('shows the code to the host, also after a reload, and not to others', async () => {
    const code = { caller: 'host', joinCode: 'k7pq2m', archived: false };
    const heard = stubPlatform({ [paths.host(RUN)]: () => [200, code] });
    keepHostKey(RUN, 'k'.repeat(64));
    render(<InvitePanel facts={factsOf({ needsCode: true })} />);
    expect((await screen.findByTestId('join-code')).textContent).toBe('k7pq2m');
    cleanup();
    forgetHostKey(RUN);
    render(<InvitePanel facts={factsOf({ needsCode: true })} />);
    expect(screen.queryByTestId('join-code')).toBeNull();
    expect(heard).toHaveLength(1);
  });

  it('leads to the address that others can open, if the platform knows it', () => {
    render(<InvitePanel facts={factsOf({ inviteOrigin: 'http://192.168.1.20:8787' })} />);
    expect(screen.getByLabelText('Link to this run')).toHaveProperty(
      'value',
      `http://192.168.1.20:8787/#/runs/${RUN}`,
    );
    expect(screen.queryByText('npm start -- --lan')).toBeNull();
  });

  it('is copied without a clipboard too, as on http from another device, or by hand', async () => {
    vi.stubGlobal('navigator', {});
    const execCommand = vi.fn(() => true);
    document.execCommand = execCommand;
    render(<InvitePanel facts={factsOf()} />);
    fireEvent.click(screen.getByRole('button', { name: 'Copy' }));
    await screen.findByRole('button', { name: 'Copied' });
    expect(execCommand).toHaveBeenCalledWith('copy');
    cleanup();
    execCommand.mockReturnValue(false);
    render(<InvitePanel facts={factsOf()} />);
    fireEvent.click(screen.getByRole('button', { name: 'Copy' }));
    await screen.findByRole('button', { name: 'Press Ctrl or ⌘ + C' });
  });

  it('says to the host alone how other devices come in if the address is this computer’s own', () => {
    expect(location.hostname).toBe('localhost');
    render(<InvitePanel facts={factsOf()} />);
    expect(screen.queryByText('npm start -- --lan')).toBeNull();
    cleanup();
    keepHostKey(RUN, 'k'.repeat(64));
    render(<InvitePanel facts={factsOf()} />);
    expect(screen.getByText('npm start -- --lan')).toBeTruthy();
    cleanup();
    render(<InvitePanel facts={factsOf({ inviteOrigin: 'http://192.168.1.20:8787' })} />);
    expect(screen.queryByText('npm start -- --lan')).toBeNull();
    forgetHostKey(RUN);
  });

  it('is copied at a click, which the button says for a while', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const writeText = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
    render(<InvitePanel facts={factsOf()} />);
    fireEvent.click(screen.getByRole('button', { name: 'Copy' }));
    await screen.findByRole('button', { name: 'Copied' });
    expect(writeText).toHaveBeenCalledExactlyOnceWith(link);
    vi.advanceTimersByTime(2_000);
    await screen.findByRole('button', { name: 'Copy' });
    vi.useRealTimers();
  });
});
