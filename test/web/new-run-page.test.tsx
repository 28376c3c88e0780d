import { fireEvent, screen, waitFor, within } from '@testing-library/preact';
import { beforeEach, describe, expect, it } from 'vitest';
import { newRunFrom, newRunHref, parseRoute, route } from '../../client/web/state/router.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { leave, pick, placeholderOf, show, showAt, submit, type } from './new-run-kit.tsx';
import { factsOf, viewOf } from './some-run.ts';

beforeEach(() => {
  route.value = parseRoute(newRunHref);
});

describe('the name of a new run', () => {
  it('is made if none is typed, and shown before', () => {
    show();
    expect(placeholderOf('Name')).toMatch(/^Digits, \d+ \w+$/);
  });

  it('that another run has is told with its day and id, and another one is offered', async () => {
    show();
    type('Name', 'Digits of room 12');
    await screen.findByText(/There is a run of this name already, of 27 November \(abcd\)\./);
    fireEvent.click(screen.getByText('Call this one “Digits of room 12 (2)”'));
    await waitFor(() => expect(screen.queryByTestId('name-taken')).toBeNull());
    expect(screen.getByLabelText('Name')).toHaveProperty('value', 'Digits of room 12 (2)');
  });
});

describe('an error', () => {
  it('comes when its field is left, and not before', async () => {
    show();
    type('Rounds', '0');
    expect(screen.getByTestId('error-rounds').textContent).toBe('');
    leave('Rounds');
    await waitFor(() => expect(screen.getByTestId('error-rounds').textContent).toBe('At least 1.'));
    expect(screen.getByLabelText('Rounds').getAttribute('aria-invalid')).toBe('true');
  });

  it('stands at its field, for eyes and for screen readers, and the first takes the focus', async () => {
    show();
    type('Target accuracy, %', '0');
    type('Rounds', '0');
    submit();
    await waitFor(() => expect(screen.getByTestId('error-rounds').textContent).toBe('At least 1.'));
    const field = screen.getByLabelText('Rounds');
    expect(field.getAttribute('aria-describedby')?.split(' ')).toContain('error-rounds');
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Target accuracy, %')));
  });

  it('is told in a summary that is read aloud, whose lines lead to their fields', async () => {
    show();
    type('Batch size', '0');
    type('Rounds', 'x');
    submit();
    const summary = await screen.findByTestId('error-summary');
    expect(summary.closest('[role=alert]')).toBeTruthy();
    expect(summary.textContent).toContain('2 fields are not right yet:');
    fireEvent.click(within(summary).getByText('Batch size'));
    expect(document.activeElement).toBe(screen.getByLabelText('Batch size'));
  });

  it('goes as soon as its field is touched, the others stay', async () => {
    show();
    type('Rounds', '0');
    type('Batch size', '0');
    submit();
    await waitFor(() => expect(screen.getByTestId('error-rounds').textContent).toBe('At least 1.'));
    type('Rounds', '3');
    await waitFor(() => expect(screen.getByTestId('error-rounds').textContent).toBe(''));
    expect(screen.getByTestId('error-batch').textContent).toBe('At least 1.');
  });

  it('in folded settings unfolds them', async () => {
    show();
    type('Batch size', '0');
    submit();
    const field = screen.getByLabelText('Batch size');
    await waitFor(() => expect(field.closest('details')?.open).toBe(true));
    await waitFor(() => expect(document.activeElement).toBe(field));
  });

  it('in settings of a plan unfolds all that they are folded into', async () => {
    show();
    pick('plan', 'growing');
    const field = await screen.findByLabelText('Passes over a task’s examples');
    fireEvent.input(field, { target: { value: '0' } });
    submit();
    await waitFor(() => expect(document.activeElement).toBe(field));
    const folded = [field.closest('details'), field.closest('.choose')];
    expect(folded.map(details => details?.hasAttribute('open'))).toEqual([true, true]);
  });
});

describe('what is typed', () => {
  it('is here again when the form is opened anew, but not a key', async () => {
    const first = show();
    type('Name', 'Half a thought');
    type('Rounds', '7');
    pick('plan', 'growing');
    first.unmount();
    show();
    expect(screen.getByLabelText('Name')).toHaveProperty('value', 'Half a thought');
    expect(screen.getByLabelText('Rounds')).toHaveProperty('value', '7');
    expect(document.querySelector('input[name=plan]:checked')).toHaveProperty('value', 'growing');
    expect(screen.getByTestId('start-notes').textContent).toContain('is here again');
  });

  it('can be thrown away', async () => {
    const first = show();
    type('Rounds', '7');
    first.unmount();
    show();
    fireEvent.click(screen.getByText('Start anew'));
    await waitFor(() => expect(screen.getByLabelText('Rounds')).toHaveProperty('value', '20'));
    expect(screen.queryByTestId('start-notes')).toBeNull();
  });
});

describe('a run that is cloned', () => {
  it('fills the form with its settings, and leaves the name free', async () => {
    const info = { ...factsOf(), view: viewOf() };
    showAt(newRunFrom(info.run), [], { [paths.run(info.run)]: () => [200, info] });
    await screen.findByText(/^These are the settings of “Digits”. Its network was its host’s own/);
    expect(screen.getByLabelText('Rounds')).toHaveProperty('value', String(info.spec.rounds));
    expect(screen.getByLabelText('Name')).toHaveProperty('value', '');
  });

  it('says that its join code is not taken over, so that nobody opens a closed run to all', async () => {
    const info = { ...factsOf(), needsCode: true, view: viewOf() };
    showAt(newRunFrom(info.run), [], { [paths.run(info.run)]: () => [200, info] });
    await screen.findByText(/A code is not taken over: write one under “More settings”/);
    expect(screen.getByLabelText('Join code')).toHaveProperty('value', '');
  });

  it('says nothing of a code if it needs none', async () => {
    const info = { ...factsOf(), needsCode: false, view: viewOf() };
    showAt(newRunFrom(info.run), [], { [paths.run(info.run)]: () => [200, info] });
    await screen.findByText(/^These are the settings/);
    expect(screen.queryByText(/A code is not taken over/)).toBeNull();
  });

  it('that cannot be read leaves the form as it is, and says why', async () => {
    showAt(newRunFrom('gone42'), [], {
      [paths.run('gone42')]: () => [404, { reason: 'not-found' }],
    });
    await screen.findByText(/^The settings of the run could not be read: /);
    expect(screen.getByLabelText('Rounds')).toHaveProperty('value', '20');
  });
});

describe('what a run takes', () => {
  it('is told before it is made, and follows what is typed', async () => {
    localStorage.setItem('homeroom:device-speed', '1000000000');
    show();
    const length = screen.getByTestId('run-length');
    const before = length.textContent;
    expect(before).toMatch(/^About [\d.]+ (s|min) with one device like this one/);
    type('Rounds', '2000');
    await waitFor(() => expect(length.textContent).not.toBe(before));
  });

  it('offers to measure a device that it does not know', () => {
    show();
    expect(screen.getByTestId('measure-device').textContent).toBe('Measure this device');
    expect(screen.getByTestId('estimate').textContent).toMatch(/downloads at most [\d.]+\skB/);
  });
});
