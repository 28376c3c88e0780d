import { fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RoundCharts } from '../../client/web/run/round-charts.tsx';
import { accuracySeries, lossSeries } from '../../client/web/run/round-series.ts';
import { chooseChart } from '../../client/web/state/chart-choices.ts';
import { takeLines } from './recorded-canvas.ts';
import { roundOf } from './some-run.ts';

const rounds = [
  roundOf(1, { accuracy: 0.5, testLoss: 1.5, loss: { student: 2, teacher: 1 } }),
  roundOf(2, { accuracy: 0.75, testLoss: 1.25, loss: { teacher: 0.5 } }),
  roundOf(3, { loss: { teacher: 0.25 } }),
];

afterEach(() => chooseChart({ along: 'rounds', isError: false }));

describe('what the charts are drawn from', () => {
  it('is the accuracy in per cent, with a gap for a version that nobody has tested, and the target', () => {
    expect(accuracySeries(rounds, 0.95).map(({ label, values }) => [label, values])).toEqual([
      ['test', [50, 75, null]],
      ['target', [95, 95, 95]],
    ]);
  });

  it('has lines of their own for what nobody confirmed, and for the last way back', () => {
    const back = [
      roundOf(1, { accuracy: 0.5, unconfirmed: true }),
      roundOf(2, { accuracy: 0.75 }),
      roundOf(3, { accuracy: 0.25 }),
      roundOf(4, { accuracy: 0.75, weightsOf: 2 }),
    ];
    expect(accuracySeries(back, 0.95).map(({ label, values }) => [label, values])).toEqual([
      ['test', [null, 75, 25, 75]],
      ['test, not confirmed', [50, null, null, null]],
      ['back to version 2', [null, 75, null, 75]],
      ['target', [95, 95, 95, 95]],
    ]);
  });

  it('is the loss in the test and that of each role that trained, in the order of their parts', () => {
    expect(lossSeries(rounds).map(({ label, values }) => [label, values])).toEqual([
      ['test', [1.5, 1.25, null]],
      ['student in training', [2, null, null]],
      ['teacher in training', [1, 0.5, 0.25]],
    ]);
  });
});

describe('the charts of a run', () => {
  const captions = [
    'From 50.0 % after round 1 to 75.0 % after round 2. The target is 95.0 %.',
    'The test loss went from 1.500 to 1.250. Lower is better.',
  ];
  const charts = (): HTMLElement[] => screen.getAllByRole('application');
  const readings = (): (string | null)[] =>
    screen.getAllByTestId('chart-reading').map(({ textContent }) => textContent);

  it('say in words what they show, to those who see them and to those who hear them', () => {
    render(<RoundCharts kind="picture" rounds={rounds} target={0.95} openedAt={0} />);
    expect(charts().map(chart => chart.getAttribute('aria-label'))).toEqual([
      `Accuracy on test pictures: ${captions[0]}`,
      `Loss: ${captions[1]}`,
    ]);
    for (const caption of captions) expect(screen.getByText(caption).tagName).toBe('FIGCAPTION');
  });

  it('say in words what the best round was if it is not the last', () => {
    const fallen = [...rounds, roundOf(4, { accuracy: 0.6 })];
    render(<RoundCharts kind="picture" rounds={fallen} target={0.95} openedAt={0} />);
    expect(charts()[0]?.getAttribute('aria-label')).toContain(
      'to 60.0 % after round 4. The best was 75.0 %, after round 2.',
    );
  });

  it('name their lines, each with its latest value, and whose it is if it is older', () => {
    render(<RoundCharts kind="picture" rounds={rounds} target={0.95} openedAt={0} />);
    expect(readings()).toEqual([
      'Latest, round 3test75.0 % (version 2)target95.0 %',
      'Latest, round 3test1.250 (version 2)student in training2.000 (version 1)teacher in training0.250',
    ]);
  });

  it('are read by the arrow keys, Home and End, and say aloud what they come to', () => {
    render(<RoundCharts kind="picture" rounds={rounds} target={0.95} openedAt={0} />);
    const [chart] = charts() as [HTMLElement];
    const press = (key: string): string | null => {
      fireEvent.keyDown(chart, { key });
      return screen.getAllByTestId('chart-said')[0]?.textContent ?? null;
    };
    expect(press('ArrowLeft')).toBe('Round 3, test –, target 95.0 %');
    expect(press('ArrowLeft')).toBe('Round 2, test 75.0 %, target 95.0 %');
    expect(readings()[0]).toBe('Round 2test75.0 %target95.0 %');
    expect(press('Home')).toBe('Round 1, test 50.0 %, target 95.0 %');
    expect(press('ArrowLeft'), 'before the first is nothing').toBe('Round 1, test 50.0 %, target 95.0 %');
    expect(press('ArrowRight')).toContain('Round 2');
    expect(press('End')).toContain('Round 3');
    expect(press('Tab'), 'a key of the page').toContain('Round 3');
    expect(press('Escape')).toBe('');
    expect(readings()[0]).toContain('Latest, round 3');
  });

  it('stay where the keys came to while the run goes on', () => {
    const { rerender } = render(<RoundCharts kind="picture" rounds={rounds} target={0.95} openedAt={0} />);
    fireEvent.keyDown(charts()[0] as HTMLElement, { key: 'Home' });
    const more = [...rounds, roundOf(4, { accuracy: 0.8 })];
    rerender(<RoundCharts kind="picture" rounds={more} target={0.95} openedAt={0} />);
    expect(readings()).toEqual(['Round 1test50.0 %target95.0 %', expect.stringContaining('Latest, round 4')]);
  });

  it('go along the time if somebody wants it, and then on every run', async () => {
    const timed = rounds.map(round => ({ ...round, at: 60_000 * round.round + 30_000 }));
    const { unmount } = render(<RoundCharts kind="picture" rounds={timed} target={0.95} openedAt={30_000} />);
    fireEvent.change(screen.getByTestId('charts-along'), { target: { value: 'time' } });
    await waitFor(() => expect(readings()[0]).toContain('Latest, round 3, after 3:00'));
    unmount();
    render(<RoundCharts kind="picture" rounds={timed} target={0.95} openedAt={30_000} />);
    expect(readings()[0]).toContain('after 3:00');
  });

  it('show the error in place of the accuracy if somebody wants it', async () => {
    render(<RoundCharts kind="picture" rounds={rounds} target={0.95} openedAt={0} />);
    fireEvent.click(screen.getByRole('checkbox', { name: 'Error, logarithmic' }));
    await waitFor(() =>
      expect(charts()[0]?.getAttribute('aria-label')).toBe(
        'Error on test pictures: From 50.0 % after round 1 to 25.0 % after round 2. The target is 5.0 %.',
      ),
    );
    expect(readings()[0]).toBe('Latest, round 3test25.0 % (version 2)target5.0 %');
  });

  const stubClipboard = (clipboard: Pick<Clipboard, 'writeText'> | undefined): void => {
    vi.stubGlobal('navigator', Object.create(navigator, { clipboard: { value: clipboard } }));
  };

  /** The texts of the rows of the table that people can open. */
  const openTable = async (): Promise<(string | null)[][]> => {
    const details = screen.getByText('The figures as a table').closest('details') as HTMLDetailsElement;
    details.open = true;
    fireEvent(details, new Event('toggle'));
    return (await screen.findAllByRole('row'))
      .slice(1)
      .map(row => [...row.children].map(({ textContent }) => textContent));
  };

  it('come as a table too, with every round, which can be copied', async () => {
    const writeText = vi.fn<(text: string) => Promise<void>>(async () => {});
    stubClipboard({ writeText });
    const many = Array.from({ length: 12 }, (_, i) =>
      roundOf(i + 1, { accuracy: 0.5, at: 1_000 * (i + 1), bytesUp: 2_000 }),
    );
    render(<RoundCharts kind="picture" rounds={many} target={0.95} openedAt={0} />);
    expect(screen.queryByRole('table'), 'nobody has asked for it yet').toBeNull();
    const rows = await openTable();
    expect(rows).toHaveLength(12);
    expect(rows[0]).toEqual(['12', '0:12', '0', '50.0 %', '–', '2.0\u00a0kB', '0\u00a0B']);
    fireEvent.click(screen.getByRole('button', { name: 'Copy the table' }));
    expect((await screen.findByText('Copied')).tagName).toBe('SPAN');
    const lines = writeText.mock.calls[0]?.[0].split('\n') ?? [];
    expect(lines).toHaveLength(13);
    expect(lines[1]).toBe('1\t0:01\t0\t50.0 %\t–\t2.0\u00a0kB\t0\u00a0B');
  });

  it('say what to do if the browser lets this page copy nothing', async () => {
    stubClipboard(undefined);
    render(<RoundCharts kind="picture" rounds={rounds} target={0.95} openedAt={0} />);
    await openTable();
    fireEvent.click(screen.getByRole('button', { name: 'Copy the table' }));
    expect(await screen.findByText(/Select the table instead/)).toBeTruthy();
  });

  it('say by which weaker rule a role counted that had too few updates', () => {
    const last = roundOf(4, { fallback: { student: 'clipped-mean' } });
    render(<RoundCharts kind="picture" rounds={[last]} target={0.9} openedAt={0} />);
    expect(screen.getByTestId('weaker-rule').textContent).toContain('student by clipped-mean');
  });

  it('say in the table which round went back, and what nobody confirmed', async () => {
    const last = roundOf(4, { weightsOf: 2, accuracy: 0.75, unconfirmed: true });
    render(<RoundCharts kind="picture" rounds={[...rounds, last]} target={0.95} openedAt={0} />);
    expect((await openTable())[0]?.slice(2, 5)).toEqual([
      'none: back to version 2',
      '75.0 %, not confirmed',
      '–',
    ]);
  });

  it('say how many updates came late, in the last round and in the table', async () => {
    const last = roundOf(4, { updates: { student: 2, teacher: 3 }, late: 2 });
    render(<RoundCharts kind="picture" rounds={[...rounds, last]} target={0.95} openedAt={0} />);
    expect(screen.getByTestId('late').textContent).toBe(
      '2 of the 5 updates in round 4 came late and weigh less.',
    );
    expect((await openTable())[0]?.slice(0, 3)).toEqual(['4', '0:00', '5, 2 late']);
  });

  it('wait for the first version', () => {
    render(<RoundCharts kind="picture" rounds={[]} target={0.95} openedAt={0} />);
    expect(screen.getByText('The first figures come with the first version.')).toBeTruthy();
    expect(screen.queryByRole('application')).toBeNull();
  });
});

describe('a chart on its canvas', () => {
  const colors = document.createElement('style');
  colors.textContent = '.chart-box { --accuracy: green; --target: grey }';

  beforeEach(() => {
    document.head.append(colors);
    takeLines();
  });
  afterEach(() => colors.remove());

  /** Shares of the chart's height at which a line of this colour goes, over what has been drawn since the last time. */
  const heightsOf = async (color: string): Promise<number[]> => {
    const line = await waitFor(() => {
      const found = takeLines().find(drawn => drawn.color === color);
      if (!found) throw new Error(`no line in ${color} yet`);
      return found;
    });
    const { top, height } = (document.querySelector('.u-over') as HTMLElement).style;
    const [above, whole] = [top, height].map(Number.parseFloat) as [number, number];
    return line.points.map(([, y]) => Math.round((100 * (above + whole - y)) / whole));
  };

  it('has the tested rounds at the height of their accuracy, and goes on with the run', async () => {
    const { rerender } = render(<RoundCharts kind="picture" rounds={rounds} target={0.95} openedAt={0} />);
    expect(await heightsOf('green')).toEqual([50, 75]);
    rerender(
      <RoundCharts
        kind="picture"
        rounds={[...rounds, roundOf(4, { accuracy: 0.8 })]}
        target={0.95}
        openedAt={0}
      />,
    );
    expect(await heightsOf('green')).toEqual([50, 75, 80]);
  });

  it('has the target as a level line', async () => {
    render(<RoundCharts kind="picture" rounds={rounds} target={0.9} openedAt={0} />);
    expect(await heightsOf('grey')).toEqual([90, 90, 90]);
  });
});
