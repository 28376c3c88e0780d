import { parseRunLink } from '../../../shared/protocol/paths.ts';
import { UsageError } from '../terminal/usage-error.ts';

/** @throws UsageError if the text is no join link */
export function requireRunLink(link: string): { readonly origin: string; readonly run: string } {
  const parsed = parseRunLink(link);
  if (parsed) return parsed;
  throw new UsageError(
    `${link} is not a join link, which looks like http://localhost:8787/#/runs/abc123defg`,
  );
}
