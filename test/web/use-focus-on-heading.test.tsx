import { render, screen, waitFor } from '@testing-library/preact';
import { describe, expect, it } from 'vitest';
import { useFocusOnHeading } from '../../client/web/state/use-focus-on-heading.ts';

function Pages({ place, heading }: { place: string; heading?: string }) {
  useFocusOnHeading(place);
  return (
    <>
      <a href="#/elsewhere">the list of runs</a>
      <main>{heading && <h1>{heading}</h1>}</main>
    </>
  );
}

const nextFrame = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 50));

describe('the focus after a change of page', () => {
  it('stays where it is on the first page', async () => {
    render(<Pages place="one" heading="One" />);
    await nextFrame();
    expect(document.activeElement).toBe(document.body);
  });

  it('goes to the heading, also if that comes later', async () => {
    const { rerender } = render(<Pages place="one" heading="One" />);
    rerender(<Pages place="two" />);
    await nextFrame();
    rerender(<Pages place="two" heading="Two" />);
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('heading', { name: 'Two' })));
  });

  it('stays with somebody who has moved it while the page was loading', async () => {
    const { rerender } = render(<Pages place="one" heading="One" />);
    rerender(<Pages place="two" />);
    await nextFrame();
    screen.getByRole('link').focus();
    rerender(<Pages place="two" heading="Two" />);
    await nextFrame();
    expect(document.activeElement).toBe(screen.getByRole('link'));
  });
});
