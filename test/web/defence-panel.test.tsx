import { render, screen } from '@testing-library/preact';
import { describe, expect, it } from 'vitest';
import { DefencePanel } from '../../client/web/run/defence-panel.tsx';
import { RunHeader } from '../../client/web/run/run-header.tsx';
import { VolunteerTable } from '../../client/web/run/volunteer-table.tsx';
import type { RunView } from '../../shared/protocol/run-view.ts';
import { byId, factsOf, RUN, roundOf, viewOf, volunteerOf } from './some-run.ts';

const show = (change: Partial<RunView>, isOver = false) =>
  render(
    <DefencePanel spec={{ ...factsOf().spec, root: { parts: 1 } }} view={viewOf(change)} isOver={isOver} />,
  );

describe('what defends a run', () => {
  it('[CHECK12] is told with what does not, and with the way to a page on trust', () => {
    show({ goals: { whole: 4 } });
    expect(screen.getByTestId('defence-gap').textContent).toContain(
      'a single volunteer can make the network worse',
    );
    expect(screen.getByRole('link', { name: 'Whom you trust' }).getAttribute('href')).toBe('#/trust');
    expect(screen.queryByTestId('check-strip')).toBeNull();
  });

  it('[CHECK12] is told of a run that is over only as far as it counts still', () => {
    const rounds = [roundOf(1, { harmful: 2 })];
    show({ goals: { whole: 4 }, rounds }, true);
    expect(screen.queryByTestId('defence-gap')).toBeNull();
    expect(screen.queryByText(/take part in it/)).toBeNull();
    expect(screen.getByText(/2 updates/)).toBeTruthy();
  });

  it('[CHECK12] is a mark for each version, in forms that can be told apart and words that can be heard', () => {
    const check = { before: 2, after: 1.5 };
    const rounds = [
      roundOf(1, { check }),
      roundOf(2, { check, harmful: 1 }),
      roundOf(3, { taken: false }),
      roundOf(4, { check: null }),
    ];
    show({ rounds, volunteers: byId(volunteerOf('host00', { referee: true })) });
    const marks = screen.getAllByRole('listitem').map(({ textContent }) => textContent);
    expect(marks).toEqual([
      '●version 1, checked and published: loss 1.500 after 2.000',
      '◐version 2, published without the updates that made it worse: loss 1.500 after 2.000',
      '✕version 3, nothing of the round was taken',
      '○version 4, published unchecked',
    ]);
  });

  it('[CHECK12] says at the head of the page that a version is checked, and again', () => {
    const head = (turn: number) =>
      render(
        <RunHeader facts={factsOf()} view={viewOf({ checking: { version: 3, turn } })} isConnected={true} />,
      ).container.textContent;
    expect(head(1)).toContain('A referee checks version 3 before it is out.');
    expect(head(2)).toContain('would have made the network worse');
  });

  it('[CHECK12] shows whose updates made a version worse', () => {
    const volunteers = byId(volunteerOf('malory', { harmful: 2 }), volunteerOf('ada'));
    render(<VolunteerTable kind="picture" run={RUN} view={viewOf({ volunteers })} policy={{ cohorts: 1 }} />);
    expect(screen.getAllByText('made it worse').length).toBe(1);
  });
});
