import { act, render, screen } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SaidSeldom } from '../../client/web/ui/said-seldom.tsx';

const said = (): string => screen.getByTestId('said').textContent ?? '';

const wait = (ms: number): void => void act(() => void vi.advanceTimersByTime(ms));

describe('what a screen reader is told of what goes on', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('begins with nothing, since what is there can be read', () => {
    render(<SaidSeldom state="open" text="open: 1 round" />);
    wait(100_000);
    expect(said()).toBe('');
  });

  it('says a change of state at once', () => {
    const { rerender } = render(<SaidSeldom state="open" text="open: 1 round" />);
    rerender(<SaidSeldom state="paused" text="paused: 1 round" />);
    expect(said()).toBe('paused: 1 round');
  });

  it('says of a flood of changes the last one, after a rest', () => {
    const { rerender } = render(<SaidSeldom state="open" text="0" />);
    for (let round = 1; round <= 50; round++) {
      rerender(<SaidSeldom state="open" text={String(round)} />);
      wait(1_000);
    }
    expect(said()).toBe('');
    wait(10_000);
    expect(said()).toBe('50');
    rerender(<SaidSeldom state="open" text="51" />);
    wait(30_000);
    expect(said()).toBe('50');
    wait(30_000);
    expect(said()).toBe('51');
  });

  it('says nothing of what has passed when the state changes in between', () => {
    const { rerender } = render(<SaidSeldom state="open" text="0" />);
    rerender(<SaidSeldom state="open" text="1" />);
    rerender(<SaidSeldom state="finished" text="finished" />);
    wait(100_000);
    expect(said()).toBe('finished');
  });
});
