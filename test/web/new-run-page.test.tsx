import { fireEvent, render, screen, waitFor, within } from '@testing-library/preact';
import { describe, expect, it } from 'vitest';
import { planSettings, planSummary } from '../../client/host/plan-settings.ts';
import { NewRunPage } from '../../client/web/new-run/new-run-page.tsx';
import type { Dataset } from '../../shared/protocol/dataset.ts';
import { zooNames } from '../../shared/protocol/model-zoo.ts';
import { partBytes } from '../../shared/protocol/part-size.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { planNames } from '../../shared/protocol/plan-spec.ts';
import { checkChoices, runSpecSchema } from '../../shared/protocol/run-spec.ts';
import { stubPlatform } from './stub-platform.ts';

const shape = { height: 28, width: 28, channels: 1 };
const part = { sha256: 'a'.repeat(64), bytes: partBytes(shape, 1_000), examples: 1_000 };
const fashion: Dataset = {
  ...{ kind: 'hosted', name: 'fashion-mnist', shape, classes: 10 },
  ...{ partition: { kind: 'iid' }, train: [part, part], test: [part] },
};

const show = (datasets: readonly Dataset[] = []): void => {
  stubPlatform({ [paths.datasets]: () => [200, { datasets }] });
  render(<NewRunPage />);
};

const choose = (label: string, value: string): void =>
  void fireEvent.change(screen.getByLabelText(label), { target: { value } });
const type = (label: string, value: string): void =>
  void fireEvent.input(screen.getByLabelText(label), { target: { value } });
const submit = (): void => void fireEvent.click(screen.getByTestId('create-run'));
const optionsOf = (label: string): string[] =>
  within(screen.getByLabelText(label))
    .getAllByRole<HTMLOptionElement>('option')
    .map(({ value }) => value);

describe('the choices of a new run', () => {
  it('are every network of the zoo, every plan, and two to eight segments', () => {
    show();
    expect(optionsOf('Network')).toEqual([...zooNames]);
    expect(optionsOf('Learning plan')).toEqual([...planNames]);
    expect(optionsOf('Segments it is cut into')).toEqual(['2', '3', '4', '5', '6', '7', '8']);
  });

  it('of pictures are the built-in ones and those of the platform, with how many there are', async () => {
    show([fashion]);
    expect(optionsOf('Pictures')).toEqual(['glyphs']);
    await screen.findByText('fashion-mnist: 2,000 pictures, 10 classes');
    expect(optionsOf('Pictures')).toEqual(['glyphs', 'fashion-mnist']);
  });

  it('of pictures bring their own target', async () => {
    show([fashion]);
    await screen.findByText(/fashion-mnist/);
    expect(screen.getByLabelText('Target accuracy, %')).toHaveProperty('value', '95');
    choose('Pictures', 'fashion-mnist');
    await waitFor(() => expect(screen.getByLabelText('Target accuracy, %')).toHaveProperty('value', '75'));
  });

  it('[CHECK1] [BACK5] of a check before publication and of a fall in accuracy are folded away, explained, and the platform’s own at first', () => {
    show();
    const check = screen.getByLabelText('Check before publication');
    const drop = screen.getByLabelText('Largest fall, in points');
    expect(optionsOf('Check before publication').toSorted()).toEqual([...checkChoices].toSorted());
    const { check: checked, maxDrop } = runSpecSchema.shape.policy.parse({});
    expect(check).toHaveProperty('value', checked);
    expect(drop).toHaveProperty('value', `${100 * maxDrop}`);
    for (const field of [check, drop]) {
      expect(field.closest('details')?.open).toBe(false);
      const [hint = ''] = field.getAttribute('aria-describedby')?.split(' ') ?? [];
      expect(document.getElementById(hint)?.textContent).toMatch(/^(A referee|If a confirmed accuracy)/);
    }
  });

  it('[CHECK1] that cannot be kept together are told at their field', async () => {
    show();
    type('Name', 'Digits');
    choose('Check before publication', 'always');
    fireEvent.click(screen.getByLabelText(/^Hold back/));
    submit();
    await screen.findByText(/^This needs held-back pictures/);
    const field = screen.getByLabelText('Check before publication');
    await waitFor(() => expect(document.activeElement).toBe(field));
  });

  it('are the built-in pictures alone if the platform does not list its own', () => {
    stubPlatform({});
    render(<NewRunPage />);
    expect(optionsOf('Pictures')).toEqual(['glyphs']);
  });
});

describe('a learning plan', () => {
  it('says what it is and shows its own settings, and no other plan’s', async () => {
    show();
    expect(screen.getByText(planSummary('layer-to-layer'))).toBeTruthy();
    choose('Learning plan', 'growing-together');
    await screen.findByText(planSummary('growing-together'));
    const names = [...document.querySelectorAll('[name^=setting-]')].map(field => field.getAttribute('name'));
    expect(names).toEqual(planSettings('growing-together').map(({ name }) => `setting-${name}`));
    expect(screen.getByText('Settings of growing-together')).toBeTruthy();
  });

  it('labels its settings, shows the default of one that is left empty, and the choices of one that has some', async () => {
    show();
    choose('Learning plan', 'growing-together');
    for (const setting of planSettings('growing-together')) {
      const field = await screen.findByLabelText(setting.text.label);
      if (setting.kind === 'choice') expect(optionsOf(setting.text.label)).toEqual(setting.choices);
      else expect(field).toMatchObject({ value: '', placeholder: String(setting.standard) });
    }
  });
});

describe('an error', () => {
  it('stands at its field, for eyes and for screen readers, and takes the focus there', async () => {
    show();
    type('Rounds', '0');
    submit();
    const error = await screen.findByText('At least 1.');
    const field = screen.getByLabelText('Rounds');
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(field.getAttribute('aria-describedby')?.split(' ')).toContain(error.id);
    // The name is missing too, and stands before it.
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Name')));
    expect(screen.getByTestId('error-name').textContent).toBe('A name is needed.');
  });

  it('goes as soon as its field is touched, the others stay', async () => {
    show();
    type('Rounds', '0');
    submit();
    await screen.findByText('At least 1.');
    type('Rounds', '3');
    await waitFor(() => expect(screen.getByTestId('error-rounds').textContent).toBe(''));
    expect(screen.getByTestId('error-name').textContent).toBe('A name is needed.');
  });

  it('in folded settings unfolds them', async () => {
    show();
    type('Name', 'Digits');
    type('Batch size', '0');
    submit();
    const field = screen.getByLabelText('Batch size');
    await waitFor(() => expect(field.closest('details')?.open).toBe(true));
    await waitFor(() => expect(document.activeElement).toBe(field));
  });
});
