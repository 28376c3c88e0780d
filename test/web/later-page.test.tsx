import { render, screen } from '@testing-library/preact';
import { expect, it, vi } from 'vitest';
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

it('one that breaks while it is drawn says so, with a heading, and tells the console', async () => {
  const told = vi.fn();
  vi.stubGlobal('reportError', told);
  const Broken = () => {
    throw new Error('toSorted is not a function');
  };
  render(<LaterPage load={async () => Broken} props={{}} />);
  expect(await screen.findByRole('heading', { name: 'This page broke' })).toBeTruthy();
  expect(screen.getByRole('alert').textContent).toContain('toSorted is not a function');
  expect(told).toHaveBeenCalledOnce();
  vi.unstubAllGlobals();
});
