/**
 * In a frame, a browser may forbid storage, and then the very word `localStorage` throws. The page forgets everything then,
 * and works.
 */
for (const name of ['localStorage', 'sessionStorage'] as const)
  try {
    void globalThis[name];
  } catch {
    Object.defineProperty(globalThis, name, { value: forgetfulStorage() });
  }

function forgetfulStorage(): Storage {
  const kept = new Map<string, string>();
  return {
    get length() {
      return kept.size;
    },
    clear: () => kept.clear(),
    getItem: key => kept.get(key) ?? null,
    key: index => [...kept.keys()][index] ?? null,
    removeItem: key => void kept.delete(key),
    setItem: (key, value) => void kept.set(key, value),
  };
}
