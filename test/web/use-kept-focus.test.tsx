import { render, screen, waitFor } from '@testing-library/preact';
import { beforeEach, describe, expect, it } from 'vitest';
import { useKeptFocus } from '../../client/web/state/use-kept-focus.ts';

// happy-dom draws nothing, so it does not know what is seen.
beforeEach(() => {
  HTMLElement.prototype.checkVisibility ??= () => true;
});

function Work({ isStopped, isInForm = false }: { isStopped: boolean; isInForm?: boolean }) {
  useKeptFocus();
  const form = (
    <form>
      {isInForm && !isStopped && <button type="button">Remove the file</button>}
      <button type="button">I am someone else</button>
      <button type="submit">Go on as Ada</button>
    </form>
  );
  return (
    <main>
      <h1>A run</h1>
      <section>
        {!isInForm && !isStopped && <button type="button">Stop</button>}
        {(isStopped || isInForm) && form}
      </section>
    </main>
  );
}

const focusIsOn = (name: string): Promise<void> =>
  waitFor(() => expect(document.activeElement?.textContent).toBe(name));

describe('the focus of a button that goes', () => {
  it('goes to the button that sends the form that comes in its place', async () => {
    const { rerender } = render(<Work isStopped={false} />);
    screen.getByRole('button', { name: 'Stop' }).focus();
    rerender(<Work isStopped={true} />);
    await focusIsOn('Go on as Ada');
  });

  it('stays near in a form, and does not jump to its end', async () => {
    const { rerender } = render(<Work isStopped={false} isInForm />);
    screen.getByRole('button', { name: 'Remove the file' }).focus();
    rerender(<Work isStopped={true} isInForm />);
    await focusIsOn('I am someone else');
  });
});
