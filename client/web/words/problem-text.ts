import { errorText } from '../../../shared/protocol/error-text.ts';
import { inPageLanguage } from './language.ts';

/** Of anything that was thrown, what to say to people, in the language of the page if it is known. */
export const problemText = (error: unknown): string => inPageLanguage(errorText(error));
