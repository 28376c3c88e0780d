/** What is used here of Node. The trainer imports nothing of it, and is the same file in a browser. */
interface NodeProcess {
  getBuiltinModule?(name: 'node:fs/promises'): {
    readFile(path: string | URL): Promise<Uint8Array<ArrayBuffer>>;
  };
}

const { process } = globalThis as { readonly process?: NodeProcess };

/**
 * The bytes at an address. They are fetched; Node's fetch knows no files, so there a file is read.
 * @param address a URL; in Node also a path
 * @throws Error if nothing can be read there
 */
export async function readBinary(address: string): Promise<Uint8Array<ArrayBuffer>> {
  const files = process?.getBuiltinModule?.('node:fs/promises');
  if (files && !/^(https?|blob|data):/.test(address))
    return files.readFile(address.startsWith('file:') ? new URL(address) : address);
  const response = await fetch(address, { credentials: 'same-origin' });
  if (!response.ok) throw new Error(`${address}: the response was ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
