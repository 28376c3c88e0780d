/**
 * Calls back each time that this device has a network again, as a browser tells. Node tells nothing of it.
 * @returns ends that
 */
export function onNetworkBack(act: () => void): () => void {
  globalThis.addEventListener?.('online', act);
  return () => globalThis.removeEventListener?.('online', act);
}

/** False if a browser says that this device has no network. Then nothing can be reached. */
export const hasNetwork = (): boolean => globalThis.navigator?.onLine !== false;
