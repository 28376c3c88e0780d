import { fireEvent, render, screen, waitFor, within } from '@testing-library/preact';
import { beforeEach, describe, expect, it } from 'vitest';
import { planSettings } from '../../client/host/plan-settings.ts';
import { NewRunPage } from '../../client/web/new-run/new-run-page.tsx';
import { newRunFrom, newRunHref, newRunWith, parseRoute, route } from '../../client/web/state/router.ts';
import { plansWords } from '../../client/web/words/plans-words.ts';
import type { Dataset } from '../../shared/protocol/dataset.ts';
import { zooNames } from '../../shared/protocol/model-zoo.ts';
import { partBytes } from '../../shared/protocol/part-size.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { planNames } from '../../shared/protocol/plan-spec.ts';
import { checkChoices, runSpecSchema } from '../../shared/protocol/run-spec.ts';
import { factsOf, viewOf } from './some-run.ts';
import { type Replies, stubPlatform } from './stub-platform.ts';

const shape = { height: 28, width: 28, channels: 1 };
const part = { sha256: 'a'.repeat(64), bytes: partBytes(shape, 1_000), examples: 1_000 };
const fashion: Dataset = {
  ...{ kind: 'hosted', name: 'fashion-mnist', shape, classes: 10 },
  ...{ partition: { kind: 'iid' }, train: [part, part], test: [part] },
};
const tinyShape = { height: 3, width: 3, channels: 1 };
const tinyPart = { sha256: 'b'.repeat(64), bytes: partBytes(tinyShape, 100), examples: 100 };
const tiny: Dataset = {
  ...{ kind: 'hosted', name: 'tiny', shape: tinyShape, classes: 10 },
  ...{ partition: { kind: 'iid' }, train: [tinyPart], test: [tinyPart] },
};
const listing = {
  ...{ run: 'abcdef', name: 'Digits of room 12', model: 'cnn', plan: 'layer-to-layer', dataset: 'glyphs' },
  ...{ phase: 'open', round: 1, rounds: 20, accuracy: null, createdAt: Date.UTC(2026, 10, 27, 12) },
};

const show = (datasets: readonly Dataset[] = [], more: Replies = {}) => {
  stubPlatform({
    [paths.datasets]: () => [200, { datasets }],
    [paths.runs]: () => [200, { runs: [listing] }],
    ...more,
  });
  return render(<NewRunPage />);
};

const showAt = (href: string, datasets: readonly Dataset[] = [], more: Replies = {}) => {
  route.value = parseRoute(href);
  return show(datasets, more);
};

beforeEach(() => {
  route.value = parseRoute(newRunHref);
});

const choose = (label: string, value: string): void =>
  void fireEvent.change(screen.getByLabelText(label), { target: { value } });
const type = (label: string, value: string): void =>
  void fireEvent.input(screen.getByLabelText(label), { target: { value } });
const leave = (label: string): void => void fireEvent.focusOut(screen.getByLabelText(label));
const pick = (name: string, value: string): void =>
  void fireEvent.click(document.querySelector(`input[name=${name}][value="${value}"]`) ?? document.body);
const submit = (): void => void fireEvent.click(screen.getByTestId('create-run'));
const optionsOf = (label: string): string[] =>
  within(screen.getByLabelText(label))
    .getAllByRole<HTMLOptionElement>('option')
    .map(({ value }) => value);
const radiosOf = (name: string): string[] =>
  [...document.querySelectorAll<HTMLInputElement>(`input[type=radio][name=${name}]`)].map(
    ({ value }) => value,
  );
const placeholderOf = (label: string): string => screen.getByLabelText<HTMLInputElement>(label).placeholder;

describe('the choices of a new run', () => {
  it('are what suits, every network of the zoo and every plan, folded away', () => {
    show();
    expect(radiosOf('model').toSorted()).toEqual(['', ...zooNames].toSorted());
    expect(radiosOf('plan')).toEqual([...planNames]);
    expect(document.querySelector('input[name=model]')?.closest('details')?.open).toBe(false);
    expect(screen.getByTestId('chosen-network').textContent).toMatch(/^cnn, because small grey pictures/);
  });

  it('tell of each network its size, its cost, its traffic and what it is good for', () => {
    show();
    const card = document.querySelector('input[value=cnn]')?.closest('.choice');
    expect(card?.textContent).toContain('any phone can train it');
    expect(card?.textContent).toContain('20.5K parameters, 82.0 kB');
    expect(card?.textContent).toContain('1M multiplications a picture');
    expect(card?.textContent).toMatch(/a volunteer: [\d.]+ kB down, [\d.]+ kB up a round/);
  });

  it('leave out networks that such pictures are too small for, and say why', async () => {
    showAt(newRunWith('tiny'), [tiny]);
    await screen.findByText(/^tiny: 100/);
    await waitFor(() => expect(radiosOf('model')).not.toContain('cnn'));
    expect(screen.getAllByText(/Needs pictures of at least 4 × 4/).length).toBeGreaterThan(0);
  });

  it('have as many segments as the chosen network has places for', async () => {
    show();
    expect(optionsOf('Segments it is cut into')).toEqual(['2', '3']);
    pick('model', 'vgg16');
    await waitFor(() =>
      expect(optionsOf('Segments it is cut into')).toEqual(['2', '3', '4', '5', '6', '7', '8']),
    );
    expect(screen.getByTestId('chosen-network').textContent).toBe('vgg16');
  });

  it('of pictures are the built-in ones and those of the platform, with how many there are', async () => {
    show([fashion]);
    expect(optionsOf('Pictures')).toEqual(['glyphs', 'digits', 'penguins']);
    await screen.findByText('fashion-mnist: 2,000 pictures, 10 classes');
    expect(optionsOf('Pictures')).toEqual(['glyphs', 'fashion-mnist', 'digits', 'penguins']);
  });

  it('of pictures include a table, for which a network for tables is the one that suits', async () => {
    show();
    choose('Pictures', 'penguins');
    await waitFor(() => expect(radiosOf('model')).toEqual(['', 'mlp']));
    expect(screen.getByText('penguins: 273 rows, 3 classes')).toBeTruthy();
    expect(screen.getByTestId('chosen-network').textContent).toMatch(/^mlp, because it is made for tables/);
  });

  it('of pictures bring their own target, which an empty field takes', async () => {
    show([fashion]);
    await screen.findByText(/fashion-mnist/);
    expect(placeholderOf('Target accuracy, %')).toBe('95');
    choose('Pictures', 'fashion-mnist');
    await waitFor(() => expect(placeholderOf('Target accuracy, %')).toBe('75'));
  });

  it('of pictures begin with those that the address names', async () => {
    showAt(newRunWith('fashion-mnist'), [fashion]);
    await screen.findByText(/fashion-mnist: 2,000/);
    expect(screen.getByLabelText('Pictures')).toHaveProperty('value', 'fashion-mnist');
  });

  it('of pictures that this platform does not have are told at their field', async () => {
    showAt(newRunWith('gone'), [fashion]);
    await screen.findByText(/fashion-mnist: 2,000/);
    submit();
    await waitFor(() =>
      expect(screen.getByTestId('error-dataset').textContent).toMatch(/^This platform has no data set gone/),
    );
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
    choose('Check before publication', 'always');
    fireEvent.click(screen.getByLabelText(/^Hold back/));
    submit();
    await waitFor(() =>
      expect(screen.getByTestId('error-check').textContent).toMatch(/^This needs held-back pictures/),
    );
    const field = screen.getByLabelText('Check before publication');
    await waitFor(() => expect(document.activeElement).toBe(field));
  });

  it('are the built-in pictures alone if the platform does not list its own', () => {
    stubPlatform({});
    render(<NewRunPage />);
    expect(optionsOf('Pictures')).toEqual(['glyphs', 'digits', 'penguins']);
  });
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

describe('a learning plan', () => {
  it.each(planNames)('%s is told in one sentence, with a drawing that says the same in words', plan => {
    show();
    const card = document.querySelector(`input[name=plan][value=${plan}]`)?.closest<HTMLElement>('.choice');
    expect(card?.textContent).toContain(plansWords().sentence(plan));
    const drawings = within(card ?? document.body).getAllByRole('img');
    for (const drawing of drawings) expect(drawing.getAttribute('aria-label')).toMatch(/: Device 1 trains/);
  });

  it('is layer-to-layer at first: some train the early layers, others the later ones on top', () => {
    show();
    const card = document.querySelector('input[value=layer-to-layer]')?.closest<HTMLElement>('.choice');
    const labels = within(card ?? document.body)
      .getAllByRole('img')
      .map(drawing => drawing.getAttribute('aria-label'));
    expect(labels).toEqual([
      'from the start: Device 1 trains part 1. Device 2 trains part 2, on top of part 1, which stays as it is. Device 3 trains part 3, on top of parts 1 to 2, which stays as it is',
      'from 70 % of the rounds: Device 1 trains part 3, on top of parts 1 to 2, which stays as it is',
    ]);
  });

  it('shows its own settings, and no other plan’s', async () => {
    show();
    pick('plan', 'growing-together');
    await screen.findByText('Settings of growing-together');
    const names = [...document.querySelectorAll('[name^=setting-]')].map(field => field.getAttribute('name'));
    expect(names).toEqual(planSettings('growing-together').map(({ name }) => `setting-${name}`));
  });

  it('labels its settings, shows the default of one that is left empty, and the choices of one that has some', async () => {
    show();
    pick('plan', 'growing-together');
    for (const setting of planSettings('growing-together')) {
      const field = await screen.findByLabelText(setting.text.label);
      if (setting.kind === 'choice') expect(optionsOf(setting.text.label)).toEqual(setting.choices);
      else expect(field).toMatchObject({ value: '', placeholder: String(setting.standard) });
    }
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
    const field = await screen.findByLabelText('Passes over a task’s pictures');
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
    expect(screen.getByTestId('estimate').textContent).toMatch(/downloads at most [\d.]+ kB/);
  });
});
