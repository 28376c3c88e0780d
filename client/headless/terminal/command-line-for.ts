import { runPage } from '../../../shared/protocol/paths.ts';

/**
 * A command for a run, as somebody copies it into a shell. Its link is quoted as every shell knows it, and has no key.
 * @param platform the run's platform
 * @param rest what stands behind the link
 */
export const commandLineFor = (
  words: string,
  { origin }: { readonly origin: string },
  run: string,
  rest = '',
): string => `npx homeroom ${words} "${origin}${runPage(run)}"${rest && ` ${rest}`}`;
