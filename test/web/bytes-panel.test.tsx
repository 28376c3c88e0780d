import { render, screen } from '@testing-library/preact';
import { describe, expect, it } from 'vitest';
import { BytesPanel } from '../../client/web/run/bytes-panel.tsx';
import { exchangeCost } from '../../shared/view/exchange-cost.ts';
import { factsOf, viewOf } from './some-run.ts';

const { model } = factsOf();

describe('the panel of bytes', () => {
  it('says how much less was sent than with whole models, and draws all three in proportion', () => {
    const view = viewOf({ bytesUp: 100, bytesDown: 200, trainingUpdates: 10 });
    const { dense, factor } = exchangeCost(model, view);
    const { container } = render(<BytesPanel model={model} view={view} />);
    expect(screen.getByTestId('bytes-factor').textContent).toBe(`${factor?.toFixed(1)} ×`);
    const widths = [...container.querySelectorAll<HTMLElement>('.bar')].map(bar =>
      Number.parseFloat(bar.style.width),
    );
    expect(widths.map(width => Math.round(width))).toEqual(
      [100, 200, dense].map(bytes => Math.round((100 * bytes) / Math.max(200, dense))),
    );
  });

  it('compares nothing before the first update', () => {
    render(<BytesPanel model={model} view={viewOf()} />);
    expect(screen.queryByTestId('bytes-factor')).toBeNull();
  });
});
