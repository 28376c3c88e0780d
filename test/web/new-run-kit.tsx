import { fireEvent, render, screen, within } from '@testing-library/preact';
import { NewRunPage } from '../../client/web/new-run/new-run-page.tsx';
import { parseRoute, route } from '../../client/web/state/router.ts';
import type { Dataset } from '../../shared/protocol/dataset.ts';
import { partBytes } from '../../shared/protocol/part-size.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { type Replies, stubPlatform } from './stub-platform.ts';

/** The form of a new run, and what people do in it. */

const shape = { height: 28, width: 28, channels: 1 };
const part = { sha256: 'a'.repeat(64), bytes: partBytes(shape, 1_000), examples: 1_000 };
export const fashion: Dataset = {
  ...{ kind: 'hosted', name: 'fashion-mnist', shape, classes: 10 },
  ...{ partition: { kind: 'iid' }, train: [part, part], test: [part] },
};
const tinyShape = { height: 3, width: 3, channels: 1 };
const tinyPart = { sha256: 'b'.repeat(64), bytes: partBytes(tinyShape, 100), examples: 100 };
export const tiny: Dataset = {
  ...{ kind: 'hosted', name: 'tiny', shape: tinyShape, classes: 10 },
  ...{ partition: { kind: 'iid' }, train: [tinyPart], test: [tinyPart] },
};
const listing = {
  ...{ run: 'abcdef', name: 'Digits of room 12', model: 'cnn', plan: 'layer-to-layer', dataset: 'glyphs' },
  ...{ phase: 'open', round: 1, rounds: 20, accuracy: null, createdAt: Date.UTC(2026, 10, 27, 12) },
};

export const show = (datasets: readonly Dataset[] = [], more: Replies = {}) => {
  stubPlatform({
    [paths.datasets]: () => [200, { datasets }],
    [paths.runs]: () => [200, { runs: [listing] }],
    ...more,
  });
  return render(<NewRunPage />);
};

export const showAt = (href: string, datasets: readonly Dataset[] = [], more: Replies = {}) => {
  route.value = parseRoute(href);
  return show(datasets, more);
};

export const choose = (label: string, value: string): void =>
  void fireEvent.change(screen.getByLabelText(label), { target: { value } });
export const type = (label: string, value: string): void =>
  void fireEvent.input(screen.getByLabelText(label), { target: { value } });
export const leave = (label: string): void => void fireEvent.focusOut(screen.getByLabelText(label));
export const pick = (name: string, value: string): void =>
  void fireEvent.click(document.querySelector(`input[name=${name}][value="${value}"]`) ?? document.body);
export const submit = (): void => void fireEvent.click(screen.getByTestId('create-run'));
export const optionsOf = (label: string): string[] =>
  within(screen.getByLabelText(label))
    .getAllByRole<HTMLOptionElement>('option')
    .map(({ value }) => value);
export const radiosOf = (name: string): string[] =>
  [...document.querySelectorAll<HTMLInputElement>(`input[type=radio][name=${name}]`)].map(
    ({ value }) => value,
  );
export const placeholderOf = (label: string): string =>
  screen.getByLabelText<HTMLInputElement>(label).placeholder;
