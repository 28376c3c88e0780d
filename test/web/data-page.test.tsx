import { fireEvent, render, screen, waitFor, within } from '@testing-library/preact';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { DataDraft } from '../../client/web/data/data-draft.ts';
import { BringData } from '../../client/web/data/data-page.tsx';
import { createDataReader } from '../../client/web/data/data-reader.ts';
import { DataUpload } from '../../client/web/data/data-upload.ts';
import type { DecodePicture } from '../../shared/datasets/import/decode-picture.ts';
import { sha256 } from '../../shared/math/sha256.ts';
import { type HostedDataset, hostedDatasetSchema } from '../../shared/protocol/dataset.ts';
import { partBytes, pixelsPerImage } from '../../shared/protocol/part-size.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { accepted, type RefusalReason, refusals } from '../../shared/protocol/refusals.ts';
import { drawnFolder, pngHeader } from '../support/drawn-pictures.ts';
import { type HeardCall, type Replies, stubPlatform } from './stub-platform.ts';

/** In the place of a browser's decoder, which no DOM in Node has: equal files give equal pixels, and others others. */
const decode: DecodePicture = async (bytes, { shape }) => {
  const hash = sha256(bytes);
  return accepted(Uint8Array.from({ length: pixelsPerImage(shape) }, (_, i) => hash[i % 32] as number));
};

const part = {
  sha256: 'a'.repeat(64),
  bytes: partBytes({ height: 8, width: 8, channels: 1 }, 10),
  examples: 10,
};
const digits: HostedDataset = {
  ...{ kind: 'hosted', name: 'my digits', shape: { height: 8, width: 8, channels: 1 }, classes: 10 },
  ...{ partition: { kind: 'iid' }, train: [part], test: [part] },
};

/** A refusal as the platform's replies have it. */
const refusal = (reason: RefusalReason) => ({ error: { reason, text: refusals[reason].text } });

const askedSchema = z.object({ sha256: z.array(z.string()) });

const isBlob = (path: string): boolean => path.startsWith(paths.blob('')) && path !== paths.lackingBlobs;

interface Platform {
  readonly datasets?: readonly HostedDataset[];
  /** Paths of blobs that are there. */
  readonly kept?: ReadonlySet<string>;
  /** To a blob, and whatever else is not said. */
  readonly reply?: (call: HeardCall) => readonly [status: number, body: unknown];
}

/** A platform that takes everything, unless it is told otherwise. */
function show({ datasets = [], kept = new Set(), reply }: Platform = {}): {
  heard: HeardCall[];
  upload: DataUpload;
} {
  const answer = (call: HeardCall): readonly [number, unknown] => {
    if (call.path === paths.datasets && call.method === 'GET') return [200, { datasets }];
    if (call.path === paths.lackingBlobs) {
      const { sha256 } = askedSchema.parse(call.body);
      return [200, { lacking: sha256.filter(name => !kept.has(paths.blob(name))) }];
    }
    return reply ? reply(call) : [201, {}];
  };
  const replies: Replies = new Proxy({}, { get: () => answer });
  const heard = stubPlatform(replies);
  const draft = new DataDraft(() => ({
    ...{ reader: createDataReader(decode), broken: new Promise<never>(() => {}), terminate: () => {} },
  }));
  const upload = new DataUpload(draft);
  render(<BringData draft={draft} upload={upload} />);
  return { heard, upload };
}

/** A reader that is busy for ever, as with a file that was made to keep it so. Then another one starts. */
function stuckOnce(): { draft: DataDraft; ended: () => number } {
  const real = createDataReader(decode);
  let [started, ended] = [0, 0];
  const draft = new DataDraft(() => {
    started += 1;
    const reader = started > 1 ? real : { ...real, open: () => new Promise<never>(() => {}) };
    const terminate = (): void => {
      ended += 1;
    };
    return { reader, broken: new Promise<never>(() => {}), terminate };
  });
  return { draft, ended: () => ended };
}

interface NamedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

function fileOf({ path, bytes }: NamedFile): File {
  const file = new File([new Uint8Array(bytes)], path.split('/').at(-1) ?? path);
  Object.defineProperty(file, 'webkitRelativePath', { value: path });
  return file;
}

const choose = (files: readonly NamedFile[]): void =>
  void fireEvent.change(screen.getByLabelText('Choose a folder', { selector: 'input' }), {
    target: { files: files.map(fileOf) },
  });

const chooseShapes = async (more: readonly NamedFile[] = []): Promise<void> => {
  choose([...drawnFolder('shapes', 10), ...more]);
  await screen.findByText('20 pictures in 2 classes.');
};

const type = (label: string, value: string): void => {
  const field = screen.getByLabelText(label);
  fireEvent.input(field, { target: { value } });
  fireEvent.blur(field);
};
const press = (name: string): void => void fireEvent.click(screen.getByRole('button', { name }));
const errorAt = (label: string): string => {
  const ids = screen.getByLabelText(label).getAttribute('aria-describedby')?.split(' ') ?? [];
  return (
    ids.map(id => document.getElementById(id)?.textContent).find((_, i) => ids[i]?.includes('error')) ?? ''
  );
};
const sent = (heard: readonly HeardCall[], method: string): HeardCall[] =>
  heard.filter(call => call.method === method);

describe('what a host chooses', () => {
  it('is shown by class, and nothing of it is sent before the upload', async () => {
    const { heard } = show();
    await chooseShapes();
    expect(screen.getByLabelText('Name of class 1')).toHaveProperty('value', 'discs');
    expect(screen.getByLabelText('Name of class 2')).toHaveProperty('value', 'squares');
    expect(await screen.findByLabelText('Some pictures of squares')).toBeTruthy();
    expect(await screen.findByText(/^16 pictures to train with, 4 pictures to test with/)).toBeTruthy();
    expect(screen.getByLabelText('Name')).toHaveProperty('value', 'shapes');
    expect(heard.every(({ path }) => path === paths.datasets)).toBe(true);
  });

  it('takes the focus to the classes, because the button that was pressed is gone', async () => {
    show();
    await chooseShapes();
    const title = screen.getByRole('heading', { name: 'Classes' });
    await waitFor(() => expect(document.activeElement).toBe(title));
  });

  it('is used without the files that cannot be read, which are listed with the reason', async () => {
    show();
    await chooseShapes([
      { path: 'shapes/discs/huge.png', bytes: pngHeader(10_000, 10_000) },
      { path: 'shapes/discs/text.png', bytes: new TextEncoder().encode('no picture') },
      { path: 'shapes/notes.txt', bytes: new TextEncoder().encode('a note') },
    ]);
    const problems = screen.getByTestId('problems');
    expect(within(problems).getByText('3 things to know')).toBeTruthy();
    expect(within(problems).getByText(/huge\.png.*100 megapixels/)).toBeTruthy();
    expect(within(problems).getByText(/text\.png.*no PNG, JPEG or WebP/)).toBeTruthy();
  });

  it.each([
    ['of one class only', [{ path: 'pets/cats/a.png', bytes: pngHeader(8, 8) }], /cats/],
    ['without any picture', [{ path: 'pets/notes.md', bytes: new Uint8Array(3) }], /holds/],
    ['of too many classes', manyFolders(257), /256/],
  ] as const)('%s is refused in words, and can be chosen anew', async (_, files, words) => {
    show();
    choose(files);
    expect((await screen.findByTestId('source-problem')).textContent).toMatch(words);
    await chooseShapes();
  });

  it('of which a class has very few pictures is told', async () => {
    show();
    choose([...drawnFolder('shapes', 10), { path: 'shapes/rings/a.png', bytes: pngHeader(8, 8) }]);
    expect(await screen.findByText(/^Very few examples: rings\./)).toBeTruthy();
  });

  it('is not lost if a file is dropped beside the zone, which a browser would open', async () => {
    show();
    await chooseShapes();
    const drop = new Event('drop', { bubbles: true, cancelable: true });
    fireEvent(document.body, drop);
    expect(drop.defaultPrevented).toBe(true);
    expect(screen.getByText('20 pictures in 2 classes.')).toBeTruthy();
  });

  it('is not waited for if the host stops the reading, and the page reads on', async () => {
    stubPlatform({ [paths.datasets]: () => [200, { datasets: [] }] });
    const { draft, ended } = stuckOnce();
    render(<BringData draft={draft} upload={new DataUpload(draft)} />);
    choose(drawnFolder('shapes', 5));
    fireEvent.click(await screen.findByRole('button', { name: 'Stop reading' }));
    expect(screen.queryByTestId('reading')).toBeNull();
    expect(ended()).toBe(1);
    choose(drawnFolder('shapes', 5));
    await screen.findByText('10 pictures in 2 classes.');
  });

  it('takes the place of what is still being read', async () => {
    stubPlatform({ [paths.datasets]: () => [200, { datasets: [] }] });
    const { draft } = stuckOnce();
    render(<BringData draft={draft} upload={new DataUpload(draft)} />);
    choose(drawnFolder('first', 5));
    await screen.findByTestId('reading');
    choose(drawnFolder('second', 5));
    await screen.findByText('10 pictures in 2 classes.');
    expect(screen.getByLabelText('Name')).toHaveProperty('value', 'second');
  });

  it('can be let go', async () => {
    show();
    await chooseShapes();
    press('Choose other data');
    expect(await screen.findByText('Drop a folder, a zip or files here')).toBeTruthy();
  });
});

function manyFolders(count: number): NamedFile[] {
  return Array.from({ length: count }, (_, i) => ({ path: `all/class ${i}/a.png`, bytes: pngHeader(8, 8) }));
}

describe('a table from a spreadsheet', () => {
  const rows = Array.from({ length: 12 }, (_, i) => `${i},5\t${i % 3}\t${i % 2 ? 'old' : 'young'}`);
  const paste = (text: string): void => {
    type('Rows with their header', text);
    press('Read the rows');
  };

  it('has a column for the class, which is guessed and can be changed', async () => {
    show();
    paste(['height\tlegs\tage', ...rows].join('\n'));
    const column = await screen.findByLabelText('Column of the class');
    expect(column).toHaveProperty('value', '2');
    expect(screen.getByText('A table with 2 columns of numbers. 12 rows in 2 classes.')).toBeTruthy();
    expect(screen.queryByText('Size and colour')).toBeNull();
    fireEvent.change(column, { target: { value: '1' } });
    expect(await screen.findByText(/12 rows in 3 classes\./)).toBeTruthy();
  });

  it('of numbers that look like pixels is read as pictures, or as numbers if the host says so', async () => {
    show();
    const header = ['label', ...Array.from({ length: 64 }, (_, i) => `pixel${i}`)];
    const pixels = rows.map((_, i) => [i % 2, ...Array.from({ length: 64 }, (__, j) => (i * j) % 256)]);
    paste([header, ...pixels].map(cells => cells.join('\t')).join('\n'));
    expect(await screen.findByText('12 pictures in 2 classes.')).toBeTruthy();
    fireEvent.change(screen.getByLabelText('The other columns are'), { target: { value: 'table' } });
    expect(await screen.findByText('A table with 64 columns of numbers. 12 rows in 2 classes.')).toBeTruthy();
  });

  it('tells at the column why another one cannot be taken, and keeps what was there', async () => {
    show();
    paste(['height\tlegs\tage', ...rows.map(row => row.replace(/\t\d\t/, '\t4\t'))].join('\n'));
    const column = await screen.findByLabelText('Column of the class');
    fireEvent.change(column, { target: { value: '1' } });
    await waitFor(() => expect(errorAt('Column of the class')).toMatch(/one class only/));
    expect(screen.getByText('A table with 2 columns of numbers. 12 rows in 2 classes.')).toBeTruthy();
  });

  it('without a row is asked for at its field', () => {
    show();
    paste('  ');
    expect(
      screen.getByText('There are no rows here yet. Paste a header and at least two rows.'),
    ).toBeTruthy();
  });
});

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
