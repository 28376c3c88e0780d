import { signal } from '@preact/signals';
import type { VolunteerSession } from './volunteer-session.ts';

/**
 * The one session of this tab. It stands apart from its class: every page says whether this tab is at work, and a page on
 * which nobody volunteers does not load how.
 */
export const currentSession = signal<VolunteerSession | null>(null);
