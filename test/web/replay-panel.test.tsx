import { render, screen } from '@testing-library/preact';
import { describe, expect, it } from 'vitest';
import { describeKeeping, ReplayPanel } from '../../client/web/run/replay-panel.tsx';
import { factsOf, RUN } from './some-run.ts';

describe('the panel about checking', () => {
  it('has the command to copy, for how long it works, and where to read what it proves', () => {
    const { container } = render(<ReplayPanel run={RUN} policy={factsOf().spec.policy} />);
    const command = screen.getByLabelText('Command that recomputes this run');
    expect(command).toMatchObject({ value: `npx homeroom replay ${location.origin}/#/runs/${RUN}` });
    expect(container.textContent).toContain('Updates are kept for 50 rounds.');
    expect(screen.getByRole('link').getAttribute('href')).toBe('#/check');
  });

  it('says until when the updates of a run that has ended are kept, and if they are gone', () => {
    const policy = { keepRounds: 0 };
    expect(describeKeeping(policy, { days: 30 })).toBe(
      'When the run has ended, its updates stay for 30 days.',
    );
    expect(describeKeeping(policy, { until: Date.UTC(2026, 11, 28, 12) })).toMatch(/until .*28/);
    expect(describeKeeping(policy, { isGone: true })).toContain('deleted');
  });

  it.each([
    [0, 'Updates are kept for good.'],
    [1, 'Updates are kept for 1 round.'],
    [20, 'Updates are kept for 20 rounds.'],
  ])('says of %i rounds: %s', (keepRounds, words) => {
    expect(describeKeeping({ keepRounds })).toBe(words);
  });
});
