/**
 * Sites that show a card of a link want the whole address of its picture. A file that is served as it is cannot know under
 * which name it is asked for, and a Worker that wrote it in would be called for each first view. So whoever deploys says it to
 * the build: `HOMEROOM_ORIGIN=https://homeroom.example npm run deploy`. Without it the address stays relative, which some
 * sites do not follow.
 */
export function withOrigin(html: string, origin = ''): string {
  if (origin === '') return html;
  if (!/^https?:/.test(origin) || !URL.canParse(origin))
    throw new Error(`HOMEROOM_ORIGIN is ${origin}: it takes an address such as https://homeroom.example`);
  return html.replace('content="/card.png"', `content="${new URL(origin).origin}/card.png"`);
}
