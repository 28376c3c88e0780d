import { parseRunLink, type RunLink } from '../../../shared/protocol/paths.ts';
import { UsageError } from '../terminal/usage-error.ts';

/** @throws UsageError if the text is no join link, or its key is none */
export function requireRunLink(link: string): RunLink {
  const parsed = parseRunLink(link.replace(QUOTES, ''));
  if (parsed?.brokenKey !== undefined)
    throw new UsageError(
      'the key in the link is cut off or mistyped: it has 64 digits and letters from a to f. Copy the link whole, or leave its key out',
    );
  if (parsed) return parsed;
  throw new UsageError(
    `'${withoutKey(link)}' is not a join link, which looks like http://localhost:8787/#/runs/abc123defg`,
  );
}

/** A shell that knows no single quotes leaves them to us, as cmd.exe of Windows does. */
const QUOTES = /^['"‘“]|['"’”]$/g;

/** What is printed may be kept in a log. */
const withoutKey = (link: string): string => link.replace(/\b(key|host)=[^&\s]*/g, '$1=…');
