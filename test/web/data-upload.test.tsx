import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/preact';
import { describe, expect, it } from 'vitest';
import { DataDraft } from '../../client/web/data/data-draft.ts';
import { BringData } from '../../client/web/data/data-page.tsx';
import { DataUpload } from '../../client/web/data/data-upload.ts';
import { dataKeyOf } from '../../client/web/state/data-keys.ts';
import { sha256Hex } from '../../shared/math/sha256.ts';
import { encodeUtf8 } from '../../shared/math/utf8.ts';
import { hostedDatasetSchema } from '../../shared/protocol/dataset.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { refusals } from '../../shared/protocol/refusals.ts';
import { drawnFolder } from '../support/drawn-pictures.ts';
import {
  choose,
  chooseShapes,
  digits,
  errorAt,
  isBlob,
  press,
  refusal,
  sent,
  show,
  type,
} from './data-kit.tsx';
import { stubPlatform } from './stub-platform.ts';

describe('an error', () => {
  it.each([
    ['Name', '', 'Give it a name.'],
    ['Name', 'Glyphs', 'This is the name of built-in data. Choose another.'],
    ['Name', 'my digits', 'There are data of this name on this platform already. Choose another name.'],
    ['Name', 'x'.repeat(65), 'At most 64 characters.'],
    ['Size, pixels', '4', 'A whole number from 8 to 224.'],
    ['Size, pixels', '28.5', 'A whole number from 8 to 224.'],
    ['Kept for the test, %', '0', 'A number from 1 to 90.'],
    ['Name of class 1', ' ', 'A class needs a name.'],
    ['Name of class 2', 'discs', 'Another class has this name. Give each class its own.'],
  ])('of %s = %j stands at its field as soon as it is left', async (label, value, words) => {
    show({ datasets: [digits] });
    await chooseShapes();
    await screen.findByText('my digits');
    type(label, value);
    await waitFor(() => expect(errorAt(label)).toBe(words));
    expect(screen.getByLabelText(label).getAttribute('aria-invalid')).toBe('true');
  });

  it('takes the focus at the upload, and nothing is sent', async () => {
    const { heard } = show();
    await chooseShapes();
    fireEvent.input(screen.getByLabelText('Kept for the test, %'), { target: { value: 'much' } });
    press('Upload');
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Kept for the test, %')));
    expect(sent(heard, 'PUT')).toEqual([]);
  });

  it('is none for a share with a decimal comma', async () => {
    show();
    await chooseShapes();
    type('Kept for the test, %', '12,5');
    expect(await screen.findByText(/^18 pictures to train with, 2 pictures to test with/)).toBeTruthy();
    expect(errorAt('Kept for the test, %')).toBe('');
  });
});

describe('the upload', () => {
  it('sends the parts and then their description, and leads to the form for a run', async () => {
    const { heard } = show();
    await chooseShapes();
    type('Name', 'my shapes');
    type('Name of class 1', 'round');
    press('Upload');
    await screen.findByRole('heading', { name: 'my shapes is on this platform.' });
    const last = heard.filter(({ method }) => method === 'POST').at(-1);
    const dataset = hostedDatasetSchema.parse(last?.body);
    expect(dataset).toMatchObject({ name: 'my shapes', classes: 2, classNames: ['round', 'squares'] });
    const uploaded = sent(heard, 'PUT').map(({ path }) => path);
    expect(uploaded).toEqual([...dataset.train, ...dataset.test].map(({ sha256: hash }) => paths.blob(hash)));
    expect(screen.getByRole('link', { name: 'Make a run with it' }).getAttribute('href')).toBe(
      '#/new?dataset=my+shapes',
    );
  });

  it('lists what is there twice, which is kept once', async () => {
    show();
    const [first] = drawnFolder('shapes', 1);
    choose([
      ...drawnFolder('shapes', 10),
      { path: 'shapes/discs/copy.png', bytes: first?.bytes ?? Buffer.of() },
    ]);
    await screen.findByText('21 pictures in 2 classes.');
    press('Upload');
    await screen.findByTestId('uploaded');
    expect(screen.getByText('There more than once: 1')).toBeTruthy();
  });

  it('asks for the deployment key at a field if the platform does, and sends it', async () => {
    const { heard } = show({
      reply: ({ key }) => (key === 'Bearer secret' ? [201, {}] : [403, refusal('creation-closed')]),
    });
    await chooseShapes();
    press('Upload');
    await waitFor(() =>
      expect(errorAt('Deployment key')).toBe(
        'This platform asks for its deployment key before it takes data.',
      ),
    );
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Deployment key')));
    type('Deployment key', 'wrong');
    press('Upload');
    await waitFor(() => expect(errorAt('Deployment key')).toBe('This is not the key of this platform.'));
    type('Deployment key', 'secret');
    press('Upload');
    await screen.findByTestId('uploaded');
    expect(heard.filter(({ method }) => method === 'POST').at(-1)?.key).toBe('Bearer secret');
  });

  it('goes on after a failure, and what is there already is not sent again', async () => {
    const kept = new Set<string>();
    let isFull = true;
    const { heard } = show({
      kept,
      reply: ({ path }) => {
        if (!isBlob(path)) return [201, {}];
        if (kept.size > 0 && isFull) return [413, refusal('too-large')];
        kept.add(path);
        return [201, {}];
      },
    });
    await chooseShapes();
    press('Upload');
    const stopped = await screen.findByTestId('upload-stopped');
    expect(stopped.textContent).toContain(refusals['too-large'].text);
    isFull = false;
    press('Go on with the upload');
    await screen.findByTestId('uploaded');
    const first = sent(heard, 'PUT')[0]?.path;
    expect(sent(heard, 'PUT').filter(({ path }) => path === first)).toHaveLength(1);
  });

  it('that is cancelled keeps everything that was chosen', async () => {
    const { upload } = show();
    await chooseShapes();
    type('Name', 'my shapes');
    press('Upload');
    upload.cancel();
    expect((await screen.findByTestId('upload-stopped')).textContent).toMatch(/^The upload was cancelled/);
    expect(screen.getByLabelText('Name')).toHaveProperty('value', 'my shapes');
    press('Go on with the upload');
    await screen.findByTestId('uploaded');
  });

  it('refused for its name tells it at the field', async () => {
    show({
      reply: ({ method }) => (method === 'POST' ? [409, refusal('name-taken')] : [201, null]),
    });
    await chooseShapes();
    press('Upload');
    await waitFor(() => expect(errorAt('Name')).toMatch(/^There are data of this name/));
  });
});

describe('the list of data', () => {
  it('has the built-in ones and those of the platform, with counts and a way to a run', async () => {
    show({ datasets: [digits] });
    const list = screen.getByTestId('dataset-list');
    await within(list).findByText('my digits');
    expect(
      within(list).getByText('10 pictures to train with, 10 pictures for the test, 10 classes. 8 × 8, grey.'),
    ).toBeTruthy();
    expect(within(list).getByRole('link', { name: 'Make a run with glyphs' }).getAttribute('href')).toBe(
      '#/new?dataset=glyphs',
    );
  });

  it('says why it is not complete', async () => {
    stubPlatform({
      [paths.datasets]: () => [500, refusal('damaged')],
    });
    const draft = new DataDraft(() => {
      throw new Error('nothing is read here');
    });
    render(<BringData draft={draft} upload={new DataUpload(draft)} />);
    expect(await screen.findByText(/^The list could not be loaded: .*damaged/)).toBeTruthy();
  });
});

describe('data that were uploaded from this browser', () => {
  const KEY = 'c'.repeat(64);
  const upload = async (hasKey: boolean) => {
    const { heard } = show({
      reply: ({ path, method }) => [201, path === paths.datasets && method === 'POST' ? { hasKey } : {}],
    });
    await chooseShapes();
    type('Name', 'my digits');
    press('Upload');
    await screen.findByTestId('uploaded');
    return heard;
  };
  /** What the list shows of the set that others and this browser may have uploaded. */
  const askTwice = async (): Promise<void> => {
    fireEvent.click(await screen.findByRole('button', { name: 'Delete my digits' }));
    press('Delete it for everybody');
  };

  it('can be deleted by the key that went with them as a hash', async () => {
    const heard = await upload(true);
    const told = heard.filter(({ path, method }) => path === paths.datasets && method === 'POST').at(-1);
    const key = dataKeyOf('my digits');
    expect(told?.query).toBe(`?keyHash=${sha256Hex(encodeUtf8(key ?? ''))}`);
    screen.getByText(/^This browser can delete the data again/);
    cleanup();
    let isThere = true;
    stubPlatform({
      [paths.datasets]: call => {
        if (call.method === 'GET') return [200, { datasets: isThere ? [digits] : [] }];
        expect([call.method, call.query, call.key]).toEqual(['DELETE', '?name=my%20digits', `Bearer ${key}`]);
        isThere = false;
        return [200, {}];
      },
    });
    const draft = new DataDraft();
    render(<BringData draft={draft} upload={new DataUpload(draft)} />);
    await askTwice();
    await screen.findByText('my digits is deleted.');
    await waitFor(() => expect(screen.queryByText(/^Make a run with my digits/)).toBeNull());
    expect(document.activeElement).toBe(screen.getByRole('heading', { name: 'Data on this platform' }));
    expect(dataKeyOf('my digits')).toBeNull();
  });

  it('cannot if the same data were there before, for somebody else has their key', async () => {
    await upload(false);
    expect(dataKeyOf('my digits')).toBeNull();
    expect(screen.queryByText(/^This browser can delete the data again/)).toBeNull();
  });

  it('stay if runs use them, which are named', async () => {
    localStorage.setItem('homeroom:data-key:my digits', JSON.stringify(KEY));
    stubPlatform({
      [paths.datasets]: ({ method }) =>
        method === 'GET'
          ? [200, { datasets: [digits] }]
          : [409, { error: { ...refusal('in-use').error, detail: 'Our digits' } }],
    });
    const draft = new DataDraft();
    render(<BringData draft={draft} upload={new DataUpload(draft)} />);
    await askTwice();
    await screen.findByText(
      'runs use these data still: delete those runs first, or keep the data (Our digits)',
    );
    expect(dataKeyOf('my digits')).toBe(KEY);
  });

  it('of others show no such button', async () => {
    show({ datasets: [digits] });
    await screen.findByText('my digits');
    expect(screen.queryByRole('button', { name: 'Delete my digits' })).toBeNull();
  });
});
