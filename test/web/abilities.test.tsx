import { render, screen } from '@testing-library/preact';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { lackingOf } from '../../client/web/state/abilities.ts';
import { AbilityNotes } from '../../client/web/ui/ability-notes.tsx';
import { abilities } from '../../client/web/words/en/abilities.ts';

const all = ['secure', 'simd', 'webgpu', 'storage', 'sockets', 'threads'] as const;

const browserWithAll = (): void => {
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('navigator', { gpu: {} });
  vi.stubGlobal('WebSocket', class {});
  vi.stubGlobal('Worker', class {});
  vi.stubGlobal('origin', 'https://here.example');
};

const isFull = (): never => {
  throw new DOMException('full', 'QuotaExceededError');
};

afterEach(() => vi.unstubAllGlobals());

describe('what a browser lacks', () => {
  it('is nothing in one that has all', () => {
    browserWithAll();
    expect(lackingOf(all)).toEqual([]);
    render(<AbilityNotes needs={all} />);
    expect(screen.queryByTestId('abilities')).toBeNull();
  });

  it.each([
    ['secure', () => vi.stubGlobal('isSecureContext', false)],
    ['simd', () => vi.stubGlobal('WebAssembly', { validate: () => false })],
    ['simd', () => vi.stubGlobal('WebAssembly', undefined)],
    ['webgpu', () => vi.stubGlobal('navigator', {})],
    ['storage', () => vi.stubGlobal('indexedDB', undefined)],
    ['storage', () => vi.stubGlobal('localStorage', { setItem: isFull })],
    [
      'storage',
      () =>
        vi.stubGlobal('localStorage', {
          setItem: () => {},
          getItem: () => '1',
          isForgetful: true,
          removeItem: () => {},
        }),
    ],
    ['sockets', () => vi.stubGlobal('WebSocket', undefined)],
    ['threads', () => vi.stubGlobal('Worker', undefined)],
    ['threads', () => vi.stubGlobal('origin', 'null')],
  ] as const)('is told: %s', (ability, takeAway) => {
    browserWithAll();
    takeAway();
    render(<AbilityNotes needs={all} />);
    expect(screen.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
      abilities.lacks[ability],
    ]);
  });

  it('is told by the page’s address alone if that is why there is no WebGPU', () => {
    browserWithAll();
    vi.stubGlobal('isSecureContext', false);
    vi.stubGlobal('navigator', {});
    expect(lackingOf(all)).toEqual(['secure']);
  });

  it('is told if even asking for it throws', () => {
    browserWithAll();
    const spy = vi.spyOn(globalThis, 'indexedDB', 'get').mockImplementation(() => {
      throw new DOMException('storage is forbidden', 'SecurityError');
    });
    expect(lackingOf(all)).toEqual(['storage']);
    spy.mockRestore();
  });
});
