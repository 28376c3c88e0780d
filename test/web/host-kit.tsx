import { fireEvent, render, screen } from '@testing-library/preact';
import { HostControls } from '../../client/web/host/host-controls.tsx';
import { keepHostKey } from '../../client/web/state/host-keys.ts';
import { paths } from '../../shared/protocol/paths.ts';
import type { RunView } from '../../shared/protocol/run-view.ts';
import { factsOf, RUN, viewOf } from './some-run.ts';
import { type HeardCall, stubPlatform } from './stub-platform.ts';

/** A host’s panel, and what people do in it. */

export const KEY = 'k'.repeat(64);

export const click = (name: string): void => void fireEvent.click(screen.getByRole('button', { name }));

/** The switches of a host whose platform does as it is told, and what it hears. */
export const showHost = (phase: RunView['phase']): HeardCall[] => {
  keepHostKey(RUN, KEY);
  const heard = stubPlatform({ [paths.control(RUN)]: () => [200, {}] });
  render(<HostControls facts={factsOf()} view={viewOf({ phase })} />);
  return heard;
};

export const order = (action: string): HeardCall => ({
  ...{ path: paths.control(RUN), method: 'POST', key: `Bearer ${KEY}`, body: { action } },
});
