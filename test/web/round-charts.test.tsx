import { render, screen, waitFor } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RoundCharts } from '../../client/web/run/round-charts.tsx';
import { accuracySeries, lossSeries } from '../../client/web/run/round-series.ts';
import { takeLines } from './recorded-canvas.ts';
import { roundOf } from './some-run.ts';

const rounds = [
  roundOf(1, { accuracy: 0.5, testLoss: 1.5, loss: { student: 2, teacher: 1 } }),
  roundOf(2, { accuracy: 0.75, testLoss: 1.25, loss: { teacher: 0.5 } }),
  roundOf(3, { loss: { teacher: 0.25 } }),
];

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
      ['not confirmed', [50, null, null, null]],
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
  it('say in words what they show', () => {
    render(<RoundCharts rounds={rounds} target={0.95} />);
    expect(screen.getAllByRole('img').map(chart => chart.getAttribute('aria-label'))).toEqual([
      'Accuracy by round, %: 75.0 % after round 2; the target is 95.0 %',
      'Loss by round: test 1.250, student in training 2.000, teacher in training 0.250',
    ]);
  });

  it('name their lines', () => {
    render(<RoundCharts rounds={rounds} target={0.95} />);
    const [accuracy, loss] = screen.getAllByRole('list').map(({ textContent }) => textContent);
    expect([accuracy, loss]).toEqual(['testtarget', 'teststudent in trainingteacher in training']);
  });

  it('come as a table too, the latest ten rounds', () => {
    const many = Array.from({ length: 12 }, (_, i) => roundOf(i + 1, { accuracy: 0.5 }));
    render(<RoundCharts rounds={many} target={0.95} />);
    const rows = screen
      .getAllByRole('row')
      .slice(1)
      .map(row => row.textContent);
    expect(rows).toHaveLength(10);
    expect(rows[0]).toBe('3050.0 %–');
  });

  it('say by which weaker rule a role counted that had too few updates', () => {
    const last = roundOf(4, { fallback: { student: 'clipped-mean' } });
    render(<RoundCharts rounds={[last]} target={0.9} />);
    expect(screen.getByTestId('weaker-rule').textContent).toContain('student by clipped-mean');
  });

  it('say in the table which round went back, and what nobody confirmed', () => {
    const last = roundOf(4, { weightsOf: 2, accuracy: 0.75, unconfirmed: true });
    render(<RoundCharts rounds={[...rounds, last]} target={0.95} />);
    expect(screen.getAllByRole('row').at(-1)?.textContent).toBe(
      '4none: back to version 275.0 %, not confirmed–',
    );
  });

  it('say how many updates came late, in the last round and in the table', () => {
    const last = roundOf(4, { updates: { student: 2, teacher: 3 }, late: 2 });
    render(<RoundCharts rounds={[...rounds, last]} target={0.95} />);
    expect(screen.getByTestId('late').textContent).toBe(
      '2 of the 5 updates in round 4 came late and weigh less.',
    );
    expect(screen.getAllByRole('row').at(-1)?.textContent).toBe('45, 2 late––');
  });

  it('wait for the first version', () => {
    render(<RoundCharts rounds={[]} target={0.95} />);
    expect(screen.getByText('The first figures come with the first version.')).toBeTruthy();
    expect(screen.queryByRole('img')).toBeNull();
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
    const { rerender } = render(<RoundCharts rounds={rounds} target={0.95} />);
    expect(await heightsOf('green')).toEqual([50, 75]);
    rerender(<RoundCharts rounds={[...rounds, roundOf(4, { accuracy: 0.8 })]} target={0.95} />);
    expect(await heightsOf('green')).toEqual([50, 75, 80]);
  });

  it('has the target as a level line', async () => {
    render(<RoundCharts rounds={rounds} target={0.9} />);
    expect(await heightsOf('grey')).toEqual([90, 90, 90]);
  });
});
