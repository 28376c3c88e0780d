import { render, screen } from '@testing-library/preact';
import { expect, it } from 'vitest';
import { LaterPage } from '../../client/web/ui/later-page.tsx';

it('a page that comes later is announced, then shown', async () => {
  const load = async () => () => <h1>Here it is</h1>;
  render(<LaterPage load={load} props={{}} />);
  expect(screen.getByText('Loading the page…')).toBeTruthy();
  expect(await screen.findByRole('heading', { name: 'Here it is' })).toBeTruthy();
});

it('one that does not come is told', async () => {
  const load = () => Promise.reject(new Error('the platform has gone'));
  render(<LaterPage load={load} props={{}} />);
  expect((await screen.findByRole('alert')).textContent).toContain('Load it again');
});
