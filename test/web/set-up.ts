import 'fake-indexeddb/auto';
import { cleanup } from '@testing-library/preact';
import { afterEach, vi } from 'vitest';
import { installCanvas } from './recorded-canvas.ts';

installCanvas();

/** Every test begins with an empty page, an empty memory, the address of a page that was just opened, and no network. */
afterEach(() => {
  cleanup();
  localStorage.clear();
  sessionStorage.clear();
  location.hash = '';
  vi.unstubAllGlobals();
});
