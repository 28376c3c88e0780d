import { signal } from '@preact/signals';
import { fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { beforeEach, describe, expect, it } from 'vitest';
import { fileStem } from '../../client/web/try/download/file-stem.ts';
import { embedCode } from '../../client/web/try/embed-code.ts';
import type { Answer, Subject } from '../../client/web/try/subject.ts';
import { parseTryAddress } from '../../client/web/try/try-address.ts';
import { TryBoard } from '../../client/web/try/try-board.tsx';
import { loadLanguage } from '../../client/web/words/language.ts';
import type { Pictures } from '../../shared/datasets/examples.ts';
import { plainStyle } from '../../shared/datasets/picture-style.ts';

/** happy-dom has none. */
beforeEach(() => {
  Object.assign(globalThis, { ImageData: class {} });
});

const shape = { height: 2, width: 2, channels: 1 };

/** A network that answers as it is told, and keeps what it was asked. */
function someSubject(change: Partial<Subject> = {}): Subject & { asked: number[][] } {
  const asked: number[][] = [];
  return {
    ...{ shape, classNames: ['cat', 'dog'], newest: signal(3), asked },
    style: async () => plainStyle,
    samples: async () => ({
      shape,
      pixels: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
      labels: Uint8Array.of(1, 0),
    }),
    answer: async ({ pixels }: Pictures): Promise<Answer> => {
      asked.push([...pixels]);
      return {
        guesses: [
          { label: 1, share: 0.9 },
          { label: 0, share: 0.1 },
        ],
        version: 3,
      };
    },
    ...change,
  };
}

describe('the board on which a network is tried', () => {
  it('asks with a test picture, shows the likeliest classes first, and says whether it is right', async () => {
    const subject = someSubject();
    render(<TryBoard subject={subject} hasSamples />);
    fireEvent.click(screen.getByRole('radio', { name: 'Test pictures' }));
    fireEvent.click(await screen.findByRole('button', { name: 'Test picture 2: cat' }));
    expect((await screen.findByTestId('first-guess')).textContent).toBe('dog');
    expect(subject.asked).toEqual([[5, 6, 7, 8]]);
    screen.getByText('That is wrong: it is cat.');
    screen.getByText('Version 3 says so.');
    await waitFor(() => expect(screen.getByRole('status').textContent).toBe('It says dog, 90 %.'));
  });

  it('says why there is no answer', async () => {
    const answer = async (): Promise<Answer> => {
      throw new Error('the platform cannot be reached');
    };
    render(<TryBoard subject={someSubject({ answer })} hasSamples />);
    fireEvent.click(screen.getByRole('radio', { name: 'Test pictures' }));
    fireEvent.click(await screen.findByRole('button', { name: 'Test picture 1: dog' }));
    expect((await screen.findByRole('alert')).textContent).toBe('the platform cannot be reached');
  });

  it('has no test pictures to offer for a network without a run', () => {
    render(<TryBoard subject={someSubject()} hasSamples={false} />);
    expect(screen.queryByRole('radio', { name: 'Test pictures' })).toBeNull();
  });

  it('says what to do if the page may not ask for the camera', async () => {
    render(<TryBoard subject={someSubject()} hasSamples />);
    fireEvent.click(screen.getByRole('radio', { name: 'Camera' }));
    fireEvent.click(screen.getByRole('button', { name: 'Start the camera' }));
    expect((await screen.findByRole('alert')).textContent).toMatch(/Choose a picture instead|did not start/);
  });

  it('writes the numbers of a table as people of the page’s language do', async () => {
    await loadLanguage('de');
    try {
      const columns = [{ name: 'Länge', least: 4.1, most: 10.8 }];
      const subject = someSubject({ columns, shape: { height: 1, width: 1, channels: 1 } });
      render(<TryBoard subject={subject} hasSamples={false} />);
      screen.getByText('Trainiert mit 4,1 bis 10,8');
      screen.getByDisplayValue('7,45');
    } finally {
      await loadLanguage('en');
    }
  });

  it('has a field for each column of a table, takes a decimal comma, and says which is no number', async () => {
    const columns = [
      { name: 'length', least: 0, most: 10 },
      { name: 'width', least: 0, most: 1 },
    ];
    const subject = someSubject({ columns, shape: { height: 1, width: 2, channels: 1 } });
    render(<TryBoard subject={subject} hasSamples={false} />);
    fireEvent.input(screen.getByLabelText(/^length/), { target: { value: '2,5' } });
    fireEvent.input(screen.getByLabelText(/^width/), { target: { value: 'wide' } });
    fireEvent.click(screen.getByRole('button', { name: 'Ask the network' }));
    await screen.findByText(/^This is not a number/);
    expect(subject.asked).toEqual([]);
    fireEvent.input(screen.getByLabelText(/^width/), { target: { value: '1' } });
    fireEvent.click(screen.getByRole('button', { name: 'Ask the network' }));
    await screen.findByTestId('first-guess');
    expect(subject.asked).toEqual([[64, 255]]);
    fireEvent.input(screen.getByLabelText(/^width/), { target: { value: '' } });
    fireEvent.click(screen.getByRole('button', { name: 'Ask the network' }));
    await waitFor(() =>
      expect(screen.queryByTestId('first-guess'), 'an old answer beside an error').toBeNull(),
    );
  });
});

it('the code of a frame holds whatever a run is called as text', () => {
  const code = embedCode('https://a.example/try/abc', '"><script>alert(1)</script>');
  expect(code).toContain('title="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"');
  expect(code).toContain('src="https://a.example/try/abc"');
});

it.each([
  ['/try/abc123defg', '', { is: 'run', run: 'abc123defg' }],
  ['/try/', '?model=https%3A%2F%2Fa.example%2Fm%2F', { is: 'model', url: 'https://a.example/m/' }],
  ['/try/', '', { is: 'open' }],
  ['/try', '', { is: 'open' }],
])('the address %s%s is read', (path, query, address) => {
  expect(parseTryAddress(path, query)).toEqual(address);
});

it.each([
  ['Digits for all!', 'digits-for-all'],
  ['Äpfel & Birnen', 'äpfel-birnen'],
  ['../..', 'network'],
])('a run called %s becomes the file %s', (name, stem) => {
  expect(fileStem(name)).toBe(stem);
});
