import { weightPaths, withoutByteOrderMark } from '../../../host/model-files.ts';
import { metadataFile } from '../../../host/model-metadata.ts';
import { tryWords } from '../../words/try-words.ts';
import { describeExported, type ExportedFiles } from './describe-exported.ts';
import type { NamedFiles } from './named-files.ts';

/** Reads a network out of files. Only the names matter, not the folders. @throws an error that says what is missing */
export async function readExported(named: NamedFiles): Promise<ExportedFiles> {
  const words = tryWords().wholePage;
  const at = (path: string): string | undefined =>
    named.names.find(name => name === path) ?? named.names.find(name => lastPart(name) === lastPart(path));
  const json = at('model.json');
  if (json === undefined) throw new Error(words.noModelJson);
  const modelJson = withoutByteOrderMark(await named.read(json));
  const weights = weightPaths(modelJson).map(async path => {
    const name = at(path);
    if (name === undefined) throw new Error(words.lacksFile(path));
    return [path, await named.read(name)] as const;
  });
  const told = at(metadataFile);
  return describeExported(
    { modelJson, weights: Object.fromEntries(await Promise.all(weights)) },
    told === undefined ? undefined : await named.read(told),
  );
}

const lastPart = (path: string): string => path.split('/').at(-1) ?? path;
