import { host } from './en/host.tsx';
import { inLanguage } from './language.ts';

/** What the host sees, and nobody else. */
export const hostWords = inLanguage('host', host);
