/** What a caught value says. Most are errors, but anything can be thrown. */
export const errorText = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The first line of that. Some libraries add a stack, or all that they tried. */
export const firstLine = (error: unknown): string => errorText(error).split('\n')[0] ?? '';
