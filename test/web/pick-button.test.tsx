import { fireEvent, render, screen } from '@testing-library/preact';
import { describe, expect, it } from 'vitest';
import { PickButton } from '../../client/web/ui/pick-button.tsx';

describe('a button that picks files', () => {
  const file = new File(['x'], 'one.png', { type: 'image/png' });
  const show = () => {
    const heard: string[][] = [];
    render(
      <PickButton text="Choose a picture" onPick={files => heard.push(files.map(({ name }) => name))} />,
    );
    const input = screen.getByLabelText<HTMLInputElement>('Choose a picture', { selector: 'input' });
    return { heard, input };
  };

  it('opens the picker of the browser, which nobody sees', () => {
    const { input } = show();
    let opened = 0;
    input.addEventListener('click', () => opened++);
    fireEvent.click(screen.getByRole('button', { name: 'Choose a picture' }));
    expect(opened).toBe(1);
    expect(input.hidden).toBe(true);
  });

  it('hands over the same file as often as it is chosen, and nothing if nothing was chosen', () => {
    const { heard, input } = show();
    for (const files of [[file], [file], []]) {
      Object.defineProperty(input, 'files', { value: files, configurable: true });
      fireEvent.change(input);
    }
    expect(heard).toEqual([['one.png'], ['one.png']]);
    expect(input.value).toBe('');
  });
});
