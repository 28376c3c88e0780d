import { invite } from './en/invite.tsx';
import { inLanguage } from './language.ts';

/** What the invitation to a run says. */
export const inviteWords = inLanguage('invite', invite);
