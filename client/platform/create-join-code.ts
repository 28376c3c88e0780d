/** Letters and digits that nobody takes for one another, read or heard: no `0 1 i l o`, no `5 s 2 z u v`. */
const ALPHABET = 'abcdefghjkmnpqrtwxy346789';

/** With 25 characters there are 244 million codes: nobody guesses one of them (`code-guard`). */
const LENGTH = 6;

/** Bytes from this on are thrown away, so that each character is as likely as any other. */
const FAIR = 256 - (256 % ALPHABET.length);

/** A random code to tell to people who are to join. */
export function createJoinCode(): string {
  let code = '';
  while (code.length < LENGTH)
    for (const byte of crypto.getRandomValues(new Uint8Array(LENGTH)))
      if (byte < FAIR && code.length < LENGTH) code += ALPHABET[byte % ALPHABET.length];
  return code;
}
