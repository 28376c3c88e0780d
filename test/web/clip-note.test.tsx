import { render, screen } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { ClipNote } from '../../client/web/run/clip-note.tsx';
import { smallConfig } from '../unit/federation/small-run.ts';

const textOf = (robust: object, aggregation: 'clipped-mean' | 'mean' = 'clipped-mean'): string => {
  const { container } = render(<ClipNote config={smallConfig({ robust, aggregation })} />);
  return container.textContent ?? '';
};

test('says which tasks the host’s machine did not measure, and nothing if it measured all', () => {
  const norms = { 'segment-2': 1 };
  expect(textOf({ norms })).toContain('how long updates of segment-1 + head-1 are');
  expect(textOf({})).toContain('segment-1 + head-1; segment-2 are');
  expect(textOf({ norms: { ...norms, 'segment-1,head-1': 1 } })).toBe('');
});

test('says nothing of a run without a clip, or with that of an older release', () => {
  expect([textOf({}, 'mean'), textOf({ clip: 'three-rounds' })]).toEqual(['', '']);
  expect(screen.queryByLabelText('Clipping')).toBeNull();
});
