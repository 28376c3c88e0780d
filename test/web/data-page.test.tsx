import { fireEvent, render, screen, waitFor, within } from '@testing-library/preact';
import { describe, expect, it } from 'vitest';
import { BringData } from '../../client/web/data/data-page.tsx';
import { DataUpload } from '../../client/web/data/data-upload.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { drawnFolder, pngHeader } from '../support/drawn-pictures.ts';
import { choose, chooseShapes, errorAt, type NamedFile, press, show, stuckOnce, type } from './data-kit.tsx';
import { stubPlatform } from './stub-platform.ts';

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
