import 'fake-indexeddb/auto';
import { cleanup, configure } from '@testing-library/preact';
import { afterEach, vi } from 'vitest';
import { boundMs } from '../support/patience.ts';
import { installCanvas } from './recorded-canvas.ts';

installCanvas();
configure({ asyncUtilTimeout: boundMs(1_000) });

/** Every test begins with an empty page, an empty memory, the address of a page that was just opened, and no network. */
afterEach(() => {
  cleanup();
  localStorage.clear();
  sessionStorage.clear();
  location.hash = '';
  vi.unstubAllGlobals();
});
