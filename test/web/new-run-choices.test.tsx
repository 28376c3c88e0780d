import { fireEvent, render, screen, waitFor, within } from '@testing-library/preact';
import { beforeEach, describe, expect, it } from 'vitest';
import { planSettings } from '../../client/host/plan-settings.ts';
import { NewRunPage } from '../../client/web/new-run/new-run-page.tsx';
import { newRunHref, newRunWith, parseRoute, route } from '../../client/web/state/router.ts';
import { plansWords } from '../../client/web/words/plans-words.ts';
import { zooNames } from '../../shared/protocol/model-zoo.ts';
import { planNames } from '../../shared/protocol/plan-spec.ts';
import { checkChoices, runSpecSchema } from '../../shared/protocol/run-spec.ts';
import {
  choose,
  fashion,
  optionsOf,
  pick,
  placeholderOf,
  radiosOf,
  show,
  showAt,
  submit,
  tiny,
} from './new-run-kit.tsx';
import { stubPlatform } from './stub-platform.ts';

beforeEach(() => {
  route.value = parseRoute(newRunHref);
});

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
    expect(card?.textContent).toContain('20.5K parameters, 82.0\u00a0kB');
    expect(card?.textContent).toContain('1M multiplications a picture');
    expect(card?.textContent).toMatch(/a volunteer: [\d.]+\skB down, [\d.]+\skB up a round/);
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
    expect(optionsOf('Data')).toEqual(['glyphs', 'digits', 'penguins']);
    await screen.findByText('fashion-mnist: 2,000 pictures, 10 classes');
    expect(optionsOf('Data')).toEqual(['glyphs', 'fashion-mnist', 'digits', 'penguins']);
  });

  it('of pictures include a table, for which a network for tables is the one that suits', async () => {
    show();
    choose('Data', 'penguins');
    await waitFor(() => expect(radiosOf('model')).toEqual(['', 'mlp']));
    expect(screen.getByText('penguins: 273 rows, 3 classes')).toBeTruthy();
    expect(screen.getByTestId('chosen-network').textContent).toMatch(/^mlp, because it is made for tables/);
  });

  it('of pictures bring their own target, which an empty field takes', async () => {
    show([fashion]);
    await screen.findByText(/fashion-mnist/);
    expect(placeholderOf('Target accuracy, %')).toBe('95');
    choose('Data', 'fashion-mnist');
    await waitFor(() => expect(placeholderOf('Target accuracy, %')).toBe('75'));
  });

  it('of pictures begin with those that the address names', async () => {
    showAt(newRunWith('fashion-mnist'), [fashion]);
    await screen.findByText(/fashion-mnist: 2,000/);
    expect(screen.getByLabelText('Data')).toHaveProperty('value', 'fashion-mnist');
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
      expect(screen.getByTestId('error-check').textContent).toMatch(/^This needs held-back data/),
    );
    const field = screen.getByLabelText('Check before publication');
    await waitFor(() => expect(document.activeElement).toBe(field));
  });

  it('are the built-in pictures alone if the platform does not list its own', () => {
    stubPlatform({});
    render(<NewRunPage />);
    expect(optionsOf('Data')).toEqual(['glyphs', 'digits', 'penguins']);
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
