/** As much of Node as is used here; the trainer imports none of it, and is the same file in a browser. */
interface NodeProcess {
  getBuiltinModule?(name: 'node:fs/promises'): {
    readFile(path: string | URL): Promise<Uint8Array<ArrayBuffer>>;
  };
}

const { process } = globalThis as { readonly process?: NodeProcess };

/**
 * The bytes at an address: fetched, or in Node, whose fetch knows no files, read.
 * @param address a URL, or in Node a path too
 * @throws Error where there is nothing to be had
 */
export async function readBinary(address: string): Promise<Uint8Array<ArrayBuffer>> {
  const files = process?.getBuiltinModule?.('node:fs/promises');
  if (files && !/^(https?|blob|data):/.test(address))
    return files.readFile(address.startsWith('file:') ? new URL(address) : address);
  const response = await fetch(address, { credentials: 'same-origin' });
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
