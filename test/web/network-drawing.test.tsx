import { render, screen, within } from '@testing-library/preact';
import { describe, expect, it } from 'vitest';
import { NetworkDrawing } from '../../client/web/run/network-drawing.tsx';
import { type RunSpecInput, runSpecSchema } from '../../shared/protocol/run-spec.ts';
import type { RunView } from '../../shared/protocol/run-view.ts';
import { byId, factsOf, viewOf, volunteerOf } from './some-run.ts';

const show = (
  view: Partial<RunView> = {},
  plan: RunSpecInput['plan'] = { name: 'layer-to-layer' },
  changedIn: Readonly<Record<string, number>> = {},
): void => {
  const { spec } = factsOf();
  const facts = factsOf({ spec: runSpecSchema.parse({ ...spec, plan }) });
  render(<NetworkDrawing facts={facts} view={viewOf(view)} changedIn={changedIn} />);
};

const segment = (id: string): HTMLElement => screen.getByTestId(`segment-${id}`);
const body = factsOf()
  .model.segments.filter(({ kind }) => kind === 'body')
  .map(({ id }) => id);
const [early = '', late = ''] = body;
const head = factsOf().model.segments.find(({ kind }) => kind === 'head')?.id ?? '';

describe('the drawing of a network', () => {
  it('stands from the picture to the classes, each segment with who trains it', () => {
    show();
    const items = screen.getAllByRole('listitem').map(({ textContent }) => textContent);
    expect(items.at(0)).toContain('picture');
    expect(items.at(-1)).toContain('classes');
    expect(segment(early).dataset).toMatchObject({ standing: 'trained', trainedBy: 'student' });
    expect(segment(late).dataset).toMatchObject({ standing: 'trained', trainedBy: 'teacher' });
    expect(within(segment(early)).getByText('student')).toBeTruthy();
  });

  it('has volunteers at the place that they train, and those who test below', () => {
    const some = [
      volunteerOf('v1', { name: 'Ada Lovelace', role: 'student' }),
      volunteerOf('v2', { name: 'Grace Hopper', role: 'evaluator' }),
      volunteerOf('v3', { name: 'Idle' }),
    ];
    show({ volunteers: byId(...some) });
    expect(within(segment(early)).getByRole('img', { name: 'Ada Lovelace' }).textContent).toBe('AL');
    expect(within(segment(late)).queryByRole('img')).toBeNull();
    expect(screen.getByRole('img', { name: 'Grace Hopper' })).toBeTruthy();
    expect(screen.queryByText('nobody tests just now')).toBeNull();
  });

  it('tells a crowd at one place by its number', () => {
    const crowd = Array.from({ length: 40 }, (_, i) => volunteerOf(`v${i}`, { role: 'student' }));
    show({ volunteers: byId(...crowd) });
    expect(within(segment(early)).getAllByRole('img')).toHaveLength(12);
    expect(within(segment(early)).getByText('and 28 more')).toBeTruthy();
  });

  it('says of a segment that nobody trains now what it is', () => {
    show({ round: 9 });
    expect(within(segment(early)).getByText('❄ frozen')).toBeTruthy();
    expect(within(segment(head)).getByText('not needed now')).toBeTruthy();
  });

  it('says when a segment joins that is not trained yet', () => {
    show({ round: 1 }, { name: 'growing-together', growAt: 0.4 });
    expect(within(segment(late)).getByText(/^joins in round \d+$/)).toBeTruthy();
  });

  it('says in which version a segment changed, and lets the newest glow', () => {
    show({ version: 4 }, undefined, { [early]: 4, [late]: 3 });
    expect(within(segment(early)).getByText('changed in version 4').className).toBe('just-changed');
    expect(within(segment(late)).getByText('changed in version 3').className).toBe('');
    expect(segment(head).textContent).toContain('not changed yet');
  });

  it('says of a head that stays that its exit is added to the last one', () => {
    show({}, { name: 'growing-together', answer: 'sum' });
    expect(segment(head).textContent).toContain('added to the network’s last exit');
    expect(segment(early).textContent).not.toContain('added to');
  });

  it('of a plan whose heads are left out at the end, says nothing of the kind', () => {
    show({}, { name: 'growing-together', answer: 'last' });
    expect(segment(head).textContent).not.toContain('added to');
  });
});
