import { openZip } from '../../../../shared/datasets/zip.ts';
import { accepted } from '../../../../shared/protocol/refusals.ts';
import { inPageLanguage } from '../../words/language.ts';
import { ByteBudget } from './byte-budget.ts';

/** Files of a network, wherever they come from. */
export interface NamedFiles {
  /** Paths, with `/` between names. */
  readonly names: readonly string[];
  /** @throws if it cannot be read, or if all that were read are too large; the message says why */
  read(name: string): Promise<Uint8Array>;
}

/** The files that were chosen, or what is in them if it is one zip. @throws if it is no zip that can be read */
export async function filesOf(chosen: readonly File[]): Promise<NamedFiles> {
  const [only, ...more] = chosen;
  if (only && more.length === 0 && /\.zip$/i.test(only.name)) return filesInZip(only);
  const byName = new Map(chosen.map(file => [file.name, file]));
  const budget = new ByteBudget();
  const read = (file: Blob): Promise<Uint8Array> => {
    budget.take(file.size);
    return bytesOf(file);
  };
  return { names: [...byName.keys()], read: async name => read(byName.get(name) ?? new Blob()) };
}

const bytesOf = async (blob: Blob): Promise<Uint8Array> => new Uint8Array(await blob.arrayBuffer());

async function filesInZip(zip: File): Promise<NamedFiles> {
  const opened = await openZip({
    bytes: zip.size,
    read: async (from, to) => accepted(await bytesOf(zip.slice(from, to))),
  });
  if (!opened.ok) throw new Error(`${zip.name} ${inPageLanguage(opened.detail ?? opened.reason)}`);
  const entries = new Map(opened.value.map(entry => [entry.name, entry]));
  const budget = new ByteBudget();
  return {
    names: [...entries.keys()],
    read: async name => {
      const entry = entries.get(name);
      budget.take(entry?.bytes ?? 0);
      const read = await entry?.read();
      if (!read?.ok)
        throw new Error(`${name} ${inPageLanguage(read?.detail ?? read?.reason ?? 'is not in the zip')}`);
      return read.value;
    },
  };
}
